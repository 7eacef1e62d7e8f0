"""Define a collector: data about an endpoint and two pure functions."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from shared.arm.catalogue import CollectedKind
from shared.arm.endpoints import Endpoint
from shared.arm.request import ArmPage, ArmRequest, Json
from shared.core.errors import UnexpectedPayload
from shared.core.periods import BillingPeriod

Row = tuple[object, ...]
"""One row in the order of `Collector.columns`, values as the database driver takes them."""


@dataclass(frozen=True)
class StepContext:
    """The input of a collector's functions.

    `simplified`: which of the collector's simpler queries to use, from 1; 0: the full one.
    `pieces`: the number of queries to divide the period into.
    """

    subscription_id: str
    period: BillingPeriod
    simplified: int = 0
    pieces: int = 1


@dataclass(frozen=True)
class Items:
    """Where a page holds its items: `of(payload)` lists them, `alone(payload, items)` is the page with these only.

    `of` raises UnexpectedPayload for a page that holds none.
    """

    of: Callable[[Json], list[Json]]
    alone: Callable[[Json, list[Json]], Json]


def _value(payload: Json) -> list[Json]:
    found = payload.get("value") if isinstance(payload, dict) else None
    if not isinstance(found, list):
        raise UnexpectedPayload("a list has no usable `value`")
    return found


VALUE = Items(_value, lambda payload, items: {**payload, "value": items})
"""The items of a usual list of Resource Manager."""


def _as_it_came(page: ArmPage) -> ArmPage:
    return page


@dataclass(frozen=True)
class Collector:
    """One Azure API that a scan reads.

    `requests(context)` returns the calls to make, each paged to its end, in this order; a step
    whose calls have changed since it started is restarted.
    `rows(context, payload, is_first_page)` turns one page into rows; it reads columns by name
    and raises UnexpectedPayload for an unknown format.
    `kind.name` is the stem of its module, queue, function and table; `simplified_notices` are
    the report's texts for each simpler query that may be used instead of the full one;
    `empty_notice` is its text if Azure returned no rows (None: that is normal). `pieces` is
    the number of queries to divide the period into while others use much of the quota.
    `storable(page)` returns the page to store: the same page, unless customers' free text
    in it looks like a secret. `items` are a page's items, so that odd ones can be set aside.
    `counted(payload)` is the number of rows that Azure says all pages hold together, if it says one.
    `planned_after` names the collector whose rows decide, subscription by subscription, whether this one is needed
    (collectors/scan/following.py); None: every scan reads it.
    """

    kind: CollectedKind
    columns: tuple[str, ...]
    requests: Callable[[StepContext], tuple[ArmRequest, ...]]
    rows: Callable[[StepContext, Json, bool], Iterable[Row]]
    requires_session: bool = False
    simplified_notices: tuple[str, ...] = ()
    empty_notice: str | None = None
    pieces: int = 1
    storable: Callable[[ArmPage], ArmPage] = _as_it_came
    items: Items = VALUE
    counted: Callable[[Json], int | None] = lambda _: None
    planned_after: str | None = None

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def title(self) -> str:
        return self.kind.title

    @property
    def endpoint(self) -> Endpoint:
        return self.kind.endpoint


def plan_key(collector: Collector, requests: Sequence[ArmRequest]) -> str:
    """Return a hash of these requests and the collector's columns.

    A step's progress counts in them, and a deployment may change them while it runs.
    """
    asked = [[one.endpoint.path, one.endpoint.api_version, one.query, one.body] for one in requests]
    written = json.dumps([collector.columns, asked], sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:32]
