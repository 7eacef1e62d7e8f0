from local.registration import REGISTRATION
from simulator.options import Options
from tests.unit.simulator.visitor import OWNER, Visitor
from web.privacy.permissions_text import APP, PUBLISHER
from web.rendering.pages import COMPANY, problem_page


def visitor() -> Visitor:
    return Visitor(Options(size="tiny", configuration=REGISTRATION))


def test_the_consent_page_names_app_and_publisher_as_the_product_does() -> None:
    asked = {
        "client_id": REGISTRATION.application.client_id,
        "redirect_uri": "http://127.0.0.1:7071/consent/callback",
    }
    someone = visitor()
    page = someone.pick(someone.authorize(**asked), OWNER).body.decode()
    assert f"<strong>{APP}</strong><br>{COMPANY} (verified)" in page
    assert PUBLISHER.startswith(f"{COMPANY} (")
    footer = problem_page(404, "Not found", "Go back.")
    assert f"<p>{COMPANY}, registered in England" in footer.body.decode()


def test_operators_sign_in_to_their_own_tenant_alone() -> None:
    asked = {
        "client_id": REGISTRATION.operators.application.client_id,
        "redirect_uri": "http://127.0.0.1:7071/desk/callback",
        "scope": "openid profile",
    }
    home = REGISTRATION.operators.domain
    assert visitor().authorize(home, **asked).status == 200
    assert b"AADSTS700016" in visitor().authorize("contoso.example", **asked).body
