"""The rules of the house: who may import whom, what may be named where, and that nothing stands in it unused."""
