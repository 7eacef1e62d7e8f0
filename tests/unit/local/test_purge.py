import json
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from local.purge import purge_local
from local.refusals import CannotRun
from local.run import RunOptions, open_services
from shared.core.periods import deletion_due_on, last_complete_months
from tests.support.consented import consented_scan

OLD, FRESH = "0b7a8f3e-0d55-4f4e-9f6a-6d4c1a2b3c4d", "5c1e9d2a-7b34-4c0d-8e21-1f2a3b4c5d6e"
USER = "9d8c7b6a-5f4e-4d3c-8b2a-1a0f9e8d7c6b"
SCANNED = datetime(2026, 3, 31, 12, tzinfo=UTC)
DUE = deletion_due_on(SCANNED.date())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two customers; one scanned a month later."""
    with open_services(RunOptions(7071, 7072, 1, "tiny", 1.0, tmp_path)) as services:
        for tenant_id, moment in ((OLD, SCANNED), (FRESH, SCANNED + timedelta(days=31))):
            period = last_complete_months(moment.date())
            consented_scan(services.database, tenant_id, USER, period, moment)
    return tmp_path


def purged(data: Path, as_of: date, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """How many customers were purged, and whose scans are left."""
    assert purge_local(data, as_of, as_json=True, is_confirmed=True) == 0
    counts = json.loads(capsys.readouterr().out)
    with open_services(RunOptions(7071, 7072, 1, "tiny", 1.0, data)) as services:
        left = [tenant for tenant in (OLD, FRESH) if services.scans.latest(tenant, USER)]
    return counts["customers"], left


def test_the_day_before_nothing_is_deleted(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert purged(data, DUE - timedelta(days=1), capsys) == (0, [OLD, FRESH])


def test_on_the_day_all_data_of_that_customer_is_deleted_and_none_of_another(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert purged(data, DUE, capsys) == (1, [FRESH])


def test_the_counts_can_be_read_by_a_person(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    purge_local(data, DUE, as_json=False, is_confirmed=True)
    assert "customers 1" in capsys.readouterr().out


def is_kept(data: Path, tenant_id: str) -> bool:
    with open_services(RunOptions(7071, 7072, 1, "tiny", 1.0, data)) as services:
        return services.scans.latest(tenant_id, USER) is not None


@pytest.mark.parametrize("as_json", [True, False])
def test_without_a_terminal_it_says_what_it_would_delete_and_needs_yes(data: Path, as_json: bool) -> None:
    with pytest.raises(CannotRun) as refused:
        purge_local(data, DUE, as_json=as_json, is_confirmed=False)
    text = str(refused.value)
    assert f"As of {DUE}, this deletes all data of 1 customer" in text
    assert f"({OLD}): 2 rows" in text
    assert FRESH not in text
    assert "--yes" in text
    assert is_kept(data, OLD)


@pytest.mark.parametrize(("reply", "kept"), [("y", False), ("YES", False), ("", True), ("n", True)])
def test_on_a_terminal_it_asks_and_deletes_only_after_yes(
    data: Path, monkeypatch: pytest.MonkeyPatch, reply: str, kept: bool
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: reply if OLD in question else "")
    with pytest.raises(CannotRun, match="Nothing was deleted") if kept else nullcontext():
        purge_local(data, DUE, as_json=False, is_confirmed=False)
    assert is_kept(data, OLD) is kept


def test_a_folder_without_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="There is no data"):
        purge_local(tmp_path, DUE, as_json=True, is_confirmed=True)
