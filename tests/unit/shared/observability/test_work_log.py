"""One line for what becomes of work."""

import logging

import pytest

from shared.observability.events import Event
from shared.observability.work_log import add_to_work, log_event, working_on

log = logging.getLogger("tests.work")


@pytest.fixture(autouse=True)
def everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, log.name)


def test_the_values_come_in_one_order_and_an_unknown_one_is_a_dash(caplog: pytest.LogCaptureFixture) -> None:
    log_event(log, Event.STEP_POSTPONED, "Azure asks to wait 53 s.", about={"attempt": 3, "scan": "a"}, seconds=53)
    (line,) = caplog.messages
    assert line == "event=step-postponed scan=a step=- collector=- attempt=3 seconds=53 reason=Azure asks to wait 53 s."


def test_the_work_that_is_under_way_is_named_and_forgotten_afterwards(caplog: pytest.LogCaptureFixture) -> None:
    with working_on(scan="a", step=1), working_on(step=2, collector="costs", attempt=None):
        log_event(log, Event.STEP_THROTTLED, attempt=4)
    log_event(log, Event.PURGE_STARTED)
    within, outside = caplog.messages
    assert within == "event=step-throttled scan=a step=2 collector=costs attempt=4"
    assert outside == "event=purge-started"


def test_an_alert_comes_first_and_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    log_event(log, Event.STEP_FAILED, "it broke", alert="unavailable")
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage().startswith("alert=unavailable event=step-failed ")


def test_a_percent_sign_in_a_reason_is_only_a_percent_sign(caplog: pytest.LogCaptureFixture) -> None:
    log_event(log, Event.STEP_FAILED, "100 %s of it")
    assert caplog.messages[0].endswith("reason=100 %s of it")


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b", "\x00", "\u2028", "\u2029", "\x85", "\u202e"])
def test_no_value_begins_a_line_of_its_own_or_hides_the_rest(caplog: pytest.LogCaptureFixture, sign: str) -> None:
    log_event(log, Event.STEP_FAILED, f"no{sign}alert=dead-letter", tenant=f"a{sign}b")
    assert caplog.messages == ["event=step-failed tenant=a b reason=no alert=dead-letter"]


def test_what_is_learned_during_the_work_is_named_until_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    add_to_work(user="nowhere")
    with working_on(page="scan_list"):
        add_to_work(user="a")
        log_event(log, Event.REQUEST_REFUSED)
    log_event(log, Event.PURGE_STARTED)
    assert caplog.messages == ["event=request-refused page=scan_list user=a", "event=purge-started"]
