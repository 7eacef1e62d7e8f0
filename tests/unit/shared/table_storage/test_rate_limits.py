from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from local.tables import LocalTableStore
from shared.core.errors import TooManyRequests
from shared.core.limits import Limit, LimitScope
from shared.table_storage.rate_limits import LIMITS_TABLE, RateLimits
from tests.support.clock import FakeClock
from tests.support.tables import MemoryTables

THREE = Limit("three", LimitScope.USER, 3, timedelta(hours=1), "things", "Three things were done")


def is_accepted(limits: RateLimits, caller: str, limit: Limit = THREE) -> bool:
    try:
        limits.take(limit, caller)
    except TooManyRequests:
        return False
    return True


def test_after_the_number_the_caller_waits_until_the_first_request_is_a_period_old() -> None:
    clock = FakeClock()
    limits = RateLimits(MemoryTables(), clock)
    accepted = []
    for _ in range(8):
        accepted.append(is_accepted(limits, "a caller"))
        clock.sleep(1200)
    assert accepted == [True] * 8
    assert [is_accepted(limits, "another") for _ in range(4)] == [True, True, True, False]
    clock.sleep(3599)
    assert not is_accepted(limits, "another")
    clock.sleep(1)
    assert is_accepted(limits, "another")


def test_one_caller_and_one_limit_use_up_no_others() -> None:
    limits = RateLimits(MemoryTables(), FakeClock())
    for _ in range(3):
        limits.take(THREE, "a caller")
    other = Limit("other", LimitScope.USER, 1, timedelta(hours=1), "things", "One thing was done")
    assert not is_accepted(limits, "a caller")
    assert is_accepted(limits, "a colleague")
    assert is_accepted(limits, "a caller", other)


def test_a_flood_writes_no_more_than_the_number_and_names_no_caller() -> None:
    tables = MemoryTables()
    limits = RateLimits(tables, FakeClock())
    for _ in range(600):
        is_accepted(limits, "203.0.113.9")
    (record,) = tables.list(LIMITS_TABLE, THREE.name)
    assert record.etag == "3"
    assert "203.0.113.9" not in repr(record)


def test_concurrent_requests_are_all_counted(tmp_path: Path) -> None:
    tables = LocalTableStore(tmp_path / "tables.db")
    limits = RateLimits(tables, FakeClock())
    with ThreadPoolExecutor(6) as pool:
        accepted = list(pool.map(lambda _: is_accepted(limits, "a caller"), range(24)))
    tables.close()
    assert sum(accepted) == 3


def test_a_caller_whose_requests_always_collide_has_to_wait_a_moment() -> None:
    clock, tables = FakeClock(), MemoryTables()
    limits = RateLimits(tables, clock)
    limits.take(THREE, "a caller")
    (record,) = tables.list(LIMITS_TABLE, THREE.name)

    def another_is_faster() -> None:
        tables._put(LIMITS_TABLE, record)

    tables.before_write = another_is_faster
    with pytest.raises(TooManyRequests) as refused:
        limits.take(THREE, "a caller")
    assert refused.value.retry_after_seconds == 2


def test_the_records_expire_with_the_period() -> None:
    clock, tables = FakeClock(), MemoryTables()
    RateLimits(tables, clock).take(THREE, "a caller")
    assert tables.delete_expired(LIMITS_TABLE, clock.now() + timedelta(minutes=59)) == 0
    assert tables.delete_expired(LIMITS_TABLE, clock.now() + timedelta(hours=1)) == 1
