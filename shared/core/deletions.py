"""A deletion: what is asked for, how far it is. The ledger of them outlives what was deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeletionScope(StrEnum):
    """What is deleted: a scan's findings, a scan with all that came of it, all of one user's, all of a customer's."""

    FINDINGS = "findings"
    SCAN = "scan"
    USER = "user"
    CUSTOMER = "customer"


class DeletionReason(StrEnum):
    """Why. What a person said about it is in the audit log: the ledger holds nothing personal."""

    RETENTION = "retention ended"
    CUSTOMER = "the customer asked"
    OPERATOR = "an operator acted"


class DeletionState(StrEnum):
    """Whether something is left."""

    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True)
class Deletion:
    """One entry of the ledger: identifiers and counts, no customer's data.

    `receipt_id` cannot be guessed: who has it may look at the receipt. `user_object_id` is
    whose data it is, unless it is the whole customer's. `scan_ids` are the scans that go.
    `counts` are the rows deleted so far, by table. `worked_at` is when it was last worked
    on; once it is done, when that was.
    """

    receipt_id: str
    tenant_id: str
    scope: DeletionScope
    user_object_id: str | None
    scan_ids: tuple[str, ...]
    reason: DeletionReason
    requested_at: datetime
    state: DeletionState
    counts: Mapping[str, int]
    worked_at: datetime

    @property
    def is_done(self) -> bool:
        return self.state is DeletionState.DONE

    @property
    def rows(self) -> int:
        return sum(self.counts.values())
