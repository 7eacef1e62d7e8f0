"""Operators' jobs: kinds, states and resume positions."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from shared.core.models import ScanKey


class JobKind(StrEnum):
    """The kind of a job. REPULL replaces stored rows; the others add data beside them."""

    REPULL = "repull"
    RESOURCE_QUERY = "resource_query"
    COST_QUERY = "cost_query"
    METRICS = "metrics"


class JobState(StrEnum):
    """The state of a job. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self in (JobState.DONE, JobState.REFUSED, JobState.FAILED)


@dataclass(frozen=True)
class JobCursor:
    """Where a job resumes: the part, the request in it, and Azure's cursor of the next page.

    `pages` counts the pages read of this part, `first_pages` are the numbers of those that began
    a request; `good` counts the successful parts and `rows` all rows; `notes` are sentences about
    failed parts. `plan_key` and `unread_json` are those of this part, as in a step.
    """

    part: int = 0
    request_index: int = 0
    cursor: str | None = None
    pages: int = 0
    first_pages: tuple[int, ...] = ()
    simplified: int = 0
    good: int = 0
    rows: int = 0
    notes: tuple[str, ...] = ()
    plan_key: str | None = None
    unread_json: str | None = None

    def restarted(self, *, simplified: int) -> Self:
        """Return the start of this part."""
        return type(self)(part=self.part, good=self.good, rows=self.rows, notes=self.notes, simplified=simplified)

    def next_part(self, *, good: bool, note: str | None = None) -> Self:
        """Return the start of the next part."""
        notes = (*self.notes, note) if note else self.notes
        return type(self)(part=self.part + 1, good=self.good + good, rows=self.rows, notes=notes)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | None) -> Self:
        values: dict[str, Any] = json.loads(text) if text else {}
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cls(**(values | lists))


@dataclass(frozen=True)
class OperatorJob:
    """One job. `state_reason` says why it waits or failed, `summary` what it read: both are sentences."""

    job_id: str
    tenant_id: str
    scan_id: str
    kind: JobKind
    title: str
    parameters_json: str
    reason: str
    requested_by: str
    requested_by_name: str
    requested_at: datetime
    state: JobState
    state_reason: str | None
    summary: str | None
    parts: int
    parts_done: int
    cursor_json: str | None
    attempt: int
    lease_id: str | None
    updated_at: datetime
    finished_at: datetime | None

    @property
    def scan_key(self) -> ScanKey:
        return ScanKey(self.tenant_id, self.scan_id)

    @property
    def parameters(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.parameters_json)
        return found

    @property
    def position(self) -> JobCursor:
        return JobCursor.from_json(self.cursor_json)

    @property
    def progress(self) -> tuple[int, ...]:
        """What the job has achieved: compared between deliveries of its message, see shared/messaging/progress.py."""
        at = self.position
        return (int(self.state.is_final), at.part, int(at.simplified), at.request_index, at.pages, at.rows)
