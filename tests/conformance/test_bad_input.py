"""Every route of the app, behind the host, given what no browser would send."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from function_app import app
from local.browser import Browser
from local.consent import consent
from local.host.functions import HttpFunction, index
from local.ports import free_ports
from local.run import Run, RunOptions, running

FORM = "application/x-www-form-urlencoded"
STRANGE_ID = "0b7a8f3e-0d55-4f4e-9f6a-6d4c1a2b3c4d"
VALUES = {
    "missing": "",
    "over-long": "x" * 5_000,
    "not UTF-8": "%FF%FE",
    "null byte": "a%00b",
    "line break": "a%0D%0ASet-Cookie:%20b=c",
    "script": "%3Cscript%3Ealert(1)%3C/script%3E",
    "template": "%7B%7B7*7%7D%7D",
    "SQL": "'%20OR%201=1--",
    "dots": "..%2F..%2Fhost.json",
    "another user's id": STRANGE_ID,
    "number": "-1e309",
    "half a surrogate pair": "%ED%A0%80",
    "right to left": "%E2%80%AEabc",
    "address": "https:%2F%2Fevil.example%2F",
}
NAMES = ("code", "state", "error", "error_description", "tenant", "admin_consent", "session_state", "return_to", "name")
BROKEN_QUERIES = ("state=a&state=b", "&&&==&", "=", "%", "%zz", "state[]=1", "state=a;b", "a=1&" * 60, "x" * 9_000)
BROKEN_COOKIES = (
    "session",
    "session=",
    "session=%00",
    "session=\xff\xfe",
    "flow=" + "x" * 9_000,
    ";;==;",
    'session="a',
)


def routes() -> tuple[HttpFunction, ...]:
    return index(app).http


def each_route() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    port, tenant_port = free_ports(2)
    data: Path = tmp_path_factory.mktemp("bad-input")
    with running(RunOptions(port, tenant_port, 1, "tiny", 60.0, data)) as started:
        yield started


@pytest.fixture(scope="module")
def signed_in(run: Run) -> str:
    """The Cookie header of a user with a session."""
    browser = Browser()
    consent(browser, run.options.base_url, "owner@contoso.example")
    return browser.cookie_header(run.options.base_url)


def says_what_to_do(target: str, refusal: str) -> bool:
    """Whether a refusal says it: as a page, to a program as a problem document."""
    if target.startswith("/api/"):
        problem = json.loads(refusal)
        return bool(problem["title"] and problem["detail"])
    return "<h1" in refusal and "</p>" in refusal


class Visitor:
    """Sends any request, unchecked, and checks what comes back."""

    def __init__(self, run: Run, cookie: str) -> None:
        self.base_url = run.options.base_url
        self.cookie = cookie
        self.connection = http.client.HTTPConnection("127.0.0.1", run.options.port, timeout=30)

    def send(self, method: str, target: str, body: bytes = b"", **headers: str) -> int:
        """The status, which is never the app's own fault; a refusal is a page that says what to do."""
        given = {"Cookie": self.cookie, "Origin": self.base_url, "Sec-Fetch-Site": "same-origin", **headers}
        self.connection.putrequest(method, target)
        for name, value in {**given, "Content-Length": str(len(body))}.items():
            self.connection.putheader(name.replace("_", "-"), value.encode("latin-1"))
        self.connection.endheaders(body)
        response = self.connection.getresponse()
        page = response.read().decode(errors="replace")  # a download is no text
        assert response.status < 500, f"{method} {target[:200]}"
        assert response.status < 400 or method == "HEAD" or says_what_to_do(target, page), target[:200]
        assert "<script>alert" not in page
        assert "49" not in page or "{{7*7}}" not in target
        return response.status


@pytest.fixture(params=["signed out", "signed in"])
def visitor(request: pytest.FixtureRequest, run: Run, signed_in: str) -> Iterator[Visitor]:
    made = Visitor(run, signed_in if request.param == "signed in" else "")
    yield made
    made.connection.close()


def targets(route: HttpFunction, value: str) -> str:
    """The route's address with this value for each of its parameters."""
    path = "/".join(value or "x" if part.startswith("{") else part for part in route.route.strip("/").split("/"))
    return f"/{path}"


def method_of(route: HttpFunction) -> str:
    return next(iter(route.methods), "GET")


@each_route()
def test_no_value_in_the_path_is_our_fault(visitor: Visitor, route: HttpFunction) -> None:
    for value in VALUES.values():
        if "%00" not in value or "{" not in route.route:  # a null byte in the path is refused by the host itself
            visitor.send(method_of(route), targets(route, value))


@each_route()
def test_no_value_in_the_query_is_our_fault(visitor: Visitor, route: HttpFunction) -> None:
    place = targets(route, STRANGE_ID)
    for name in NAMES:
        for value in VALUES.values():
            visitor.send(method_of(route), f"{place}?{name}={value}")
    for query in BROKEN_QUERIES:
        visitor.send(method_of(route), f"{place}?{query}")


@pytest.mark.parametrize("route", [one for one in routes() if "POST" in one.methods], ids=lambda route: route.name)
def test_no_form_is_our_fault(visitor: Visitor, route: HttpFunction) -> None:
    place = targets(route, STRANGE_ID)
    for name in NAMES:
        for value in VALUES.values():
            visitor.send("POST", place, f"{name}={value}".encode(), Content_Type=FORM)
    for body in (b"tenant=\xff", b"tenant=a&tenant=b", b"x" * 70_000, b"{}"):
        assert visitor.send("POST", place, body, Content_Type=FORM) < 500
    assert visitor.send("POST", place, b'{"a": 1}', Content_Type="application/json") < 500


@each_route()
def test_no_cookie_is_our_fault(run: Run, route: HttpFunction) -> None:
    for cookie in BROKEN_COOKIES:
        visitor = Visitor(run, cookie)
        visitor.send(method_of(route), targets(route, STRANGE_ID))
        visitor.connection.close()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
@pytest.mark.parametrize("target", ["/nowhere", "/scans/a/b/c", "/consent", "/.env", "/static/", "/healthz/x"])
def test_an_address_that_does_not_exist_is_a_page_whatever_the_method(run: Run, method: str, target: str) -> None:
    visitor = Visitor(run, "")
    assert visitor.send(method, target) == 404
    visitor.connection.close()
