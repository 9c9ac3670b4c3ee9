"""Each line of a review's ledger as a sentence that says what happened."""
