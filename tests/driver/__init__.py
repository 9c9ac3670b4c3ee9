"""What several kinds of test drive the system with."""
