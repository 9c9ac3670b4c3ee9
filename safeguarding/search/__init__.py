"""Searching the record: by words that it holds openly, by agency, person, theme, stage and day."""
