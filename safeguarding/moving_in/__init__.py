"""Reviews that move in from a workbook: what it asks, how its rows are read, and what would come of them."""
