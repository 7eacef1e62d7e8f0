"""Labels that several pages show, and the patterns of the ids in their addresses."""

import re

from shared.core.findings import Decision, Measure
from shared.core.models import ScanStatus

FINDING_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RESOURCES_SHOWN = 100
DECISION_LABELS = {
    Decision.OPEN: ("Open", ""),
    Decision.ACCEPTED: ("Accepted", "good"),
    Decision.DISMISSED: ("Dismissed", ""),
    Decision.DONE: ("Done", "good"),
}
"""The label of each decision, with its CSS class."""

SCAN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STATUS_LABELS = {
    ScanStatus.REQUESTED: ("Starting", "busy"),
    ScanStatus.COLLECTING: ("Reading", "busy"),
    ScanStatus.FINISHING: ("Preparing report", "busy"),
    ScanStatus.COLLECTED: ("Complete", "good"),
    ScanStatus.PARTIAL: ("Incomplete", "warn"),
    ScanStatus.BLOCKED: ("Blocked", "bad"),
    ScanStatus.FAILED: ("Failed", "bad"),
    ScanStatus.CANCELLED: ("Cancelled", ""),
}
"""The label of each scan status, with its CSS class."""

MEASURE_LABELS = {
    Measure.REMOVE: "Delete what is unused",
    Measure.STOP: "Stop outside working hours",
    Measure.RESIZE: "Resize",
    Measure.LICENCE: "Use licences you own",
    Measure.COMMIT: "Commitments",
    Measure.TIDY: "Clean up",
}
"""The label of each kind of measure, on every page."""
