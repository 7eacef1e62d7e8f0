"""`python3 -m local purge --as-of DATE` on the data of two customers who signed in and were scanned."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.prepare import ROOT
from local.tenant.people import CONTOSO, FABRIKAM
from shared.core.periods import deletion_due_on
from shared.sql.tables import TENANT_TABLES
from tests.flow.walking import Walker, ended, local_run

DAYS_BEFORE = 40
"""By how much Contoso was scanned earlier than Fabrikam."""


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Contoso has costs, inventory and advice; Fabrikam's only user has no subscription, yet a scan."""
    data = tmp_path_factory.mktemp("customers")
    with local_run(data) as run:
        for username in ("owner@contoso.example", "guest@fabrikam.example"):
            walker = Walker(run)
            ended(walker, walker.sign_in(username))
    return data


@pytest.fixture
def data(scanned: Path, tmp_path: Path) -> Path:
    """A copy in which Contoso's scan is older."""
    for name in ("caleta.sqlite", "tables.sqlite", "queues.sqlite", "fernet.key"):
        (tmp_path / name).write_bytes((scanned / name).read_bytes())
    with closing(sqlite3.connect(tmp_path / "caleta.sqlite")) as connection, connection:
        connection.execute(
            "UPDATE scans SET requested_at = datetime(requested_at, ?) WHERE tenant_id = ?",
            (f"-{DAYS_BEFORE} days", CONTOSO.tenant_id),
        )
    return tmp_path


def scan_day(data: Path, tenant_id: str) -> date:
    with closing(sqlite3.connect(data / "caleta.sqlite")) as connection:
        (moment,) = connection.execute("SELECT max(requested_at) FROM scans WHERE tenant_id = ?", (tenant_id,))
    return date.fromisoformat(moment[0][:10])


def rows(data: Path, tenant_id: str) -> dict[str, int]:
    """How many rows of this customer each table has."""
    with closing(sqlite3.connect(data / "caleta.sqlite")) as connection:
        count = "SELECT count(*) FROM {} WHERE tenant_id = ?"
        counted = {
            table.name: connection.execute(count.format(table.name), (tenant_id,)).fetchone()[0]
            for table in TENANT_TABLES
        }
    return {name: count for name, count in counted.items() if count}


def purged(data: Path, as_of: date) -> dict[str, Any]:
    command = [sys.executable, "-m", "local", "purge", "--as-of", as_of.isoformat(), "--json", "--data", str(data)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def test_the_day_before_nothing_is_deleted(data: Path) -> None:
    due = deletion_due_on(scan_day(data, CONTOSO.tenant_id))
    before = (rows(data, CONTOSO.tenant_id), rows(data, FABRIKAM.tenant_id))
    assert purged(data, due - timedelta(days=1))["customers"] == 0
    assert (rows(data, CONTOSO.tenant_id), rows(data, FABRIKAM.tenant_id)) == before


def test_on_the_day_everything_of_that_customer_goes_and_nothing_of_the_other(data: Path) -> None:
    due = deletion_due_on(scan_day(data, CONTOSO.tenant_id))
    contoso, fabrikam = rows(data, CONTOSO.tenant_id), rows(data, FABRIKAM.tenant_id)
    assert {"connections", "scans", "steps", "raw_pages", "costs", "inventory", "cost_totals"} <= set(contoso)
    assert {"connections", "scans"} <= set(fabrikam)
    result = purged(data, due)
    assert result["customers"] == 1
    assert {name: result["rows"][name] for name in contoso} == contoso
    assert rows(data, CONTOSO.tenant_id) == {}
    assert rows(data, FABRIKAM.tenant_id) == fabrikam
    assert purged(data, due)["customers"] == 0
