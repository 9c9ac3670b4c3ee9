"""What one line of the ledger does to the dates of a review."""
