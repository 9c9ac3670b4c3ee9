"""A timed duty as dated, cited data, and the choices of one partnership."""
