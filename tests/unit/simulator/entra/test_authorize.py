import pytest

from simulator.people import CONTOSO, FABRIKAM
from tests.unit.simulator.visitor import OWNER, Visitor, callback


def text_of(visitor: Visitor, **changes: str | None) -> str:
    return visitor.authorize(**changes).body.decode()


def test_every_sample_user_can_be_picked(visitor: Visitor) -> None:
    page = text_of(visitor)
    assert "Pick an account" in page
    for name in ("owner", "reader", "member", "admin", "newcomer"):
        assert f'name="username" value="{name}@contoso.example"' in page


def test_the_hinted_user_comes_first(visitor: Visitor) -> None:
    page = text_of(visitor, login_hint="reader@contoso.example")
    assert page.index("reader@contoso.example") < page.index(OWNER)


def test_the_consent_page_names_the_app_and_the_one_permission(visitor: Visitor) -> None:
    page = visitor.pick(visitor.authorize(), OWNER).body.decode()
    assert "Permissions requested" in page
    assert "Sample Application" in page
    assert page.count("Azure Resource Manager") == 1
    assert 'value="accept"' in page
    assert 'value="cancel"' in page


def test_accepting_leads_back_with_code_and_state(visitor: Visitor) -> None:
    parameters = visitor.sign_in()
    assert parameters["state"] == "the-state"
    assert len(parameters["code"]) > 700
    assert set(parameters) == {"code", "client_info", "state", "session_state"}


def test_consent_is_asked_for_once(visitor: Visitor) -> None:
    visitor.sign_in()
    assert visitor.pick(visitor.authorize(), OWNER).status == 302
    assert visitor.pick(visitor.authorize(prompt="consent"), OWNER).status == 200


def test_consent_to_an_identity_is_none_to_a_permission(visitor: Visitor) -> None:
    visitor.sign_in(scope="openid profile")
    assert visitor.pick(visitor.authorize(scope="openid profile"), OWNER).status == 302
    assert visitor.pick(visitor.authorize(), OWNER).status == 200


def test_consent_to_a_permission_covers_the_identity(visitor: Visitor) -> None:
    visitor.sign_in()
    assert visitor.pick(visitor.authorize(scope="openid profile"), OWNER).status == 302


def test_declining_is_access_denied_65004(visitor: Visitor) -> None:
    page = visitor.pick(visitor.authorize(), OWNER)
    parameters = callback(visitor.decide(page, OWNER, "cancel"))
    assert parameters["error"] == "access_denied"
    assert parameters["error_description"].startswith("AADSTS65004: User declined to consent to access the app.\r\n")
    assert parameters["state"] == "the-state"
    assert visitor.pick(visitor.authorize(), OWNER).status == 200


def test_a_member_needs_an_admin_and_can_go_back_without_consent(visitor: Visitor) -> None:
    member = "member@contoso.example"
    page = visitor.pick(visitor.authorize(), member)
    assert "Need admin approval" in page.body.decode()
    assert "AADSTS90094" in page.body.decode()
    forced = visitor.post_form(
        f"/organizations/consent?{visitor.authorize_query()}", username=member, decision="accept"
    )
    assert callback(forced)["error"] == "access_denied"


def test_the_admin_can_consent_for_everybody_at_sign_in(visitor: Visitor) -> None:
    admin = "admin@contoso.example"
    page = visitor.pick(visitor.authorize(), admin)
    assert "Consent on behalf of your organization" in page.body.decode()
    assert "code" in callback(visitor.decide(page, admin, for_organisation="yes"))
    assert visitor.pick(visitor.authorize(), "member@contoso.example").status == 302


@pytest.mark.parametrize(("alias", "code"), [("outsider", "50105"), ("traveller", "53003")])
def test_the_app_gets_the_code_of_a_refused_sign_in(visitor: Visitor, alias: str, code: str) -> None:
    parameters = callback(visitor.pick(visitor.authorize(), f"{alias}@contoso.example"))
    assert parameters["error"] == "access_denied"
    assert parameters["error_description"].startswith(f"AADSTS{code}: ")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"redirect_uri": "http://127.0.0.1:7071/auth/callback/"}, "AADSTS50011"),
        ({"redirect_uri": None}, "AADSTS900971"),
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, "AADSTS700016"),
        ({"client_id": None}, "AADSTS900144"),
    ],
)
def test_what_cannot_be_trusted_stays_on_entras_own_page(
    visitor: Visitor, changes: dict[str, str | None], code: str
) -> None:
    response = visitor.authorize(**changes)
    assert response.header("Location") is None
    assert code in response.body.decode()


def test_an_unknown_tenant_stays_on_entras_own_page(visitor: Visitor) -> None:
    response = visitor.authorize("nowhere.example")
    assert response.status == 400
    assert "AADSTS90002" in response.body.decode()


def test_a_user_of_another_tenant_stays_on_entras_own_page(visitor: Visitor) -> None:
    response = visitor.pick(visitor.authorize(FABRIKAM.domain), OWNER)
    assert "AADSTS50020" in response.body.decode()


@pytest.mark.parametrize(
    ("changes", "error", "text"),
    [
        ({"response_type": None}, "invalid_request", "The provided request must include a 'response_type'"),
        ({"response_type": "token"}, "unsupported_response_type", "response_type 'token'"),
        ({"scope": None}, "invalid_request", "AADSTS900144"),
        ({"scope": "https://graph.microsoft.com/User.Read"}, "invalid_client", "AADSTS650053"),
        ({"code_challenge": "too-short"}, "invalid_request", "AADSTS501491"),
        ({"prompt": "admin_consent"}, "invalid_request", "AADSTS90023"),
        ({"prompt": "none"}, "login_required", "AADSTS50058"),
        ({"claims": "{"}, "invalid_request", "AADSTS9002313"),
    ],
)
def test_a_wrong_request_is_sent_back_with_its_error(
    visitor: Visitor, changes: dict[str, str | None], error: str, text: str
) -> None:
    parameters = callback(visitor.authorize(**changes))
    assert parameters["error"] == error
    assert text in parameters["error_description"]
    assert parameters["state"] == "the-state"


def test_a_repeated_parameter_is_refused(visitor: Visitor) -> None:
    query = f"{visitor.authorize_query()}&scope=openid"
    parameters = callback(visitor.send("GET", f"/organizations/oauth2/v2.0/authorize?{query}"))
    assert "AADSTS9000411" in parameters["error_description"]


def test_form_post_answers_with_a_form(visitor: Visitor) -> None:
    visitor.sign_in()
    page = visitor.pick(visitor.authorize(response_mode="form_post"), OWNER).body.decode()
    assert 'action="http://127.0.0.1:7071/auth/callback"' in page
    assert 'name="code"' in page


def test_a_guest_signs_in_at_home_unless_the_tenant_is_named(visitor: Visitor) -> None:
    guest = f"guest@{FABRIKAM.domain}"
    at_home = visitor.world.signer.claims(visitor.tokens(guest)["id_token"])
    as_guest = visitor.world.signer.claims(visitor.tokens(guest, CONTOSO.tenant_id)["id_token"])
    assert at_home is not None
    assert as_guest is not None
    assert (at_home["tid"], as_guest["tid"]) == (FABRIKAM.tenant_id, CONTOSO.tenant_id)
    assert at_home["oid"] != as_guest["oid"]


def test_the_recorded_callbacks_have_the_same_parameters(visitor: Visitor, recording: object) -> None:
    from urllib.parse import parse_qsl, urlsplit

    recorded = recording("entra-token/callback-65004-declined.json")  # type: ignore[operator]
    names = set(dict(parse_qsl(urlsplit(recorded["response"]["headers"]["location"]).query)))
    page = visitor.pick(visitor.authorize(), OWNER)
    assert set(callback(visitor.decide(page, OWNER, "cancel"))) == names - {"admin_consent"}
