"""The tables and pages that Prefect shows beside the cards."""
