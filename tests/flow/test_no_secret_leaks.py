"""A whole run, searched for every secret that the simulated Entra gave or got, and for every cookie.

Searched are each log line (of every library, down to debug), each row of the database, of the
local queue and of the local tables (raw pages unpacked), each page that the app answered, and
the bytes of the files.
"""

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from local.run import Run
from tests.flow.traces import JobCursor, Recorder, Traces, all_logs, rows, stored_rows
from tests.flow.walking import ended, local_run, secrets_of, simulate


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traces]:
    """Consent, scan, report, refusals, faults, an approval, a challenge, a sign-out and a disconnection."""
    data = tmp_path_factory.mktemp("whole-run")
    answers: list[JobCursor] = []
    cookies: set[str] = set()
    with all_logs() as logs:
        with local_run(data) as run:
            whole_run(run, answers, cookies)
            secrets = secrets_of(run) | cookies
            stored = [*stored_rows(run.services.database)]
        yield Traces(data, frozenset(secret for secret in secrets if secret), logs, answers, stored)


def whole_run(run: Run, answers: list[JobCursor], cookies: set[str]) -> None:
    def new_browser() -> Recorder:
        return Recorder(run, answers, cookies)

    owner = new_browser()
    scan = ended(owner, owner.sign_in("owner@contoso.example"))
    for path in ("/", "/scans", f"{scan.url}/costs", "/permissions", "/disconnect", owner.callback):
        owner.open(path if path.startswith("http") else f"{owner.base_url}{path}")
    refusals(new_browser)
    simulate(run, "faults", entra_error_500=1)
    new_browser().sign_in("reader@contoso.example")
    simulate(run, "faults", claims_challenge=True, claims_need_sign_in=True)
    ended(owner, owner.rescan())
    simulate(run, "faults", claims_challenge=False, claims_need_sign_in=False)
    ended(owner, owner.sign_in("owner@contoso.example"))
    simulate(run, "revoke", username="owner@contoso.example", code=50173)
    ended(owner, owner.rescan())
    for path in ("/signout", "/disconnect"):
        again = new_browser()
        again.sign_in("owner@contoso.example")
        page = again.open(f"{again.base_url}/disconnect")
        form = page.form_to(path)
        assert form is not None
        again.submit(page, form)


def refusals(new_browser: Callable[[], Recorder]) -> None:
    for username in ("outsider@contoso.example", "traveller@contoso.example"):
        new_browser().sign_in(username)
    declining = new_browser()
    declining.press(declining.press(declining.start(), "username", "newcomer@contoso.example"), "decision", "cancel")
    victim = new_browser()
    page = victim.press(victim.open(new_browser().start().url), "username", "owner@contoso.example")
    if page.form_with("decision"):
        victim.press(page, "decision", "accept")
    admin = new_browser()
    explained = admin.open(f"{admin.base_url}/consent/admin?tenant=contoso.example")
    form = explained.form_to("/consent/admin")
    assert form is not None
    admin.press(admin.press(admin.submit(explained, form), "username", "admin@contoso.example"), "decision", "accept")


def test_the_run_left_enough_to_search(traces: Traces) -> None:
    assert len(traces.secrets) > 30
    assert all(len(secret) > 8 for secret in traces.secrets)
    assert len(traces.answers) > 40
    assert len(traces.logs) > 200
    tables = {where for where, _ in traces.stored}
    assert {f"database: {name}" for name in ("raw_pages", "costs", "connections", "scans", "steps")} <= tables


def test_no_secret_is_in_any_log_line_row_or_page(traces: Traces) -> None:
    assert traces.leaks_in(traces.places()) == set()


@pytest.mark.parametrize("form", ["%s", "GET /consent/callback?code=%s&state=x", '{"refresh_token": "%s"}', "\0%s"])
def test_a_planted_secret_in_a_log_or_page_is_found(traces: Traces, form: str) -> None:
    for secret in traces.secrets:
        assert traces.leaks_in([("planted", (form % secret).encode())]) == {"planted"}


def test_a_planted_secret_in_a_packed_page_is_found(traces: Traces, tmp_path: Path) -> None:
    path = tmp_path / "planted.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE raw_pages (body BLOB)")
        body = gzip.compress(b'{"value": "%s"}' % max(traces.secrets).encode())
        connection.execute("INSERT INTO raw_pages VALUES (?)", (body,))
    assert traces.leaks_in(rows(path)) == {"planted.sqlite: raw_pages"}
