"""Signing in, from the first form to the last refusal, over HTTP through the app and the simulated Entra."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from local.browser import Browser, Page
from local.ports import free_ports
from local.run import Run, RunOptions, running
from local.tenant.people import BY_USERNAME, CONTOSO, FABRIKAM
from shared.core.errors import ClaimsChallenge, ConsentRevoked
from shared.core.models import Connection, ConnectionState
from shared.sql.connections import Connections

CHALLENGE = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'


class Walker(Browser):
    """A browser that remembers where it was sent."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.base_url = run.options.base_url
        self.visited: list[str] = []

    def _send(self, method: str, url: str, fields: dict[str, str], headers: dict[str, str]) -> requests.Response:
        self.visited.append(url)
        return super()._send(method, url, fields, headers)

    @property
    def callback(self) -> str:
        """The last address at which Entra handed it back to the app."""
        return [url for url in self.visited if "/consent/callback" in url][-1]

    def start(self, **fields: str) -> Page:
        """From the start page to Entra's; from the list of scans for whoever is signed in still."""
        page = self.open(f"{self.base_url}/")
        page = page if page.form_to("/consent/start") else self.open(f"{self.base_url}/scans")
        form = page.form_to("/consent/start")
        assert form is not None
        return self.submit(page, form, **fields)

    def press(self, page: Page, name: str, value: str) -> Page:
        form = page.form_with(name)
        assert form is not None, page.heading
        return self.submit(page, form, **{name: value})

    def rescan(self) -> Page:
        page = self.open(f"{self.base_url}/scans")
        form = page.form_to("/scans")
        assert form is not None
        return self.submit(page, form)

    def sign_in(self, username: str, **fields: str) -> Page:
        """Picks the account and accepts where consent is asked for."""
        page = self.press(self.start(**fields), "username", username)
        return page if page.form_with("decision") is None else self.press(page, "decision", "accept")


def ended(walker: Walker, page: Page) -> Page:
    """The page of the scan when it has ended."""
    ends = time.monotonic() + 60
    while 'data-finished="yes"' not in page.text:
        assert time.monotonic() < ends, page.heading
        time.sleep(0.1)
        page = walker.open(page.url)
    return page


@contextmanager
def local_run(data: Path) -> Iterator[Run]:
    port, tenant_port = free_ports(2)
    with running(RunOptions(port, tenant_port, seed=1, size="tiny", speed_up=60.0, data=data)) as made:
        yield made


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with local_run(tmp_path_factory.mktemp("consent")) as made:
        yield made


@pytest.fixture
def walker(run: Run) -> Walker:
    return Walker(run)


def connection(run: Run, username: str, tenant_id: str = CONTOSO.tenant_id) -> Connection | None:
    user = BY_USERNAME[username].object_ids[tenant_id]
    return Connections(run.services.database).get(tenant_id, user)


def state(run: Run, username: str, tenant_id: str = CONTOSO.tenant_id) -> ConnectionState | None:
    found = connection(run, username, tenant_id)
    return None if found is None else found.state


def simulate(run: Run, what: str, **body: object) -> None:
    requests.post(f"{run.options.tenant.url}/_simulation/{what}", json=body, timeout=10).raise_for_status()


def secrets_of(run: Run) -> set[str]:
    """Every secret that the simulated Entra has seen or given."""
    answer = requests.get(f"{run.options.tenant.url}/_simulation/issued", timeout=10).json()
    return {str(one["value"]) for one in answer["issued"]}


def is_scan(page: Page) -> bool:
    return page.status == 200 and urlsplit(page.url).path.startswith("/scans/")


def test_declining_leads_to_its_page_and_makes_nobody_a_customer(run: Run, walker: Walker) -> None:
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


@pytest.mark.parametrize(
    ("username", "heading"),
    [
        ("outsider@contoso.example", "You are not assigned to the app"),
        ("traveller@contoso.example", "A security policy of your organisation stopped the sign-in"),
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
    assert (page.status, page.heading) == (400, "Microsoft does not know that organisation")


def test_a_callback_counts_once(run: Run, walker: Walker) -> None:
    walker.sign_in("owner@contoso.example")
    again = walker.open(walker.callback)
    assert (again.status, again.heading) == (410, "This sign-in is no longer open")
    assert walker.open(f"{run.options.base_url}/scans").status == 200
    stranger = Walker(run).open(walker.callback)
    assert stranger.status == 410


def test_a_sign_in_ends_only_in_the_browser_where_it_began(run: Run, walker: Walker) -> None:
    victims = Walker(run)
    page = victims.press(victims.open(walker.start().url), "username", "owner@contoso.example")
    if page.form_with("decision"):
        page = victims.press(page, "decision", "accept")
    assert (page.status, page.heading) == (403, "This sign-in was begun in another browser")
    assert victims.open(f"{run.options.base_url}/scans").status == 401


def test_when_the_token_endpoint_fails_the_page_says_that_it_passes(run: Run, walker: Walker) -> None:
    simulate(run, "faults", entra_error_500=1)
    page = walker.sign_in("reader@contoso.example")
    assert (page.status, page.heading) == (503, "Microsoft's sign-in does not answer")
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


def test_a_revoked_grant_is_noticed_and_signing_in_again_mends_it(run: Run, walker: Walker) -> None:
    walker.sign_in("owner@contoso.example")
    user = BY_USERNAME["owner@contoso.example"].object_ids[CONTOSO.tenant_id]
    simulate(run, "revoke", username="owner@contoso.example", code=50173)
    tokens = run.services.tokens.for_user(CONTOSO.tenant_id, user)
    tokens.access_token()
    with pytest.raises(ConsentRevoked, match="AADSTS50173"):
        tokens.access_token(renew=True)
    found = connection(run, "owner@contoso.example")
    assert found is not None
    assert (found.state, found.refresh_token_encrypted) == (ConnectionState.SIGN_IN_NEEDED, None)
    assert is_scan(walker.sign_in("owner@contoso.example"))
    assert state(run, "owner@contoso.example") is ConnectionState.ACTIVE


def test_a_claims_challenge_is_met_silently_or_else_at_the_next_sign_in(run: Run) -> None:
    walker = Walker(run)
    walker.sign_in("owner@contoso.example")
    user = BY_USERNAME["owner@contoso.example"].object_ids[CONTOSO.tenant_id]
    tokens = run.services.tokens.for_user(CONTOSO.tenant_id, user)
    assert tokens.access_token(claims_challenge=CHALLENGE)
    simulate(run, "faults", claims_need_sign_in=True)
    with pytest.raises(ClaimsChallenge):
        tokens.access_token(claims_challenge=CHALLENGE)
    simulate(run, "faults", claims_need_sign_in=False)
    stranger = Walker(run)
    page = stranger.press(stranger.start(), "username", "owner@contoso.example")
    assert is_scan(stranger.press(page, "username", "owner@contoso.example"))
    assert sum("/consent/callback" in url for url in stranger.visited) == 2
    found = connection(run, "owner@contoso.example")
    assert found is not None
    assert (found.state, found.claims_challenge) == (ConnectionState.ACTIVE, None)


def test_a_scan_that_azure_challenges_is_mended_by_the_next_sign_in(run: Run) -> None:
    walker = Walker(run)
    ended(walker, walker.sign_in("owner@contoso.example"))
    simulate(run, "faults", claims_challenge=True, claims_need_sign_in=True)
    blocked = ended(walker, walker.rescan())
    assert "Sign in again" in blocked.text
    assert state(run, "owner@contoso.example") is ConnectionState.SIGN_IN_NEEDED
    assert "Complete" in ended(walker, walker.sign_in("owner@contoso.example")).text
    simulate(run, "faults", claims_challenge=False, claims_need_sign_in=False)


def test_signing_out_ends_the_session_only(run: Run, walker: Walker) -> None:
    page = walker.sign_in("owner@contoso.example")
    form = page.form_to("/signout")
    assert form is not None
    assert urlsplit(walker.submit(page, form).url).path == "/"
    assert walker.open(f"{run.options.base_url}/scans").status == 401
    assert state(run, "owner@contoso.example") is ConnectionState.ACTIVE


def test_disconnecting_deletes_the_token_and_ends_every_session(run: Run) -> None:
    elsewhere, walker = Walker(run), Walker(run)
    elsewhere.sign_in("owner@contoso.example")
    walker.sign_in("owner@contoso.example")
    page = walker.open(f"{run.options.base_url}/disconnect")
    form = page.form_to("/disconnect")
    assert form is not None
    after = walker.submit(page, form)
    assert (after.status, after.heading) == (200, "You are disconnected")
    found = connection(run, "owner@contoso.example")
    assert found is not None
    assert (found.state, found.refresh_token_encrypted) == (ConnectionState.DISCONNECTED, None)
    for browser in (walker, elsewhere):
        assert browser.open(f"{run.options.base_url}/scans").status == 401
    assert is_scan(walker.sign_in("owner@contoso.example"))


def test_who_must_ask_an_admin_gets_the_link_and_may_come_in_after_the_approval(tmp_path: Path) -> None:
    with local_run(tmp_path) as run:
        member, admin = Walker(run), Walker(run)
        stopped = member.press(member.start(tenant="contoso.example"), "username", "member@contoso.example")
        back = stopped.text.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")
        page = member.open(back)
        assert (page.status, page.heading) == (403, "Your administrator has to approve the app first")
        link = f"{run.options.base_url}/consent/admin?{urlencode({'tenant': 'contoso.example'})}"
        assert f'value="{link}"' in page.text

        explained = admin.open(link)
        form = explained.form_to("/consent/admin")
        assert form is not None
        going_on = f"{run.options.base_url}/consent/admin?{urlencode(form.fields)}"
        asked = admin.press(admin.open(going_on), "username", "admin@contoso.example")
        thanks = admin.press(asked, "decision", "accept")
        assert (thanks.status, thanks.heading) == (200, "Thank you: Microsoft reports the approval")
        assert connection(run, "admin@contoso.example") is None

        assert is_scan(member.sign_in("member@contoso.example"))
        assert connection(run, "member@contoso.example") is not None
