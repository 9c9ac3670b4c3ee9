"""The yearly account of one track: its figures, each with the reviews behind it, and what may be said in words."""
