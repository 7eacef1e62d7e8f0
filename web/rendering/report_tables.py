"""The tables of a scan that a customer can download: the report's and the findings' figures, row by row.

They come from what the pages show, so that a workbook and a page have one number.
"""

from collections.abc import Iterator, Mapping, Sequence

from shared.core.azure_names import region_name, type_name
from shared.core.coverage import Coverage
from shared.core.finding_overlap import Amounts
from shared.core.findings import AffectedResource, Measure, Saving
from shared.core.formats import month
from shared.core.models import Scan
from shared.core.money import sum_exactly
from shared.core.price_basis import BASIS_LABELS, basis_note
from shared.sql.collected.cost_totals import CostTotal, TopResource
from web.rendering.bar_lists import (
    Naming,
    resource_group_naming,
    resource_name,
    service_name,
    subscription_naming,
)
from web.rendering.bar_lists import (
    region_name as region_naming,
)
from web.rendering.cost_gaps import cost_gaps
from web.rendering.findings import FindingView, PublishedFindings
from web.rendering.labels import DECISION_LABELS
from web.rendering.steps import state_text
from web.rendering.workbook import Column, Kind, Table

BILLED = "Billed cost before tax and credits, in the month of the charge."
ALTERNATIVE = "Alternative to the other findings: not included in the total."
CURRENCY = Column("Currency", width=9)
MONTHLY = Column("Savings a month", Kind.AMOUNT, 16)

Row = Sequence[object]


def summary_table(
    scan: Scan, coverage: Coverage, services: Sequence[CostTotal], review: PublishedFindings | None
) -> Table:
    """Return the scan's period and totals. `review` is None before it is published."""
    months = scan.period.months
    facts: list[Row] = [("Period", f"{month(months[0])} to {month(months[-1])}", None, None)]
    facts += [("Coverage", coverage.summary, None, None)]
    facts += [("Costs left out", gap, None, None) for gap in cost_gaps(coverage)]
    facts += [("Billed cost of the period", None, currency, amount) for currency, amount in _totals(services).items()]
    if review is None:
        facts += [("Savings", "The review of this scan is not published yet.", None, None)]
    else:
        facts += _savings("Savings a month", review.totals.proven)
        facts += [("Savings are from", basis_note(review.totals.bases), None, None)] if review.totals.bases else []
        facts += _savings("Savings a year", review.totals.proven_yearly)
        facts += _savings("Additional savings a month that Azure estimates, at retail prices", review.totals.estimated)
    columns = (Column("Figure", width=60), Column("Value", width=50), CURRENCY, Column("Amount", Kind.AMOUNT, 18))
    return Table("Summary", f"{BILLED} Currencies are never added or converted.", columns, facts)


def _totals(services: Sequence[CostTotal]) -> dict[str, object]:
    currencies = sorted({total.billing_currency for total in services})
    return {
        currency: sum_exactly(total.billed_cost for total in services if total.billing_currency == currency)
        for currency in currencies
    }


def _savings(title: str, amounts: Amounts) -> list[Row]:
    return [(title, None, currency, amount) for currency, amount in amounts.items()]


def cost_tables(totals: Mapping[str, Sequence[CostTotal]], subscriptions: Mapping[str, str]) -> Iterator[Table]:
    """Yield one table per dimension, with a row for each value and month: what a pivot table wants."""
    namings: dict[str, tuple[str, str, Naming]] = {
        "service": ("Service", "Detail", service_name),
        "subscription": ("Subscription", "Subscription ID", subscription_naming(subscriptions)),
        "resource_group": ("Resource group", "Subscription", resource_group_naming(subscriptions)),
        "region": ("Location", "Detail", region_naming),
    }
    for dimension, (title, detail, naming) in namings.items():
        columns = (
            Column(title, width=40),
            Column(detail, width=40),
            Column("Month", Kind.MONTH, 12),
            CURRENCY,
            Column("Billed cost", Kind.AMOUNT, 18),
        )
        rows = [
            (*_named(total, naming), total.charge_period_start, total.billing_currency, total.billed_cost)
            for total in totals[dimension]
        ]
        yield Table(f"Costs by {title.lower()}", f"{BILLED} Each sheet of costs is the whole bill.", columns, rows)


def _named(total: CostTotal, naming: Naming) -> tuple[str, str | None]:
    return naming(total.value) if total.value_count == 1 else (f"All others ({total.value_count:,})", None)


def resource_table(resources: Sequence[TopResource], subscriptions: Mapping[str, str]) -> Table:
    """Return the most expensive resources of each currency."""
    columns = (
        Column("Resource", width=40),
        Column("Detail", width=70),
        Column("Resource ID", width=60),
        CURRENCY,
        Column("Billed cost", Kind.AMOUNT, 18),
    )
    rows = [
        (*resource_name(one.resource_id, subscriptions), one.resource_id, one.billing_currency, one.billed_cost)
        for one in resources
    ]
    return Table("Top resources by cost", f"{BILLED} The sum of the whole period.", columns, rows)


def finding_table(review: PublishedFindings) -> Table:
    """Return the published findings; the column that counts each resource once adds up to the page's total."""
    columns = (
        Column("Finding", width=60),
        Column("Measure", width=12),
        Column("Confidence", width=12),
        Column("Effort", width=10),
        Column("Decision", width=20),
        Column("Resources", Kind.COUNT, 11),
        CURRENCY,
        Column("Savings a month, counted once", Kind.AMOUNT, 18),
        Column("Savings a month on its own", Kind.AMOUNT, 18),
        Column("Estimated by Azure, a month", Kind.AMOUNT, 18),
        Column("Note", width=50),
    )
    note = "Add up “Savings a month, counted once” only: the other amounts overlap."
    return Table("Savings", note, columns, [row for view in review.views for row in _finding_rows(view)])


def _finding_rows(view: FindingView) -> Iterator[Row]:
    """Yield a row for each currency; one without an amount for a finding that has none."""
    finding, counted = view.finding, view.counted
    currencies: list[str | None] = [*sorted({*counted.own, *counted.own_estimate})]
    for currency in currencies or [None]:
        yield (
            finding.title,
            finding.measure.value,
            finding.confidence.value,
            finding.effort.value,
            decision_text(view),
            len(view.resources),
            currency,
            None if view.standing.is_set_aside else counted.proven.get(currency or ""),
            counted.own.get(currency or ""),
            counted.own_estimate.get(currency or ""),
            ALTERNATIVE if finding.measure is Measure.COMMIT else None,
        )


def decision_text(view: FindingView) -> str:
    """Return the decision, or how many resources have each."""
    counts = view.standing.counts
    if not view.standing.is_mixed or counts is None:
        return DECISION_LABELS[view.standing.decision][0]
    return ", ".join(f"{count} {DECISION_LABELS[each][0].lower()}" for each, count in counts.items())


SAVINGS_COLUMNS = (
    Column("Finding", width=50),
    Column("Resource", width=36),
    Column("Type", width=36),
    Column("Subscription", width=30),
    Column("Resource group", width=28),
    Column("Location", width=16),
    Column("Decision", width=12),
    MONTHLY,
    CURRENCY,
    Column("Source of the amount", width=18),
    Column("Evidence", width=60),
    Column("Note", width=40),
    Column("Resource ID", width=60),
)


def savings_table(review: PublishedFindings, subscriptions: Mapping[str, str]) -> Table:
    """Return each resource of each published finding, with its evidence."""
    rows = [
        row for view in review.views for each in view.resources for row in _resource_rows(view, each, subscriptions)
    ]
    note = "A resource can be in several findings, which are then alternatives: do not add up this sheet."
    return Table("Savings by resource", note, SAVINGS_COLUMNS, rows)


def _resource_rows(view: FindingView, each: AffectedResource, subscriptions: Mapping[str, str]) -> Iterator[Row]:
    evidence = "; ".join(f"{line.label}: {line.value}" for line in each.evidence)
    decision = view.state.about(each.resource_id) if view.state else view.standing.decision
    amounts: Sequence[Saving | None] = each.savings or (None,)
    for saving in amounts:
        yield (
            view.finding.title,
            each.resource_name,
            type_name(each.resource_type),
            subscriptions.get(each.sub_account_id.lower(), each.sub_account_id),
            each.resource_group,
            region_name(each.region_id) if each.region_id else None,
            DECISION_LABELS[decision][0],
            saving.monthly if saving else None,
            saving.currency if saving else None,
            BASIS_LABELS[saving.basis] if saving else None,
            evidence,
            each.note,
            each.resource_id,
        )


COVERAGE_COLUMNS = (
    Column("Subscription", width=36),
    Column("Data", width=24),
    Column("State", width=90),
    Column("Rows read", Kind.COUNT, 12),
    Column("Rows that could not be read", Kind.COUNT, 16),
    Column("Subscription ID", width=40),
)


def coverage_table(coverage: Coverage, scan: Scan) -> Table:
    """Return what was read of each subscription, why the rest was not, and what is not part of the scan."""
    ended_at = scan.finished_at or scan.requested_at
    rows: list[Row] = [
        (
            one.name,
            step.collector.replace("_", " "),
            state_text(step, ended_at),
            step.rows,
            step.rows_set_aside,
            one.subscription_id,
        )
        for one in coverage.subscriptions
        for step in one.steps
    ]
    rows += [("Other subscriptions", None, sentence, None, None, None) for sentence in coverage.left_out.sentences]
    return Table("Coverage", coverage.summary, COVERAGE_COLUMNS, rows)
