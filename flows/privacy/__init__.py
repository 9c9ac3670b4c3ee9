"""The proof that nothing typed stays outside the sealed record: invented words go through every door and are sought."""
