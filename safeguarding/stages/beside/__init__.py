"""The steps that are not the end of a stage: open to a review for as long as it is."""
