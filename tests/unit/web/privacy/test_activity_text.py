import pytest

from shared.core.audit import Action, ActorKind, Outcome
from web.privacy.activity_text import ACTION_LABELS, ACTOR_LABELS, OUTCOME_LABELS, detail


def test_every_action_actor_and_outcome_has_its_words() -> None:
    assert set(ACTION_LABELS) == set(Action)
    assert set(ACTOR_LABELS) == set(ActorKind)
    assert set(OUTCOME_LABELS) == set(Outcome)


@pytest.mark.parametrize(
    ("value", "words"), [(1234, "1,234"), (["a", "b"], "a, b"), (["a"] * 7, "7"), (None, "none"), (True, "True")]
)
def test_a_detail_is_short(value: object, words: str) -> None:
    assert detail(value) == words
