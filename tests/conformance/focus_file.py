"""Writes a costs-focus.csv for the official validator: `python -m tests.conformance.focus_file FILE`."""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from shared.sql.collected.cost_rows import CostRow
from tests.support.collecting import FIRST
from web.rendering.cost_files import FOCUS_COLUMNS, cost_csv

DISK = f"/subscriptions/{FIRST}/resourcegroups/web/providers/microsoft.compute/disks/one"
USAGE = CostRow(
    FIRST, date(2026, 1, 1), Decimal("1.23"), "GBP", DISK, "web", "uksouth", "Storage", "P10", "Disk", "Usage",
    "Usage", "Usage-Based", "Standard", None, "Azure", Decimal(744),
)  # fmt: skip
COVERED = CostRow(
    FIRST, date(2026, 2, 1), Decimal(0), "USD", DISK, "web", "uksouth", "Virtual Machines", "D2", "D2", "Usage",
    "Usage", "Usage-Based", "Committed", "Reservation", "Azure", Decimal("12.5"),
)  # fmt: skip
REFUND = CostRow(
    FIRST, date(2026, 12, 1), Decimal("-0.0000001"), "GBP", None, None, None, "Support", None, None, "Refund",
    "Adjustment", "One-Time", "Other", None, "Marketplace", None,
)  # fmt: skip


def main(path: Path) -> None:
    """Write the file."""
    path.write_bytes(b"".join(cost_csv(FOCUS_COLUMNS, [USAGE, COVERED, REFUND], {FIRST: "Production"})))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
