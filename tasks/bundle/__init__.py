"""The bundle of a review for an inspection: one zip that a stranger can check."""
