import json
from pathlib import Path

import pytest

from local.delete import LOCAL_OPERATOR, delete_local
from local.refusals import CannotRun
from local.run import RunOptions, open_services
from shared.core.clock import SystemClock
from shared.core.periods import last_complete_months
from tests.support.consented import consented_scan

CUSTOMER, OTHER = "0b7a8f3e-0d55-4f4e-9f6a-6d4c1a2b3c4d", "5c1e9d2a-7b34-4c0d-8e21-1f2a3b4c5d6e"
USER = "9d8c7b6a-5f4e-4d3c-8b2a-1a0f9e8d7c6b"
OPTIONS = (7071, 7072, 1, "tiny", 1.0)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two customers with a scan each."""
    now = SystemClock().now()
    with open_services(RunOptions(*OPTIONS, tmp_path)) as services:
        for tenant_id in (CUSTOMER, OTHER):
            consented_scan(services.database, tenant_id, USER, last_complete_months(now.date()), now)
    return tmp_path


def test_a_customer_is_deleted_with_a_receipt_and_the_reason_on_record(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert delete_local(data, CUSTOMER, "Their mail of today.", as_json=True) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["state"], printed["rows"]) == ("done", {"scans": 1, "connections": 1})
    with open_services(RunOptions(*OPTIONS, data)) as services:
        assert services.scans.latest(CUSTOMER, USER) is None
        assert services.scans.latest(OTHER, USER) is not None
        asked = services.audit_log.of_customer(CUSTOMER)[1]
    assert (asked.actor, asked.reason, asked.subject_id) == (LOCAL_OPERATOR, "Their mail of today.", printed["receipt"])


def test_without_a_reason_nothing_is_deleted(data: Path) -> None:
    with pytest.raises(CannotRun, match="--reason"):
        delete_local(data, CUSTOMER, "  ", as_json=True)
    with open_services(RunOptions(*OPTIONS, data)) as services:
        assert services.scans.latest(CUSTOMER, USER) is not None


@pytest.mark.parametrize("unknown", ["5c1e9d2a-7b34-4c0d-8e21-000000000000", "contoso", ""])
def test_an_unknown_tenant_is_refused_with_the_customers_that_there_are(data: Path, unknown: str) -> None:
    with pytest.raises(CannotRun) as refused:
        delete_local(data, unknown, "Their mail of today.", as_json=True)
    assert all(tenant_id in str(refused.value) for tenant_id in (CUSTOMER, OTHER))
    with open_services(RunOptions(*OPTIONS, data)) as services:
        assert services.audit_log.of_customer(unknown) == []


def test_without_data_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="--data"):
        delete_local(tmp_path, CUSTOMER, "why", as_json=False)
