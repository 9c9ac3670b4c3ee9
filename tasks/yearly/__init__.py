"""The yearly account of a record: read set by set, and written as files that a person finishes."""
