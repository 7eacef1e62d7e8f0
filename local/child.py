"""Runs a module as a child process that ends with its parent, however the parent ends.

The parent holds the other end of standard input: when that end closes, this process ends.
"""

import os
import runpy
import sys
import threading


def end_with_parent() -> None:
    """Wait for the end of standard input, then end this process."""
    while os.read(0, 1024):  # not sys.stdin: its lock would block the interpreter's exit
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
