"""The files of a scan that grow with it. A small one is built while the user waits, a large one by a job."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from gzip import GzipFile
from typing import IO

from shared.core.coverage import coverage
from shared.core.models import Scan, Step
from shared.sql.collected.cost_rows import CostRow
from shared.sql.collected.cost_totals import TOP_RESOURCES
from shared.wiring import Services
from web.rendering.cost_files import COST_COLUMNS, FOCUS_COLUMNS, cost_csv
from web.rendering.csv_export import CSV_TYPE
from web.rendering.data_tables import commitment_table, cost_row_table, inventory_table
from web.rendering.findings import PublishedFindings, review
from web.rendering.recommendations import reservation_choices, savings_plan_choices
from web.rendering.report_sections import DIMENSIONS
from web.rendering.report_tables import (
    cost_tables,
    coverage_table,
    finding_table,
    resource_table,
    savings_table,
    summary_table,
)
from web.rendering.workbook import XLSX_TYPE, Table, write_workbook

TITLE = "Azure cost review"


class ScanFile(StrEnum):
    """A file, by the last part of its address."""

    WORKBOOK = "report.xlsx"
    COSTS = "costs.csv"
    FOCUS_COSTS = "costs-focus.csv"

    @property
    def content_type(self) -> str:
        return XLSX_TYPE if self is ScanFile.WORKBOOK else CSV_TYPE

    def rows(self, steps: Sequence[Step]) -> int:
        """Return how many rows the file will have, from what the steps have counted."""
        sources = ("costs", "inventory") if self is ScanFile.WORKBOOK else ("costs",)
        return sum(step.rows for step in steps if step.collector in sources)


@dataclass(frozen=True)
class FileLabel:
    """What the page of downloads says about a file."""

    title: str
    content: str


FILE_LABELS = {
    ScanFile.WORKBOOK: FileLabel(
        "Report as Excel", "Summary, savings, every cost row by month, resources, commitments and coverage."
    ),
    ScanFile.COSTS: FileLabel("Costs as CSV", "Every cost row, with names beside ids."),
    ScanFile.FOCUS_COSTS: FileLabel(
        "Costs as CSV, FOCUS-aligned",
        "The same rows under the column names of FOCUS 1.0. Columns that Azure does not fill are left out.",
    ),
}

DIRECT_ROWS = 10_000
"""A file with more rows is built by a job: a workbook of so many takes about two seconds."""

ROWS_A_NOTE = 20_000

BinaryTarget = IO[bytes] | GzipFile
Note = Callable[[int], None]


def no_note(_rows: int) -> None:
    """Note nothing: the user waits for the file itself."""


def download_name(at: datetime, name: str) -> str:
    """Return the file's name; it has a date, so that two scans do not overwrite each other."""
    return f"azure-cost-review-{at:%Y-%m-%d}-{name}"


def write_scan_file(
    services: Services, scan: Scan, steps: Sequence[Step], file: ScanFile, target: BinaryTarget, note: Note = no_note
) -> None:
    """Write the file; memory stays flat however many rows there are. `note` gets the number of rows so far."""
    costs = _noted(services.cost_rows.each(scan.key), note)
    if file is ScanFile.WORKBOOK:
        write_workbook(target, _tables(services, scan, steps, costs), TITLE, scan.requested_at)
        return
    columns = COST_COLUMNS if file is ScanFile.COSTS else FOCUS_COLUMNS
    names = coverage(steps).subscription_names
    target.writelines(cost_csv(columns, costs, names))


def published_findings(services: Services, scan: Scan) -> PublishedFindings | None:
    """Return the published review, if there is one."""
    is_published = services.reviews.get(scan.key).published_at is not None
    return review(services.database, scan) if is_published else None


def _noted(rows: Iterator[CostRow], note: Note) -> Iterator[CostRow]:
    for number, row in enumerate(rows, 1):
        if number % ROWS_A_NOTE == 0:
            note(number)
        yield row


def _tables(services: Services, scan: Scan, steps: Sequence[Step], costs: Iterator[CostRow]) -> Iterator[Table]:
    """Yield the sheets in their order, each read when it is written."""
    read, published = coverage(steps, scan.left_out_json), published_findings(services, scan)
    names, key, offers = read.subscription_names, scan.key, services.recommendations
    totals = services.cost_totals.by_dimension(key, DIMENSIONS)
    yield summary_table(scan, read, totals["service"], published)
    if published:
        yield finding_table(published)
        yield savings_table(published, names)
    yield from cost_tables(totals, names)
    yield resource_table(services.cost_totals.by_resource(key).top(TOP_RESOURCES), names)
    yield cost_row_table(costs, names)
    yield inventory_table(services.inventory_pages.each(key), names)
    yield commitment_table(
        reservation_choices(offers.reservations(key)), savings_plan_choices(offers.savings_plans(key)), names
    )
    yield coverage_table(read, scan)
