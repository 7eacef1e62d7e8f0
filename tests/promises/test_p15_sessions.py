"""P15: the session cookie lives eight hours, absolutely, and can be ended from the server."""

from shared.identity.sessions import SESSION_HOURS
from tests.support.signing_in import SigningIn
from web.customer.landing import signout
from web.customer.scans import scan_list
from web.privacy.permissions import permissions


def test_the_page_says_eight_hours(site: SigningIn) -> None:
    assert SESSION_HOURS == 8
    assert "8-hour session cookie" in site.get(permissions).body.decode()


def test_it_ends_after_eight_hours_however_much_it_is_used(site: SigningIn) -> None:
    cookie = next(cookie for cookie in site.sign_in().cookies if cookie.name == "__Host-session")
    assert cookie.max_age_seconds == 8 * 3600
    for _ in range(8 * 4 - 1):
        site.clock.sleep(900)
        response = site.get(scan_list)
        assert (response.status, response.cookies) == (200, ())
    site.clock.sleep(900)
    assert site.get(scan_list).status == 401


def test_a_cookie_that_was_copied_is_worth_nothing_after_signing_out(site: SigningIn) -> None:
    site.sign_in()
    copied = dict(site.cookies)
    site.post(signout)
    site.cookies = copied
    assert site.get(scan_list).status == 401


def test_the_cookie_says_nothing_of_the_customer_and_is_bound_to_our_host(site: SigningIn) -> None:
    site.sign_in()
    ((name, value),) = site.cookies.items()
    assert name.startswith("__Host-")
    assert len(value) == 43
    site.cookies.clear()
    site.sign_in()
    assert site.cookies[name] != value
