"""The pages of people: what needs them, every review with its dates and its history, read by whoever may see it."""
