"""The resources of one subscription: names, places, ages, meters."""

import random
from dataclasses import dataclass
from itertools import accumulate

from simulator.estate.catalogue import ENVIRONMENTS, KINDS, REGIONS, WORKLOADS, Kind, Meter
from simulator.estate.patterns import Pattern
from simulator.estate.placed_patterns import EVERY_PATTERN, PlacedPart, patterns_for
from simulator.estate.subscriptions import Subscription

LIFE_CYCLE = 60
"""A resource's life cycle repeats after so many months, so that the estate keeps its size."""

MACHINES = "Virtual Machines"
COMMITMENTS = ("Reservation", "", "SavingsPlan", "")
"""What covers a generated machine, by its index."""

CUMULATIVE_WEIGHTS = tuple(accumulate(kind.weight for kind in KINDS))


@dataclass(frozen=True)
class Resource:
    """One resource. It exists in the months whose place in its life cycle is below `months_alive`."""

    subscription: Subscription
    index: int
    kind: Kind
    name: str
    resource_group: str
    region: str
    sku: str | None
    meters: tuple[tuple[Meter, float], ...]
    currency: str
    phase: int
    months_alive: int
    trend_months: int
    noise: int
    has_tags: bool
    placed: PlacedPart | None = None

    def exists_in(self, month: int) -> bool:
        """Whether it exists in that month (year * 12 + month - 1)."""
        return (month + self.phase) % LIFE_CYCLE < self.months_alive

    @property
    def commitment(self) -> str:
        """What covers its compute: Reservation, SavingsPlan, or nothing."""
        if not self.subscription.has_commitments or not self.meters or self.kind.service != MACHINES:
            return ""
        return self.placed.part.commitment if self.placed else COMMITMENTS[self.index % len(COMMITMENTS)]

    @property
    def resource_id(self) -> str:
        """As Resource Graph writes it."""
        return resource_id(self.subscription, self.resource_group, self.kind, self.name)


def resource_id(subscription: Subscription, group: str, kind: Kind, name: str) -> str:
    """The id of a resource of this name; one of a nested type has a parent named after it."""
    namespace, *types = kind.type.split("/")
    names = [*[name.replace(kind.alias, "parent", 1)] * (len(types) - 1), name]
    path = "/".join(f"{each}/{of}" for each, of in zip(types, names, strict=True))
    return f"{subscription.scope}/resourceGroups/{group}/providers/{namespace}/{path}"


def make_resources(seed: int, subscription: Subscription) -> tuple[Resource, ...]:
    """All resources that the subscription has or had; the last of them are those of the patterns."""
    patterns = _patterns(seed, subscription)
    room = 0 if subscription.is_varied else sum(map(len, patterns))
    first = max(0, subscription.resource_count - room)
    generated = [_resource(seed, subscription, index) for index in range(first)]
    placed: list[Resource] = []
    for pattern in patterns:
        placed += _placed(seed, subscription, pattern, first + len(placed))
    return (*generated, *placed)


def _patterns(seed: int, subscription: Subscription) -> tuple[Pattern, ...]:
    if subscription.is_varied:
        return EVERY_PATTERN
    return patterns_for(
        seed, subscription.index, subscription.resource_count, has_commitments=subscription.has_commitments
    )


def _placed(seed: int, subscription: Subscription, pattern: Pattern, first: int) -> list[Resource]:
    """One pattern: in one region, in every month."""
    draw = random.Random(f"{seed}/{subscription.index}/planted/{first}")  # noqa: S311 - sample data
    region = draw.choice(REGIONS)
    names = [part.name.format(alias=part.kind.alias, index=first + place) for place, part in enumerate(pattern)]
    groups = [part.group.format(region=region) for part in pattern]
    ids = tuple(
        resource_id(subscription, group, part.kind, name)
        for part, group, name in zip(pattern, groups, names, strict=True)
    )
    return [
        Resource(
            subscription=subscription,
            index=first + place,
            kind=part.kind,
            name=names[place],
            resource_group=groups[place],
            region=region,
            sku=part.sku["name"] if part.sku else None,
            meters=tuple((meter, draw.uniform(meter.low, meter.high)) for meter in part.kind.meters),
            currency=subscription.currency,
            phase=0,
            months_alive=LIFE_CYCLE,
            trend_months=draw.randrange(18, 49),
            noise=draw.getrandbits(48),
            has_tags=False,
            placed=PlacedPart(part, ids, "" if part.managed_by is None else ids[part.managed_by]),
        )
        for place, part in enumerate(pattern)
    ]


def _resource(seed: int, subscription: Subscription, index: int) -> Resource:
    draw = random.Random(f"{seed}/{subscription.index}/{index}")  # noqa: S311 - sample data
    kind = draw.choices(KINDS, cum_weights=CUMULATIVE_WEIGHTS)[0]
    workload, environment = draw.choice(WORKLOADS), draw.choice(ENVIRONMENTS)
    region = draw.choice(REGIONS)
    always = draw.random() < 0.82
    in_dollars = subscription.has_dollars and draw.random() < 0.2
    return Resource(
        subscription=subscription,
        index=index,
        kind=kind,
        name=_name(draw, kind, workload, environment, index),
        resource_group=f"RG-{workload.capitalize()}-{environment.upper()}-{region}",
        region=region,
        sku=draw.choice(kind.skus) if kind.skus else None,
        meters=tuple((meter, draw.uniform(meter.low, meter.high)) for meter in kind.meters),
        currency="USD" if in_dollars else subscription.currency,
        phase=draw.randrange(LIFE_CYCLE),
        months_alive=LIFE_CYCLE if always else draw.randrange(2, LIFE_CYCLE - 12),
        trend_months=draw.randrange(18, 49),
        noise=draw.getrandbits(48),
        has_tags=draw.random() < 0.7,
    )


def _name(draw: random.Random, kind: Kind, workload: str, environment: str, index: int) -> str:
    if kind.alias in ("st", "cr"):
        return f"{kind.alias}{workload}{environment}{index:05d}"
    style = draw.choice(("{0}-{1}-{2}-{3:04d}", "{0}-{1}-{2}-{3:04d}", "{0}-{1}{2}_{3:04d}"))
    return style.format(kind.alias, workload.capitalize(), environment, index)
