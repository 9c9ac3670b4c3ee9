"""The timed run of each duty of the law: how it is named, kept at its next moment, and ended."""
