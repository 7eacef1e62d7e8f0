"""The documents of the API. Amounts are decimal numbers in text: JSON's own would lose digits."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """Base class of every document."""

    model_config = ConfigDict(frozen=True)


class ScanItem(Document):
    """A scan and its period: the first day of the first month, and the day after the last."""

    scan_id: str
    status: str
    requested_at: datetime
    finished_at: datetime | None
    period_start: date
    period_end: date


class Scans(Document):
    """Your scans, newest first."""

    scans: list[ScanItem]


class Amount(Document):
    """An amount in one currency."""

    currency: str
    amount: Decimal


class MonthAmount(Document):
    """What was billed in a month; null: no charge was recorded."""

    month: date
    billed_cost: Decimal | None


class Spend(Document):
    """What was billed in one currency in the period; `last_closed_month` is the last month that Azure has closed."""

    currency: str
    billed_cost: Decimal
    last_closed_month: MonthAmount
    months: list[MonthAmount]


class Savings(Document):
    """What could be saved in one currency, each resource counted once; `estimated` by Azure comes on top."""

    currency: str
    monthly: Decimal | None
    yearly: Decimal | None
    estimated: Decimal | None


class Overview(Document):
    """The overview of a scan. `savings` is empty until the review is published."""

    scan: ScanItem
    coverage: str
    cost_gaps: list[str]
    spend: list[Spend]
    savings: list[Savings]
    published_at: datetime | None
    findings: int
    undecided: int


class CostGroup(Document):
    """One group of costs; `value` null: Azure names none. `compared` is the other month's amount."""

    value: str | None
    billed_cost: Decimal | None
    compared: Decimal | None
    rows: int


class Costs(Document):
    """A page of groups, most expensive first, and the total of all groups."""

    currency: str
    by: str
    page: int
    pages: int
    groups: list[CostGroup]
    total: CostGroup


class FindingResource(Document):
    """A resource of a finding; amounts are monthly."""

    resource_id: str
    name: str
    type: str
    subscription_id: str
    resource_group: str | None
    region: str | None
    decision: str
    savings: list[Amount]
    evidence: list[str]


class FindingItem(Document):
    """A published finding. `counted` are its monthly savings that count in the total of all findings."""

    finding_id: str
    title: str
    text: str
    measure: str
    confidence: str
    effort: str
    decision: str
    counted: list[Amount]
    estimated: list[Amount]
    resources: list[FindingResource]


class Findings(Document):
    """The published findings of a scan; `published_at` null: the review is not published yet."""

    published_at: datetime | None
    findings: list[FindingItem]


class ResourceItem(Document):
    """A resource of the inventory. `tags` are as Azure has them."""

    resource_id: str
    name: str
    type: str
    subscription_id: str
    resource_group: str | None
    region: str | None
    tags: dict[str, str]


class Resources(Document):
    """A page of the inventory, by name."""

    page: int
    pages: int
    resources: list[ResourceItem]


class StepItem(Document):
    """One kind of data of a subscription. `rows_set_aside` could not be read."""

    data: str
    status: str
    rows: int
    rows_set_aside: int
    reason: str | None


class SubscriptionItem(Document):
    """What was read of a subscription."""

    subscription_id: str
    name: str
    steps: list[StepItem]


class CoverageDocument(Document):
    """What was read, and why the rest was not."""

    summary: str
    left_out: list[str]
    subscriptions: list[SubscriptionItem]


class ActivityItem(Document):
    """One entry of the activity log."""

    event_id: int
    occurred_at: datetime
    actor_kind: str
    actor_name: str | None
    action: str
    outcome: str
    subject_kind: str | None
    subject_id: str | None
    reason: str | None


class Activity(Document):
    """The newest entries; `before` requests earlier ones, null: there are none."""

    entries: list[ActivityItem]
    before: int | None


class Problem(Document):
    """What happened and what to do next: RFC 9457."""

    type: str
    status: int
    title: str
    detail: str
