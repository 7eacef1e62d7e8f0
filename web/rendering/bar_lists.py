"""Build the report's bar lists: which values are shown, and under which names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.core import azure_names
from shared.core.formats import subscription
from shared.core.money import sum_exactly
from shared.sql.collected.cost_totals import TopResource
from web.rendering.cost_figures import DimensionTotal, share_of

BARS_SHOWN = 10
BARS_FOLDED = 90
"""How many more can be expanded; a page with thousands of bars would be unusable."""


@dataclass(frozen=True)
class Bar:
    """One bar. `width` is a percentage of the longest bar, as text for an SVG attribute."""

    name: str
    note: str | None
    amount: Decimal
    share: Decimal | None
    width: str


@dataclass(frozen=True)
class BarList:
    """The most expensive values as `bars`, the next as collapsed `rest`, and the others as a count and an amount.

    `rest_amount` is the total of everything that is not in `bars`.
    """

    title: str
    bars: tuple[Bar, ...]
    rest: tuple[Bar, ...]
    rest_amount: Decimal
    beyond: int
    beyond_amount: Decimal

    @property
    def hidden(self) -> int:
        """Return how many values are not in `bars`."""
        return len(self.rest) + self.beyond


Naming = Callable[[str | None], tuple[str, str | None]]
"""Maps a stored value to the name on the page and a note below it."""


def bar_list(title: str, totals: Sequence[DimensionTotal], naming: Naming) -> BarList:
    """Return the bars of one dimension in one currency."""
    largest = max((abs(part.amount) for part in totals), default=Decimal(0))
    seen = [part for part in totals[: BARS_SHOWN + BARS_FOLDED] if part.value_count == 1]
    beyond = totals[len(seen) :]
    bars = tuple(Bar(*naming(part.value), part.amount, part.share, width(part.amount, largest)) for part in seen)
    return BarList(
        title,
        bars=bars[:BARS_SHOWN],
        rest=bars[BARS_SHOWN:],
        rest_amount=sum_exactly(part.amount for part in totals[BARS_SHOWN:]),
        beyond=sum(part.value_count for part in beyond),
        beyond_amount=sum_exactly(part.amount for part in beyond),
    )


def resource_bars(
    resources: Sequence[TopResource], total: Decimal, subscriptions: Mapping[str, str]
) -> tuple[Bar, ...]:
    """Return bars for the most expensive resources of one currency."""
    largest = max((abs(resource.billed_cost) for resource in resources), default=Decimal(0))
    return tuple(
        Bar(
            *resource_name(resource.resource_id, subscriptions),
            resource.billed_cost,
            share_of(resource.billed_cost, total),
            width(resource.billed_cost, largest),
        )
        for resource in resources
    )


def width(amount: Decimal, largest: Decimal) -> str:
    """Return the bar's width, such as `37.50%`."""
    return f"{float(abs(amount) / largest * 100):.2f}%" if largest else "0%"


def service_name(value: str | None) -> tuple[str, str | None]:
    """Return Azure's service name."""
    return value or "No service", None


def region_name(value: str | None) -> tuple[str, str | None]:
    """Return the region's name; charges for a whole subscription have none."""
    return azure_names.region_name(value) if value else "No location", None


def subscription_naming(subscriptions: Mapping[str, str]) -> Naming:
    """Return display names by lower-case subscription id; the id is the note."""

    def name(value: str | None) -> tuple[str, str | None]:
        if value is None:
            return "No subscription", None
        return subscription(value, subscriptions), value

    return name


def resource_group_naming(subscriptions: Mapping[str, str]) -> Naming:
    """Return the names for values of the form `<subscription id>/<group>`."""

    def name(value: str | None) -> tuple[str, str | None]:
        if value is None:
            return "No resource group", None
        subscription_id, _, group = value.partition("/")
        return group or "Unnamed resource group", subscription(subscription_id, subscriptions)

    return name


def resource_name(resource_id: str, subscriptions: Mapping[str, str]) -> tuple[str, str]:
    """Return the last segment of the id, with its type, resource group and subscription as the note."""
    parts = resource_id.strip("/").split("/")
    named = {key.lower(): value for key, value in zip(parts[::2], parts[1::2], strict=False)}
    details = (resource_type(parts), named.get("resourcegroups"), subscription_name(named, subscriptions))
    return parts[-1] or resource_id, " · ".join(detail for detail in details if detail)


def resource_type(parts: Sequence[str]) -> str | None:
    """Return `Virtual machine` from the segments of an id; None if it has no provider."""
    lowered = [part.lower() for part in parts]
    if "providers" not in lowered:
        return None
    after = parts[len(lowered) - lowered[::-1].index("providers") :]
    return azure_names.type_name("/".join([*after[:1], *after[1::2]])) or None


def subscription_name(named: Mapping[str, str], subscriptions: Mapping[str, str]) -> str | None:
    """Return the display name of the subscription in a resource id."""
    value = named.get("subscriptions")
    return subscription(value, subscriptions) if value else None
