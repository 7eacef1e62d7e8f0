import gc
import weakref
from threading import Event, Thread

import pytest

from shared.core.garbage import collected_at_the_end


class Ring:
    """Garbage that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


def test_what_a_block_leaves_is_freed_at_its_end() -> None:
    with collected_at_the_end():
        assert not gc.isenabled()
        left = weakref.ref(Ring())
        assert left() is not None
    assert left() is None
    assert gc.isenabled()


def test_an_error_switches_the_collector_on_again() -> None:
    with pytest.raises(ZeroDivisionError), collected_at_the_end():
        _ = 1 / 0
    assert gc.isenabled()


def test_of_two_threads_at_once_the_last_leaves_the_collector_on() -> None:
    is_in, may_leave = Event(), Event()

    def other() -> None:
        with collected_at_the_end():
            is_in.set()
            may_leave.wait()

    thread = Thread(target=other)
    with collected_at_the_end():
        thread.start()
        is_in.wait()
    may_leave.set()
    thread.join()
    assert gc.isenabled()
