"""The flows of the system: one for each stage of a review, one for all that happens beside them, one for time."""
