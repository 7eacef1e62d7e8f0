"""Files that are built in the background: their records, the store of their content, and their deletion."""
