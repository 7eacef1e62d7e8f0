"""`python3 -m local purge --as-of DATE` on the data of two customers who signed in and were scanned."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from shared.core.periods import deletion_due_on
from shared.sql.engine.engine import Database
from shared.sql.schema.tables import TENANT_TABLES, scans
from simulator.people import CONTOSO, FABRIKAM
from tests.flow.walking import Walker, ended, local_run
from tests.support.databases import app_database, app_environment
from tools.environment import ROOT

DAYS_BEFORE = 40
"""By how much Contoso was scanned earlier than Fabrikam."""


@dataclass(frozen=True)
class Kept:
    """What an app has left, and the database that it is in."""

    data: Path
    database: Database

    def scan_day(self, tenant_id: str) -> date:
        latest = select(func.max(scans.c.requested_at)).where(scans.c.tenant_id == tenant_id)
        with self.database.reading(tenant_id) as connection:
            moment = connection.execute(latest).scalar_one()
        return date.fromisoformat(str(moment)[:10])

    def rows(self, tenant_id: str) -> dict[str, int]:
        """How many rows of this customer each table has."""
        with self.database.reading(tenant_id) as connection:
            counted = {
                table.name: connection.execute(
                    select(func.count()).select_from(table).where(table.c.tenant_id == tenant_id)
                ).scalar_one()
                for table in TENANT_TABLES
            }
        return {name: count for name, count in counted.items() if count}

    def purge(self, as_of: date) -> dict[str, Any]:
        words = ["purge", "--as-of", as_of.isoformat(), "--yes", "--json", "--data", str(self.data)]
        command, environment = [sys.executable, "-m", "local", *words], {**os.environ, **app_environment(self.data)}
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True
        )
        result: dict[str, Any] = json.loads(ended.stdout)
        return result


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """Contoso has costs, inventory and advice; Fabrikam's only user has no subscription, yet a later scan."""
    with local_run(tmp_path) as run:
        for username in ("owner@contoso.example", "guest@fabrikam.example"):
            walker = Walker(run)
            ended(walker, walker.sign_in(username))
        scan = select(scans.c.scan_id, scans.c.requested_at).where(scans.c.tenant_id == CONTOSO.tenant_id)
        with run.services.database.transaction(CONTOSO.tenant_id) as connection:
            (found,) = connection.execute(scan).all()
            earlier = found.requested_at - timedelta(days=DAYS_BEFORE)
            own = (scans.c.tenant_id == CONTOSO.tenant_id, scans.c.scan_id == found.scan_id)
            connection.execute(update(scans).where(*own).values(requested_at=earlier))
    database = app_database(tmp_path)
    yield Kept(tmp_path, database)
    database.dispose()


def test_all_data_of_a_customer_is_deleted_on_the_day_not_before_and_none_of_another(kept: Kept) -> None:
    due = deletion_due_on(kept.scan_day(CONTOSO.tenant_id))
    contoso, fabrikam = kept.rows(CONTOSO.tenant_id), kept.rows(FABRIKAM.tenant_id)
    assert {"connections", "scans", "steps", "raw_pages", "costs", "inventory", "cost_totals"} <= set(contoso)
    assert {"connections", "scans"} <= set(fabrikam)
    assert kept.purge(due - timedelta(days=1))["customers"] == 0
    assert (kept.rows(CONTOSO.tenant_id), kept.rows(FABRIKAM.tenant_id)) == (contoso, fabrikam)
    result = kept.purge(due)
    assert result["customers"] == 1
    assert {name: result["rows"][name] for name in contoso} == contoso
    assert kept.rows(CONTOSO.tenant_id).keys() <= {"outbox"}, "nothing but the mail that says so"
    assert kept.rows(FABRIKAM.tenant_id) == fabrikam
    assert kept.purge(due)["customers"] == 0
