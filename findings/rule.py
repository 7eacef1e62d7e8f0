"""What a rule is: data and pure functions. Each has a file of its own in findings/rules/."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from findings.resource import Resource
from shared.core import formats
from shared.core.findings import Confidence, Effort, Measure
from shared.sql.collected.recommendations import AdvisorRecommendation


@dataclass(frozen=True, eq=False)
class Lookup:
    """Ids gathered from the whole inventory before any rule runs: `read` gives those of one resource."""

    resource_types: tuple[str, ...]
    read: Callable[[Resource], Iterable[str]]


@dataclass(frozen=True)
class Facts:
    """What a rule may know besides the resource itself."""

    today: date
    ids: Mapping[Lookup, frozenset[str]] = field(default_factory=dict)
    dev_test_subscriptions: frozenset[str] = frozenset()

    def known(self, lookup: Lookup, resource_id: str) -> bool:
        """Whether the lookup gathered this id (in lower case)."""
        return resource_id in self.ids.get(lookup, frozenset())


Test = Callable[[Resource, Facts], bool]


@dataclass(frozen=True)
class Exclusion:
    """Resources that the test fits and that are left out on purpose; `sentence` is said on the finding."""

    sentence: str
    fits: Test


@dataclass(frozen=True)
class Shown:
    """A line of evidence: `read` gives its value, empty for no line."""

    label: str
    read: Callable[[Resource], str]


@dataclass(frozen=True)
class Words:
    """What the finding says. `title` has {count} and {them}, filled from `one` or `many`."""

    one: str
    many: str
    title: str
    why: str
    remedy: str
    source: str

    def title_for(self, count: int) -> str:
        """The title for so many resources."""
        return self.title.format(count=f"{count:,}", them=self.one if count == 1 else self.many)


@dataclass(frozen=True)
class Rule:
    """A test of one resource.

    `has_saving`: the resource's own billed cost of the last complete month is what removing
    it saves. `idle_id` names the resource that must not have cost anything in that month,
    for what is only waste when something else stands still.
    """

    name: str
    words: Words
    measure: Measure
    confidence: Confidence
    effort: Effort
    resource_types: tuple[str, ...]
    fits: Test
    exclusions: tuple[Exclusion, ...] = ()
    shows: tuple[Shown, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    has_saving: bool = True
    idle_id: Callable[[Resource], str] | None = None


@dataclass(frozen=True)
class AdvisorRule:
    """A test of one of Advisor's recommendations; the amount is Advisor's own and is labelled so."""

    name: str
    words: Words
    measure: Measure
    confidence: Confidence
    effort: Effort
    fits: Callable[[AdvisorRecommendation], bool]
    shows: tuple[tuple[str, str], ...] = ()


def shown(label: str, name: str) -> Shown:
    """A property under a label."""
    return Shown(label, lambda resource: resource.text(name))


def shown_day(label: str, name: str) -> Shown:
    """The day of a property that is a moment."""

    def read(resource: Resource) -> str:
        day = resource.day(name)
        return formats.day(day) if day else ""

    return Shown(label, read)


def shown_sku(label: str = "SKU") -> Shown:
    """The SKU's name, as Azure writes it."""
    return Shown(label, lambda resource: str(resource.sku.get("name") or ""))
