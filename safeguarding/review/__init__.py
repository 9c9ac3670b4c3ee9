"""A review as it stands, the lines of its ledger, and how a step of it is declared."""
