"""What Prefect is told: events and accounts of errors, by reference; never what somebody typed."""
