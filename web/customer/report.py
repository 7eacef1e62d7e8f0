"""The report of one scan: coverage, costs, recommendations and inventory."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.arm.catalogue import COSTS
from shared.core.azure_names import type_name
from shared.core.coverage import Coverage, coverage, listed
from shared.core.formats import unnamed_subscription
from shared.core.models import Scan, Step, StepStatus
from shared.wiring import Services
from web.customer.scans import own_scan
from web.http.access import require_session
from web.http.messages import Request, Response
from web.rendering.bar_lists import region_name
from web.rendering.labels import STATUS_LABELS
from web.rendering.pages import render
from web.rendering.recommendations import (
    extended_properties,
)
from web.rendering.report_sections import advice, coverage_by_kind, kinds_read, sections

MAX_NAMES = 5
"""How many subscriptions a sentence names; the coverage section names all."""


@dataclass(frozen=True)
class Inventory:
    """The number of resources, by type and by location."""

    resources: int
    by_type: list[tuple[str, int]]
    by_location: list[tuple[str, int]]


def scan_report(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/report."""
    session = require_session(request, services)
    scan = own_scan(request, services, session)
    read = coverage(services.steps.list(scan.key))
    subscriptions = read.subscription_names
    return render(
        "customer/report.html",
        session=session,
        scan=scan,
        status_labels=STATUS_LABELS,
        coverage=read,
        coverage_by_kind=coverage_by_kind(read),
        kinds_read=kinds_read(read),
        cost_gaps=cost_gaps(read),
        subscriptions=subscriptions,
        sections=sections(services, scan, subscriptions),
        extended=extended_properties,
        advice=advice(services, scan),
        inventory=inventory(services, scan),
    )


def inventory(services: Services, scan: Scan) -> Inventory:
    """Return the inventory counts of the scan."""
    counts = services.recommendations.inventory_counts(scan.key)
    return Inventory(
        resources=sum(count.resources for count in counts),
        by_type=largest_first((type_name(count.resource_type), count.resources) for count in counts),
        by_location=largest_first((region_name(count.region_id)[0], count.resources) for count in counts),
    )


def largest_first(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Add the counts by name and return them largest first."""
    added: Counter[str] = Counter()
    for name, count in counts:
        added[name] += count
    return sorted(added.items(), key=lambda item: (-item[1], item[0]))


def cost_gaps(read: Coverage) -> tuple[str, ...]:
    """Return notes on missing costs to show next to the totals; none if all costs were read."""
    missing = [
        step
        for subscription in read.subscriptions
        for step in subscription.steps
        if step.collector == COSTS.name and step.status.is_final and step.status is not StepStatus.SUCCEEDED
    ]
    in_part, absent = [step for step in missing if step.rows], [step for step in missing if not step.rows]
    sentences = []
    if in_part:
        sentences.append(f"The totals include only part of {_names(in_part)}: reading the costs was interrupted.")
    if absent:
        sentences.append(f"The totals do not include {_names(absent)}: the costs could not be read.")
    return tuple(sentences)


def _names(steps: Sequence[Step]) -> str:
    """Return the subscription names as a list in a sentence."""
    named = [step.subscription_name or unnamed_subscription(step.subscription_id) for step in steps[:MAX_NAMES]]
    others = len(steps) - len(named)
    return listed([*named, f"{others} more"] if others else named)
