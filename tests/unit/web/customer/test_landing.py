from tests.support.browsing import Visit
from web.customer.landing import landing


def test_a_newcomer_is_offered_to_sign_in(visit: Visit) -> None:
    page = visit.ask(landing).body.decode()
    assert 'action="/consent/start"' in page
    assert 'name="tenant"' in page
    assert 'href="/permissions"' in page
    assert 'href="/consent/admin"' in page
    assert "/signout" not in page


def test_who_is_signed_in_is_offered_the_scans(visit: Visit) -> None:
    visit.sign_in()
    page = visit.ask(landing).body.decode()
    assert 'href="/scans"' in page
    assert 'action="/signout"' in page
    assert "owner@contoso.example" in page
    assert 'action="/consent/start"' not in page
