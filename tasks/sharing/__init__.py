"""What is shared of reviews, as Word files and as HTML."""
