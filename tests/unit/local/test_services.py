import stat
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from collectors.registry import COLLECTORS
from local.services import LocalServices, all_queues, encryption_key, local_settings
from shared.messaging.queues import OutgoingMessage, collector_queue


def services(data: Path) -> LocalServices:
    return LocalServices(local_settings(data, "http://127.0.0.1:7071", "http://127.0.0.1:7072", 60.0), data)


def test_the_key_is_made_once_and_is_a_fernet_key(tmp_path: Path) -> None:
    key = encryption_key(tmp_path)
    assert encryption_key(tmp_path) == key
    assert Fernet(key.encode()).decrypt(Fernet(key.encode()).encrypt(b"x")) == b"x"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such mode bits")
def test_only_its_owner_can_read_the_key(tmp_path: Path) -> None:
    encryption_key(tmp_path)
    assert stat.S_IMODE((tmp_path / "fernet.key").stat().st_mode) == 0o600


def test_there_is_a_queue_for_every_collector_and_every_forwarding_has_its_end() -> None:
    queues = {queue.name: queue for queue in all_queues()}
    assert len(queues) == len(all_queues())
    assert {collector_queue(one.name).name for one in COLLECTORS} < set(queues)
    assert {queue.forward_dead_lettered_to for queue in all_queues()} - {None} <= set(queues)
    assert queues["collect-costs"].requires_session


def test_a_second_start_finds_what_the_first_left(tmp_path: Path) -> None:
    first = services(tmp_path)
    first.open()
    first.queues.send("scan-requests", [OutgoingMessage(b"{}", "m1")])
    assert first.queues.receive("scan-requests") is not None
    first.close()
    second = services(tmp_path)
    second.open()
    second.end_earlier_run()
    again = second.queues.receive("scan-requests")
    assert again is not None
    assert again.delivery_count == 2
    second.close()
