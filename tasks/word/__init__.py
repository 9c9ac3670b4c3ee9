"""What a person goes on with in a word processor: our own pages as Word files, and the charts in them."""
