"""Define findings: what a customer can do about its costs, with evidence and savings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shared.core.models import ScanKey
from shared.core.money import a_year_of


class Measure(StrEnum):
    """The kind of measure that saves money. Of several for one resource, only the first in this order counts."""

    REMOVE = "remove"
    STOP = "stop"
    RESIZE = "resize"
    LICENCE = "licence"
    COMMIT = "commit"
    TIDY = "tidy"


class Confidence(StrEnum):
    """How certain the finding is for each resource."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Effort(StrEnum):
    """The customer's effort."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class SavingBasis(StrEnum):
    """The basis of an amount: the customer's bill, public prices, Azure's estimate or the reviewer's judgement.

    AZURE_ESTIMATE is that of drafts which did not tell retail from negotiated prices.
    """

    BILLED = "billed"
    PUBLIC_PRICE = "public_price"
    AZURE_RETAIL = "azure_retail"
    AZURE_NEGOTIATED = "azure_negotiated"
    AZURE_ESTIMATE = "azure_estimate"
    REVIEWER = "reviewer"

    @property
    def is_estimate(self) -> bool:
        """Whether Azure estimated the amount: it is never added to what a bill or a reviewer says."""
        return self in (SavingBasis.AZURE_RETAIL, SavingBasis.AZURE_NEGOTIATED, SavingBasis.AZURE_ESTIMATE)


class SavingFrom(StrEnum):
    """The source of a finding's savings: its resources, one amount for the whole finding, or none."""

    RESOURCES = "resources"
    NAMED = "named"
    NONE = "none"


class FindingStatus(StrEnum):
    """The status of a finding; customers see published ones only."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Decision(StrEnum):
    """The customer's decision on a finding; kept from scan to scan."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    DONE = "done"


@dataclass(frozen=True)
class Saving:
    """Savings per month in `currency`; `named_year` if a year's savings are not twelve times that."""

    currency: str
    monthly: Decimal
    basis: SavingBasis
    named_year: Decimal | None = None

    @property
    def yearly(self) -> Decimal:
        """Return the savings per year."""
        return a_year_of(self.monthly) if self.named_year is None else self.named_year


TYPED = "typed"
"""The source of evidence typed by a reviewer."""


@dataclass(frozen=True)
class Evidence:
    """One line of evidence: "Unattached since", "3 February 2025".

    `source` is empty for what a rule shows, TYPED, or the name of the offer that a reviewer
    cited (shared/evidence/offers.py), so that it can be read again.
    """

    label: str
    value: str
    source: str = ""

    @property
    def is_typed(self) -> bool:
        return self.source == TYPED


@dataclass(frozen=True)
class AffectedResource:
    """One resource of a finding.

    `resource_id` is in lower case; of what concerns a whole subscription it is the
    subscription's. `note` says why there is no saving where one would be expected,
    or what removing it does not save.
    `position` is its number within the finding, from one; 0 before it is stored. `owner_tag` is who
    its tags say owns it: see shared/core/owner_tags.py.
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
    position: int = 0
    owner_tag: str | None = None


@dataclass(frozen=True)
class DraftFinding:
    """A finding before review: found by a rule in this scan, or carried over from an earlier one.

    `key` names the finding in every scan of this customer, so that a decision about it is
    remembered; `text` is Markdown; `evidence` and `whole` are of the finding as a whole.
    `to_check` tells reviewers what the program could not read again. `excluded`, `carried_text` and `is_discarded` are
    a reviewer's judgement in an earlier review.
    """

    key: str
    title: str
    text: str
    measure: Measure
    confidence: Confidence
    effort: Effort
    resources: tuple[AffectedResource, ...]
    owner: str | None = None
    saving_from: SavingFrom = SavingFrom.RESOURCES
    whole: tuple[Saving, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    carried_from: str | None = None
    to_check: str | None = None
    excluded: tuple[AffectedResource, ...] = ()
    carried_text: str | None = None
    is_discarded: bool = False


@dataclass(frozen=True)
class Finding:
    """A finding of one scan as it stands now, without its resources.

    `version` grows with every change; `is_edited` says that a reviewer changed or wrote it,
    so that drafting again leaves it alone. `owner` is the reviewer who answers for it;
    `carried_from` is the earlier scan that it, or a reviewer's judgement of it, came from; `carried_text` are the
    paragraphs of `text` that a reviewer added then.
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
    saving_from: SavingFrom = SavingFrom.RESOURCES
    evidence: tuple[Evidence, ...] = ()
    carried_from: str | None = None
    to_check: str | None = None
    carried_text: str | None = None

    @property
    def scan_key(self) -> ScanKey:
        return ScanKey(self.tenant_id, self.scan_id)

    @property
    def is_written(self) -> bool:
        """Whether a reviewer wrote it; else a rule found it."""
        return self.key.startswith(WRITTEN)


WRITTEN = "written:"
"""How the keys of findings begin that reviewers wrote; a rule's begin with `rule:`."""


@dataclass(frozen=True)
class FindingState:
    """One user's decision on a finding, kept under the finding's key across scans.

    `by_resource` is what was decided about each resource that the finding had then, by its
    id; a resource that joined it later is open. None: it was not noted, and `decision` is
    about all of them. `owner`, `due_on` and `note` are the customer's plan for it.
    `previous_json` is the decision before this one, for undo: see shared/sql/findings/decisions.py.
    """

    key: str
    decision: Decision
    reason: str | None
    decided_at: datetime
    decided_by: str
    scan_id: str
    version: int
    by_resource: Mapping[str, Decision] | None = None
    owner: str | None = None
    due_on: date | None = None
    note: str | None = None
    previous_json: str | None = None

    def about(self, resource_id: str) -> Decision:
        """Return the decision about this resource; OPEN for one added since."""
        if self.by_resource is None or self.decision is Decision.OPEN:
            return self.decision
        return self.by_resource.get(resource_id, Decision.OPEN)
