"""Findings at the desk: list, editor, preview and publication."""
