"""ArmClient: what it sends, what it makes of the answers, what it keeps to itself."""

import json
import logging
from datetime import datetime
from decimal import Decimal

import pytest
import requests

from collectors import costs, inventory
from shared.arm.client import CLIENT_TYPE
from shared.arm.endpoints import LIST_RECOMMENDATIONS, LIST_SUBSCRIPTIONS, QUERY_RESOURCES
from shared.arm.request import ArmRequest
from shared.core.errors import (
    AzureUnavailable,
    CallNotAllowed,
    ClaimsChallenge,
    PermissionMissing,
    QueryRefused,
    Throttled,
    UnexpectedPayload,
)
from shared.observability.work_log import working_on
from tests.support.arm_replay import ARM, CONTEXT, NOW, OTHER_SUBSCRIPTION, SUBSCRIPTION, Reply, Tokens, Wire, client
from tests.support.clock import FakeClock

LIST = ArmRequest(LIST_SUBSCRIPTIONS)
ADVICE = ArmRequest(LIST_RECOMMENDATIONS, SUBSCRIPTION)
COSTS = costs.requests(CONTEXT)[0]
EMPTY: dict[str, list[str]] = {"value": []}
CHALLENGE = {"www-authenticate": 'Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="'}
EXPIRED = {"error": {"code": "ExpiredAuthenticationToken", "message": "expired"}}
COST_LINK = f"{ARM}/subscriptions/{SUBSCRIPTION}/providers/Microsoft.CostManagement/query"


def test_the_call_carries_the_users_token_and_an_id_of_its_own() -> None:
    wire = Wire(Reply(body=EMPTY), Reply(body=EMPTY))
    arm = client(wire)
    arm.send(LIST, Tokens())
    arm.send(LIST, Tokens())
    first, second = wire.sent
    assert first.headers["Authorization"] == "Bearer access-token-1"
    assert first.headers["x-ms-client-request-id"] != second.headers["x-ms-client-request-id"]
    assert (first.method, first.url) == ("GET", f"{ARM}/subscriptions?api-version=2022-12-01")


def test_cost_management_is_asked_with_a_client_type_of_our_own_and_others_are_not() -> None:
    wire = Wire(Reply(body={"properties": {}}), Reply(body=EMPTY))
    arm = client(wire)
    arm.send(COSTS, Tokens())
    arm.send(LIST, Tokens())
    assert wire.sent[0].headers["ClientType"] == CLIENT_TYPE
    assert "ClientType" not in wire.sent[1].headers


def test_a_filter_is_sent_with_encoded_spaces() -> None:
    wire = Wire(Reply(body=EMPTY))
    request = ArmRequest(LIST_RECOMMENDATIONS, SUBSCRIPTION, {"$filter": "Category eq 'Cost'"})
    client(wire).send(request, Tokens())
    assert (wire.sent[0].url or "").endswith("api-version=2023-01-01&$filter=Category%20eq%20'Cost'")


def test_money_is_parsed_without_losing_a_digit() -> None:
    wire = Wire(Reply(body='{"value": [], "cost": 204.80504517043207, "tiny": 7e-06}'))
    payload = client(wire).send(LIST, Tokens()).payload
    assert payload["cost"] == Decimal("204.80504517043207")
    assert payload["tiny"] == Decimal("0.000007")


def test_no_content_is_a_page_without_a_payload() -> None:
    page = client(Wire(Reply(204))).send(ADVICE, Tokens())
    assert (page.status, page.payload, page.next_cursor) == (204, None, None)


def test_the_next_page_of_costs_is_posted_to_the_link_as_it_is_with_the_same_body() -> None:
    link = f"{COST_LINK.replace('/query', '/Query')}?api-version=2021-10-01&$skiptoken=AQAAAA%3D%3D"
    wire = Wire(
        Reply(body={"properties": {"nextLink": link, "rows": []}}), Reply(body={"properties": {"nextLink": ""}})
    )
    arm = client(wire)
    page = arm.send(COSTS, Tokens())
    last = arm.send(COSTS, Tokens(), page.next_cursor)
    assert (wire.sent[1].method, wire.sent[1].url) == ("POST", link)
    assert wire.sent[1].body == wire.sent[0].body
    assert last.next_cursor is None


def test_resource_graph_gets_its_token_back_in_the_body() -> None:
    wire = Wire(Reply(body={"data": [], "$skipToken": "t/+=="}), Reply(body={"data": []}))
    arm, request = client(wire), inventory.requests(CONTEXT)[0]
    page = arm.send(request, Tokens())
    assert page.next_cursor == "t/+=="
    assert arm.send(request, Tokens(), page.next_cursor).next_cursor is None
    first, second = (json.loads(sent.body or b"") for sent in wire.sent)
    assert second["options"] == {**first["options"], "$skipToken": "t/+=="}
    assert second["query"] == first["query"]
    assert wire.sent[1].url == wire.sent[0].url


def test_a_page_that_names_itself_as_the_next_one_is_refused() -> None:
    link = f"{ARM}/subscriptions?api-version=2022-12-01&$skiptoken=a"
    with pytest.raises(UnexpectedPayload, match="same page"):
        client(Wire(Reply(body={"value": [], "nextLink": link}))).send(LIST, Tokens(), link)


def test_a_next_link_that_leads_elsewhere_is_never_followed() -> None:
    wire = Wire(Reply(body=EMPTY))
    with pytest.raises(UnexpectedPayload, match="leads elsewhere"):
        client(wire).send(LIST, Tokens(), "https://evil.example/subscriptions?api-version=2022-12-01")
    assert wire.sent == []


def test_a_query_over_another_subscription_is_never_sent() -> None:
    wire = Wire(Reply(body=EMPTY))
    for scope in ({"subscriptions": [OTHER_SUBSCRIPTION]}, {"subscriptions": [SUBSCRIPTION, OTHER_SUBSCRIPTION]}, {}):
        with pytest.raises(CallNotAllowed):
            client(wire).send(ArmRequest(QUERY_RESOURCES, SUBSCRIPTION, body={"query": "resources", **scope}), Tokens())
    assert wire.sent == []


def test_a_subscription_that_is_no_guid_never_becomes_part_of_an_address() -> None:
    wire = Wire(Reply(body=EMPTY))
    for stranger in ("../../evil", "", SUBSCRIPTION + "/x", "%2e%2e", None):
        with pytest.raises(CallNotAllowed):
            client(wire).send(ArmRequest(LIST_RECOMMENDATIONS, stranger), Tokens())
    assert wire.sent == []


def test_an_expired_token_is_renewed_once() -> None:
    wire, tokens = Wire(Reply(401, EXPIRED), Reply(body=EMPTY)), Tokens()
    client(wire).send(LIST, tokens)
    assert tokens.asked[1] == {"renew": True, "claims_challenge": None}
    assert wire.sent[1].headers["Authorization"] == "Bearer access-token-2"


def test_asking_again_is_one_line_that_names_the_work(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    with working_on(scan="a scan", step=7, collector="advisor", attempt=2):
        client(Wire(Reply(401, EXPIRED), Reply(body=EMPTY))).send(LIST, Tokens())
    (line,) = [each for each in caplog.messages if "arm-retried" in each]
    assert line.startswith("event=arm-retried scan=a scan step=7 collector=advisor attempt=2 endpoint=")
    assert line.endswith("reason=Azure refused the token")


def test_a_renewed_token_that_is_refused_too_is_not_asked_for_again() -> None:
    wire = Wire(Reply(401, EXPIRED), Reply(401, EXPIRED))
    with pytest.raises(AzureUnavailable):
        client(wire).send(LIST, Tokens())
    assert len(wire.sent) == 2


def test_a_claims_challenge_is_answered_with_a_token_that_has_the_claims() -> None:
    wire, tokens = Wire(Reply(401, b"", CHALLENGE), Reply(body=EMPTY)), Tokens()
    client(wire).send(LIST, tokens)
    assert tokens.asked[1] == {"renew": False, "claims_challenge": '{"access_token":{}}'}


def test_an_expired_token_that_is_then_challenged_is_renewed_too() -> None:
    wire, tokens = Wire(Reply(401, EXPIRED), Reply(401, b"", CHALLENGE), Reply(body=EMPTY)), Tokens()
    client(wire).send(LIST, tokens)
    assert [asked["renew"] for asked in tokens.asked] == [False, True, False]
    assert tokens.asked[2]["claims_challenge"] == '{"access_token":{}}'


def test_a_token_that_met_a_challenge_and_then_expired_is_renewed_with_the_claims_it_had() -> None:
    wire, tokens = Wire(Reply(401, b"", CHALLENGE), Reply(401, EXPIRED), Reply(body=EMPTY)), Tokens()
    client(wire).send(LIST, tokens)
    assert tokens.asked[2] == {"renew": True, "claims_challenge": '{"access_token":{}}'}


def test_an_endless_row_of_refused_tokens_ends_after_three_calls() -> None:
    wire = Wire(Reply(401, b"", CHALLENGE), Reply(401, EXPIRED), Reply(401, EXPIRED), Reply(body=EMPTY))
    with pytest.raises(AzureUnavailable):
        client(wire).send(LIST, Tokens())
    assert len(wire.sent) == 3


def test_a_second_claims_challenge_needs_the_person() -> None:
    wire = Wire(Reply(401, b"", CHALLENGE), Reply(401, b"", CHALLENGE))
    with pytest.raises(ClaimsChallenge) as caught:
        client(wire).send(LIST, Tokens())
    assert caught.value.claims == '{"access_token":{}}'


def test_a_missing_role_told_as_401_asks_for_no_new_token() -> None:
    wire, tokens = Wire(Reply(401, {"error": {"code": "RBACAccessDenied", "message": "no"}})), Tokens()
    with pytest.raises(PermissionMissing) as caught:
        client(wire).send(COSTS, tokens)
    assert caught.value.role == "Cost Management Reader"
    assert caught.value.scope == f"/subscriptions/{SUBSCRIPTION}"
    assert len(tokens.asked) == 1


def test_a_redirect_is_not_followed() -> None:
    wire = Wire(Reply(307, b"", {"location": "https://evil.example/"}))
    with pytest.raises(UnexpectedPayload):
        client(wire).send(LIST, Tokens())
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectionError("https://management.azure.com/?$skiptoken=secret"),
        requests.Timeout("slow"),
        requests.exceptions.ChunkedEncodingError("cut"),
        requests.exceptions.ContentDecodingError("broken gzip"),
    ],
)
def test_a_broken_wire_is_azure_being_unavailable(error: Exception) -> None:
    with pytest.raises(AzureUnavailable) as caught:
        client(Wire(Reply(error=error))).send(LIST, Tokens())
    assert "skiptoken" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "body", [b"", b'{"value": [', "<html><body>Service Unavailable</body></html>", '{"cost": NaN}', b"\xff\xfe\x00{"]
)
def test_an_answer_that_is_not_whole_json_is_never_taken_for_empty(body: bytes | str) -> None:
    with pytest.raises(AzureUnavailable):
        client(Wire(Reply(body=body))).send(LIST, Tokens())


def test_an_endless_answer_is_cut() -> None:
    with pytest.raises(UnexpectedPayload, match="longer than"):
        client(Wire(Reply(body=b" " * (20 * 1024 * 1024 + 1)))).send(LIST, Tokens())


def test_an_answer_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(UnexpectedPayload, match="nested"):
        client(Wire(Reply(body="[" * 200_000 + "]" * 200_000))).send(LIST, Tokens())


class _Trickle(FakeClock):
    """A minute passes between any two looks at it."""

    def now(self) -> datetime:
        self.sleep(60)
        return super().now()


def test_an_answer_that_trickles_in_is_too_slow() -> None:
    wire = Wire(Reply(body=b" " * 1_000_000))
    with pytest.raises(AzureUnavailable, match="too slow"):
        client(wire, clock=_Trickle(NOW)).send(LIST, Tokens())


def test_an_error_inside_an_answer_of_200_is_an_error() -> None:
    body = {"error": {"code": "TooManyRequests", "message": "Please try again after '372' seconds."}}
    with pytest.raises(Throttled) as caught:
        client(Wire(Reply(body=body))).send(LIST, Tokens())
    assert caught.value.retry_after_seconds == 372


def test_a_refused_query_names_its_code_and_nothing_of_its_text() -> None:
    body = {"error": {"code": "BadRequest", "message": "customer data here"}}
    with pytest.raises(QueryRefused) as caught:
        client(Wire(Reply(400, body))).send(COSTS, Tokens())
    assert caught.value.code == "BadRequest"
    assert "customer" not in str(caught.value)


def test_the_log_has_one_line_a_call_without_token_body_or_link(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    link = f"{ARM}/subscriptions?api-version=2022-12-01&$skiptoken=hidden-place"
    headers = {"x-ms-request-id": "abc\r\nforged=1", "x-ms-ratelimit-remaining-tenant-reads": "11998"}
    client(Wire(Reply(body={"value": ["hidden-body"]}, headers=headers))).send(LIST, Tokens(), link)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1
    assert "endpoint=list_subscriptions status=200" in lines[0]
    assert "quota=11998" in lines[0]
    assert not any(secret in lines[0] for secret in ("access-token", "skiptoken", "hidden", "\n", "forged=1"))
