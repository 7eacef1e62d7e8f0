"""What a finding is: something a customer can do about its costs, with evidence and savings."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from shared.core.money import a_year_of


class Measure(StrEnum):
    """What kind of act saves the money. Of several for one resource only the first in this order counts."""

    REMOVE = "remove"
    RESIZE = "resize"
    LICENCE = "licence"
    COMMIT = "commit"
    TIDY = "tidy"


class Confidence(StrEnum):
    """How sure we are that the finding is true of each resource."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Effort(StrEnum):
    """What it takes the customer."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class SavingBasis(StrEnum):
    """Where an amount comes from: the customer's own bill, Azure's estimate, or the reviewer's judgement."""

    BILLED = "billed"
    AZURE_ESTIMATE = "azure_estimate"
    REVIEWER = "reviewer"


class FindingStatus(StrEnum):
    """Where a finding stands with us; customers see published ones only."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Decision(StrEnum):
    """What the customer said to a finding; kept from scan to scan."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    DONE = "done"


@dataclass(frozen=True)
class Saving:
    """What doing it saves in a month, in `currency`."""

    currency: str
    monthly: Decimal
    basis: SavingBasis

    @property
    def yearly(self) -> Decimal:
        """Twelve such months."""
        return a_year_of(self.monthly)


@dataclass(frozen=True)
class Evidence:
    """One line of what was read, in words: "Unattached since", "3 February 2025"."""

    label: str
    value: str


@dataclass(frozen=True)
class AffectedResource:
    """One resource of a finding.

    `resource_id` is in lower case; of what concerns a whole subscription it is the
    subscription's. `note` says why there is no saving where one would be expected.
    """

    resource_id: str
    resource_name: str
    resource_type: str
    sub_account_id: str
    resource_group: str | None
    region_id: str | None
    evidence: tuple[Evidence, ...] = ()
    savings: tuple[Saving, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class DraftFinding:
    """What a rule found in one scan, before anybody has looked at it.

    `key` names the finding in every scan of this customer, so that a decision about it is
    remembered; `text` is Markdown.
    """

    key: str
    title: str
    text: str
    measure: Measure
    confidence: Confidence
    effort: Effort
    resources: tuple[AffectedResource, ...]


@dataclass(frozen=True)
class Finding:
    """A finding of one scan as it stands now, without its resources.

    `version` grows with every change; `is_edited` says that a reviewer changed or wrote it,
    so that drafting again leaves it alone. `owner` is the reviewer who answers for it.
    """

    tenant_id: str
    scan_id: str
    finding_id: str
    key: str
    status: FindingStatus
    title: str
    text: str
    measure: Measure
    confidence: Confidence
    effort: Effort
    owner: str | None
    version: int
    is_edited: bool
    created_at: datetime
    updated_at: datetime
    updated_by: str | None
    published_at: datetime | None


@dataclass(frozen=True)
class FindingState:
    """The customer's word on a finding: of one user, kept under the finding's key across scans."""

    key: str
    decision: Decision
    reason: str | None
    decided_at: datetime
    decided_by: str
    scan_id: str
    version: int
