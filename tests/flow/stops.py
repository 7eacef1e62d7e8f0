"""What a page is, to a user who opens all of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import Page

from tests.flow.person import SCAN_MILLISECONDS, Person

SUBMIT = """
([path, fields]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: path });
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}
"""
FINISHED = 'data-finished="yes"'


@dataclass(frozen=True)
class Stop:
    """A page, and whose browser is to show it now. `reach` opens it."""

    name: str
    person: Person
    reach: Callable[[], None]

    @property
    def page(self) -> Page:
        return self.person.page


def at(person: Person, name: str, address: str) -> Stop:
    """A page that has an address."""

    def reach() -> None:
        person.opens(address)

    return Stop(name, person, reach)


def after(person: Person, name: str, path: str, **fields: str) -> Stop:
    """The page that answers a form."""

    def reach() -> None:
        with person.page.expect_navigation():
            person.page.evaluate(SUBMIT, [path, fields])

    return Stop(name, person, reach)


def until_finished(person: Person, address: str) -> None:
    """Until the page of a scan, a job or a deletion says that it has ended."""
    ends = time.monotonic() + SCAN_MILLISECONDS / 1000
    while FINISHED not in person.context.request.get(f"{person.app.url}{address}").text():
        assert time.monotonic() < ends, address
        time.sleep(0.3)


def scan_of(person: Person) -> str:
    """The address of the newest scan."""
    person.opens("/scans")
    link = person.page.get_by_role("link", name="Overview").or_(person.page.get_by_role("link", name="View progress"))
    return link.first.get_attribute("href") or ""


def query(text: str) -> str:
    return quote(text, safe="")
