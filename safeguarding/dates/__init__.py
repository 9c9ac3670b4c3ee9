"""Counting days, and what a count comes to. It knows no law."""
