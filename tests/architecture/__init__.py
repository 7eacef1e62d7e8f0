"""Rules about the tree itself: who imports whom, one source for each truth."""
