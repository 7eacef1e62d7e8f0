"""Signing in, from the first form to the last refusal, over HTTP through the app and the simulated Entra."""

import logging
from urllib.parse import urlsplit

import pytest
import requests

from local.run import Run
from shared.core.models import ConnectionState
from simulator.people import BY_USERNAME, CONTOSO, FABRIKAM
from tests.flow.walking import Walker, connection, ended, is_scan, secrets_of, simulate, state


def test_declining_leads_to_its_page_and_stores_no_customer(run: Run, walker: Walker) -> None:
    page = walker.press(walker.start(), "username", "newcomer@contoso.example")
    declined = walker.press(page, "decision", "cancel")
    assert (declined.status, declined.heading) == (403, "You did not give consent")
    assert connection(run, "newcomer@contoso.example") is None


def test_consenting_leads_to_a_scan_and_keeps_the_token_encrypted(
    run: Run, walker: Walker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert is_scan(walker.sign_in("owner@contoso.example"))
    found = connection(run, "owner@contoso.example")
    assert found is not None
    assert found.refresh_token_encrypted is not None
    secrets = secrets_of(run)
    assert run.services.vault.decrypt(found.refresh_token_encrypted) in secrets
    files = [path for path in run.options.data.iterdir() if path.is_file()]
    assert len(files) >= 3
    written = b"".join(path.read_bytes() for path in files) + caplog.text.encode()
    assert [secret[:8] for secret in secrets if secret.encode() in written] == []


def test_a_returning_user_reads_the_page_of_the_link_without_a_new_scan(run: Run, walker: Walker) -> None:
    report = f"{urlsplit(ended(walker, walker.sign_in('owner@contoso.example')).url).path}/coverage"
    before = connection(run, "owner@contoso.example"), len(run.services.scans.recent(*owner(), 50))
    later = Walker(run)
    page = later.read(report, "owner@contoso.example")
    assert (page.status, urlsplit(page.url).path) == (200, report)
    assert not [url for url in later.visited if "user_impersonation" in url or "offline_access" in url]
    assert (connection(run, "owner@contoso.example"), len(run.services.scans.recent(*owner(), 50))) == before


def test_a_user_without_a_review_signs_in_to_nothing(run: Run, walker: Walker) -> None:
    page = walker.read("/scans", "newcomer@contoso.example")
    assert (page.status, page.heading) == (200, "You have no review yet")
    assert walker.open(f"{run.options.base_url}/scans").status == 401


def owner() -> tuple[str, str]:
    """The tenant and the object id of the owner of the estate."""
    return CONTOSO.tenant_id, BY_USERNAME["owner@contoso.example"].object_ids[CONTOSO.tenant_id]


@pytest.mark.parametrize(
    ("username", "heading"),
    [
        ("outsider@contoso.example", "You are not assigned to the app"),
        ("traveller@contoso.example", "A security policy of your organisation blocked the sign-in"),
    ],
)
def test_what_the_organisation_forbids_has_its_page(run: Run, walker: Walker, username: str, heading: str) -> None:
    page = walker.sign_in(username)
    assert (page.status, page.heading) == (403, heading)
    assert connection(run, username) is None


def test_a_guest_reaches_the_tenant_that_they_name_and_their_own_otherwise(run: Run) -> None:
    guest = "guest@fabrikam.example"
    assert is_scan(Walker(run).sign_in(guest, tenant="contoso.example"))
    assert state(run, guest) is ConnectionState.ACTIVE
    assert state(run, guest, FABRIKAM.tenant_id) is None
    assert is_scan(Walker(run).sign_in(guest))
    assert state(run, guest, FABRIKAM.tenant_id) is ConnectionState.ACTIVE


@pytest.mark.parametrize("tenant", ["nobody.example", "common", "../etc"])
def test_a_tenant_that_entra_does_not_know_has_its_page(walker: Walker, tenant: str) -> None:
    page = walker.start(tenant=tenant)
    assert (page.status, page.heading) == (400, "Organisation not found")


def test_a_callback_counts_once(run: Run, walker: Walker) -> None:
    walker.sign_in("owner@contoso.example")
    again = walker.open(walker.callback)
    assert (again.status, again.heading) == (410, "This sign-in has expired")
    assert walker.open(f"{run.options.base_url}/scans").status == 200
    stranger = Walker(run).open(walker.callback)
    assert stranger.status == 410


def test_a_sign_in_ends_only_in_the_browser_where_it_began(run: Run, walker: Walker) -> None:
    victims = Walker(run)
    page = victims.press(victims.open(walker.start().url), "username", "owner@contoso.example")
    if page.form_with("decision"):
        page = victims.press(page, "decision", "accept")
    assert (page.status, page.heading) == (403, "This sign-in was started in another browser")
    assert victims.open(f"{run.options.base_url}/scans").status == 401


def test_when_the_token_endpoint_fails_the_page_says_that_it_passes(run: Run, walker: Walker) -> None:
    simulate(run, "faults", entra_error_500=True)
    page = walker.sign_in("reader@contoso.example")
    simulate(run, "faults", entra_error_500=0)
    assert (page.status, page.heading) == (503, "Microsoft's sign-in service is not responding")
    assert connection(run, "reader@contoso.example") is None
    assert is_scan(walker.sign_in("reader@contoso.example"))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=x",
        "state=x&state=y",
        "code=x&code=y&state=z",
        f"code=x&state={'s' * 5000}",
        f"code={'c' * 5000}&state=x",
        "code=%ff%fe&state=%00",
        "error=%3Cscript%3E&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state=x",
        "admin_consent=True&tenant=x",
        "code&state&error",
    ],
)
@pytest.mark.parametrize("path", ["/consent/callback", "/consent/admin/callback"])
def test_a_hostile_callback_is_a_page_that_says_what_to_do(walker: Walker, path: str, query: str) -> None:
    page = walker.open(f"{walker.base_url}{path}?{query}")
    assert page.status == 400
    assert page.heading
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("path", ["/consent/start", "/signout", "/disconnect", "/scans"])
def test_a_form_of_another_site_is_refused(run: Run, walker: Walker, path: str) -> None:
    walker.sign_in("owner@contoso.example")
    cookies = {name: value for jar in walker._cookies.values() for name, value in jar.items()}
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        url = f"{run.options.base_url}{path}"
        answer = requests.post(
            url, data={"x": "y"}, headers=headers, cookies=cookies, timeout=10, allow_redirects=False
        )
        assert answer.status_code == 403
    assert state(run, "owner@contoso.example") is ConnectionState.ACTIVE
