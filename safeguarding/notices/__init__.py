"""Who hears what, and when. Nothing is sent here."""
