import logging
from pathlib import Path

import pytest

from shared.core.errors import Forbidden, SignInRequired
from shared.core.settings import Environment
from tests.support.entra_double import BASE_URL, USER
from tests.support.signing_in import SigningIn
from web.customer.overview import scan_overview
from web.http.access import check_same_origin, cookie_name, current_session, require_session
from web.http.messages import Request


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": BASE_URL},
        {"sec-fetch-site": "same-origin"},
        {"origin": BASE_URL},
    ],
)
def test_a_form_of_our_own_page_passes(site: SigningIn, headers: dict[str, str]) -> None:
    check_same_origin(Request("POST", "/", headers=headers), site.parts)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"referer": f"{BASE_URL}/"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "cross-site", "origin": BASE_URL},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://evil.example"},
        {"origin": f"{BASE_URL}.evil.example"},
        {"origin": f"{BASE_URL}:444"},
        {"origin": BASE_URL.replace("https", "http")},
    ],
)
def test_a_form_from_anywhere_else_does_not(site: SigningIn, headers: dict[str, str]) -> None:
    with pytest.raises(Forbidden) as caught:
        check_same_origin(Request("POST", "/", headers=headers), site.parts)
    assert BASE_URL in caught.value.remedy


def test_the_cookies_are_bound_to_the_host_where_there_is_tls(tmp_path: Path) -> None:
    for environment, name in ((Environment.AZURE, "__Host-session"), (Environment.LOCAL, "session")):
        folder = tmp_path / environment
        folder.mkdir()
        site = SigningIn(folder, environment)
        assert cookie_name("session", site.parts) == name
        site.close()


def test_a_cookie_without_the_prefix_is_no_session_in_azure(site: SigningIn) -> None:
    site.sign_in()
    value = site.cookies["__Host-session"]
    assert current_session(Request("GET", "/", cookies={"__Host-session": value}), site.parts) is not None
    assert current_session(Request("GET", "/", cookies={"session": value}), site.parts) is None


def test_what_a_users_request_logs_names_the_user(site: SigningIn, caplog: pytest.LogCaptureFixture) -> None:
    site.sign_in()
    caplog.set_level(logging.INFO, "caleta.web")
    caplog.clear()
    assert site.get(scan_overview).status == 404
    assert caplog.messages == [f"event=request-refused method=GET user={USER} status=404 reason=NotFound"]


def test_without_a_session_the_page_says_to_sign_in(site: SigningIn) -> None:
    with pytest.raises(SignInRequired) as caught:
        require_session(Request("GET", "/"), site.parts)
    assert caught.value.status == 401
    assert "not signed in" in caught.value.remedy
