"""What people and time do to the record: a step is taken, a rung is claimed, dates are counted again."""
