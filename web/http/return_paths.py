"""Where a sign-in may lead: pages of this site that a signed-in customer can open, and nothing else."""

import re

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
RETURN_PATH = re.compile(rf"/(?:scans(?:/{UUID}(?:/(?:report|findings))?)?|data|audit|disconnect)")
"""A path only: an address of another site, a query or a fragment never matches."""

DEFAULT_RETURN_PATH = "/scans"


def return_path(unverified_path: str | None) -> str:
    """Return the path if it is a page of this site, else the list of scans."""
    text = unverified_path or ""
    return text if RETURN_PATH.fullmatch(text) else DEFAULT_RETURN_PATH
