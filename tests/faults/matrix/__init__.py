"""The fault matrix: every fault by everything that reads Azure, each cell a scan that meets it.

`python -m tests.faults.matrix` runs it and prints the table.
"""
