"""`python3 -m tests`: all checks and tests. Old Pythons read this file too: only syntax that they know."""

import sys

from tools.python_version import IS_TOO_OLD, NEEDED, TRY

if IS_TOO_OLD:
    sys.stderr.write(NEEDED + " " + TRY + " tests\n")
    sys.exit(2)

from tests.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
