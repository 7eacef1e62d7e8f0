import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import azure.functions as func
import pytest

from shared import wiring
from shared.core.errors import NotFound
from shared.wiring import Services
from web.adapter import read_request, respond, set_cookie
from web.error_pages import Handler
from web.http.messages import Cookie, Request, Response

AUTHORITY = "https://login.example"


def request(target: str = "/", method: str = "GET", body: bytes = b"", **headers: str) -> func.HttpRequest:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return func.HttpRequest(method=method, url=f"https://app.example{target}", headers=given, body=body)


def use_services(*, is_local: bool) -> None:
    settings = SimpleNamespace(is_local=is_local, authority_host=AUTHORITY, front_door_secrets=())
    wiring.use(cast(Services, SimpleNamespace(settings=settings)))


@pytest.fixture(autouse=True)
def in_azure() -> Iterator[None]:
    use_services(is_local=False)
    yield
    wiring.use(None)


def test_a_request_is_read_in_our_own_terms() -> None:
    given = request(
        "/consent/start?a=1",
        "POST",
        b"tenant=contoso.com",
        Content_Type="application/x-www-form-urlencoded",
        Cookie="session=abc",
    )
    read = read_request(given)
    assert (read.method, read.path, read.query, read.form) == (
        "POST",
        "/consent/start",
        {"a": "1"},
        {"tenant": "contoso.com"},
    )
    assert read.cookies == {"session": "abc"}
    assert read.headers["cookie"] == "session=abc"


def test_a_value_with_a_comma_is_one_value_and_a_repeated_key_is_none() -> None:
    assert read_request(request("/?state=a,b")).query == {"state": "a,b"}
    response = respond(request("/?state=a&state=b"), lambda _, __: Response())
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("is_local", "expected"),
    [
        (False, "session=Ab-1._~; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure"),
        (True, "session=Ab-1._~; Max-Age=60; Path=/; HttpOnly; SameSite=Lax"),
    ],
)
def test_a_cookie_has_the_attributes_that_survive(is_local: bool, expected: str) -> None:
    use_services(is_local=is_local)
    response = respond(request(), lambda _, __: Response(cookies=(Cookie("session", "Ab-1._~", 60),)))
    assert response.headers.get_all("Set-Cookie") == [expected]


def test_several_cookies_are_several_headers() -> None:
    cookies = (Cookie("flow", "", 0), Cookie("session", "abc", 28_800))
    written = respond(request(), lambda _, __: Response(cookies=cookies)).headers.get_all("Set-Cookie")
    assert [text.split(";")[0] for text in written] == ["flow=", "session=abc"]


@pytest.mark.parametrize("value", ["a b", "a;b", "a=b", "é", "a\n"])
def test_a_cookie_value_that_the_host_would_change_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="would change"):
        set_cookie(Cookie("session", value, 60), secure=True)


def test_a_response_keeps_its_status_type_and_headers() -> None:
    given = Response(303, b"x", "text/plain; charset=utf-8", {"Location": "/scans"})
    response = respond(request(), lambda _, __: given)
    assert (response.status_code, response.get_body(), response.headers["Location"]) == (303, b"x", "/scans")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def raise_not_found(_: Request, __: Services) -> Response:
    raise NotFound("There is no such thing", "Go back.")


def divide_by_zero(_: Request, __: Services) -> Response:
    raise ZeroDivisionError("SECRET")


@pytest.mark.parametrize(("handler", "status"), [(raise_not_found, 404), (divide_by_zero, 500)])
def test_an_error_is_a_page(handler: Handler, status: int, caplog: pytest.LogCaptureFixture) -> None:
    response = respond(request("/?code=SECRET"), handler)
    assert response.status_code == status
    assert b"<h1" in response.get_body()
    assert "SECRET" not in caplog.text + response.get_body().decode()


def test_a_refused_request_is_logged_with_its_page(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "caleta.web")
    respond(request("/scans/x", "POST"), raise_not_found)
    assert caplog.messages == ["event=request-refused page=raise_not_found method=POST status=404 reason=NotFound"]


def test_a_setting_that_is_missing_is_a_page_too(monkeypatch: pytest.MonkeyPatch) -> None:
    wiring.use(None)
    monkeypatch.delenv("APP_BASE_URL", raising=False)
    response = respond(request(), lambda _, __: Response())
    assert response.status_code == 500
    assert b"<h1" in response.get_body()
