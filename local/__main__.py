"""`python3 -m local`: the whole system on this machine. Old Pythons read this file too: only syntax that they know."""

import sys

from tools.python_version import IS_TOO_OLD, NEEDED, TRY

if IS_TOO_OLD:
    sys.stderr.write(NEEDED + " " + TRY + " local\n")
    sys.exit(2)

from local.cli import run_and_exit

if __name__ == "__main__":
    run_and_exit(sys.argv[1:])
