from datetime import timedelta

from shared.sql.scans.dead_letters import DeadLetters
from tests.unit.shared.sql.store import NOW, TENANT, Store


def test_a_dead_letter_is_read_back_newest_first(store: Store) -> None:
    letters = DeadLetters(store.database)
    letters.record(None, "scan-requests", "BadMessage", "not json", NOW)
    letters.record(TENANT, "collect-costs", "MaxDeliveryCountExceeded", "{}", NOW)
    newest, oldest = letters.list()
    assert (newest.tenant_id, newest.queue, newest.reason) == (TENANT, "collect-costs", "MaxDeliveryCountExceeded")
    assert (oldest.tenant_id, oldest.body_text, oldest.recorded_at) == (None, "not json", NOW)


def test_texts_longer_than_their_columns_are_cut(store: Store) -> None:
    letters = DeadLetters(store.database)
    letters.record("t" * 99, "q" * 99, "r" * 999, "b" * 9_999, NOW)
    (letter,) = letters.list()
    assert [len(text or "") for text in (letter.tenant_id, letter.queue, letter.reason, letter.body_text)] == [
        36,
        60,
        400,
        4_000,
    ]


def test_only_those_before_the_moment_are_deleted(store: Store) -> None:
    letters = DeadLetters(store.database)
    for number in range(3):
        letters.record(None, "q", str(number), "", NOW + timedelta(seconds=number))
    assert letters.delete_before(NOW + timedelta(seconds=1)) == 1
    assert [letter.reason for letter in letters.list()] == ["2", "1"]
