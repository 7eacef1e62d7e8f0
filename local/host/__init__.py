"""Runs the triggers of `function_app.py` on this machine, as the Functions host does in Azure."""
