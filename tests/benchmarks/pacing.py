"""How long a tenant's costs take, beside the least that Cost Management's quota itself allows. In simulated time.

`python -m tests.benchmarks.pacing` prints the figures.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from local.tenant.arm.quotas import QUERY_UNITS, SlidingWindows
from shared.core.models import Step, StepStatus
from tests.benchmarks.simulated import App, Customer, Time
from tests.unit.local.tenant.arm.costs import definition, url_of

SUBSCRIPTIONS = 50
MONTHS = 12
FEW_RESOURCES, MANY_RESOURCES = 6, 1_330
"""In a subscription: a page of cost rows, or several."""


@dataclass(frozen=True)
class Outcome:
    """One tenant's scan: simulated seconds to its last cost row, and those that its quota needs for as many pages."""

    seconds: float
    ideal: float
    pages: int
    refusals: int
    messages: int
    unread: int
    portal: int

    @property
    def ratio(self) -> float:
        return self.seconds / self.ideal


def ideal_seconds(queries: int, units: int = MONTHS) -> float:
    """When the last of so many queries can be sent at the earliest, by Azure's own count."""
    counter, moment = SlidingWindows(QUERY_UNITS), 0.0
    for number in range(queries):
        moment += counter.ask(units, moment).wait if number else 0.0
        counter.use(units, moment)
    return moment


def scan(
    folder: Path, customers: int = 1, resources: int = FEW_RESOURCES, portal: Iterable[tuple[float, int]] = ()
) -> list[Outcome]:
    """Scans of so many tenants at once. `portal`: when the first one's own people ask, and for how many months."""
    time = Time()
    tenants = [Customer(number, time, SUBSCRIPTIONS, resources) for number in range(1, customers + 1)]
    app = App(folder, time, tenants)
    for at, months in portal:
        time.at(at, partial(use_portal, tenants[0], months))
    scans = [app.request(tenant) for tenant in tenants]
    app.work()
    outcomes = [_outcome(tenant, app.steps(each)) for tenant, each in zip(tenants, scans, strict=True)]
    app.close()
    return outcomes


def use_portal(customer: Customer, months: int) -> None:
    """A colleague looks at so many months of one subscription's costs; whether they get an answer is theirs to see."""
    at = len(customer.portal)
    subscription = customer.world.estate.subscriptions[at % SUBSCRIPTIONS]
    period = {"from": f"2026-{11 - months:02}-01T00:00:00Z", "to": "2026-10-31T23:59:59Z"}
    body = definition("ServiceName", timePeriod=period)
    customer.portal.append(customer.visitor.post(url_of(subscription), body, customer.colleague).status)


def _outcome(customer: Customer, steps: list[Step]) -> Outcome:
    pages = len(customer.answered_at)
    return Outcome(
        seconds=max(customer.answered_at),
        ideal=ideal_seconds(pages),
        pages=pages,
        refusals=customer.statuses[429],
        messages=sum(step.attempt for step in steps),
        unread=sum(step.status is not StepStatus.SUCCEEDED for step in steps),
        portal=sum(status == 200 for status in customer.portal),
    )


def steadily(months: int, every: float, until: float = 7_200) -> list[tuple[float, int]]:
    """Somebody who asks for so many months again and again."""
    return [(number * every + 1, months) for number in range(int(until / every))]


CASES: dict[str, dict[str, Any]] = {
    "alone": {},
    "two tenants at once": {"customers": 2},
    "several pages each": {"resources": MANY_RESOURCES},
    "portal: 6 months each 12 s": {"portal": steadily(6, 12)},
    "portal: 10 months each 20 s": {"portal": steadily(10, 20)},
    "portal: a month each 2 s": {"portal": steadily(1, 2)},
}


def report() -> str:
    """A line for each case and tenant."""
    lines = [f"{'costs of 50 subscriptions':30} {'s':>8} {'ideal':>8} {'ratio':>6} {'pages':>6} {'429':>4} {'msgs':>5}"]
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            lines += [f"{name:30} {_figures(outcome)}" for outcome in scan(Path(folder), **case)]
    return "\n".join(lines)


def _figures(outcome: Outcome) -> str:
    return (
        f"{outcome.seconds:8.1f} {outcome.ideal:8.1f} {outcome.ratio:6.3f} {outcome.pages:6} {outcome.refusals:4} "
        f"{outcome.messages:5} {outcome.portal} {outcome.unread}"
    )


if __name__ == "__main__":
    print(report())  # noqa: T201
