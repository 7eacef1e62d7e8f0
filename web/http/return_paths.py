"""Where a sign-in may lead: a page of this site that this user can open, and nothing else."""

import re
from dataclasses import dataclass

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MAIL_ADDRESS_LINK = "mail-address/[A-Za-z0-9_-]{43}"


@dataclass(frozen=True)
class ReturnPaths:
    """The pages that a sign-in may lead to; `default` is for everything else."""

    pages: re.Pattern[str]
    default: str

    def checked(self, unverified_path: str | None) -> str:
        """Return the path if it is one of the pages, else the default. An address of another site never is."""
        text = unverified_path or ""
        return text if self.pages.fullmatch(text) else self.default


OF_A_SCAN = (
    *("report", "findings", "costs", "changes", "savings", "inventory", "recommendations", "coverage"),
    *("downloads", "board"),
)
OF_A_CUSTOMER = ("savings-history", "data", "audit", "sessions", "api-tokens", "disconnect")

CUSTOMER_PAGES = ReturnPaths(
    re.compile(rf"/(?:scans(?:/{UUID}(?:/(?:{'|'.join(OF_A_SCAN)}))?)?|{'|'.join(OF_A_CUSTOMER)}|{MAIL_ADDRESS_LINK})"),
    "/scans",
)
"""A path only, without a query."""

DESK_PAGES = ReturnPaths(re.compile(r"/desk(/[A-Za-z0-9_-]+)*(\?[A-Za-z0-9_.~%&=+-]{0,1000})?"), "/desk")
"""With the query: a search or a filter is kept."""
