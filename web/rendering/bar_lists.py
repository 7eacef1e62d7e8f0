"""Lists of bars: what is shown of a long list, and under which name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.core.money import sum_exactly
from shared.sql.collected.cost_totals import DearestResource
from web.rendering.cost_figures import Slice, share_of

BARS_SHOWN = 10
BARS_FOLDED = 90
"""How many more can be unfolded: a page of thousands is of use to nobody."""


@dataclass(frozen=True)
class Bar:
    """One line. `width` is per cent of the longest, as text for an SVG attribute."""

    name: str
    note: str | None
    amount: Decimal
    share: Decimal | None
    width: str


@dataclass(frozen=True)
class BarList:
    """The dearest values, `rest` in a fold below, and what is `beyond` as a number and a sum: together the whole.

    `rest_amount` is all that is not in `bars`.
    """

    title: str
    bars: tuple[Bar, ...]
    rest: tuple[Bar, ...]
    rest_amount: Decimal
    beyond: int
    beyond_amount: Decimal

    @property
    def hidden(self) -> int:
        """How many values are not in `bars`."""
        return len(self.rest) + self.beyond


Naming = Callable[[str | None], tuple[str, str | None]]
"""From a stored value to the name on the page and a note below it."""


def bar_list(title: str, slices: Sequence[Slice], naming: Naming) -> BarList:
    """The bars of one dimension in one currency."""
    largest = max((abs(part.amount) for part in slices), default=Decimal(0))
    seen, beyond = slices[: BARS_SHOWN + BARS_FOLDED], slices[BARS_SHOWN + BARS_FOLDED :]
    bars = tuple(Bar(*naming(part.value), part.amount, part.share, width(part.amount, largest)) for part in seen)
    return BarList(
        title,
        bars=bars[:BARS_SHOWN],
        rest=bars[BARS_SHOWN:],
        rest_amount=sum_exactly(part.amount for part in slices[BARS_SHOWN:]),
        beyond=len(beyond),
        beyond_amount=sum_exactly(part.amount for part in beyond),
    )


def resource_bars(
    resources: Sequence[DearestResource], total: Decimal, subscriptions: Mapping[str, str]
) -> tuple[Bar, ...]:
    """The dearest resources of one currency."""
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
    """`37.5%`."""
    return f"{float(abs(amount) / largest * 100):.2f}%" if largest else "0%"


def service_name(value: str | None) -> tuple[str, str | None]:
    """Azure's own name."""
    return value or "No service named", None


def region_name(value: str | None) -> tuple[str, str | None]:
    """Azure's own name; charges of a subscription as a whole have none."""
    return value or "No location", None


def subscription_naming(subscriptions: Mapping[str, str]) -> Naming:
    """Display names by lower-case id; the id itself for one that has none."""

    def name(value: str | None) -> tuple[str, str | None]:
        if value is None:
            return "No subscription named", None
        return subscriptions.get(value.lower(), value), value

    return name


def resource_group_naming(subscriptions: Mapping[str, str]) -> Naming:
    """From `<subscription id>/<group>`."""

    def name(value: str | None) -> tuple[str, str | None]:
        if value is None:
            return "Outside any resource group", None
        subscription, _, group = value.partition("/")
        return group or "Unnamed resource group", subscriptions.get(subscription.lower(), subscription)

    return name


def resource_name(resource_id: str, subscriptions: Mapping[str, str]) -> tuple[str, str]:
    """The last part of the id, with its type, group and subscription as the note."""
    parts = resource_id.strip("/").split("/")
    named = {key.lower(): value for key, value in zip(parts[::2], parts[1::2], strict=False)}
    places = (resource_type(parts), named.get("resourcegroups"), subscription_name(named, subscriptions))
    return parts[-1] or resource_id, " · ".join(place for place in places if place)


def resource_type(parts: Sequence[str]) -> str | None:
    """`microsoft.compute/virtualmachines` of an id's parts, None when it has no provider."""
    lowered = [part.lower() for part in parts]
    if "providers" not in lowered:
        return None
    after = parts[len(lowered) - lowered[::-1].index("providers") :]
    return "/".join([*after[:1], *after[1::2]]) or None


def subscription_name(named: Mapping[str, str], subscriptions: Mapping[str, str]) -> str | None:
    """The display name of the subscription in an id."""
    value = named.get("subscriptions")
    return subscriptions.get(value.lower(), value) if value else None
