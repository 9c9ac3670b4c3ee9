"""The `safeguarding` command: the same doors without the page."""
