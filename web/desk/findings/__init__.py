"""The desk's findings: list, editor, preview, publication."""
