"""A number is one number: the pages, the workbook, the CSV files and the API say the same, and it is the estate's."""

import csv
import io
from decimal import Decimal
from html import unescape

import pytest

from shared.core.formats import money
from shared.core.models import Scan
from simulator import truth
from simulator.estate.estate import Estate
from tests.support.desk import Desk
from tests.unit.web.api.calling import read
from tests.unit.web.customer.test_exports import added, of, sheets
from tests.unit.web.reviewed import SAMPLE_SEED, as_customer, drafted, publish
from web.customer.costs import scan_costs
from web.customer.exports import costs_csv, focus_costs_csv, report_workbook
from web.customer.overview import board_document, scan_overview
from web.customer.savings import scan_savings
from web.error_pages import Handler

Amounts = dict[str, Decimal]


@pytest.fixture
def scan(desk: Desk) -> Scan:
    found = drafted(desk)
    desk.parts.cost_totals.compute(found.key)
    publish(desk, found)
    as_customer(desk)
    return found


def page(desk: Desk, scan: Scan, handler: Handler) -> str:
    return unescape(desk.get(handler, scan_id=scan.scan_id).body.decode())


def in_file(desk: Desk, scan: Scan, handler: Handler, currency: str, cost: str) -> Amounts:
    text = desk.get(handler, scan_id=scan.scan_id).body.decode("utf-8-sig")
    found: Amounts = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        found[row[currency]] = found.get(row[currency], Decimal(0)) + Decimal(row[cost])
    return found


def true_costs(scan: Scan) -> Amounts:
    """What the simulated tenant billed, by currency, straight from its generator."""
    estate, found = Estate(SAMPLE_SEED, "tiny"), Amounts()
    for subscription in estate.subscriptions:
        for currency, amount in truth._costs(estate, subscription, scan.requested_at.date())[1].items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def test_the_cost_of_the_period_is_one_number_everywhere(desk: Desk, scan: Scan) -> None:
    true = true_costs(scan)
    assert true
    assert in_file(desk, scan, costs_csv, "Currency", "Billed cost") == true
    assert in_file(desk, scan, focus_costs_csv, "BillingCurrency", "BilledCost") == true
    overview = read(desk.parts, "getOverview", scan.scan_id)
    assert {one["currency"]: Decimal(one["billed_cost"]) for one in overview["spend"]} == true
    book = sheets(desk.get(report_workbook, scan_id=scan.scan_id).body)
    for currency, amount in true.items():
        costs = read(desk.parts, "getCosts", scan.scan_id, {"currency": currency})
        assert Decimal(costs["total"]["billed_cost"]) == amount
        summary = of(book["Summary"], Figure="Billed cost of the period", Currency=currency)
        in_rows = of(book["Costs by month"], Currency=currency)
        for total in (added(summary, "Amount"), added(in_rows, "Billed cost")):
            assert total == pytest.approx(amount, rel=Decimal("1e-12"))
        for handler in (scan_overview, scan_costs, board_document):
            assert money(amount, currency) in page(desk, scan, handler), handler.__name__


def test_the_savings_of_a_month_are_one_number_everywhere(desk: Desk, scan: Scan) -> None:
    overview = read(desk.parts, "getOverview", scan.scan_id)
    monthly = {one["currency"]: Decimal(one["monthly"]) for one in overview["savings"] if one["monthly"]}
    assert monthly
    book = sheets(desk.get(report_workbook, scan_id=scan.scan_id).body)
    for currency, amount in monthly.items():
        for name, rows in (
            ("Amount", of(book["Summary"], Figure="Savings a month", Currency=currency)),
            ("Savings a month, counted once", of(book["Savings"], Currency=currency)),
        ):
            assert added(rows, name) == pytest.approx(amount, rel=Decimal("1e-12"))
        for handler in (scan_overview, scan_savings, board_document):
            assert money(amount, currency) in page(desk, scan, handler), handler.__name__
