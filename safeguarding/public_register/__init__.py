"""The public register as a static site: from rows to pages, data and feed. It reads and writes nothing."""
