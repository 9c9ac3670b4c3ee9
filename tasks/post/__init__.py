"""Letters: written, sent to one person over one channel, and what became of each."""
