"""The record on disk: a ledger that only grows, and tables for querying that can be made from it again."""
