"""What a customer does with their data, by a browser: looks, filters, downloads, deletes, comes back."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.flow.conftest import App
from tests.flow.person import SCAN_MILLISECONDS, Person

RECEIPT = re.compile(r"/data/receipts/[0-9a-f-]{36}$")


@pytest.fixture(scope="module")
def owner(browser: Browser, app: App) -> Iterator[Person]:
    """A user whose scan has ended."""
    made = Person(browser, app)
    made.picks("owner@contoso.example")
    made.decides()
    made.reaches_the_report()
    yield made
    made.context.close()


def test_the_activity_is_filtered_and_taken_along(owner: Person) -> None:
    owner.opens("/scans")
    owner.page.get_by_role("link", name="Activity").click()
    owner.page.get_by_label("Action", exact=True).select_option("scan_started")
    owner.page.get_by_role("button", name="Apply filter").click()
    expect(owner.page.locator(".activity tbody tr")).to_have_count(1)
    with owner.page.expect_download() as started:
        owner.page.get_by_role("link", name="CSV").click()
    (row,) = csv.DictReader(io.StringIO(started.value.path().read_text(encoding="utf-8"), newline=""))
    assert row["action"] == "scan_started"
    with owner.page.expect_download() as started:
        owner.page.get_by_role("link", name="JSON").click()
    assert len(json.loads(started.value.path().read_text(encoding="utf-8"))["entries"]) == 1


def test_everything_is_downloaded_then_deleted_and_a_new_scan_starts(owner: Person) -> None:
    owner.opens("/scans")
    owner.page.get_by_role("link", name="Your data").click()
    owner.page.get_by_role("button", name="Build the files").click()
    part = owner.page.get_by_role("link", name="Download part 1 of")
    expect(part).to_be_visible(timeout=60_000)
    with owner.page.expect_download() as started:
        part.click()
    with zipfile.ZipFile(started.value.path()) as file:
        assert file.testzip() is None
        assert any(name.endswith(".csv") and "/rows/costs-" in name for name in file.namelist())
    owner.page.get_by_role("link", name="Delete everything").click()
    expect(owner.page.get_by_role("heading", name="Delete all your data?")).to_be_visible()
    owner.page.get_by_role("button", name="Delete everything").click()
    owner.page.wait_for_url(RECEIPT)
    expect(owner.page.get_by_role("heading", name="The data is deleted")).to_be_visible(timeout=60_000)
    assert owner.opens("/scans") == 401
    assert owner.syntax_errors == ["Failed to load resource: the server responded with a status of 401 (Unauthorized)"]
    owner.picks("owner@contoso.example")
    owner.page.wait_for_url(re.compile("/scans/"), timeout=SCAN_MILLISECONDS)
    owner.opens("/scans")
    expect(owner.page.locator("tbody tr")).to_have_count(1)
