"""What touches the world: the record of reviews, its deadlines, and the notices that leave it."""
