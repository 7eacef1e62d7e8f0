from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

import pytest
from azure.core.exceptions import ClientAuthenticationError
from sqlalchemy import select

from shared.core.audit import Action, Outcome
from shared.core.settings import Settings
from shared.identity.client_proof import ClientProof, proof_of
from shared.identity.entra import EntraClient
from shared.identity.operators import OPERATORS, OperatorSignIns, operators_settings
from shared.identity.vault import TokenVault
from shared.own_identity import EXCHANGE_SCOPE
from shared.sql.schema.record_tables import audit_events
from tests.support.desk import OPERATORS_TENANT, REVIEWER, Desk, text_of
from tests.support.entra_double import HOST, KEY, EntraDouble, granted, id_claims
from tests.support.key_vault_double import TOKEN, Identity
from tests.support.signing_in import OWN_FORM, asked, refusal
from web.desk.reviews import desk_queue
from web.desk.sign_in import desk_callback, desk_sign_in, desk_sign_in_page, desk_sign_out
from web.error_pages import Handler
from web.http.messages import Request, Response

OPERATOR_SCOPE = "openid profile"


class SignIn:
    """A browser at the desk's sign-in, with an Entra of a few lines behind it. `proof`: None for the secret."""

    def __init__(self, desk: Desk, proof: ClientProof | None = None) -> None:
        self.desk = desk
        self.entra = EntraDouble()
        parts = desk.parts
        settings = operators_settings(parts.settings)
        client = EntraClient(settings, self.entra.session, OPERATORS, proof)
        parts.vault = TokenVault((KEY,))
        parts.operator_sign_ins = OperatorSignIns(settings, client, parts.tables, parts.vault, parts.time)

    def send(
        self,
        handler: Handler,
        method: str,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        path: str = "/",
        **route: str,
    ) -> Response:
        headers = {**OWN_FORM, "origin": self.desk.parts.settings.base_url} if method == "POST" else {}
        request = Request(method, path, route, query or {}, form or {}, self.desk.cookies, headers)
        response = self.desk.send(handler, request)
        for cookie in response.cookies:
            self.desk.cookies.pop(cookie.name, None)
            if cookie.max_age_seconds:
                self.desk.cookies[cookie.name] = cookie.value
        return response

    def finish(self, form: Mapping[str, str] | None = None, **claims: object) -> Response:
        """Signs in with these claims in the ID token."""
        query = asked(self.send(desk_sign_in, "POST", form=form))
        told = {
            "aud": self.desk.parts.settings.operator_client_id,
            "tid": OPERATORS_TENANT,
            "iss": f"{HOST}/{OPERATORS_TENANT}/v2.0",
            "oid": REVIEWER.user_object_id,
            "preferred_username": REVIEWER.username,
            "nonce": query["nonce"],
            **claims,
        }
        self.entra.answers = [(200, granted(id_claims(**told), scope=OPERATOR_SCOPE, refresh_token=None))]
        return self.send(desk_callback, "GET", {"code": "the-code", "state": query["state"]})

    def events(self) -> list[tuple[str, str, Any]]:
        with self.desk.parts.database.system_reading() as connection:
            return [
                (row.action, row.outcome, row.actor_name)
                for row in connection.execute(select(audit_events).order_by(audit_events.c.event_id))
            ]


@pytest.fixture
def sign_in(desk: Desk) -> SignIn:
    return SignIn(desk)


def test_only_sign_in_scopes_are_requested_from_our_own_tenant(sign_in: SignIn) -> None:
    response = sign_in.send(desk_sign_in, "POST")
    query = asked(response)
    assert set(query["scope"].split()) == {"openid", "profile"}
    assert query["client_id"] == sign_in.desk.parts.settings.operator_client_id
    assert query["redirect_uri"].endswith("/desk/callback")
    assert query["code_challenge_method"] == "S256"
    assert sign_in.entra.requests_seen[0].url == f"{HOST}/{OPERATORS_TENANT}/v2.0/.well-known/openid-configuration"


@pytest.mark.parametrize("role", ["Reviewer", "Admin"])
def test_with_a_role_the_queue_opens_and_the_sign_in_is_logged(sign_in: SignIn, role: str) -> None:
    response = sign_in.finish(roles=[role])
    assert (response.status, response.headers["Location"]) == (303, "/desk")
    assert sign_in.send(desk_queue, "GET").status == 200
    assert sign_in.events() == [(Action.OPERATOR_SIGNED_IN, Outcome.DONE, REVIEWER.username)]


def no_vault() -> NoReturn:
    pytest.fail("the operators' registration has no certificate in the vault")


def by_identity(desk: Desk, identity: Identity) -> SignIn:
    """The desk of a deployment without any secret; the customers' registration has a certificate."""
    desk.parts.settings = replace(
        desk.parts.settings, operator_client_secret="", client_secret="", client_certificate_name="customers"
    )
    own: Settings = operators_settings(desk.parts.settings)
    return SignIn(desk, proof_of(own, lambda: identity, no_vault, desk.parts.time))


def test_operators_can_sign_in_when_the_app_has_only_a_managed_identity(desk: Desk) -> None:
    identity = Identity()
    sign_in = by_identity(desk, identity)
    response = sign_in.finish(roles=["Reviewer"])
    assert (response.status, response.headers["Location"]) == (303, "/desk")
    [form] = sign_in.entra.forms
    assert form["client_id"] == desk.parts.settings.operator_client_id
    assert (form["client_assertion"], form["client_assertion_type"]) == (
        TOKEN,
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    )
    assert "client_secret" not in form
    assert identity.scopes == [EXCHANGE_SCOPE]


def test_if_the_app_gets_no_token_the_operator_is_asked_to_try_again(desk: Desk) -> None:
    sign_in = by_identity(desk, Identity(ClientAuthenticationError("the endpoint said hunter2")))
    response = sign_in.finish(roles=["Reviewer"])
    assert "try again" in text_of(response)
    assert "hunter2" not in text_of(response)
    assert sign_in.entra.forms == []
    assert sign_in.send(desk_queue, "GET").status == 404


@pytest.mark.parametrize("roles", [None, [], ["Other"], "Reviewer"])
def test_without_a_role_access_is_refused_and_logged(sign_in: SignIn, roles: object) -> None:
    response = sign_in.finish(roles=roles)
    assert response.status == 403
    assert "no role" in text_of(response)
    assert sign_in.send(desk_queue, "GET").status == 404
    assert sign_in.events() == [(Action.OPERATOR_REFUSED, Outcome.REFUSED, REVIEWER.username)]


@pytest.mark.parametrize(
    "claims",
    [
        {"tid": "22222222-2222-2222-2222-222222222222", "iss": f"{HOST}/22222222-2222-2222-2222-222222222222/v2.0"},
        {"aud": "44444444-4444-4444-4444-444444444444"},
        {"iss": f"{HOST}/22222222-2222-2222-2222-222222222222/v2.0"},
        {"exp": 1},
        {"oid": "x"},
    ],
)
def test_a_token_of_another_tenant_or_application_is_refused(sign_in: SignIn, claims: dict[str, object]) -> None:
    assert sign_in.finish(None, roles=["Admin"], **claims).status == 403
    assert sign_in.send(desk_queue, "GET").status == 404


def test_a_callback_works_once_and_only_in_the_browser_that_started(sign_in: SignIn) -> None:
    query = asked(sign_in.send(desk_sign_in, "POST"))
    answer = {"code": "c", "state": query["state"]}
    own, sign_in.desk.cookies = sign_in.desk.cookies, {}
    assert sign_in.send(desk_callback, "GET", answer).status == 403
    sign_in.desk.cookies = own
    sign_in.send(desk_callback, "GET", refusal(query, "access_denied", 65004))
    assert sign_in.send(desk_callback, "GET", answer).status == 403
    assert sign_in.entra.forms == []


def test_a_customers_callback_is_refused_at_the_desk(sign_in: SignIn) -> None:
    assert sign_in.send(desk_callback, "GET", {"code": "c", "state": "s" * 43}).status == 403
    assert sign_in.events() == []


def test_signing_out_ends_the_session(sign_in: SignIn) -> None:
    sign_in.finish(roles=["Reviewer"])
    own = dict(sign_in.desk.cookies)
    headers = sign_in.send(desk_sign_out, "POST").headers
    assert (headers["Location"], headers["Clear-Site-Data"]) == ("/desk/sign-in", '"cache", "storage"')
    sign_in.desk.cookies = own
    assert sign_in.send(desk_queue, "GET").status == 404
    assert sign_in.events()[-1][0] == Action.OPERATOR_SIGNED_OUT


def test_the_sign_in_page_redirects_operators_and_needs_a_registration(sign_in: SignIn) -> None:
    assert sign_in.send(desk_sign_in_page, "GET").status == 200
    sign_in.desk.sign_in()
    assert sign_in.send(desk_sign_in_page, "GET").status == 303
    sign_in.desk.parts.settings = operators_settings(sign_in.desk.parts.settings)
    object.__setattr__(sign_in.desk.parts.settings, "operator_client_id", "")
    for handler, method in ((desk_sign_in_page, "GET"), (desk_sign_in, "POST"), (desk_callback, "GET")):
        assert sign_in.send(handler, method).status == 404
    assert sign_in.send(desk_queue, "GET").status == 404
