"""P12: scan data is kept for 12 months after the customer's most recent scan, then deleted."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from retention.purge import purge
from shared.core.periods import RETENTION_MONTHS, add_months
from shared.sql.schema.tables import TENANT_TABLES, metadata
from tests.architecture.tree import ROOT
from tests.unit.retention.night import Night
from tests.unit.shared.sql.deleting import customer, left
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, TENANT, cost

NOT_CUSTOMERS_DATA = {"purges", "dead_letters", "audit_events"}
"""What was deleted when; messages of identifiers alone, which go with the customer too; who did what, which has
a term of its own (test_p18)."""

ONE_DAY = timedelta(days=1)

moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001
    datetime(2033, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A night on which the purge may run."""
    made = Night(tmp_path)
    yield made
    made.close()


def rows_of(night: Night, tenant_id: str) -> int:
    with night.database.system_transaction() as connection:
        return sum(
            connection.execute(
                select(func.count()).select_from(table).where(table.c.tenant_id == tenant_id)
            ).scalar_one()
            for table in TENANT_TABLES
        )


def test_the_promise_is_twelve_months() -> None:
    assert RETENTION_MONTHS == 12


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(last=moments, earlier=st.timedeltas(timedelta(0), timedelta(days=900)))
def test_all_data_of_a_customer_is_deleted_on_the_day_and_not_before(
    night: Night,
    last: datetime,
    earlier: timedelta,
) -> None:
    night.customer(at=last - earlier)
    night.store.scan_with(cost("2"), at=last)
    night.customer(OTHER_TENANT, at=last + ONE_DAY)
    night.time.moment = last
    kept, others = rows_of(night, TENANT), rows_of(night, OTHER_TENANT)
    due = add_months(last.date(), 12)
    assert min(kept, others) > 0

    assert purge(night, due - ONE_DAY).customers == 0
    assert rows_of(night, TENANT) == kept
    purge(night, due)
    assert rows_of(night, TENANT) == 0
    if add_months((last + ONE_DAY).date(), 12) > due:
        assert rows_of(night, OTHER_TENANT) == others
    purge(night, due + 40 * ONE_DAY)
    assert rows_of(night, OTHER_TENANT) == 0


@pytest.mark.parametrize("years", [1, 2, 10])
def test_however_long_ago_it_was(night: Night, years: int) -> None:
    at = datetime.combine(datetime(2026, 5, 31, tzinfo=UTC), time(9), UTC)
    night.customer(at=at)
    purge(night, add_months(at.date(), 12 * years))
    assert rows_of(night, TENANT) == 0


def test_of_a_customer_who_has_something_in_every_table_nothing_is_left_and_of_another_nothing_is_lost(
    night: Night,
) -> None:
    """Findings, metrics, jobs and decisions go with the scans."""
    for tenant_id, at in ((TENANT, NOW), (OTHER_TENANT, NOW + ONE_DAY)):
        customer(night.store, tenant_id, at)
    before = left(night.store, OTHER_TENANT)
    assert all(left(night.store).values())
    purge(night, add_months(NOW.date(), RETENTION_MONTHS))
    remaining = left(night.store)
    assert {name: remaining[name] for name in remaining if name not in NOT_CUSTOMERS_DATA and remaining[name]} == {}
    after = left(night.store, OTHER_TENANT)
    assert {name: after[name] for name in after if name != "dead_letters"} == {
        name: count for name, count in before.items() if name != "dead_letters"
    }


def test_no_table_that_holds_a_customers_data_is_forgotten() -> None:
    of_tenants = {table.name for table in metadata.sorted_tables if "tenant_id" in table.c}
    assert of_tenants - {table.name for table in TENANT_TABLES} == NOT_CUSTOMERS_DATA
    others = {table.name for table in metadata.sorted_tables} - of_tenants
    assert others <= {"purge_runs", "purge_run_results", "deletion_ledger", "audit_cutoffs", "operators"}


RULE = re.compile(
    r"months (?:after|have passed since) [^.{\n]*?"
    r"(?:(?:most recent|latest|last) scan( that read data)?|(\{COUNTED_SCAN\}))"
)


def test_every_page_and_mail_words_the_period_the_same() -> None:
    """The day counts from the organisation's most recent scan that read data, and no text says anything else."""
    texts = [*(ROOT / "web").rglob("*.html"), *(ROOT / "web").rglob("*.py"), ROOT / "shared/mail/content.py"]
    found = [(path.name, match) for path in texts for match in RULE.finditer(path.read_text(encoding="utf-8"))]
    assert len(found) >= 7
    assert [(name, match[0]) for name, match in found if not (match[1] or match[2])] == []
