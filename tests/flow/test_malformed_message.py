"""A message that no one can read, put on a queue of the running app: set aside with its reason, the scan ends."""

import time
from pathlib import Path

import pytest

from collectors.registry import COLLECTORS
from local.run import Run
from shared.messaging.queues import SCAN_FINISHES, SCAN_REQUESTS, OutgoingMessage, collector_queue
from shared.sql.scans.dead_letters import DeadLetter, DeadLetters
from tests.flow.walking import Walker, ended, local_run

QUEUES = (SCAN_REQUESTS, SCAN_FINISHES, *(collector_queue(one.name, one.requires_session) for one in COLLECTORS))
BODIES = (b"\xff\xfe not text", b'{"scan_id": "another user"}')


def letters(run: Run, count: int) -> list[DeadLetter]:
    """The dead letters, once there are so many."""
    ends = time.monotonic() + 60
    while len(found := DeadLetters(run.services.database).list()) < count and time.monotonic() < ends:
        time.sleep(0.1)
    return found


def test_it_is_set_aside_with_its_reason_and_the_scan_ends_whole(tmp_path: Path) -> None:
    with local_run(tmp_path) as run:
        for queue in QUEUES:
            for number, body in enumerate(BODIES):
                session = "nobody" if queue.requires_session else None
                run.services.queues.send(queue.name, [OutgoingMessage(body, f"malformed-{number}", session_id=session)])
        walker = Walker(run)
        page = ended(walker, walker.sign_in("owner@contoso.example"))
        coverage = walker.open(f"{page.url}/coverage").text
        found = letters(run, len(QUEUES) * len(BODIES))
    assert ">Complete</span>" in coverage
    assert sorted(letter.queue for letter in found) == sorted(queue.name for queue in QUEUES for _ in BODIES)
    assert all("cannot be used" in letter.reason for letter in found), {letter.reason for letter in found}


@pytest.mark.parametrize("body", BODIES)
def test_what_is_set_aside_stays_for_an_operator_across_a_restart(tmp_path: Path, body: bytes) -> None:
    with local_run(tmp_path) as run:
        run.services.queues.send(SCAN_REQUESTS.name, [OutgoingMessage(body, "malformed")])
        first = letters(run, 1)
    with local_run(tmp_path) as run:
        assert letters(run, 1) == first
    assert len(first) == 1
