from collections.abc import Callable
from typing import Any

import pytest

from simulator.arm.quotas import READS
from tests.unit.simulator.visitor import OWNER, Visitor, payload, shape

VERSION = "2022-12-01"
Recording = Callable[[str], dict[str, Any]]


def code_of(body: dict[str, Any]) -> str:
    return str(body["error"]["code"])


def test_a_call_without_a_token_is_refused(visitor: Visitor) -> None:
    response = visitor.get(f"/subscriptions?api-version={VERSION}", {})
    assert response.status == 401
    assert code_of(payload(response)) == "AuthenticationFailed"
    assert 'error="invalid_token"' in (response.header("WWW-Authenticate") or "")


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0."])
def test_a_token_that_was_not_issued_here_is_refused(visitor: Visitor, token: str) -> None:
    response = visitor.get(f"/subscriptions?api-version={VERSION}", {"Authorization": f"Bearer {token}"})
    assert (response.status, code_of(payload(response))) == (401, "InvalidAuthenticationToken")


def test_an_id_token_is_no_access_token(visitor: Visitor) -> None:
    headers = {"Authorization": f"Bearer {visitor.tokens()['id_token']}"}
    response = visitor.get(f"/subscriptions?api-version={VERSION}", headers)
    assert code_of(payload(response)) == "InvalidAuthenticationTokenAudience"


def test_an_expired_token_looks_as_recorded(visitor: Visitor, recording: Recording) -> None:
    recorded = recording("arm-errors/401-expired-authentication-token.json")["response"]
    headers = visitor.bearer()
    visitor.time.pass_by(3600)
    response = visitor.get(f"/subscriptions?api-version={VERSION}", headers)
    assert response.status == recorded["status"]
    assert response.header("WWW-Authenticate") == recorded["headers"]["www-authenticate"]
    assert shape(payload(response)) == shape(recorded["body"])
    assert code_of(payload(response)) == code_of(recorded["body"])
    assert "'11/23/2026 2:20:00 PM'" in payload(response)["error"]["message"]


def test_a_fault_expires_the_token_at_hand_but_no_newer_one(visitor: Visitor) -> None:
    old, new = visitor.bearer(), visitor.bearer()
    visitor.world.faults.set("expired_tokens", 1)
    statuses = [visitor.get(f"/subscriptions?api-version={VERSION}", each).status for each in (old, old, new)]
    assert statuses == [401, 401, 200]


def test_api_version_is_required_and_checked(visitor: Visitor) -> None:
    headers = visitor.bearer()
    missing = visitor.get("/subscriptions", headers)
    assert (missing.status, code_of(payload(missing))) == (400, "MissingApiVersionParameter")
    unknown = visitor.get("/subscriptions?api-version=2031-01-01", headers)
    assert (unknown.status, code_of(payload(unknown))) == (400, "InvalidApiVersionParameter")
    scope = visitor.world.estate.subscriptions[0].scope
    provider = visitor.get(f"{scope}/providers/Microsoft.Advisor/recommendations?api-version=2031-01-01", headers)
    assert (provider.status, code_of(payload(provider))) == (400, "InvalidResourceType")


def test_a_subscription_that_one_does_not_see_is_not_found(visitor: Visitor, recording: Recording) -> None:
    recorded = recording("arm-errors/404-subscription-not-found.json")["response"]
    other = "11111111-1111-1111-1111-111111111111"
    path = f"/subscriptions/{other}/providers/Microsoft.Advisor/recommendations?api-version=2023-01-01"
    response = visitor.get(path, visitor.bearer())
    assert (response.status, payload(response)) == (recorded["status"], recorded["body"])


def test_the_wrong_tenants_token_looks_as_recorded(visitor: Visitor, recording: Recording) -> None:
    recorded = recording("arm-errors/401-invalid-authentication-token-tenant.json")["response"]
    scope = visitor.world.estate.subscriptions[0].scope
    path = f"{scope}/providers/Microsoft.Advisor/recommendations?api-version=2023-01-01"
    response = visitor.get(path, visitor.bearer("guest@fabrikam.example"))
    assert (response.status, code_of(payload(response))) == (401, code_of(recorded["body"]))
    assert response.header("WWW-Authenticate") is None


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/subscriptions/{id}/providers/Microsoft.CostManagement/query", 405),
        ("PUT", "/subscriptions/{id}/providers/Microsoft.CostManagement/query", 405),
        ("GET", "/subscriptions/{id}/providers/Microsoft.Insights/metrics", 405),
        ("GET", "/subscriptions/{id}/providers/Microsoft.Insights/metricDefinitions", 404),
        ("POST", "/subscriptions/{id}/providers/Microsoft.Advisor/generateRecommendations", 404),
        ("DELETE", "/subscriptions/{id}", 404),
        ("GET", "/tenants", 404),
    ],
)
def test_what_is_not_served_is_refused(visitor: Visitor, method: str, path: str, status: int) -> None:
    url = path.format(id=visitor.world.estate.subscriptions[0].subscription_id)
    response = visitor.send(method, f"{url}?api-version=2023-01-01", b"", visitor.bearer())
    assert response.status == status
    assert visitor.world.requests.summary()["paths"][f"{method} {path}"] == {str(status): 1}


def test_reads_are_a_token_bucket(visitor: Visitor) -> None:
    headers = visitor.bearer()
    responses = [visitor.get(f"/subscriptions?api-version={VERSION}", headers) for _ in range(READS + 1)]
    assert responses[0].header("x-ms-ratelimit-remaining-tenant-reads") == "249"
    assert [response.status for response in responses[-2:]] == [200, 429]
    assert responses[-1].header("Retry-After") == "1"
    visitor.time.pass_by(1)
    assert visitor.get(f"/subscriptions?api-version={VERSION}", headers).status == 200


def test_answers_carry_azures_request_ids(visitor: Visitor) -> None:
    response = visitor.get(f"/subscriptions?api-version={VERSION}", visitor.bearer())
    request_id = response.header("x-ms-request-id")
    assert request_id
    assert response.header("x-ms-routing-request-id") == f"UKSOUTH:20261123T132000Z:{request_id}"


def test_faults_strike_as_often_as_told(visitor: Visitor) -> None:
    headers = visitor.bearer()
    visitor.world.faults.set("arm_503", 1)
    visitor.world.faults.set("arm_429", 1)
    statuses = [visitor.get(f"/subscriptions?api-version={VERSION}", headers).status for _ in range(3)]
    assert statuses == [503, 429, 200]


def test_a_claims_challenge_is_sent_only_to_clients_that_can_answer_it(visitor: Visitor) -> None:
    visitor.world.faults.set("claims_challenge", 1)
    url = f"/subscriptions?api-version={VERSION}"
    assert visitor.get(url, visitor.bearer()).status == 200
    capable = '{"access_token":{"xms_cc":{"values":["CP1"]}}}'
    refreshed = payload(visitor.refresh(visitor.tokens()["refresh_token"], claims=capable))["access_token"]
    challenged = visitor.get(url, {"Authorization": f"Bearer {refreshed}"})
    assert challenged.status == 401
    assert challenged.body == b""
    header = challenged.header("WWW-Authenticate") or ""
    assert 'error="insufficient_claims"' in header
    assert ", PoP realm=" in header
    answer = '{"access_token":{"xms_cc":{"values":["CP1"]},"acrs":{"essential":true,"value":"c1"}}}'
    token = payload(visitor.refresh(visitor.tokens()["refresh_token"], claims=answer))["access_token"]
    assert visitor.get(url, {"Authorization": f"Bearer {token}"}).status == 200


def test_a_revoked_session_challenges_tokens_that_are_older(visitor: Visitor) -> None:
    capable = '{"access_token":{"xms_cc":{"values":["CP1"]}}}'
    refresh_token = visitor.tokens()["refresh_token"]
    token = payload(visitor.refresh(refresh_token, claims=capable))["access_token"]
    visitor.time.pass_by(0.1)
    visitor.world.state.refuse(OWNER, 50173, visitor.time())
    response = visitor.get(f"/subscriptions?api-version={VERSION}", {"Authorization": f"Bearer {token}"})
    assert response.status == 401
    assert "insufficient_claims" in (response.header("WWW-Authenticate") or "")


def test_only_this_machine_is_answered(visitor: Visitor) -> None:
    response = visitor.send("GET", "/_simulation/issued", b"", {"Host": "attacker.example"})
    assert response.status == 421
