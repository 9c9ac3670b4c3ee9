"""The public register of a record: read, made into a site and written to a folder."""
