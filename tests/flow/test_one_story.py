"""A customer's visit and a reviewer's day, from the consent to the deletion, by real clicks and keys."""

import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect

from local.run import Run
from tests.flow.conftest import App
from tests.flow.keyboard import tabs_to
from tests.flow.person import SCAN_MILLISECONDS, Person
from tests.flow.test_browser import totals_shown, truth
from tests.flow.walking import local_run

OWNER = "owner@contoso.example"
WHY_METRICS, WHY_REPULL = "To see how busy it is.", "The inventory looked old."
DISMISSED = "We keep it for the audit."
RECEIPT = re.compile(r"/data/receipts/[0-9a-f-]{36}$")
SIGNED_OUT = ["Failed to load resource: the server responded with a status of 401 (Unauthorized)"]


ESTATE = 8
"""Its machines run: a stopped one has no metrics."""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with local_run(tmp_path, seed=ESTATE) as made:
        yield made


def test_a_visit_and_a_day_from_the_consent_to_the_deletion(browser: Browser, run: Run) -> None:
    app = App(run.options.base_url, run.options.tenant.url)
    customer, reviewer, lead = (Person(browser, app) for _ in range(3))
    customer.picks(OWNER)
    customer.decides()
    customer.reaches_the_report()
    assert totals_shown(customer.page) == truth(app, OWNER)
    takes_the_scan_by_keyboard(reviewer)
    explores_the_costs(reviewer, app)
    fetches_metrics(reviewer)
    reads_a_step_again(reviewer)
    edits_a_draft(reviewer)
    writes_a_finding(reviewer)
    publishes(reviewer)
    is_notified_by_mail(app)
    decides_about_findings(customer)
    sees_all_that_was_done(customer)
    takes_all_along_and_deletes_it(customer)
    sees_what_was_deleted(lead)
    assert (customer.syntax_errors, reviewer.syntax_errors, lead.syntax_errors) == (SIGNED_OUT, [], [])
    for person in (customer, reviewer, lead):
        person.context.close()


def takes_the_scan_by_keyboard(reviewer: Person) -> None:
    reviewer.signs_in_at_the_desk("reviewer@caleta.example")
    assert tabs_to(reviewer.page, "Skip to content") == ["Skip to content"]
    reviewer.page.keyboard.press("Enter")
    order = tabs_to(reviewer.page, "Claim")
    assert order.index(next(stop for stop in order if stop.startswith("To review"))) < order.index(OWNER)
    reviewer.page.keyboard.press("Enter")
    expect(reviewer.page.locator("main")).to_contain_text("You")


def explores_the_costs(reviewer: Person, app: App) -> None:
    page = reviewer.page
    reviewer.opens("/desk")
    page.get_by_role("link", name=OWNER).click()
    page.get_by_role("link", name="Explore these costs").click()
    spent = page.locator("main p strong data").first.get_attribute("value")
    assert {"GBP": spent} == {currency: str(amount) for currency, amount in truth(app, OWNER).items()}
    first = page.locator("tbody th a").first
    service = first.inner_text()
    first.click()
    expect(page.locator(".trail")).to_contain_text(service)


def fetches_metrics(reviewer: Person) -> None:
    page = reviewer.page
    page.get_by_role("link", name="Metrics").click()
    page.locator("input.pick").first.check()
    page.get_by_label("Reason").fill(WHY_METRICS)
    page.get_by_role("button", name="Fetch metrics").click()
    expect(page.locator("figure svg.series").first).to_be_visible(timeout=SCAN_MILLISECONDS)
    expect(page.locator("figure").first).to_contain_text("P95")


def reads_a_step_again(reviewer: Person) -> None:
    page = reviewer.page
    page.get_by_role("link", name="Re-pull and jobs").click()
    page.get_by_label("Data to re-pull").select_option(label="Resource Graph")
    page.get_by_label("Reason").fill(WHY_REPULL)
    page.get_by_role("button", name="Re-pull data").click()
    expect(page.locator("#progress[data-finished=yes]")).to_be_visible(timeout=SCAN_MILLISECONDS)
    expect(page.locator("[role=status]")).to_contain_text("Done")


def edits_a_draft(reviewer: Person) -> None:
    """Never the button: what is typed is saved by itself, and there when the page is opened again."""
    page = reviewer.page
    page.get_by_role("link", name="Findings", exact=True).click()
    page.locator("tbody th a").first.click()
    version = int(page.locator("input[name=version]").input_value())
    page.get_by_label("Text (Markdown)").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\nSpeak with **Zoë** first.")
    expect(page.locator("#save-state")).to_have_text(f"Saved as version {version + 1}.", timeout=10_000)
    expect(page.locator("#preview strong").last).to_have_text("Zoë")
    tabs_to(page, "Confidence")
    page.reload()
    expect(page.get_by_label("Text (Markdown)")).to_have_value(re.compile(r"Speak with \*\*Zoë\*\* first\."))


def writes_a_finding(reviewer: Person) -> None:
    page = reviewer.page
    page.get_by_role("link", name="All findings").click()
    page.get_by_role("button", name="Write a finding").click()
    page.get_by_label("Title").fill("Old disks of the payroll")
    page.get_by_label("Text (Markdown)").fill("No user reads them: *delete* them.")
    expect(page.locator("#save-state")).to_contain_text("Saved as version", timeout=10_000)
    page.get_by_label("Search this scan's inventory").fill("disk")
    page.keyboard.press("Enter")
    found = page.get_by_role("group", name="Matching resources")
    billed = found.locator("td[data-label=Billed] data").first.get_attribute("value")
    found.get_by_role("button", name=re.compile("^Add ?:")).first.click()
    chosen = page.get_by_role("group", name="Affected resources")
    expect(chosen.locator("td.number data")).to_have_attribute("value", billed or "")
    chosen.get_by_role("button", name="Show evidence").click()
    page.locator(".offers").get_by_role("button").first.click()
    page.get_by_label("Label").fill("Asked")
    page.get_by_label("Value").fill("the payroll team, by telephone")
    page.get_by_role("button", name="Add evidence").click()
    expect(chosen.locator(".evidence")).to_contain_text("by telephone")
    expect(chosen.locator(".evidence")).to_contain_text("Billed in")


def publishes(reviewer: Person) -> None:
    page = reviewer.page
    page.get_by_role("link", name="All findings").click()
    page.get_by_role("link", name="Preview and publish").click()
    expect(page.locator(".as-customer")).to_contain_text("Old disks of the payroll")
    expect(page.locator(".as-customer")).to_contain_text("Speak with Zoë first.")
    page.get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.locator(".desk-title")).to_contain_text("Published")


def is_notified_by_mail(app: App) -> None:
    ends = time.monotonic() + 30
    while True:
        mails = requests.get(f"{app.tenant_url}/_simulation/mails", timeout=10).json()["mails"]
        told = [one["message"] for one in mails if "findings are ready" in one["message"]["subject"]]
        if told:
            break
        assert time.monotonic() < ends, [one["message"]["subject"] for one in mails]
        time.sleep(0.2)
    assert [one["emailAddress"]["address"] for one in told[0]["toRecipients"]] == [OWNER]


def decides_about_findings(customer: Person) -> None:
    page = customer.page
    customer.opens("/scans")
    page.get_by_role("link", name="Savings", exact=True).first.click()
    mine = page.locator(".finding").filter(has_text="Old disks of the payroll")
    mine.locator("summary").first.click()
    mine.get_by_role("button", name="Accept").click()
    expect(mine.locator(".row-tags")).to_contain_text("Accepted")
    other = page.locator(".finding").filter(has_not_text="Old disks of the payroll").first
    other.locator("summary").first.click()
    other.get_by_label("Reason (needed to dismiss)").fill(DISMISSED)
    other.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".row-tags", has_text="Dismissed")).to_have_count(1)


def sees_all_that_was_done(customer: Person) -> None:
    page = customer.page
    page.get_by_role("link", name="Activity").click()
    log = page.locator(".activity")
    for words in (
        "Signed in and gave consent", "Claimed the review", "Fetched metrics", WHY_METRICS, WHY_REPULL,
        "Read a step of the scan again", "Edited a finding", "Wrote a finding", "Published the findings",
        "Accepted a finding", "Dismissed a finding",
    ):  # fmt: skip
        expect(log).to_contain_text(words)


def takes_all_along_and_deletes_it(customer: Person) -> None:
    page = customer.page
    page.get_by_role("link", name="Your data").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download your data").click()
    with zipfile.ZipFile(started.value.path()) as file:
        assert any("findings" in name for name in file.namelist())
    page.get_by_role("link", name="Delete everything").click()
    page.get_by_role("button", name="Delete everything").click()
    page.wait_for_url(RECEIPT)
    expect(page.get_by_role("heading", name="The data is deleted")).to_be_visible(timeout=60_000)
    assert customer.opens("/scans") == 401


def sees_what_was_deleted(lead: Person) -> None:
    lead.signs_in_at_the_desk("lead@caleta.example")
    expect(lead.page.get_by_role("link", name=OWNER)).to_have_count(0)
    lead.page.get_by_role("link", name="Retention").click()
    deleted = lead.page.get_by_role("group", name="Past deletions")
    expect(deleted.locator("tbody tr")).to_have_count(1)
    expect(deleted).to_contain_text("Done")
