import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.configuration import NEUTRAL
from simulator.entra.tokens import issued_at
from simulator.exchange import Response
from simulator.people import BY_USERNAME, CONTOSO, FABRIKAM
from simulator.state import State
from tests.unit.simulator.visitor import OWNER, START, Visitor, payload

DAY = 86_400.0


def refused(response: Response, code: int, status: int = 400) -> dict[str, Any]:
    body: dict[str, Any] = payload(response)
    assert response.status == status, body
    assert body["error_codes"] == [code], body
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    return body


def test_a_code_is_worth_three_tokens(visitor: Visitor) -> None:
    answer = visitor.tokens()
    assert set(answer) == {
        "token_type", "scope", "expires_in", "ext_expires_in", "access_token", "refresh_token", "id_token",
        "client_info",
    }  # fmt: skip
    assert answer["expires_in"] == 3599
    owner = BY_USERNAME[OWNER]
    info = json.loads(base64.urlsafe_b64decode(answer["client_info"] + "=="))
    assert info == {"uid": owner.home_object_id, "utid": CONTOSO.tenant_id}


def test_the_id_token_says_who_signed_in_and_where(visitor: Visitor) -> None:
    claims = visitor.world.signer.claims(visitor.tokens()["id_token"])
    assert claims is not None
    assert claims["aud"] == NEUTRAL.application.client_id
    assert claims["iss"] == f"http://127.0.0.1:7072/{CONTOSO.tenant_id}/v2.0"
    assert claims["tid"] == CONTOSO.tenant_id
    assert claims["oid"] == BY_USERNAME[OWNER].home_object_id
    assert claims["nonce"] == "the-nonce"
    assert claims["exp"] == START + 3600
    assert claims["preferred_username"] == OWNER


def test_ids_do_not_depend_on_the_seed() -> None:
    assert Visitor().tokens()["client_info"] == Visitor().tokens()["client_info"]


def test_a_code_is_good_once(visitor: Visitor) -> None:
    code = visitor.sign_in()["code"]
    assert visitor.redeem(code).status == 200
    assert refused(visitor.redeem(code), 54005)["error"] == "invalid_grant"


def test_a_code_is_good_for_ten_minutes(visitor: Visitor) -> None:
    early, late = visitor.sign_in()["code"], visitor.sign_in()["code"]
    visitor.time.pass_by(599)
    assert visitor.redeem(early).status == 200
    visitor.time.pass_by(2)
    refused(visitor.redeem(late), 70008)


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({"code_verifier": "another-verifier"}, 501481, 400),
        ({"redirect_uri": "http://127.0.0.1:7071/auth/admin-callback"}, 50011, 400),
        ({"client_secret": "wrong"}, 7000215, 401),
        ({"client_id": "11111111-1111-1111-1111-111111111111"}, 700016, 400),
        ({"code": "1.AXkA-not-a-code"}, 70000, 400),
        ({"scope": "https://graph.microsoft.com/.default"}, 70011, 400),
        ({"grant_type": "password"}, 70003, 400),
        ({"claims": "[]"}, 9002313, 400),
    ],
)
def test_a_wrong_redemption_is_refused_and_costs_nothing(
    visitor: Visitor, changes: dict[str, str], code: int, status: int
) -> None:
    good = visitor.sign_in()["code"]
    refused(visitor.redeem(good, **changes) if "code" not in changes else visitor.redeem(changes["code"]), code, status)


def test_a_code_is_redeemed_only_at_the_tenant_endpoint_it_came_from(visitor: Visitor) -> None:
    refused(visitor.redeem(visitor.sign_in()["code"], CONTOSO.tenant_id), 700005)


def test_the_client_may_authenticate_by_header(visitor: Visitor) -> None:
    fields = {"grant_type": "refresh_token", "refresh_token": visitor.tokens()["refresh_token"]}
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    for text, status in ((NEUTRAL.application.client_secret, 200), ("wrong", 401)):
        pair = base64.b64encode(f"{NEUTRAL.application.client_id}:{text}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
        assert visitor.send("POST", "/organizations/oauth2/v2.0/token", body, headers).status == status
    refused(visitor.send("POST", "/organizations/oauth2/v2.0/token", body, {"Authorization": "Basic %%%"}), 9002313)


def test_a_refresh_rotates_and_leaves_the_old_token_valid(visitor: Visitor) -> None:
    first = visitor.tokens()["refresh_token"]
    second = payload(visitor.refresh(first))["refresh_token"]
    assert second != first
    assert visitor.refresh(first).status == 200
    assert visitor.refresh(second).status == 200


def test_a_refresh_token_ends_after_90_days_unused(visitor: Visitor) -> None:
    token = visitor.tokens()["refresh_token"]
    visitor.time.pass_by(90 * DAY - 10)
    assert visitor.refresh(token).status == 200
    visitor.time.pass_by(20)
    refused(visitor.refresh(token), 700082)


def test_a_restart_keeps_refresh_tokens_and_consent(tmp_path: Path) -> None:
    before = Visitor(state=State(tmp_path / "tenant.sqlite"))
    token = before.tokens()["refresh_token"]
    before.world.state.close()
    after = Visitor(state=State(tmp_path / "tenant.sqlite"))
    assert after.refresh(token).status == 200
    assert after.pick(after.authorize(), OWNER).status == 302


def revoke(visitor: Visitor, **body: object) -> None:
    assert visitor.send("POST", "/_simulation/revoke", json.dumps({"username": OWNER, **body}).encode()).status == 200


def test_withdrawn_consent_shows_at_the_next_refresh(visitor: Visitor) -> None:
    token = visitor.tokens()["refresh_token"]
    revoke(visitor)
    body = refused(visitor.refresh(token), 65001)
    assert (body["error"], body["suberror"]) == ("invalid_grant", "consent_required")
    visitor.sign_in()
    assert visitor.refresh(token).status == 200


@pytest.mark.parametrize("code", [50173, 700082, 70043, 50076, 50057, 53003])
def test_a_revoked_grant_is_refused_until_the_person_signs_in_again(visitor: Visitor, code: int) -> None:
    token = visitor.tokens()["refresh_token"]
    visitor.time.pass_by(5)
    revoke(visitor, code=code)
    visitor.time.pass_by(5)
    refused(visitor.refresh(token), code)
    assert visitor.refresh(visitor.tokens()["refresh_token"]).status == 200


def test_a_refresh_token_is_not_bound_to_a_tenant_but_to_where_the_person_is(visitor: Visitor) -> None:
    token = visitor.tokens()["refresh_token"]
    assert visitor.refresh(token, CONTOSO.domain).status == 200
    refused(visitor.refresh(token, FABRIKAM.tenant_id), 50020)
    refused(visitor.refresh(token, "nowhere.example"), 90002)


def test_a_token_is_cp1_only_when_claims_ask_for_it(visitor: Visitor) -> None:
    token = visitor.tokens()["refresh_token"]
    asked = json.dumps({"access_token": {"xms_cc": {"values": ["CP1"]}}})
    plain, capable = payload(visitor.refresh(token)), payload(visitor.refresh(token, claims=asked))
    claims = [visitor.world.signer.claims(answer["access_token"]) for answer in (plain, capable)]
    assert [(item or {}).get("xms_cc") for item in claims] == [None, ["CP1"]]


def test_a_token_knows_when_it_was_made_to_the_microsecond(visitor: Visitor) -> None:
    visitor.time.seconds = START + 0.25
    claims = visitor.world.signer.claims(visitor.tokens()["access_token"])
    assert claims is not None
    assert issued_at(claims) == START + 0.25


def test_a_demanded_context_may_need_a_new_sign_in(visitor: Visitor) -> None:
    visitor.world.faults.set("claims_need_sign_in", 1)
    token = visitor.tokens()["refresh_token"]
    asked = json.dumps({"access_token": {"acrs": {"essential": True, "value": "c1"}}})
    assert refused(visitor.refresh(token, claims=asked), 50076)["error"] == "interaction_required"
    answer = visitor.tokens(claims=asked)
    assert (visitor.world.signer.claims(answer["access_token"]) or {})["acrs"] == ["c1"]


def test_only_our_own_mailer_gets_tokens_without_a_person(visitor: Visitor) -> None:
    fields = {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"}
    ours = {"client_id": NEUTRAL.mail.client_id, "client_secret": NEUTRAL.mail.client_secret}
    assert visitor.post_form("/northwind.example/oauth2/v2.0/token", **fields, **ours).status == 200
    refused(visitor.post_form("/contoso.example/oauth2/v2.0/token", **fields, **ours), 700016)
    refused(visitor.post_form("/organizations/oauth2/v2.0/token", **fields, **ours), 9001023)


def test_entra_can_be_down(visitor: Visitor) -> None:
    visitor.world.faults.set("entra_down", 2)
    assert visitor.authorize().status == 503
    assert visitor.refresh("any").status == 503
    assert visitor.authorize().status == 200


@pytest.mark.parametrize(("fault", "code"), [("entra_no_azure", 500011), ("entra_assertion_expired", 500133)])
def test_a_fault_refuses_a_token(visitor: Visitor, fault: str, code: int) -> None:
    visitor.world.faults.set(fault, 1)
    refused(visitor.refresh("any"), code)


RECORDED = {
    "65001-consent-required": 65001,
    "50173-grant-revoked": 50173,
    "700082-refresh-token-inactive": 700082,
    "70043-sign-in-frequency": 70043,
    "50076-mfa-interaction-required": 50076,
}


@pytest.mark.parametrize(("name", "code"), RECORDED.items())
def test_refusals_of_a_refresh_look_as_recorded(
    visitor: Visitor, recording: Callable[[str], dict[str, Any]], name: str, code: int
) -> None:
    recorded = recording(f"entra-token/{name}.json")["response"]
    token = visitor.tokens()["refresh_token"]
    revoke(visitor, code=code)
    assert_like_recorded(refused(visitor.refresh(token), code), recorded["body"])


@pytest.mark.parametrize(
    ("name", "code", "changes"),
    [
        ("7000215-invalid-client-secret", 7000215, {"client_secret": "wrong"}),
        ("50011-redirect-uri-mismatch", 50011, {"redirect_uri": "https://app.example.com/callback"}),
    ],
)
def test_refusals_of_a_code_look_as_recorded(
    visitor: Visitor, recording: Callable[[str], dict[str, Any]], name: str, code: int, changes: dict[str, str]
) -> None:
    recorded = recording(f"entra-token/{name}.json")["response"]
    response = visitor.redeem(visitor.sign_in()["code"], **changes)
    assert_like_recorded(refused(response, code, recorded["status"]), recorded["body"])


def test_a_code_used_twice_looks_as_recorded(visitor: Visitor, recording: Callable[[str], dict[str, Any]]) -> None:
    recorded = recording("entra-token/54005-code-redeemed.json")["response"]
    code = visitor.sign_in()["code"]
    visitor.redeem(code)
    assert_like_recorded(refused(visitor.redeem(code), 54005), recorded["body"])


def assert_like_recorded(answered: dict[str, Any], recorded: dict[str, Any]) -> None:
    """The same members, OAuth error and first words; the same lines after them."""
    assert set(answered) == set(recorded)
    same = ("error", "error_codes", "suberror", "error_uri")
    assert [answered.get(name) for name in same] == [recorded.get(name) for name in same]
    first, others = [text["error_description"].split("\r\n", 1) for text in (answered, recorded)]
    assert first[0][:40] == others[0][:40]
    assert [line.split(":")[0] for line in first[1].split("\r\n")] == ["Trace ID", "Correlation ID", "Timestamp"]
