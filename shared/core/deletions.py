"""Deletions: scope, reason and progress. The ledger of deletions outlives the deleted data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeletionScope(StrEnum):
    """What is deleted: a scan's findings, a scan with its findings, all data of a user, all data of a customer."""

    FINDINGS = "findings"
    SCAN = "scan"
    USER = "user"
    CUSTOMER = "customer"


class DeletionReason(StrEnum):
    """Why it is deleted. The words of a user or operator are in the activity log: the ledger holds no personal data."""

    RETENTION = "retention ended"
    CUSTOMER = "the customer asked"
    OPERATOR = "an operator acted"


class DeletionState(StrEnum):
    """Whether rows are left to delete."""

    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True)
class Deletion:
    """A deletion at work: identifiers and counts, no customer data.

    `receipt_id` cannot be guessed: its holder may view the receipt. `user_object_id` is the data
    subject, None for a whole customer. `scan_ids` are the scans to delete, `counts` the rows
    deleted so far by table. `worked_at` is when it last ran; once it is done, when it ended.
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


@dataclass(frozen=True)
class Receipt:
    """What the ledger keeps of a deletion: counts and pseudonyms (shared/core/pseudonyms.py), no identifier.

    `scan_count` is how many scans it concerned; the rest as in Deletion.
    """

    receipt_id: str
    tenant_pseudonym: str
    user_pseudonym: str | None
    scope: DeletionScope
    scan_count: int
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
