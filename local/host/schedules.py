"""When a timer is due: six-field NCRONTAB in UTC."""

from datetime import datetime, timedelta

from croniter import croniter

SECONDS, MINUTES, HOURS, DAYS, MONTHS, WEEKDAYS = range(6)


def next_run(schedule: str, after: datetime, speed_up: float = 1.0) -> datetime:
    """The first run after this moment; raises ValueError for a schedule that is not six fields of NCRONTAB.

    An hourly or shorter schedule runs faster by `speed_up`; a daily one follows the calendar.
    """
    fields = schedule.split()
    if len(fields) != 6:
        raise ValueError(f"a schedule has six fields, {schedule!r} has {len(fields)}")
    due: datetime = croniter(schedule, after, second_at_beginning=True).get_next(datetime)
    if fields[HOURS:] == ["*", "*", "*", "*"]:
        return after + max((due - after) / speed_up, timedelta(seconds=1))
    return due
