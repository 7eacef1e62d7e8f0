import json

import pytest

from simulator.configuration import NEUTRAL
from simulator.options import Options
from tests.unit.simulator.visitor import CALLBACK, OWNER, VERIFIER, Visitor, payload


def post(visitor: Visitor, path: str, body: object) -> int:
    return visitor.send("POST", path, json.dumps(body).encode()).status


def test_every_secret_that_was_issued_is_listed(visitor: Visitor) -> None:
    code = visitor.sign_in()["code"]
    answer = payload(visitor.redeem(code))
    refreshed = payload(visitor.refresh(answer["refresh_token"]))
    listed = {item["value"]: item["kind"] for item in payload(visitor.send("GET", "/_simulation/issued"))["issued"]}
    assert listed[code] == "authorization code"
    assert listed[VERIFIER] == "code verifier"
    assert listed[NEUTRAL.application.client_secret] == "client secret"
    for tokens in (answer, refreshed):
        assert listed[tokens["access_token"]] == "access token"
        assert listed[tokens["refresh_token"]] == "refresh token"
        assert listed[tokens["id_token"]] == "id token"


def test_requests_are_counted_by_path_template(visitor: Visitor) -> None:
    headers = visitor.bearer()
    scope = visitor.world.estate.subscriptions[0].scope
    visitor.get(f"{scope}/providers/Microsoft.Advisor/recommendations?api-version=2023-01-01", headers)
    visitor.world.faults.set("arm_429", 1)
    visitor.get("/subscriptions?api-version=2022-12-01", headers)
    summary = payload(visitor.send("GET", "/_simulation/requests"))
    assert (summary["sent"], summary["throttled"]) == (2, 1)
    assert summary["paths"]["GET /subscriptions/{id}/providers/Microsoft.Advisor/recommendations"] == {"200": 1}
    assert visitor.send("DELETE", "/_simulation/requests").status == 204
    assert payload(visitor.send("GET", "/_simulation/requests"))["sent"] == 0


def test_the_sample_users_are_listed(visitor: Visitor) -> None:
    users = payload(visitor.send("GET", "/_simulation/users"))["users"]
    assert {"owner", "reader", "member", "admin", "newcomer"} <= {user["username"].split("@")[0] for user in users}
    assert all(user["object_ids"] and user["about"] for user in users)


def test_faults_can_be_switched_on_and_off(visitor: Visitor) -> None:
    assert post(visitor, "/_simulation/faults", {"arm_503": 2, "entra_down": True}) == 200
    state = payload(visitor.send("GET", "/_simulation/faults"))
    assert state["on"]["arm_503"] == 2
    assert "entra_down" in state["known"]
    assert visitor.authorize().status == 503
    assert post(visitor, "/_simulation/faults", {"arm_503": 0, "entra_down": False}) == 200
    assert payload(visitor.send("GET", "/_simulation/faults"))["on"] == {}
    assert visitor.authorize().status == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_simulation/faults", {"no such fault": 1}),
        ("/_simulation/faults", {"arm_503": -1}),
        ("/_simulation/faults", []),
        ("/_simulation/revoke", {"username": "nobody"}),
        ("/_simulation/revoke", {"username": OWNER, "code": 1}),
    ],
)
def test_a_wrong_order_is_refused(visitor: Visitor, path: str, body: object) -> None:
    assert post(visitor, path, body) == 400


def test_the_front_page_names_the_users(visitor: Visitor) -> None:
    page = visitor.send("GET", "/").body.decode()
    assert OWNER in page
    assert "/outbox" in page


def test_nothing_else_is_there(visitor: Visitor) -> None:
    assert visitor.send("GET", "/_simulation/other").status == 404
    assert visitor.send("POST", "/").status == 404


def test_another_address_of_the_app_can_be_registered() -> None:
    visitor = Visitor(Options(size="tiny", app_urls=("http://127.0.0.1:8123",)))
    assert "AADSTS50011" in visitor.authorize(redirect_uri=CALLBACK).body.decode()
    accepted = visitor.authorize(redirect_uri="http://127.0.0.1:8123/auth/callback")
    assert "Pick an account" in accepted.body.decode()


def test_a_hard_estate_fails_in_passing_now_and_then() -> None:
    visitor = Visitor(Options(size="tiny", estate="hard", speed_up=1.0))
    headers = visitor.bearer()
    statuses = [visitor.get("/subscriptions?api-version=2022-12-01", headers).status for _ in range(82)]
    assert [number for number, status in enumerate(statuses) if status == 503] == [40, 81]
