import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from local.browser import Browser
from local.consent import consent
from local.refusals import CannotRun

SCAN_ID = "0b7a8f3e-0d55-4f4e-9f6a-6d4c1a2b3c4d"
START = '<h1>Start</h1><form method="post" action="/consent/start"><input name="tenant"><button>Go</button></form>'
ACCOUNTS = (
    '<h1>Pick an account</h1><form method="post" action="/sign-in">'
    '<input type="hidden" name="flow" value="f1"><input type="checkbox" name="all" value="yes">'
    '<button name="username" value="owner">o</button></form>'
)


class Site(BaseHTTPRequestHandler):
    """A site that redirects, sets cookies as the Functions host writes them, and remembers what it was sent."""

    seen: list[tuple[str, str, str, str]]
    pages: dict[str, str]

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())

    def _answer(self, body: str) -> None:
        self.seen.append((self.command, self.path, body, self.headers.get("Cookie", "")))
        page = self.pages.get(self.path, "")
        is_redirected = page.startswith("/")
        self.send_response(303 if is_redirected else 200)
        if is_redirected:
            self.send_header("Location", page)
        if self.path == "/consent/start":
            self.send_header("Set-Cookie", "flow=abc; max-age=600; domain=; path=/; samesite=lax; httponly")
        if self.path == "/sign-in":
            self.send_header("Set-Cookie", "flow=; max-age=0; domain=; path=/")
        self.send_header("Content-Length", str(0 if is_redirected else len(page)))
        self.end_headers()
        self.wfile.write(b"" if is_redirected else page.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.seen = []
    Site.pages = {
        "/": START,
        "/consent/start": '<meta http-equiv="refresh" content="0; url=/accounts?a=1&amp;b=2"><h1>On our way</h1>',
        "/accounts?a=1&b=2": ACCOUNTS,
        "/sign-in": f"/scans/{SCAN_ID}",
        f"/scans/{SCAN_ID}": "<h1>Scan</h1>",
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_consent_follows_forms_redirects_and_cookies(site: str) -> None:
    assert consent(Browser(), site, "owner") == SCAN_ID
    assert Site.seen == [
        ("GET", "/", "", ""),
        ("POST", "/consent/start", "tenant=", ""),
        ("GET", "/accounts?a=1&b=2", "", "flow=abc"),
        ("POST", "/sign-in", "flow=f1&username=owner", "flow=abc"),
        ("GET", f"/scans/{SCAN_ID}", "", ""),
    ]


def test_a_page_that_is_no_scan_is_quoted(site: str) -> None:
    Site.pages["/sign-in"] = "<h1>Need admin approval</h1>"
    with pytest.raises(CannotRun, match="Need admin approval"):
        consent(Browser(), site, "owner")


def test_redirects_have_an_end(site: str) -> None:
    Site.pages["/"] = "/"
    with pytest.raises(CannotRun, match="too many redirects"):
        Browser().open(f"{site}/")


def test_a_page_that_reloads_itself_later_is_shown(site: str) -> None:
    Site.pages["/"] = '<meta http-equiv="refresh" content="5"><h1>Still reading</h1>'
    assert Browser().open(f"{site}/").heading == "Still reading"
