"""Every page, by its route, in the states that it has: it fits, it is legible, and axe finds nothing against it."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from function_app import app
from local.host.functions import index
from tests.flow.axe import bring_axe
from tests.flow.looks import faults
from tests.flow.tour import Tour
from tests.flow.walking import local_run
from tests.support.npm import NpmPackageMissing

NO_PAGES = {"healthz", "readyz", "static/{name}", "permissions.json", "permissions.schema.json",
            ".well-known/security.txt", "audit.csv", "audit.json", "data/download", "exports/{export_id}",
            "api/v1/openapi.json", "api/v1/scans",
            "api/v1/activity", "api/v1/scans/{scan_id}/overview", "api/v1/scans/{scan_id}/costs",
            "api/v1/scans/{scan_id}/findings", "api/v1/scans/{scan_id}/resources",
            "api/v1/scans/{scan_id}/coverage",
            "scans/{scan_id}/export/report.xlsx", "scans/{scan_id}/export/findings.csv",
            "scans/{scan_id}/export/coverage.csv", "scans/{scan_id}/export/costs.csv",
            "scans/{scan_id}/export/costs-focus.csv", "{*path}", "scans/{scan_id}/report", "scans/{scan_id}/findings",
            "desk/scans/{scan_id}/raw-pages/{step_id}/{page}"}  # fmt: skip
"""Routes that answer a program, or with a file."""

FAILED_REQUEST = "Failed to load resource"
"""What Chromium says of each status from 400 on, which some pages have by right."""

PAGES = {one.route for one in index(app).http if "GET" in (one.methods or {"GET"})} - NO_PAGES


@pytest.fixture(scope="module")
def tour(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    with local_run(tmp_path_factory.mktemp("tour"), size="small") as run:
        made = Tour(browser, run)
        try:
            for person in made.people():
                bring_axe(person.page)
        except NpmPackageMissing as missing:
            pytest.skip(str(missing))
        yield made
        made.close()


def route_of(url: str) -> str | None:
    """The route that an address of the app belongs to: the one with the fewest parts that can be anything."""
    path = urlsplit(url).path.strip("/")
    fitting = [one for one in PAGES if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(one.strip("/"))), path)]
    return min(fitting, key=lambda one: one.count("{"), default=None)


def test_every_page_fits_is_legible_named_and_without_a_violation(tour: Tour) -> None:
    seen, wrong = set(), []
    for stop in tour.stops():
        stop.reach()
        seen.add(route_of(stop.page.url))
        wrong += [f"{stop.name}: {fault}" for fault in faults(stop.page)]
        wrong += [f"{stop.name}: our fault"] if "500 Internal" in stop.page.inner_text("main") else []
    said = [text for person in tour.people() for text in person.syntax_errors if not text.startswith(FAILED_REQUEST)]
    unseen = [f"{route}: not looked at" for route in sorted(PAGES) if route not in seen]
    assert not wrong + said + unseen, "\n".join(wrong + said + unseen)
