"""The data stored about one user: counts for a page, and every row for a download."""

import gzip
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from shared.core.findings import FindingStatus
from shared.core.mail import MailKind
from shared.core.models import Scan
from shared.sql.collected.cost_lines import full_rows
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.scans.row_keys import first_row_id
from shared.sql.scans.scans import Scans
from shared.sql.schema.cost_tables import COST_TABLES
from shared.sql.schema.finding_tables import FINDING_TABLES, finding_proposals, findings
from shared.sql.schema.metadata import ROW_KEY
from shared.sql.schema.outbox_tables import outbox
from shared.sql.schema.tables import (
    COLLECTED_TABLES,
    STEP_TABLES,
    TENANT_TABLES,
    connections,
    dead_letters,
    raw_pages,
    scans,
    steps,
)

ALL_SCANS = 100_000
ROWS_AT_ONCE = 2_000

DRAFTS = "drafts-not-reviewed/"
"""The folder of what is not published: drafts, discarded findings, and earlier versions."""

Row = Mapping[str, Any]

SMALL_TABLES = tuple(
    table for table in TENANT_TABLES if table not in (*STEP_TABLES, raw_pages) and "scan_id" in table.c
)
"""What a scan has besides Azure's answers and the rows made of them."""


@dataclass(frozen=True)
class ScanHolding:
    """What is held of one scan: rows by table, and the compressed bytes of Azure's answers."""

    scan: Scan
    rows: Mapping[str, int]
    answer_bytes: int


@dataclass(frozen=True)
class PageRange:
    """Pages of one step, `first` to `last`, both included, with the rows made of them."""

    scan_id: str
    collector: str
    step_id: int
    subscription_id: str
    first: int
    last: int


@dataclass(frozen=True)
class StoredResponse:
    """One of Azure's answers as it is stored."""

    collector: str
    subscription_id: str
    page_number: int
    body_gzip: bytes


class Holdings:
    """Reads of one user's data, table by table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def of_user(self, tenant_id: str, user_object_id: str) -> list[ScanHolding]:
        """The user's scans, newest first, with what is held of each."""
        found = Scans(self._database).recent(tenant_id, user_object_id, ALL_SCANS)
        own = Owner(tenant_id, user_object_id)
        with self._database.reading(tenant_id) as connection:
            rows = _rows_by_scan(connection, own)
            sizes = select(raw_pages.c.scan_id, func.sum(self._size)).where(own.rows_of(raw_pages))
            bytes_of = {row[0]: int(row[1]) for row in connection.execute(sizes.group_by(raw_pages.c.scan_id))}
        return [ScanHolding(scan, dict(rows.get(scan.scan_id, {})), bytes_of.get(scan.scan_id, 0)) for scan in found]

    @whole_transaction
    def counts(self, tenant_id: str, user_object_id: str | None = None) -> Counter[str]:
        """How many rows are held of a user, or of the whole customer, by table; tables without any are left out."""
        own = Owner(tenant_id, user_object_id)
        with self._database.reading(tenant_id) as connection:
            return +sum(_rows_by_scan(connection, own).values(), Counter[str]())

    @whole_transaction
    def slices(self, tenant_id: str, user_object_id: str | None, most_bytes: int) -> list[list[PageRange]]:
        """All pages of the user's scans, or with None of the customer's, cut into parts of about `most_bytes`
        compressed; the same at each call while nothing is added."""
        own = Owner(tenant_id, user_object_id)
        step = (steps.c.scan_id, steps.c.collector, steps.c.step_id, steps.c.subscription_id)
        statement = (
            select(*step, raw_pages.c.page_number, self._size)
            .join_from(steps, raw_pages, _same_step())
            .where(own.rows_of(steps), own.rows_of(raw_pages))
            .order_by(steps.c.step_id, raw_pages.c.page_number)
        )
        with self._database.reading(tenant_id) as connection:
            return _cut((tuple(row) for row in connection.execute(statement)), most_bytes)

    @contextmanager
    def reader(self, tenant_id: str, user_object_id: str | None) -> Iterator["Reader"]:
        """Reads rows for a download, from one snapshot; of a user, or with None of the whole customer."""
        with self._database.reading(tenant_id) as connection:
            yield Reader(connection, Owner(tenant_id, user_object_id))

    @property
    def _size(self) -> ColumnElement[int]:
        """Of an answer; SQL Server's LEN does not count bytes."""
        is_sqlite = self._database.dialect.name == "sqlite"
        size = func.length(raw_pages.c.body_gzip) if is_sqlite else func.datalength(raw_pages.c.body_gzip)
        return cast(size, BigInteger)


class Reader:
    """The rows of one owner, as names and values; what is kept packed is unpacked."""

    def __init__(self, connection: Connection, owner: "Owner") -> None:
        self._connection = connection
        self._owner = owner
        self._tenant_id = owner.tenant_id

    def consent(self) -> Iterator[Mapping[str, Any]]:
        """The consent, without the token."""
        return self._rows(select(*_readable(connections)).where(self._owner.consents()))

    def small(self, table: Table) -> Iterator[Mapping[str, Any]]:
        """All rows of one of the SMALL_TABLES."""
        key = list(table.primary_key)
        return self._rows(select(*_readable(table)).where(self._owner.rows_of(table)).order_by(*key))

    def collected(self, part: PageRange) -> Iterator[Mapping[str, Any]]:
        """The rows that were made of these pages."""
        table = next(table for table in COLLECTED_TABLES if table.name == part.collector)
        first, end = first_row_id(part.step_id, part.first), first_row_id(part.step_id, part.last + 1)
        within = and_(table.c.row_id >= first, table.c.row_id < end, table.c.tenant_id == self._tenant_id)
        rows = full_rows(table) if table in COST_TABLES else select(table)
        for row in self._rows(rows.where(within).order_by(table.c.row_id)):
            own = {name: value for name, value in row.items() if name not in ROW_KEY}
            yield {"scan_id": part.scan_id, **own}

    def answers(self, part: PageRange) -> Iterator[StoredResponse]:
        """Azure's answers themselves."""
        mine = and_(
            raw_pages.c.tenant_id == self._tenant_id,
            raw_pages.c.scan_id == part.scan_id,
            raw_pages.c.step_id == part.step_id,
            raw_pages.c.page_number.between(part.first, part.last),
        )
        statement = select(raw_pages.c.page_number, raw_pages.c.body_gzip).where(mine).order_by(raw_pages.c.page_number)
        for row in self._connection.execute(statement, execution_options={"yield_per": 20}):
            yield StoredResponse(part.collector, part.subscription_id, row.page_number, row.body_gzip)

    def _rows(self, statement: Select[Any]) -> Iterator[Mapping[str, Any]]:
        for row in self._connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}).mappings():
            yield {str(name): _unpacked(value) for name, value in row.items()}


def _readable(table: Table) -> list[Column[Any]]:
    """No secret, and nothing that the database makes of another column."""
    return [column for column in table.c if column is not connections.c.refresh_token_encrypted and not column.computed]


def _unpacked(value: object) -> object:
    return gzip.decompress(value).decode("utf-8", errors="replace") if isinstance(value, bytes) else value


def column_names(table: Table) -> list[str]:
    """The columns of a small table in a download."""
    return [column.name for column in _readable(table)]


@dataclass(frozen=True)
class Owner:
    """The owner of rows: one user, or with None the whole customer."""

    tenant_id: str
    user_object_id: str | None

    def consents(self) -> ColumnElement[bool]:
        """The owner's consents."""
        own = connections.c.tenant_id == self.tenant_id
        return own if self.user_object_id is None else and_(own, connections.c.user_object_id == self.user_object_id)

    def rows_of(self, table: Table) -> ColumnElement[bool]:
        """The rows of the owner's scans; of a customer also rows of deleted scans, without deletion emails."""
        if self.user_object_id is None:
            own = table.c.tenant_id == self.tenant_id
            return and_(own, outbox.c.kind != MailKind.DELETION_DONE) if table is outbox else own
        mine = and_(scans.c.tenant_id == self.tenant_id, scans.c.user_object_id == self.user_object_id)
        return and_(table.c.tenant_id == self.tenant_id, table.c.scan_id.in_(select(scans.c.scan_id).where(mine)))


def _same_step() -> ColumnElement[bool]:
    return and_(
        raw_pages.c.tenant_id == steps.c.tenant_id,
        raw_pages.c.scan_id == steps.c.scan_id,
        raw_pages.c.step_id == steps.c.step_id,
    )


def _rows_by_scan(connection: Connection, own: Owner) -> dict[str | None, Counter[str]]:
    """Counts by scan and table, in one statement; under None what belongs to no scan.

    The rows made of answers are counted by their steps, without reading them.
    """
    collected = select(steps.c.collector, steps.c.scan_id, func.sum(steps.c.rows)).where(own.rows_of(steps))
    of_steps = collected.group_by(steps.c.collector, steps.c.scan_id)
    of_tables = (_counted_by_scan(table, own) for table in (*SMALL_TABLES, raw_pages))
    found: dict[str | None, Counter[str]] = {}
    counts: list[Any] = [of_steps, *of_tables, *_counts_besides(own)]
    for table, scan_id, rows in connection.execute(union_all(*counts)):
        found.setdefault(scan_id, Counter())[table] += int(rows or 0)
    return found


def _counted_by_scan(table: Table, own: Owner) -> Select[Any]:
    counted = select(_name(table), table.c.scan_id, func.count())
    return counted.where(own.rows_of(table)).group_by(table.c.scan_id)


def _counts_besides(own: Owner) -> Iterator[Select[str, None, int]]:
    """Consents, and of a whole customer messages that failed."""
    counts = {connections: own.consents()}
    if own.user_object_id is None:
        counts[dead_letters] = dead_letters.c.tenant_id == own.tenant_id
    for table, wanted in counts.items():
        yield select(_name(table), null(), func.count()).select_from(table).where(wanted)


def _name(table: Table) -> ColumnElement[str]:
    return literal_column(f"'{table.name}'")


def _cut(pages: Iterator[tuple[Any, ...]], most_bytes: int) -> list[list[PageRange]]:
    parts: list[list[PageRange]] = [[]]
    weight = 0
    for scan_id, collector, step_id, subscription_id, page_number, size in pages:
        if weight and weight + size > most_bytes:
            parts.append([])
            weight = 0
        weight += size
        last = parts[-1][-1] if parts[-1] else None
        if last is not None and last.step_id == step_id:
            parts[-1][-1] = PageRange(scan_id, collector, step_id, subscription_id, last.first, page_number)
        else:
            parts[-1].append(PageRange(scan_id, collector, step_id, subscription_id, page_number, page_number))
    return parts


def rows_by_download_folder(table: Table, reader: Reader) -> Iterator[tuple[str, Iterator[Row]]]:
    """Yield the rows of a table by download folder: "" for what is published, DRAFTS for the rest.

    A download holds drafts too, but apart from what a reviewer has published.
    """
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
