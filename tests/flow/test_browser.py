"""The main road and the refusals, by a browser, from the landing page to the disconnecting."""

import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.arm.catalogue import COLLECTED
from tests.flow.conftest import App
from tests.flow.person import OVERVIEW, SCAN_MILLISECONDS, Person


@pytest.fixture
def person(browser: Browser, app: App) -> Iterator[Person]:
    made = Person(browser, app)
    yield made
    made.context.close()


@pytest.fixture(scope="module")
def owner(browser: Browser, app: App) -> Iterator[Person]:
    """A user who has consented and whose scan has ended."""
    made = Person(browser, app)
    made.picks("owner@contoso.example")
    made.decides()
    made.reaches_the_report()
    yield made
    made.context.close()


def truth(app: App, username: str) -> dict[str, Decimal]:
    """What the tenant's generator says that this user can see was spent."""
    today = datetime.now(UTC).date().isoformat()
    url = f"{app.tenant_url}/_simulation/truth?username={username}&as_of={today}"
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - always our own http address
        found = json.loads(answer.read())
    return {currency: Decimal(amount) for currency, amount in found["totals"].items()}


def totals_shown(page: Page) -> dict[str, Decimal]:
    """The totals of the overview, exactly."""
    lines = page.locator(".period-total").all()
    found = [(line.get_attribute("data-currency"), line.locator("data").get_attribute("value")) for line in lines]
    return {currency or "": Decimal(value or "") for currency, value in found}


def test_the_main_road_leads_from_the_landing_page_to_a_true_report(owner: Person, app: App) -> None:
    expect(owner.page.get_by_role("heading", name="Overview")).to_be_visible()
    assert totals_shown(owner.page) == truth(app, "owner@contoso.example")
    assert owner.page.locator(".mini-chart rect").count() == 12
    assert owner.syntax_errors == []


def test_the_scan_is_found_again_and_shown_as_done(owner: Person) -> None:
    owner.opens("/scans")
    owner.page.get_by_role("link", name="Overview").first.click()
    expect(owner.page).to_have_url(OVERVIEW)
    owner.page.get_by_role("link", name="Coverage").click()
    expect(owner.page.locator("#coverage .state.good")).to_have_count(len(COLLECTED))


def test_the_first_tab_stop_leads_past_the_navigation(person: Person) -> None:
    person.opens("/")
    person.page.keyboard.press("Tab")
    expect(person.page.get_by_role("link", name="Skip to content")).to_be_focused()
    person.page.keyboard.press("Enter")
    expect(person.page.locator("main")).to_be_focused()


def test_half_of_it_blocked_is_said_first_with_the_remedy(person: Person, app: App) -> None:
    person.picks("reader@contoso.example")
    person.decides()
    person.reaches_the_report()
    expect(person.page.locator(".pending")).to_contain_text("grant Cost Management Reader on")
    assert totals_shown(person.page) == truth(app, "reader@contoso.example")
    person.page.get_by_role("link", name="Coverage").click()
    expect(person.page.locator("#coverage")).to_contain_text("Grant Cost Management Reader on")


def test_all_of_it_works_without_scripts(browser: Browser, app: App) -> None:
    plain = Person(browser, app, scripts=False)
    plain.picks("guest@fabrikam.example", tenant="contoso.example")
    plain.decides()
    expect(plain.page.locator(".mini-chart rect").first).to_be_visible(timeout=SCAN_MILLISECONDS)
    expect(plain.page).to_have_url(OVERVIEW)
    plain.context.close()


def test_a_user_without_subscriptions_gets_a_page_that_says_what_to_do(person: Person) -> None:
    person.picks("newcomer@contoso.example")
    person.decides()
    expect(person.page.locator("main")).to_contain_text("Reader and Cost Management Reader", timeout=SCAN_MILLISECONDS)
    expect(person.page.locator("main")).to_contain_text("This does not mean that your costs are zero")


def test_declining_changes_nothing_and_says_so(person: Person) -> None:
    person.picks("admin@contoso.example")
    person.decides("cancel")
    assert person.page.url.startswith(person.app.url)
    expect(person.page.get_by_role("button", name="Sign in with Microsoft")).to_be_visible()
    assert person.opens("/scans") == 401


def test_who_needs_an_admin_gets_the_link_for_them_and_can_go_on_when_they_have_approved(
    browser: Browser, person: Person, app: App
) -> None:
    person.picks("member@contoso.example")
    person.page.get_by_text("Return to the application").click()
    link = person.page.locator("#admin-link").input_value()
    assert link.startswith(app.url)
    admin = Person(browser, app)
    admin.page.goto(link)
    admin.page.get_by_role("main").get_by_role("button").click()
    admin.page.locator("button[name=username][value='admin@contoso.example']").click()
    admin.decides()
    expect(admin.page.locator("h1")).to_contain_text(re.compile("approved|thank", re.IGNORECASE))
    assert admin.opens("/scans") == 401
    admin.context.close()
    person.picks("member@contoso.example")
    if person.page.locator("button[name=decision]").count():
        person.decides()
    person.page.wait_for_url(re.compile("/scans/"), timeout=SCAN_MILLISECONDS)


@pytest.mark.parametrize("username", ["outsider@contoso.example", "traveller@contoso.example"])
def test_a_refusal_of_entra_has_a_page_with_what_to_do_next(person: Person, username: str) -> None:
    person.picks(username)
    if not person.page.url.startswith(person.app.url):
        person.page.get_by_text("Return to the application").click()
    expect(person.page.get_by_role("heading", name="What to do next")).to_be_visible()
    assert person.opens("/scans") == 401


def test_a_tenant_that_does_not_exist_is_asked_for_again(person: Person) -> None:
    person.picks("owner@contoso.example", tenant="nowhere.example")
    expect(person.page.locator("main")).to_contain_text("tenant")
    assert person.opens("/scans") == 401


@pytest.mark.parametrize(
    "address",
    [
        "/consent/callback",
        "/consent/callback?state=forged&code=forged",
        "/consent/callback?error=access_denied&state=forged",
        "/consent/callback?state=a&state=b",
        "/consent/admin/callback?admin_consent=True&tenant=forged",
    ],
)
def test_a_callback_without_a_started_sign_in_is_refused_with_a_page(person: Person, address: str) -> None:
    assert 400 <= person.opens(address) < 500
    assert person.heading()
    assert person.opens("/scans") == 401


def test_signing_out_ends_the_session_and_disconnecting_the_consent(person: Person) -> None:
    person.picks("owner@contoso.example")
    if person.page.locator("button[name=decision]").count():
        person.decides()
    person.page.wait_for_url(re.compile("/scans/"))
    cookies = person.context.cookies()
    person.page.get_by_role("button", name="Sign out").click()
    assert person.opens("/scans") == 401
    person.context.add_cookies(cookies)  # type: ignore[arg-type]  # what `cookies` gives is what `add_cookies` takes
    assert person.opens("/scans") == 401
    person.context.clear_cookies()
    person.picks("owner@contoso.example")
    if person.page.locator("button[name=decision]").count():
        person.decides()
    person.page.wait_for_url(re.compile("/scans/"))
    person.page.get_by_role("link", name="Disconnect").click()
    person.page.get_by_role("main").get_by_role("button").first.click()
    expect(person.page.locator("h1")).to_contain_text("disconnected", ignore_case=True)
    assert person.opens("/scans") == 401
