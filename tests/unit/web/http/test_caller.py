"""Only the front door may call the app, and only it is believed about the caller's address."""

from dataclasses import replace

import pytest

from shared.core.errors import Forbidden
from shared.core.limits import SIGN_IN_STARTS
from shared.wiring import Services
from tests.support.desk import Desk
from tests.support.entra_double import settings as local_settings
from web.customer.consent import consent_start
from web.customer.landing import landing
from web.desk.sign_in import desk_sign_in
from web.error_pages import Handler, answer
from web.http.caller import UNKNOWN_ADDRESS, check_front_door, client_address
from web.http.messages import Request, Response

NEW, OLD = "n" * 43, "o" * 43
SETTINGS = replace(local_settings(), front_door_secrets=(NEW, OLD))


def request(secret: str | None = None, address: str | None = None, path: str = "/") -> Request:
    given = {"x-caleta-front-door": secret, "cf-connecting-ip": address, "x-forwarded-for": "192.0.2.9:443"}
    return Request("GET", path, headers={name: value for name, value in given.items() if value is not None})


@pytest.mark.parametrize("secret", [NEW, OLD], ids=["newest", "previous"])
def test_both_secrets_are_valid_during_a_rotation(secret: str) -> None:
    check_front_door(request(secret), SETTINGS)


@pytest.mark.parametrize("secret", [None, "", "x" * 43, f"{NEW},{OLD}", NEW[:-1], "\xff" * 43])
def test_a_request_past_the_front_door_is_refused(secret: str | None) -> None:
    with pytest.raises(Forbidden):
        check_front_door(request(secret), SETTINGS)


@pytest.mark.parametrize("handler", [consent_start, desk_sign_in])
def test_sign_ins_started_from_one_address_are_limited_and_another_address_is_not_concerned(
    desk: Desk, handler: Handler
) -> None:
    nowhere = "http://127.0.0.1:9"  # The desk's own tenant is known: its sign-in would ask Entra.
    desk.parts.settings = replace(desk.parts.settings, front_door_secrets=(NEW,), authority_host=nowhere)
    own = {"sec-fetch-site": "same-origin", "origin": desk.parts.settings.base_url, "x-caleta-front-door": NEW}

    def start(address: str) -> Response:
        form = {"tenant": "not a tenant"}  # It fails before Entra is asked, and counts.
        return desk.send(handler, Request("POST", "/", form=form, headers={**own, "cf-connecting-ip": address}))

    statuses = [start("203.0.113.9").status for _ in range(SIGN_IN_STARTS.number + 1)]
    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429
    assert start("203.0.113.10").status != 429
    desk.parts.time.sleep(SIGN_IN_STARTS.period.total_seconds())
    assert start("203.0.113.9").status != 429


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_platform_reaches_the_health_checks_without_the_secret(path: str) -> None:
    check_front_door(request(path=path), SETTINGS)


@pytest.mark.parametrize("path", ["/", "/healthz/", "/HEALTHZ", "/healthz/x", "/desk"])
def test_every_other_page_answers_403_past_the_front_door(path: str) -> None:
    parts = Services(SETTINGS)
    response = answer(landing, Request("GET", path), parts)
    assert (response.status, b"This address is not public" in response.body) == (403, True)


def test_a_developers_machine_has_no_front_door() -> None:
    check_front_door(request(), local_settings())


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("", UNKNOWN_ADDRESS),
        (None, UNKNOWN_ADDRESS),
        ("192.0.2.1, 192.0.2.2", UNKNOWN_ADDRESS),
        ("<script>", UNKNOWN_ADDRESS),
    ],
)
def test_the_address_is_normalized_for_counting(header: str | None, address: str) -> None:
    assert client_address(request(NEW, header), SETTINGS) == address


@pytest.mark.parametrize("secret", [None, "x" * 43])
def test_an_address_from_past_the_front_door_is_not_believed(secret: str | None) -> None:
    assert client_address(request(secret, "192.0.2.1"), SETTINGS) == UNKNOWN_ADDRESS


def test_without_secrets_no_address_is_believed() -> None:
    assert client_address(request("", "192.0.2.1"), local_settings()) == UNKNOWN_ADDRESS
