"""The types of rules: data and pure functions. Each rule is a module in findings/rules/."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic

from findings.resource import Resource
from shared.core import formats
from shared.core.alternatives import OfferT
from shared.core.billed_costs import BilledCosts
from shared.core.findings import AffectedResource, Confidence, Effort, Measure
from shared.core.meter_costs import MeterCosts, MeterPart, SpendLine
from shared.sql.collected.recommendations import AdvisorRecommendation

DAYS_IN_YEAR = 365
MONTHS_IN_YEAR = 12


@dataclass(frozen=True, eq=False)
class Lookup:
    """A set of ids collected from the whole inventory before the rules run; `ids_of` returns those of one resource.

    `reads` are the properties that it uses, by their stored names.
    """

    resource_types: tuple[str, ...]
    ids_of: Callable[[Resource], Iterable[str]]
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What a rule can use besides the resource itself."""

    today: date
    ids: Mapping[Lookup, frozenset[str]] = field(default_factory=dict)
    dev_test_subscriptions: frozenset[str] = frozenset()

    def known(self, lookup: Lookup, resource_id: str) -> bool:
        """Return whether the lookup contains this id (in lower case). Raises KeyError for a lookup not collected."""
        return resource_id in self.ids[lookup]


Predicate = Callable[[Resource, Facts], bool]


@dataclass(frozen=True)
class Exclusion:
    """Resources that match the rule but are excluded; the finding shows `sentence` as the reason."""

    sentence: str
    matches: Predicate


@dataclass(frozen=True)
class EvidenceField:
    """A line of evidence; `value_of` returns its value, or an empty string for no line."""

    label: str
    value_of: Callable[[Resource], str]


@dataclass(frozen=True)
class RuleText:
    """The texts of a finding. `title` contains {count} and {them}, which is replaced by `singular` or `plural`."""

    singular: str
    plural: str
    title: str
    why: str
    remedy: str
    source: str

    def title_for(self, count: int) -> str:
        """Return the title for this number of resources."""
        return self.title.format(count=f"{count:,}", them=self.singular if count == 1 else self.plural)


@dataclass(frozen=True)
class Costs:
    """The last complete month: what each resource was billed, and by which meters where a rule needs them."""

    billed: BilledCosts
    meters: MeterCosts


@dataclass(frozen=True)
class Rule:
    """A rule that checks one resource at a time.

    `has_saving`: the measure saves what the resource was billed in the last complete month, or only
    the `part` of it. Without `has_saving` the amount is evidence, since the measure ends an unknown share of it.
    `idle_id` returns the id of the resource that must not have run in that month, for
    resources that are waste only while another one is idle; `proven_by` is a condition on the bill.
    `reads` are the properties that the rule uses, by their stored names; `undo` says how the measure is reversed.
    """

    name: str
    text: RuleText
    measure: Measure
    confidence: Confidence
    effort: Effort
    resource_types: tuple[str, ...]
    matches: Predicate
    exclusions: tuple[Exclusion, ...] = ()
    evidence: tuple[EvidenceField, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    has_saving: bool = True
    idle_id: Callable[[Resource], str] | None = None
    proven_by: Callable[[Resource, Costs], bool] | None = None
    part: MeterPart | None = None
    reads: tuple[str, ...] = ()
    undo: str = ""

    @property
    def money_basis(self) -> str:
        """Return what the amount of a resource is, as a phrase."""
        what = f"the {self.part.label} on its bill" if self.part else "what the resource was billed"
        return f"savings: {what}" if self.has_saving else f"no savings are claimed; shown: {what}"


@dataclass(frozen=True)
class Spend:
    """A subscription's bill: each meter in each month. `month` is the last complete one."""

    subscription_id: str
    name: str
    month: date
    lines: Sequence[SpendLine]
    is_dev_test: bool = False

    @property
    def resource_id(self) -> str:
        """Return the id of the subscription, as findings name it."""
        return f"/subscriptions/{self.subscription_id.lower()}"


@dataclass(frozen=True)
class SpendRule:
    """A rule that checks the bill of one subscription at a time, without the inventory."""

    name: str
    text: RuleText
    measure: Measure
    confidence: Confidence
    effort: Effort
    found_in: Callable[[Spend], Iterable[AffectedResource]]
    reads: str
    money_basis: str = "no savings are claimed; shown: what was billed"


@dataclass(frozen=True)
class AdvisorRule:
    """A rule that checks one Advisor recommendation; the savings are Advisor's own and are labelled as estimates.

    `evidence` holds pairs of a label and the name of an extended property.
    """

    name: str
    text: RuleText
    measure: Measure
    confidence: Confidence
    effort: Effort
    matches: Callable[[AdvisorRecommendation], bool]
    evidence: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Commitment:
    """A reservation or savings plan that Azure recommends.

    `currency` None: the subscription's billing currency, which Azure does not name in this
    response. `break_even`: the share of the past usage from which it costs less than pay-as-you-go.
    """

    subscription_id: str
    name: str
    region: str | None
    currency: str | None
    term: str | None
    monthly: Decimal | None
    break_even: Decimal | None
    evidence: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class CommitmentRule(Generic[OfferT]):
    """A rule that reads one kind of commitment recommendation; the best of several alternatives is kept.

    `usage` is what an offer covers within a subscription, `irrevocable` what cannot be undone.
    """

    name: str
    text: RuleText
    measure: Measure
    confidence: Confidence
    effort: Effort
    offer: Callable[[OfferT], Commitment]
    usage: Callable[[OfferT], Hashable]
    irrevocable: str


def monthly_of(net_savings: Decimal | None, look_back_days: int | None) -> Decimal | None:
    """Return the savings of the look-back period scaled to a twelfth of a year; None if Azure gives no amount."""
    if net_savings is None or not look_back_days:
        return None
    return net_savings * DAYS_IN_YEAR / (look_back_days * MONTHS_IN_YEAR)


def break_even_of(cost_without: Decimal | None, cost_with: Decimal | None) -> Decimal | None:
    """Return the share of the past usage from which the commitment costs less; None if Azure gives no costs."""
    return cost_with / cost_without if cost_with is not None and cost_without else None


def property_field(label: str, name: str) -> EvidenceField:
    """Return the field of a property."""
    return EvidenceField(label, lambda resource: resource.text(name))


def date_field(label: str, name: str) -> EvidenceField:
    """Return the field of a date property."""

    def value_of(resource: Resource) -> str:
        day = resource.day(name)
        return formats.day(day) if day else ""

    return EvidenceField(label, value_of)


def sku_field(label: str = "SKU") -> EvidenceField:
    """Return the field of the SKU name, as Azure spells it."""
    return EvidenceField(label, lambda resource: str(resource.sku.get("name") or ""))
