"""Prefect's server as this system needs it, and what runs the flows."""
