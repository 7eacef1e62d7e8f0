"""Findings in a download: what a person has published, and apart from it what nobody has reviewed yet.

Who asks what is held gets the truth, drafts included; but a draft must not be taken for our word.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Table

from shared.core.findings import FindingStatus
from shared.sql.deletion.holdings import Reader
from shared.sql.schema.finding_tables import FINDING_TABLES, finding_proposals, findings

DRAFTS = "drafts-not-reviewed/"
"""The folder of what is not published: drafts, what was discarded, and how a finding read before."""

Row = Mapping[str, Any]


def shelves(table: Table, reader: Reader) -> Iterator[tuple[str, Iterator[Row]]]:
    """The rows of a table by the folder in which they belong: "" or DRAFTS."""
    if table not in FINDING_TABLES or "finding_id" not in table.c:
        yield "", reader.small(table)
        return
    is_published = _test_of(table, reader)
    yield "", (row for row in reader.small(table) if is_published(row))
    yield DRAFTS, (row for row in reader.small(table) if not is_published(row))


def _test_of(table: Table, reader: Reader) -> Callable[[Row], bool]:
    """Whether a row is of a published finding and, where versions have a state of their own, was itself published."""
    if table is finding_proposals:
        return lambda _row: False
    published = {row["finding_id"] for row in reader.small(findings) if row["status"] == FindingStatus.PUBLISHED}
    return lambda row: row["finding_id"] in published and row.get("status", "published") == FindingStatus.PUBLISHED
