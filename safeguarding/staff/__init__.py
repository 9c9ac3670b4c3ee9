"""What the record knows of people beside their file: who is away, and what a change of the file would do."""
