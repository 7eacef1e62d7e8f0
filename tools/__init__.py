"""What developers and the deployment run: dependency locks, the list of components. Never shipped."""
