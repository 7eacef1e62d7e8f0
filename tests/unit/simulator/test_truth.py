"""The truth is what all pages of all answers add up to."""

import json
from collections import Counter
from decimal import Decimal, localcontext
from typing import Any

import pytest

from simulator.estate.commitments import SCOPES, SKUS, TERMS
from simulator.estate.grouping import FULL_GROUPINGS, LADDER
from simulator.options import Options
from tests.unit.simulator.arm.costs import ENOUGH, definition, url_of
from tests.unit.simulator.visitor import TODAY, Visitor, payload

pytestmark = pytest.mark.slow

READ_ALL = "resources | project id | order by id asc"


def is_sign(row: dict[str, Any]) -> bool:
    """Whether the row shows a commitment."""
    return row["pricingmodel"] in ("Reservation", "SavingsPlan") or (
        row["chargetype"] == "Purchase" and row["publishertype"] != "Marketplace"
    )


class Scan:
    """Reads everything that a person can read, page by page."""

    def __init__(self, options: Options, username: str) -> None:
        self.visitor = Visitor(options)
        self.username = username
        self.headers = {**self.visitor.bearer(username), **ENOUGH}
        self.rows: Counter[str] = Counter()
        self.totals: dict[str, Decimal] = {}
        self.amortized: dict[str, Decimal] = {}
        for subscription in self.visitor.world.estate.subscriptions:
            self.subscription = subscription
            self._costs()
            self.rows["inventory"] += self._inventory()
            self.rows["advisor"] += self._list("Microsoft.Advisor/recommendations", "2023-01-01", "Category eq 'Cost'")
            for kind in SKUS:
                for scope in SCOPES:
                    wanted = f"properties/scope eq '{scope}' and properties/resourceType eq '{kind}'"
                    wanted = f"{wanted} and properties/lookBackPeriod eq 'Last30Days'"
                    name = "Microsoft.Consumption/reservationRecommendations"
                    self.rows["reservations"] += self._list(name, "2024-08-01", wanted)
            for term in TERMS:
                for scope in SCOPES:
                    wanted = f"properties/scope eq '{scope}' and properties/term eq '{term}'"
                    wanted = f"{wanted} and properties/lookBackPeriod eq 'Last30Days'"
                    name = "Microsoft.CostManagement/benefitRecommendations"
                    self.rows["savings_plans"] += self._list(name, "2025-03-01", wanted, "SavingsPlan")

    def _costs(self) -> None:
        for groupings in LADDER:
            found = self._pages("ActualCost", groupings)
            if found is not None:
                self._add("costs", self.totals, found)
                if len(groupings) < len(FULL_GROUPINGS) or any(map(is_sign, found)):
                    self._add("amortized_costs", self.amortized, self._pages("AmortizedCost", groupings) or [])
                return

    def _pages(self, kind: str, groupings: tuple[str, ...]) -> list[dict[str, Any]] | None:
        """The rows of all pages, by lower-case column; None if the query is refused."""
        url, body = url_of(self.subscription, 700), definition(*groupings, type=kind)
        found: list[dict[str, Any]] = []
        while url:
            self.visitor.time.pass_by(60)
            response = self.visitor.post(url, body, self.headers)
            if response.status != 200:
                return None if response.status == 400 else []
            properties = json.loads(response.body, parse_float=Decimal)["properties"]
            names = [column["name"].lower() for column in properties["columns"]]
            found += [dict(zip(names, row, strict=True)) for row in properties["rows"]]
            url = properties["nextLink"]
        return found

    def _add(self, kind: str, totals: dict[str, Decimal], rows: list[dict[str, Any]]) -> None:
        self.rows[kind] += len(rows)
        with localcontext(prec=60):
            for row in rows:
                totals[row["currency"]] = totals.get(row["currency"], Decimal(0)) + row["cost"]

    def _inventory(self) -> int:
        count: int = 0
        token: str | None = None
        while True:
            options = {"$top": 90, **({"$skipToken": token} if token else {})}
            body = {"query": READ_ALL, "subscriptions": [self.subscription.subscription_id], "options": options}
            self.visitor.time.pass_by(1)
            url = "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01"
            page = payload(self.visitor.post(url, body, self.headers))
            count += int(page["count"])
            token = page.get("$skipToken")
            if token is None:
                return count

    def _list(self, name: str, version: str, wanted: str, kind: str | None = None) -> int:
        url, count = f"{self.subscription.scope}/providers/{name}?api-version={version}", 0
        query = {"$filter": wanted}
        while url:
            self.visitor.time.pass_by(1)
            response = self.visitor.get(url, self.headers, **query)
            if response.status != 200:
                return count
            page, query = payload(response), {}
            count += sum(kind in (None, item.get("kind")) for item in page["value"])
            url = page.get("nextLink", "")
        return count

    def truth(self) -> dict[str, Any]:
        found: dict[str, Any] = payload(
            self.visitor.send("GET", "/_simulation/truth", username=self.username, as_of=TODAY)
        )
        return found


def assert_equal(scan: Scan) -> None:
    truth = scan.truth()
    assert {name: scan.rows[name] for name in truth["rows"]} == truth["rows"]
    for name, read in (("totals", scan.totals), ("amortized_totals", scan.amortized)):
        assert read == {currency: Decimal(amount) for currency, amount in truth[name].items()}


@pytest.mark.parametrize("seed", range(1, 11))
@pytest.mark.parametrize("estate", ["plain", "committed"])
def test_the_owners_pages_add_up_to_the_truth(seed: int, estate: str) -> None:
    assert_equal(Scan(Options(size="tiny", seed=seed, estate=estate, speed_up=1.0), "owner@contoso.example"))


@pytest.mark.parametrize("username", ["owner@contoso.example", "reader@contoso.example", "newcomer@contoso.example"])
def test_each_persons_pages_add_up_to_that_persons_truth(username: str) -> None:
    assert_equal(Scan(Options(size="small", speed_up=1.0), username))


def test_what_azure_refuses_is_not_in_the_truth() -> None:
    visitor = Visitor(Options(size="tiny", estate="hard"))
    parts = payload(visitor.send("GET", "/_simulation/truth", as_of=TODAY))["subscriptions"]
    assert [part["rows"]["costs"] > 0 for part in parts.values()] == [True, False, False, False, False]
    assert all(part["rows"]["inventory"] for part in parts.values())


@pytest.mark.parametrize(
    ("size", "rows"), [("tiny", 450), ("small", 20_000), pytest.param("medium", 200_000, marks=pytest.mark.slow)]
)
def test_sizes_are_what_they_say(size: str, rows: int) -> None:
    truth = payload(Visitor(Options(size=size)).send("GET", "/_simulation/truth", as_of=TODAY))
    assert truth["rows"]["costs"] == pytest.approx(rows, rel=0.1)
    assert len(truth["subscriptions"]) == {"tiny": 1, "small": 4, "medium": 20}[size]


def test_the_truth_covers_the_twelve_complete_months_before_a_day() -> None:
    visitor = Visitor()
    months = payload(visitor.send("GET", "/_simulation/truth", as_of="2026-03-01"))["months"]
    assert (months[0], months[-1], len(months)) == ("2025-03-01", "2026-02-01", 12)


@pytest.mark.parametrize("query", [{"username": "nobody"}, {"as_of": "soon"}, {"tenant": "elsewhere"}])
def test_a_wrong_question_is_refused(query: dict[str, str]) -> None:
    assert Visitor().send("GET", "/_simulation/truth", **query).status == 400
