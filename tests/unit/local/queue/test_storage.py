"""The file outlives the process, and many threads and processes may use it at once."""

import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest

from local.queue import LocalQueue, QueueUnavailable, storage
from shared.core.clock import SystemClock
from shared.messaging.queues import DEAD_LETTERS, OutgoingMessage, Queue

ROOT = Path(__file__).resolve().parents[4]
QUEUES = (Queue("plain"), DEAD_LETTERS)
OPEN = """
import sys
from pathlib import Path
from local.queue import LocalQueue
from shared.core.clock import SystemClock
from shared.messaging.queues import DEAD_LETTERS, OutgoingMessage, Queue
queue = LocalQueue(Path(sys.argv[1]), (Queue("plain"), DEAD_LETTERS), SystemClock())
"""
SEND_FOR_EVER = (
    OPEN
    + """
number = 0
while True:
    queue.send("plain", [OutgoingMessage(b"x" * 1000, f"{number}:{part}") for part in range(3)])
    print(number, flush=True)
    number += 1
"""
)
TAKE_ALL = (
    OPEN
    + """
while (message := queue.receive("plain")) is not None:
    queue.complete(message)
    print(message.message_id, flush=True)
"""
)
HOLD_ONE = (
    OPEN
    + """
print(queue.receive("plain").message_id, flush=True)
sys.stdin.read()
"""
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queue.db"


@pytest.fixture
def queue(path: Path) -> Iterator[LocalQueue]:
    opened = LocalQueue(path, QUEUES, SystemClock())
    yield opened
    opened.close()


def start(script: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(path)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def read_lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


def kill(process: subprocess.Popen[str]) -> list[str]:
    """Kills it with no chance to tidy up; what it had still said."""
    process.kill()
    rest, _ = process.communicate()
    return rest.split()


def test_a_file_that_another_process_has_for_a_moment_is_waited_for(path: Path, queue: LocalQueue) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.2, other.execute, ["ROLLBACK"])
        release.start()
        queue.send("plain", [OutgoingMessage(b"", "one")])
        release.join()
    assert queue.counts("plain").active == 1


def test_a_file_that_another_process_keeps_is_an_error_that_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "BUSY_SECONDS", 0.1)
    queue = LocalQueue(path, QUEUES, SystemClock())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(QueueUnavailable, match="locked"):
            queue.send("plain", [OutgoingMessage(b"", "one")])
        other.execute("ROLLBACK")
    queue.send("plain", [OutgoingMessage(b"", "one")])
    assert queue.counts("plain").active == 1
    queue.close()


def test_a_file_that_is_full_takes_nothing_in_part(queue: LocalQueue) -> None:
    queue.send("plain", [OutgoingMessage(b"", "first")])
    pages = queue._storage._connection.execute("PRAGMA page_count").fetchone()[0]
    queue._storage._connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(QueueUnavailable, match="full"):
        queue.send("plain", [OutgoingMessage(bytes(200_000), f"large{number}") for number in range(3)])
    assert [stored.message_id for stored in queue.peek("plain")] == ["first"]


def test_what_was_sent_is_found_by_the_next_process(path: Path) -> None:
    first = LocalQueue(path, QUEUES, SystemClock())
    first.send("plain", [OutgoingMessage(b"body", "one")])
    first.close()
    second = LocalQueue(path, QUEUES, SystemClock())
    received = second.receive("plain")
    assert received
    assert received.body == b"body"
    second.close()


def test_a_message_of_an_earlier_versions_file_is_kept_and_does_not_expire(path: Path) -> None:
    first = LocalQueue(path, QUEUES, SystemClock())
    first.send("plain", [OutgoingMessage(b"body", "one")])
    first.close()
    with closing(sqlite3.connect(path)) as file:
        file.execute("DROP INDEX messages_by_expiry")
        file.execute("ALTER TABLE messages DROP COLUMN time_to_live")
        file.execute("UPDATE messages SET enqueued_at = 0")
        file.commit()
    second = LocalQueue(path, QUEUES, SystemClock())
    received = second.receive("plain")
    assert received
    assert (received.message_id, received.expires_at) == ("one", None)
    second.dead_letter(received, "because")
    dead = second.receive("dead-letters")
    assert dead
    assert dead.expires_at is not None
    second.close()


@pytest.mark.parametrize("lines", [1, 20, 200])
def test_a_sender_killed_at_work_has_sent_whole_lists_only_and_all_it_said(path: Path, lines: int) -> None:
    process = start(SEND_FOR_EVER, path)
    said = {*read_lines(process, lines), *kill(process)}
    queue = LocalQueue(path, QUEUES, SystemClock())
    found = Counter(peeked.message_id.split(":")[0] for peeked in queue.peek("plain", limit=1_000_000))
    assert set(found.values()) == {3}
    assert said <= set(found)
    queue.close()


def test_a_message_held_by_a_killed_process_is_delivered_again(path: Path, queue: LocalQueue) -> None:
    queue.send("plain", [OutgoingMessage(b"", "one")])
    process = start(HOLD_ONE, path)
    assert read_lines(process, 1) == ["one"]
    assert queue.receive("plain") is None
    kill(process)
    assert queue.receive("plain") is None, "its lock has not run out yet"
    assert queue.break_locks() == 1
    again = queue.receive("plain")
    assert again
    assert again.delivery_count == 2


def test_processes_share_the_messages_and_each_is_received_once(path: Path, queue: LocalQueue) -> None:
    ids = [str(number) for number in range(300)]
    queue.send("plain", [OutgoingMessage(b"", message_id) for message_id in ids])
    outputs = [process.communicate()[0].split() for process in [start(TAKE_ALL, path) for _ in range(3)]]
    assert sorted(chain.from_iterable(outputs)) == sorted(ids)
    assert queue.counts("plain").active == 0


def test_threads_share_the_messages_and_each_is_received_once(queue: LocalQueue) -> None:
    ids = [str(number) for number in range(400)]

    def send(message_id: str) -> None:
        queue.send("plain", [OutgoingMessage(b"", message_id)])

    def take(_: int) -> list[str]:
        taken = []
        while (message := queue.receive("plain")) is not None:
            queue.complete(message)
            taken.append(message.message_id)
        return taken

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, ids))
        taken = list(pool.map(take, range(8)))
    assert sorted(chain.from_iterable(taken)) == sorted(ids)


def test_processes_may_open_a_new_file_at_the_same_moment(path: Path) -> None:
    processes = [start(OPEN, path) for _ in range(4)]
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
