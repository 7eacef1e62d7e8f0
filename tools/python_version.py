"""Which Python runs this project. Old ones read this file too, 2.7 among them: only syntax that they know."""

import sys

OLDEST, NEWEST = (3, 11), (3, 13)
DEPLOYED = "3.13"
"""The one that runs in Azure."""
FOUND = sys.version_info[:2]
IS_TOO_OLD = FOUND < OLDEST
NEEDED = "Python %d.%d to %d.%d is needed; this is %d.%d." % (OLDEST + NEWEST + FOUND)
TRY = "Try: python%d.%d -m" % NEWEST
"""What comes before the name of the module."""
