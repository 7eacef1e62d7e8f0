import logging

import pytest

from retention.blueprint import alert_on_failure


def test_a_purge_that_fails_raises_an_alert_and_still_reaches_the_host(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="no database"), alert_on_failure():
        raise ValueError("no database")
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("ERROR", "alert=purge-failed event=purge-failed")
    ]


def test_a_purge_that_succeeds_raises_no_alert(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with alert_on_failure():
        pass
    assert caplog.records == []
