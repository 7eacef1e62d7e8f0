"""Runs a module as a child that ends with its parent, however the parent ends.

The parent holds the other end of standard input: when it is gone, so is this process.
"""

import os
import runpy
import sys
import threading


def end_with_parent() -> None:
    """Waits for the end of standard input, then ends this process."""
    while os.read(0, 1024):  # not sys.stdin: its lock would be in the way at the interpreter's end
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
