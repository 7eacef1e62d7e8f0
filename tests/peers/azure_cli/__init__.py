"""A stand-in for the Azure CLI: checks arguments as the real one does, plays Azure's answers."""
