"""The tests; `python3 -m tests` prepares itself and runs them all."""
