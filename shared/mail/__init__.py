"""Transactional mail: what it says, who gets it, and the one way it goes."""
