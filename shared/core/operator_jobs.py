"""What an operator asks for: jobs, as frozen values, and how far each is."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class JobKind(StrEnum):
    """What a job does. The first replaces stored rows, the others add something beside them."""

    REPULL = "repull"
    RESOURCE_QUERY = "resource_query"
    COST_QUERY = "cost_query"
    METRICS = "metrics"


class JobState(StrEnum):
    """Where a job stands. The last three are ends."""

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
class Place:
    """Where a job goes on: the part, the request in it, and the page that Azure named as the next one.

    `pages` were read of this part, `firsts` of them began a request; `good` parts ended well,
    `rows` came in all; `notes` are sentences about parts that did not end well. `plan_key` and
    `unread_json` are of this part, as a step has them.
    """

    part: int = 0
    request_index: int = 0
    cursor: str | None = None
    pages: int = 0
    firsts: tuple[int, ...] = ()
    simplified: bool = False
    good: int = 0
    rows: int = 0
    notes: tuple[str, ...] = ()
    plan_key: str | None = None
    unread_json: str | None = None

    def begun_anew(self, *, simplified: bool) -> Self:
        """The beginning of this part, of which nothing has been read."""
        return type(self)(part=self.part, good=self.good, rows=self.rows, notes=self.notes, simplified=simplified)

    def next_part(self, *, good: bool, note: str | None = None) -> Self:
        """The beginning of the part after this one."""
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
    """One job. `state_reason` is why it waits or why it ended badly, `summary` what came of it: sentences."""

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
    place_json: str | None
    attempt: int
    lease_id: str | None
    updated_at: datetime
    finished_at: datetime | None

    @property
    def parameters(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.parameters_json)
        return found

    @property
    def place(self) -> Place:
        return Place.from_json(self.place_json)
