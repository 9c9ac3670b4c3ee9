"""The waiting run of a stage: how it is drawn, answered and kept, and the short forms beside it."""
