"""
Two years in two minutes: the system's own sweeps and senders in an invented world, judged by an oracle apart.

`world` lives through it, `managers` take the steps, `post_room` fails as mail does, `oracle` works out who was
owed what from the ledger and the partnership's file alone, `mornings` does so for the digests, `judge` compares.
"""
