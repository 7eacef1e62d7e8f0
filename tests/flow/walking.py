"""A user at a browser without a screen, and a local run for them to sign in to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import requests
from sqlalchemy import select, update

from local.browser import Browser, Page
from local.ports import free_ports
from local.run import Run, RunOptions, running
from shared.core.limits import SCANS_AFTER_A_COMPLETE_ONE
from shared.core.models import Connection, ConnectionState
from shared.sql.scans.connections import Connections
from shared.sql.schema.tables import scans
from simulator.people import BY_USERNAME, CONTOSO
from tests.support.databases import app_in_this_process


class Walker(Browser):
    """A browser that remembers where it was sent."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run
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
        """From the start page to Entra's; from the list of scans for the user who is signed in still."""
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
        """Ask for another scan, when the last one is old enough for that."""
        an_hour_ago(self.run)
        page = self.open(f"{self.base_url}/scans")
        form = page.form_to("/scans")
        assert form is not None
        return self.submit(page, form)

    def sign_in(self, username: str, **fields: str) -> Page:
        """Picks the account and accepts where consent is asked for; once more where Azure had set a challenge."""
        page = self.start(**fields)
        for name, value in (("username", username), ("decision", "accept"), ("username", username)):
            page = page if page.form_with(name) is None else self.press(page, name, value)
        return page

    def read(self, path: str, username: str) -> Page:
        """Open a page as a returning user whose session has ended, and sign in where the page offers it."""
        page = self.open(f"{self.base_url}{path}")
        form = page.form_to("/sign-in")
        assert form is not None, page.heading
        page = self.submit(page, form)
        for name, value in (("username", username), ("decision", "accept")):
            page = page if page.form_with(name) is None else self.press(page, name, value)
        return page


def an_hour_ago(run: Run) -> None:
    """Let every scan that has ended have ended an hour earlier."""
    earlier = SCANS_AFTER_A_COMPLETE_ONE.period
    with run.services.database.transaction(CONTOSO.tenant_id) as connection:
        ended_at = connection.execute(select(scans.c.scan_id, scans.c.finished_at)).all()
        for scan_id, finished_at in ended_at:
            if finished_at is not None:
                connection.execute(
                    update(scans).where(scans.c.scan_id == scan_id).values(finished_at=finished_at - earlier)
                )


def ended(walker: Walker, page: Page) -> Page:
    """The page of the scan when it has ended."""
    ends = time.monotonic() + 60
    while 'data-finished="yes"' not in page.text:
        assert time.monotonic() < ends, page.heading
        time.sleep(0.1)
        page = walker.open(page.url)
    return page


@contextmanager
def local_run(data: Path, *, seed: int = 1, size: str = "tiny", estate: str = "plain") -> Iterator[Run]:
    """The whole app and a simulated tenant, in this process and one more."""
    port, tenant_port = free_ports(2)
    options = RunOptions(port, tenant_port, seed, size, 60.0, data, estate)
    with app_in_this_process(data), running(options) as made:
        yield made


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
