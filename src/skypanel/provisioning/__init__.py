"""Making at the panel what was ordered, through every fault of the way."""
