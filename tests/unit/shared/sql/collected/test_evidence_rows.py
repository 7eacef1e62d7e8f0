from datetime import timedelta
from decimal import Decimal

from sqlalchemy import insert

from shared.core.models import ScanKey
from shared.sql.collected.evidence_rows import IDS_AT_ONCE, EvidenceRows, ResourceMonth
from shared.sql.schema.desk_tables import metric_series
from tests.unit.shared.sql.store import MONTH, NOW, TENANT, Store, cost

JOB = "99999999-9999-4999-8999-99999999999"
MACHINE = "/subscriptions/a/vm"


def test_costs_are_added_up_by_resource_month_and_currency(store: Store) -> None:
    held = store.save(store.claimed(), [cost("1.1"), cost("2.2"), cost("5", currency="USD"), cost("7", resource="/b")])
    found = EvidenceRows(store.database, ScanKey(TENANT, held.scan_id))
    wanted = [MACHINE, *(f"/no/{number}" for number in range(IDS_AT_ONCE))]
    assert found.months(wanted) == [
        ResourceMonth(MACHINE, MONTH, "GBP", Decimal("3.3")),
        ResourceMonth(MACHINE, MONTH, "USD", Decimal(5)),
    ]


def test_costs_of_another_scan_are_not_found(store: Store) -> None:
    store.save(store.claimed(), [cost("1.1")])
    assert EvidenceRows(store.database, ScanKey(TENANT, store.scan().scan_id)).months([MACHINE]) == []


def test_of_each_metric_the_summary_that_was_fetched_last_is_found(store: Store) -> None:
    scan = store.scan()
    with store.database.transaction(TENANT) as connection:
        for number, average in enumerate((1.5, None)):
            connection.execute(insert(metric_series).values(
                job_id=f"{JOB}{number}", series_number=0, tenant_id=TENANT, scan_id=scan.scan_id, resource_id="/a",
                metric_name="CPU", unit="Percent", starts_at=NOW + timedelta(days=number), step_seconds=3600, points=24,
                missing=0, average=average, p95=None, maximum=None, points_gzip=b"",
            ))  # fmt: skip
    (one,) = EvidenceRows(store.database, scan.key).metrics(["/a", "/b"])
    assert (one.average, one.until - one.starts_at) == (None, timedelta(days=1))
    assert EvidenceRows(store.database, ScanKey(TENANT, store.scan().scan_id)).metrics(["/a"]) == []


def test_there_is_no_advice_about_nothing(store: Store) -> None:
    rows = EvidenceRows(store.database, ScanKey(TENANT, store.scan().scan_id))
    assert rows.advice(["/a"]) == []
    assert rows.advice([]) == []
