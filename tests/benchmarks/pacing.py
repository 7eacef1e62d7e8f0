"""How long a tenant's costs take, beside the least that Cost Management's quota itself allows. In simulated time.

`python3 -m tests.benchmarks.pacing` prints the figures.
"""

import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.prepared import announced, continue_prepared

if __name__ == "__main__":
    continue_prepared("tests.benchmarks.pacing")

from shared.core.models import Step, StepStatus
from simulator.arm.quotas import QUERY_UNITS, SlidingWindows
from tests.benchmarks.simulated import App, Customer, Time
from tests.unit.simulator.arm.costs import definition, url_of

SUBSCRIPTIONS = 50
MONTHS = 12
FEW_RESOURCES, MANY_RESOURCES = 6, 1_330
"""In a subscription: a page of cost rows, or several."""

Portal = Iterable[tuple[float, int]]
"""When the customer's own people ask, and for how many months."""


@dataclass(frozen=True)
class Outcome:
    """One tenant's scan: simulated seconds to its last cost row, what it and the portal used, what went wrong.

    `messages` are those that its steps took, `unread` the steps that did not succeed; `portal_asked` and
    `portal_units` are what the customer's own people tried and got.
    """

    seconds: float
    pages: int
    units: int
    refusals: int
    messages: int
    unread: int
    portal_asked: int
    portal_units: int

    @property
    def least(self) -> float:
        """The seconds in which the quota gives out as many units, to whomever."""
        return least_seconds(self.units + self.portal_units)

    @property
    def ratio(self) -> float:
        return self.seconds / self.least


def least_seconds(units: int) -> float:
    """When the last of so many units can be asked for at the earliest, a year at a time, by Azure's own count."""
    counter, moment = SlidingWindows(QUERY_UNITS), 0.0
    for _ in range(math.ceil(units / MONTHS)):
        moment += counter.ask(MONTHS, moment).wait
        counter.use(MONTHS, moment)
    return moment


def scan(
    folder: Path,
    tenants: Sequence[int] = (1,),
    subscriptions: int = SUBSCRIPTIONS,
    resources: int = FEW_RESOURCES,
    portal: Portal = (),
) -> list[Outcome]:
    """Scans of these tenants, all requested at once; in the first one a user uses the portal."""
    time = Time()
    customers = [Customer(number, time, subscriptions, resources) for number in tenants]
    app = App(folder, time, customers)
    for at, months in portal:
        time.at(at, partial(use_portal, customers[0], months))
    scans = [app.request(customer) for customer in customers]
    app.work()
    outcomes = [outcome_of(customer, app.steps_of(each)) for customer, each in zip(customers, scans, strict=True)]
    app.close()
    return outcomes


def use_portal(customer: Customer, months: int) -> None:
    """A colleague looks at so many months of one subscription's costs; whether they get an answer is theirs to see."""
    subscriptions = customer.world.estate.subscriptions
    subscription = subscriptions[len(customer.portal) % len(subscriptions)]
    period = {"from": f"2026-{11 - months:02}-01T00:00:00Z", "to": "2026-10-31T23:59:59Z"}
    body = definition("ServiceName", timePeriod=period)
    response = customer.visitor.post(url_of(subscription), body, customer.colleague)
    customer.portal.append(months if response.status in (200, 204) else 0)


def outcome_of(customer: Customer, steps: list[Step]) -> Outcome:
    return Outcome(
        seconds=customer.answered_at[-1],
        pages=len(customer.answered_at),
        units=customer.units,
        refusals=customer.statuses[429],
        messages=sum(step.attempt for step in steps),
        unread=sum(step.status is not StepStatus.SUCCEEDED for step in steps),
        portal_asked=len(customer.portal),
        portal_units=sum(customer.portal),
    )


def steadily(months: int, every: float, until: float = 7_200) -> list[tuple[float, int]]:
    """A user who asks for so many months again and again."""
    return [(1 + number * every, months) for number in range(int(until / every))]


HALF_IN_GULPS = steadily(months=6, every=12)
HALF_IN_DROPS = steadily(months=1, every=2)
"""Thirty units a minute, half of the quota; in no ten seconds is there room for a whole year."""


def rows() -> Iterable[str]:
    """The figures, a line for each tenant of each case."""
    yield f"{'':44}{'s':>8}{'least':>8}{'ratio':>7}{'pages':>7}{'429':>5}{'messages':>9}  portal"
    some: dict[str, dict[str, object]] = {
        "50 subscriptions, no other app": {},
        "the same of another tenant": {"tenants": (2,)},
        "both tenants at once": {"tenants": (1, 2)},
        "12 subscriptions of several pages": {"subscriptions": 12, "resources": MANY_RESOURCES},
        "50, and a portal: 6 months each 12 s": {"portal": HALF_IN_GULPS},
        "50, and a portal: a month each 2 s": {"portal": HALF_IN_DROPS},
    }
    for name, case in some.items():
        with tempfile.TemporaryDirectory() as folder:
            for outcome in scan(Path(folder), **case):  # type: ignore[arg-type]
                yield f"{name:44}{_figures(outcome)}"


def _figures(outcome: Outcome) -> str:
    portal = f"{outcome.portal_units} units" if outcome.portal_asked else "-"
    return (
        f"{outcome.seconds:8,.0f}{outcome.least:8,.0f}{outcome.ratio:7.3f}{outcome.pages:7}{outcome.refusals:5}"
        f"{outcome.messages:9}  {portal}"
    )


def main() -> None:
    with announced("pace of cost queries, in simulated time", "about a minute"):
        for row in rows():
            print(row, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
