from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from simulator.configuration import NEUTRAL
from simulator.exchange import Response
from simulator.people import CONTOSO
from tests.unit.simulator.visitor import ADMIN_CALLBACK, SCOPE, Visitor, callback

CLIENT_ID = NEUTRAL.application.client_id

ADMIN = "admin@contoso.example"
MEMBER = "member@contoso.example"


def begin(visitor: Visitor, tenant: str = "organizations", **changes: str) -> Response:
    query = {
        "client_id": CLIENT_ID,
        "redirect_uri": ADMIN_CALLBACK,
        "scope": SCOPE,
        "state": "s1",
        **changes,
    }
    return visitor.send("GET", f"/{tenant}/v2.0/adminconsent?{urlencode(query)}")


def test_an_admin_approves_for_everybody(visitor: Visitor) -> None:
    page = visitor.pick(begin(visitor), ADMIN)
    assert "for all users of Contoso" in page.body.decode()
    parameters = callback(visitor.decide(page, ADMIN))
    assert parameters == {"admin_consent": "True", "tenant": CONTOSO.tenant_id, "state": "s1", "scope": SCOPE}
    assert visitor.pick(visitor.authorize(), MEMBER).status == 302


def test_a_decline_carries_admin_consent_true_and_an_error(
    visitor: Visitor, recording: Callable[[str], dict[str, Any]]
) -> None:
    response = visitor.decide(visitor.pick(begin(visitor), ADMIN), ADMIN, "cancel")
    location = response.header("Location") or ""
    recorded = recording("entra-token/callback-65004-declined.json")["response"]["headers"]["location"]
    pairs, recorded_pairs = (parse_qsl(urlsplit(each).query) for each in (location, recorded))
    assert [name for name, _ in pairs] == [name for name, _ in recorded_pairs]
    assert dict(pairs)["admin_consent"] == "True"
    assert dict(pairs)["error"] == "access_denied"
    assert location.endswith("#")
    assert "%3a" in location
    assert "Need admin approval" in visitor.pick(visitor.authorize(), MEMBER).body.decode()


def test_only_an_admin_can_approve(visitor: Visitor) -> None:
    page = visitor.pick(begin(visitor), "owner@contoso.example")
    assert "Need admin approval" in page.body.decode()
    query = urlencode({"client_id": CLIENT_ID, "redirect_uri": ADMIN_CALLBACK, "scope": SCOPE})
    forced = visitor.post_form(
        f"/organizations/admin-decision?{query}", username="owner@contoso.example", decision="accept"
    )
    assert callback(forced)["error"] == "access_denied"
    assert not visitor.world.state.is_granted(CONTOSO.tenant_id, "any", ("openid",))


def test_the_common_endpoint_is_refused(visitor: Visitor) -> None:
    assert "AADSTS90009" in begin(visitor, "common").body.decode()


def test_wrong_parameters_stay_on_entras_page(visitor: Visitor) -> None:
    assert "AADSTS50011" in begin(visitor, redirect_uri="https://elsewhere.example/").body.decode()
    assert "AADSTS700016" in begin(visitor, client_id="x").body.decode()
    assert "AADSTS900144" in begin(visitor, scope="").body.decode()
    assert "AADSTS650053" in begin(visitor, scope="https://graph.microsoft.com/.default").body.decode()
    assert "AADSTS90002" in begin(visitor, "nowhere.example").body.decode()
