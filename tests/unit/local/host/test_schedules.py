from datetime import UTC, datetime, timedelta

import pytest

from local.host.schedules import next_run

NOON = datetime(2026, 11, 23, 12, 1, 30, tzinfo=UTC)


def test_a_nightly_timer_runs_at_its_hour_whatever_the_speed_up() -> None:
    assert next_run("0 17 2 * * *", NOON, 60) == datetime(2026, 11, 24, 2, 17, tzinfo=UTC)


def test_seconds_come_first() -> None:
    assert next_run("10 */5 * * * *", NOON) == datetime(2026, 11, 23, 12, 5, 10, tzinfo=UTC)


def test_a_timer_of_every_hour_keeps_the_tenants_time() -> None:
    assert next_run("0 */5 * * * *", NOON, 60) == NOON + timedelta(seconds=3.5)


def test_no_timer_runs_more_often_than_once_a_second() -> None:
    assert next_run("0 */5 * * * *", NOON, 100_000) == NOON + timedelta(seconds=1)


@pytest.mark.parametrize("schedule", ["*/5 * * * *", "0 17 2 * *", "0 99 2 * * *", "00:05:00"])
def test_what_is_not_six_field_ncrontab_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        next_run(schedule, NOON)
