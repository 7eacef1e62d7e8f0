import json
from datetime import UTC, datetime

import pytest

from shared.core.audit import MAX_DETAILS_CHARACTERS, SYSTEM, Action, AuditEvent, Detail

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL20ifQ.c2ln"


def event(**details: Detail) -> AuditEvent:
    return AuditEvent(AT, None, SYSTEM, Action.QUERY, details=details)


def test_details_are_kept_as_json() -> None:
    text = event(text="Resources | where name == 'ä'", rows=3, whole=True, none=None, ids=["a", "b"]).details_json()
    assert json.loads(text or "") == {
        "text": "Resources | where name == 'ä'",
        "rows": 3,
        "whole": True,
        "none": None,
        "ids": ["a", "b"],
    }


def test_no_details_are_nothing() -> None:
    assert event().details_json() is None


@pytest.mark.parametrize("details", [{"query": f"a {TOKEN} b"}, {"queries": ["a", TOKEN]}])
def test_what_looks_like_a_secret_is_not_kept(details: dict[str, Detail]) -> None:
    text = event(**details).details_json()
    assert text is not None
    assert TOKEN not in text
    assert "[redacted]" in text


def test_an_event_that_says_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="characters"):
        event(text="x" * MAX_DETAILS_CHARACTERS).details_json()
