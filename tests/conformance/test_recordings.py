"""Every recorded answer of Azure passes through the real client and its collector."""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from collectors import costs, inventory
from collectors.base import StepContext
from collectors.costs import QUERIES
from collectors.registry import collector
from collectors.scan.subscriptions import subscriptions_of
from shared.arm.allow_list import check
from shared.arm.endpoints import LIST_RECOMMENDATIONS, LIST_SUBSCRIPTIONS
from shared.arm.request import ArmPage, ArmRequest, Json
from shared.core.errors import CallNotAllowed, PermissionMissing
from tests.conformance.recorded_outcomes import OUTCOMES, Expected
from tests.conftest import RECORDINGS
from tests.support.arm_replay import ARM, PERIOD, SUBSCRIPTION, Reply, Tokens, Wire, client

Read = Callable[[str], dict[str, Any]]

TENANT = "22222222-2222-2222-2222-222222222222"
SUBSCRIPTION_IN_TEXT = re.compile(r"/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
COLLECTOR_OF = {
    "cost-query": "costs",
    "resource-graph": "inventory",
    "advisor": "advisor",
    "reservation-recommendations": "reservations",
}
SIMPLEST = len(QUERIES) - 1
CASES = [(folder, name) for folder, names in OUTCOMES.items() for name in names]


def _names(folder: str) -> set[str]:
    if not RECORDINGS.is_dir():
        pytest.skip("the recordings of real Azure answers are not beside this clone")
    return {path.stem for path in (RECORDINGS / folder).glob("*.json")}


def _context(exchange: dict[str, Any]) -> StepContext:
    """The subscription that the recording is about; the simplest query, which asks for the fewest columns."""
    for part in (exchange["request"]["url"], json.dumps(exchange["response"]["body"])):
        if found := SUBSCRIPTION_IN_TEXT.search(part):
            return StepContext(found.group(1), PERIOD, simplified=SIMPLEST)
    return StepContext(SUBSCRIPTION, PERIOD, simplified=SIMPLEST)


def _wire(exchange: dict[str, Any]) -> Wire:
    answer = exchange["response"]
    reply = Reply(answer["status"], answer["body"], answer["headers"])
    return Wire(reply, reply)


def _request(folder: str, context: StepContext) -> ArmRequest:
    if folder in COLLECTOR_OF:
        return collector(COLLECTOR_OF[folder]).requests(context)[0]
    endpoint = LIST_SUBSCRIPTIONS if folder == "subscriptions-tenants" else LIST_RECOMMENDATIONS
    return ArmRequest(endpoint, context.subscription_id)


def _count(folder: str, context: StepContext, page: ArmPage) -> int:
    if folder in COLLECTOR_OF:
        return len(list(collector(COLLECTOR_OF[folder]).rows(context, page.payload, False)))
    return len(subscriptions_of(page.payload, TENANT)) if folder == "subscriptions-tenants" else 0


@pytest.mark.parametrize("folder", OUTCOMES)
def test_every_recording_has_an_expectation_and_every_expectation_a_recording(folder: str) -> None:
    assert _names(folder) == set(OUTCOMES[folder])


@pytest.mark.parametrize(("folder", "name"), CASES, ids=[f"{folder}/{name}" for folder, name in CASES])
def test_the_recorded_answer_has_the_stated_outcome(folder: str, name: str, recording: Read) -> None:
    exchange, expected = recording(f"{folder}/{name}.json"), OUTCOMES[folder][name]
    context, wire = _context(exchange), _wire(exchange)
    if isinstance(expected.outcome, int):
        page = client(wire).send(_request(folder, context), Tokens())
        assert _count(folder, context, page) == expected.outcome
        assert (page.next_cursor is not None) is expected.next_page
    else:
        _fails_as_expected(folder, context, wire, expected)
    assert len(wire.sent) == expected.calls


def _fails_as_expected(folder: str, context: StepContext, wire: Wire, expected: Expected) -> None:
    assert not isinstance(expected.outcome, int)
    with pytest.raises(expected.outcome) as caught:
        _count(folder, context, client(wire).send(_request(folder, context), Tokens()))
    assert type(caught.value) is expected.outcome
    assert expected.text in str(caught.value)


@pytest.mark.parametrize("name", ["two-pages-all-categories-1", "legacy-by-subscription-docs-example"])
def test_a_recorded_next_link_is_followed_as_it_is(name: str, recording: Read) -> None:
    folder = "advisor" if name.startswith("two") else "reservation-recommendations"
    exchange = recording(f"{folder}/{name}.json")
    context, link = _context(exchange), exchange["response"]["body"]["nextLink"]
    wire = Wire(Reply(204))
    client(wire).send(_request(folder, context), Tokens(), link)
    assert (wire.sent[0].url or "").lower() == link.lower()


@pytest.mark.parametrize("name", OUTCOMES["metrics"])
def test_no_recorded_metrics_call_could_have_been_ours(name: str, recording: Read) -> None:
    call = recording(f"metrics/{name}.json")["request"]
    context = _context({"request": call, "response": {"body": ""}})
    with pytest.raises(CallNotAllowed):
        check(ARM, call["method"], call["url"], context.subscription_id)


def _as_our_answer(body: Json) -> Json:
    """A recorded page as it would be had our query been asked: with the month and the service named."""
    columns = [*body["properties"]["columns"], {"name": "BillingMonth"}, {"name": "ServiceName"}]
    rows = [[*row, "2025-11-01T00:00:00", "Storage"] for row in body["properties"]["rows"]]
    return {"properties": {"nextLink": None, "columns": columns, "rows": rows}}


@pytest.mark.parametrize(
    ("name", "count", "total"),
    [
        ("by-resource-id-single-row", 1, "0.16403"),
        ("by-resource-id-subscription-level-ids", 31, None),
        ("by-resource-id-timeframe-days", 46, None),
    ],
)
def test_recorded_costs_keep_every_row_and_every_digit(
    name: str, count: int, total: str | None, recording: Read
) -> None:
    exchange = recording(f"cost-query/{name}.json")
    context, written = _context(exchange), _as_our_answer(exchange["response"]["body"])
    page = client(Wire(Reply(body=written))).send(costs.requests(context)[0], Tokens())
    rows = [dict(zip(costs.COLUMNS, row, strict=True)) for row in costs.rows(context, page.payload, True)]
    amounts = [Decimal(repr(row[0])) for row in written["properties"]["rows"]]
    assert len(rows) == count
    assert [row["billed_cost"] for row in rows] == amounts
    assert total is None or sum(amounts) == Decimal(total)


def test_recorded_ids_at_subscription_level_belong_to_no_group(recording: Read) -> None:
    exchange = recording("cost-query/by-resource-id-subscription-level-ids.json")
    context = _context(exchange)
    found = list(costs.rows(context, _as_our_answer_exact(exchange), True))
    groups = {row[costs.COLUMNS.index("resource_group")] for row in found}
    assert None in groups
    assert len(groups) > 1


def _as_our_answer_exact(exchange: dict[str, Any]) -> Json:
    return json.loads(json.dumps(_as_our_answer(exchange["response"]["body"])), parse_float=Decimal)


def _full_tables(recording: Read) -> Iterator[tuple[StepContext, Json]]:
    for name in ("table-by-default-vms", "table-by-default-storage"):
        exchange = recording(f"resource-graph/{name}.json")
        body = exchange["response"]["body"]
        yield _context(exchange), {**body, "count": len(body["data"]["rows"])}


def test_recorded_resources_are_stored_without_their_properties_bag(recording: Read) -> None:
    """Both recordings hold whole resources, an administrator's name included."""
    for context, body in _full_tables(recording):
        assert "properties" in json.dumps(body)
        (row,) = inventory.rows(context, body, False)
        stored = dict(zip(inventory.COLUMNS, row, strict=True))
        assert stored["properties_json"] is None
        assert str(stored["resource_id"]).islower()
        assert "adminUsername" not in json.dumps(row)


def test_recorded_resources_without_the_subscriptions_own_record_are_no_inventory(recording: Read) -> None:
    for context, body in _full_tables(recording):
        with pytest.raises(PermissionMissing, match="NoSubscriptionRead"):
            list(inventory.rows(context, body, True))


def test_the_folder_of_recordings_is_where_it_is_looked_for() -> None:
    """A clone may lack it; a folder that is there but empty is a mistake."""
    assert not RECORDINGS.is_dir() or list(Path(RECORDINGS).glob("*/*.json"))
