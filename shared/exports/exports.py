"""Exports: files that a user has asked for and a queue job builds, kept for 24 hours.

The record is in Table storage, the content in Blob storage. A deletion removes the record first: a job that
still builds finds that out when it notes its progress, and removes what it has written.
"""

import contextlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import IO

from shared.core.clock import Clock
from shared.core.periods import EXPORT_HOURS
from shared.exports.blobs import BlobStore
from shared.table_storage.store import Changed, Record, TableStore

EXPORTS_TABLE = "exports"
WHOLE_DATA = "data.zip"
"""The name of the export of all data stored about a user; the others are named after files of a scan."""


class ExportState(StrEnum):
    """Where an export stands. The last two are final."""

    QUEUED = "queued"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self in (ExportState.READY, ExportState.FAILED)


@dataclass(frozen=True)
class Export:
    """One file, in `parts` parts. `rows_done` of `rows` says how far a file of one part is; `scan_id` may be empty.

    `part_bytes` are the sizes of the parts that are done.
    """

    export_id: str
    tenant_id: str
    user_object_id: str
    username: str
    file: str
    scan_id: str
    requested_at: datetime
    expires_at: datetime
    state: ExportState = ExportState.QUEUED
    parts: int = 1
    rows: int = 0
    rows_done: int = 0
    part_bytes: tuple[int, ...] = ()
    etag: str = ""

    @property
    def parts_done(self) -> int:
        return len(self.part_bytes)

    @property
    def percent_done(self) -> int:
        """Return how much is done, 0 to 100."""
        if self.state is ExportState.READY:
            return 100
        within = self.rows_done / self.rows if self.rows and not self.parts_done else 0
        return min(99, int(100 * (self.parts_done + within) / self.parts))

    def part_name(self, number: int) -> str:
        """Return the name of a part's content; numbers begin with 1."""
        return f"{self.prefix}{number}"

    @property
    def prefix(self) -> str:
        return f"{self.tenant_id}/{self.user_object_id}/{self.export_id}/"


class Exports:
    """The records and contents of exports. One user's are never another's: the user is part of every key."""

    def __init__(self, tables: TableStore, blobs: BlobStore, clock: Clock) -> None:
        self._tables = tables
        self._blobs = blobs
        self._clock = clock

    def request(
        self, tenant_id: str, user_object_id: str, username: str, file: str, scan_id: str = "", rows: int = 0
    ) -> Export:
        """Return a new export, or the one of this file that is being built."""
        known = self.latest(tenant_id, user_object_id, file, scan_id)
        if known is not None and not known.state.is_final:
            return known
        now = self._clock.now()
        ends = now + timedelta(hours=EXPORT_HOURS)
        new = Export(str(uuid.uuid4()), tenant_id, user_object_id, username, file, scan_id, now, ends, rows=rows)
        self._tables.insert(EXPORTS_TABLE, _record(new))
        return new

    def of_user(self, tenant_id: str, user_object_id: str) -> list[Export]:
        """Return the user's exports that have not expired, newest first."""
        listed = self._tables.list(EXPORTS_TABLE, _owner(tenant_id, user_object_id))
        found = [_export(record) for record in listed if record.expires_at > self._clock.now()]
        return sorted(found, key=lambda one: one.requested_at, reverse=True)

    def latest(self, tenant_id: str, user_object_id: str, file: str, scan_id: str = "") -> Export | None:
        """Return the newest export of this file that has not expired."""
        found = self.of_user(tenant_id, user_object_id)
        return next((one for one in found if (one.file, one.scan_id) == (file, scan_id)), None)

    def get(self, tenant_id: str, user_object_id: str, export_id: str) -> Export | None:
        """Return the export, unless it has expired or was deleted."""
        record = self._tables.get(EXPORTS_TABLE, _owner(tenant_id, user_object_id), export_id)
        return _export(record) if record and record.expires_at > self._clock.now() else None

    def save(self, export: Export) -> Export:
        """Store progress; raises Changed if the export was deleted or another worker has changed it."""
        self._tables.replace(EXPORTS_TABLE, _record(export))
        saved = self.get(export.tenant_id, export.user_object_id, export.export_id)
        if saved is None:
            raise Changed("an export")
        return saved

    def fail(self, export: Export) -> None:
        """End the export as failed, unless it has ended."""
        if not export.state.is_final:
            with contextlib.suppress(Changed):
                self.save(replace(export, state=ExportState.FAILED))

    def add_part(self, export: Export, content: IO[bytes], size: int) -> Export:
        """Store the next part; raises Changed, and leaves nothing, if the export was deleted meanwhile."""
        self._blobs.write(export.part_name(export.parts_done + 1), content)
        sizes = (*export.part_bytes, size)
        state = ExportState.READY if len(sizes) == export.parts else ExportState.BUILDING
        try:
            return self.save(replace(export, part_bytes=sizes, state=state))
        except Changed:
            self.discard(export)
            raise

    def discard(self, export: Export) -> None:
        """Delete the content of an export whose record is gone."""
        if self.get(export.tenant_id, export.user_object_id, export.export_id) is None:
            self._blobs.delete(export.prefix)

    def content(self, export: Export, number: int) -> bytes | None:
        """Return one part, if it is done."""
        return self._blobs.read(export.part_name(number)) if 1 <= number <= export.parts_done else None

    def delete_of_user(self, tenant_id: str, user_object_id: str) -> None:
        """Delete every export of a user: records first, so that a job that is building one stops."""
        owner = _owner(tenant_id, user_object_id)
        for record in list(self._tables.list(EXPORTS_TABLE, owner)):
            with contextlib.suppress(Changed):
                self._tables.delete(EXPORTS_TABLE, owner, record.key)
        self._blobs.delete(f"{tenant_id}/{user_object_id}/")

    def delete_of_users(self, tenant_id: str, users: Sequence[str]) -> None:
        """Delete every export of these users, and content of the customer's other users."""
        for user_object_id in users:
            self.delete_of_user(tenant_id, user_object_id)
        self._blobs.delete(f"{tenant_id}/")

    def delete_expired(self) -> int:
        """Delete what is older than EXPORT_HOURS; return how many files."""
        now = self._clock.now()
        self._tables.delete_expired(EXPORTS_TABLE, now)
        return self._blobs.delete_before(now - timedelta(hours=EXPORT_HOURS))


def _owner(tenant_id: str, user_object_id: str) -> str:
    return f"{tenant_id}.{user_object_id}"


def _record(export: Export) -> Record:
    values = {name: str(value) for name, value in asdict(export).items() if name not in ("etag", "expires_at")}
    values["requested_at"] = export.requested_at.isoformat()
    values["part_bytes"] = json.dumps(export.part_bytes)
    owner = _owner(export.tenant_id, export.user_object_id)
    return Record(owner, export.export_id, values, export.expires_at, export.etag)


def _export(record: Record) -> Export:
    values = record.values
    return Export(
        export_id=record.key,
        tenant_id=values["tenant_id"],
        user_object_id=values["user_object_id"],
        username=values["username"],
        file=values["file"],
        scan_id=values["scan_id"],
        parts=int(values["parts"]),
        rows=int(values["rows"]),
        rows_done=int(values["rows_done"]),
        requested_at=datetime.fromisoformat(values["requested_at"]),
        expires_at=record.expires_at,
        state=ExportState(values["state"]),
        part_bytes=tuple(json.loads(values["part_bytes"])),
        etag=record.etag,
    )
