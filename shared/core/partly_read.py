"""The requests of a step that Azure refused while the rest was read: reported, never treated as empty."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

PARTLY_READ = "PartlyRead"
"""The status code of a step that was read except for the requests in `unread_json`."""

MAX_NAMED = 4
"""How many requests with the same reason a sentence names; the others are counted."""


@dataclass(frozen=True)
class RefusedRequest:
    """One refused request of a step. `what` is its title, `reason` a sentence for the customer."""

    what: str
    code: str
    reason: str


def refused_requests(written: str | None) -> tuple[RefusedRequest, ...]:
    """Parse a step's or job's `unread_json`."""
    return tuple(RefusedRequest(**each) for each in json.loads(written)) if written else ()


def with_refusal(written: str | None, another: RefusedRequest) -> str:
    """Return `written` with one more refused request."""
    return json.dumps([asdict(each) for each in (*refused_requests(written), another)], ensure_ascii=False)


def sentence(written: str, of: int) -> str:
    """Return a sentence: `1 of 30 lists was not read; its content is unknown. MariaDB, single scope: Azure …`."""
    unread = refused_requests(written)
    noun, verb, their = "list" if of == 1 else "lists", *(("was", "its") if len(unread) == 1 else ("were", "their"))
    reasons = dict.fromkeys(each.reason for each in unread)
    details = [f"{_named([one.what for one in unread if one.reason == reason])}: {reason}" for reason in reasons]
    summary = f"{len(unread)} of {of} {noun} {verb} not read; {their} content is unknown."
    return " ".join((summary, *details))


def _named(titles: Sequence[str]) -> str:
    shown = "; ".join(titles[:MAX_NAMED])
    return f"{shown}; and {len(titles) - MAX_NAMED} more" if len(titles) > MAX_NAMED else shown
