"""A headless browser: cookies, redirects and forms over HTTP."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

import requests

from local.refusals import CannotRun

MAX_REDIRECTS = 20
TIMEOUT_SECONDS = 60
AT_ONCE = re.compile(r"0; *url=(.+)")
"""The content of a `meta refresh` that redirects without a pause."""


@dataclass
class HtmlForm:
    """A form of a page: its action, its filled-in fields, its buttons as (name, value)."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _FormReader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self.heading = ""
        self.leads_to = ""
        self._in_heading = False
        self._form: HtmlForm | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_heading = tag == "h1"
        if tag == "meta" and (refresh := AT_ONCE.fullmatch(given.get("content", ""))):
            self.leads_to = refresh[1]
        if tag == "form":
            self._form = HtmlForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form and tag == "input" and given.get("type") not in ("checkbox", "radio") and "name" in given:
            self._form.fields[given["name"]] = given.get("value", "")
        elif self._form and tag == "button":
            self._form.buttons.append((given.get("name", ""), given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        self._in_heading = False
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.heading += data


@dataclass(frozen=True)
class Page:
    """A page as it was received; `leads_to` is the address that it redirects to at once, if any."""

    url: str
    status: int
    heading: str
    text: str
    forms: tuple[HtmlForm, ...]
    leads_to: str

    def form_with(self, button: str) -> HtmlForm | None:
        """The form that has a button of this name."""
        return next((form for form in self.forms if any(name == button for name, _ in form.buttons)), None)

    def form_to(self, path: str) -> HtmlForm | None:
        """The form that is submitted to this path."""
        return next((form for form in self.forms if urlsplit(urljoin(self.url, form.action)).path == path), None)


class Browser:
    """Keeps cookies by host name whatever the port, as browsers do."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._cookies: dict[str, dict[str, str]] = {}

    def open(self, url: str) -> Page:
        return self._go("GET", url, {}, {"Sec-Fetch-Site": "none"})

    def submit(self, page: Page, form: HtmlForm, **pressed: str) -> Page:
        """Submit a form of a page, with more fields or a pressed button."""
        url = urljoin(page.url, form.action)
        here, there = urlsplit(page.url), urlsplit(url)
        same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
        headers = {
            "Origin": f"{here.scheme}://{here.netloc}",
            "Sec-Fetch-Site": "same-origin" if same else "same-site",
        }
        return self._go(form.method.upper(), url, {**form.fields, **pressed}, headers)

    def cookie_header(self, url: str) -> str:
        """The Cookie header for this address."""
        return "; ".join(f"{name}={value}" for name, value in self._jar(url).items())

    def _jar(self, url: str) -> dict[str, str]:
        return self._cookies.setdefault(urlsplit(url).hostname or "", {})

    def _go(self, method: str, url: str, fields: dict[str, str], headers: dict[str, str]) -> Page:
        for _ in range(MAX_REDIRECTS):
            page = _page(url, self._send(method, url, fields, headers))
            if not page.leads_to:
                return page
            method, url, fields, headers = "GET", page.leads_to, {}, {}
        raise CannotRun("The sign-in does not end: too many redirects.")

    def _send(self, method: str, url: str, fields: dict[str, str], headers: dict[str, str]) -> requests.Response:
        jar = self._jar(url)
        sent = {**headers, "Cookie": self.cookie_header(url)}
        response = self._session.request(
            method, url, data=fields or None, headers=sent, allow_redirects=False, timeout=TIMEOUT_SECONDS
        )
        for header in response.raw.headers.getlist("Set-Cookie"):
            for name, morsel in SimpleCookie(header).items():
                jar[name] = morsel.value
                if morsel["max-age"] == "0":
                    del jar[name]
        self._session.cookies.clear()
        return response


def _page(url: str, response: requests.Response) -> Page:
    reader = _FormReader()
    reader.feed(response.text)
    target = response.headers["Location"] if response.is_redirect else reader.leads_to
    leads_to = target and urljoin(url, target)
    return Page(url, response.status_code, reader.heading.strip(), response.text, tuple(reader.forms), leads_to)
