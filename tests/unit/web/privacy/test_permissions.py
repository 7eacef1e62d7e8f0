from tests.support.browsing import Visit
from web.privacy.permissions import permissions


def test_it_is_read_without_signing_in_and_names_the_app(visit: Visit) -> None:
    response = visit.ask(permissions)
    assert response.status == 200
    assert visit.parts.settings.client_id.encode() in response.body


def test_it_says_what_the_token_could_do(visit: Visit) -> None:
    page = visit.ask(permissions).body.decode()
    assert "including writing" in page
    assert "Cost Management Reader" in page


def test_it_says_how_to_revoke_and_to_pre_approve(visit: Visit) -> None:
    page = visit.ask(permissions).body.decode()
    assert "Enterprise applications" in page
    assert 'href="/disconnect"' in page
    assert 'href="/consent/admin"' in page
