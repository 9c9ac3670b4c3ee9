"""What leaves the record as files that other programs open: the registers as tables, written whole or not at all."""
