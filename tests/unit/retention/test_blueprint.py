import logging

import pytest

from retention.blueprint import told_when_it_fails


def test_a_purge_that_fails_wakes_somebody_and_the_host_sees_it_too(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="no database"), told_when_it_fails():
        raise ValueError("no database")
    assert [(record.levelname, record.message) for record in caplog.records] == [("ERROR", "alert=purge-failed")]


def test_a_purge_that_ends_wakes_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with told_when_it_fails():
        pass
    assert caplog.records == []
