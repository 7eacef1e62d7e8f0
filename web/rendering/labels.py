"""Labels that several pages show, and the patterns of the ids in their addresses."""

import re

from shared.core.findings import Decision
from shared.core.models import ScanStatus

FINDING_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RESOURCES_SHOWN = 100
WORDS = {
    Decision.OPEN: ("Open", ""),
    Decision.ACCEPTED: ("Accepted", "good"),
    Decision.DISMISSED: ("Dismissed", ""),
    Decision.DONE: ("Done", "good"),
}
"""Each decision in words, with the stylesheet's class."""

SCAN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STATUS_WORDS = {
    ScanStatus.REQUESTED: ("Starting", "busy"),
    ScanStatus.COLLECTING: ("Reading", "busy"),
    ScanStatus.FINISHING: ("Adding up", "busy"),
    ScanStatus.COLLECTED: ("Complete", "good"),
    ScanStatus.PARTIAL: ("Partly read", "warn"),
    ScanStatus.BLOCKED: ("Blocked", "bad"),
    ScanStatus.FAILED: ("Failed", "bad"),
    ScanStatus.CANCELLED: ("Cancelled", ""),
}
"""Each status in a customer's words, with the stylesheet's class."""
