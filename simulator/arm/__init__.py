"""The simulated Azure Resource Manager and the providers behind it."""
