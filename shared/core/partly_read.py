"""What of a reading Azure refused while the rest of it was read: named, never taken for nothing."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

PARTLY_READ = "PartlyRead"
"""The status code of a step that was read with the exception of what `unread_json` names."""

NAMED = 4
"""How many of those with one reason a sentence names; the others are counted."""


@dataclass(frozen=True)
class Unread:
    """One request of a step that Azure refused. `what` is its title, `reason` a sentence for people."""

    what: str
    code: str
    reason: str


def unread_of(written: str | None) -> tuple[Unread, ...]:
    """What a step's or a job's `unread_json` says."""
    return tuple(Unread(**each) for each in json.loads(written)) if written else ()


def with_another(written: str | None, another: Unread) -> str:
    """The same text with one more."""
    return json.dumps([asdict(each) for each in (*unread_of(written), another)], ensure_ascii=False)


def sentence(written: str, of: int) -> str:
    """`1 of 30 lists was not read, so what it would say is not known. MariaDB, single scope: Azure refused …`."""
    unread = unread_of(written)
    noun, verb, they = "list" if of == 1 else "lists", *(("was", "it") if len(unread) == 1 else ("were", "they"))
    reasons = dict.fromkeys(each.reason for each in unread)
    told = [f"{_named([one.what for one in unread if one.reason == reason])}: {reason}" for reason in reasons]
    beginning = f"{len(unread)} of {of} {noun} {verb} not read, so what {they} would say is not known."
    return " ".join((beginning, *told))


def _named(titles: Sequence[str]) -> str:
    shown = "; ".join(titles[:NAMED])
    return f"{shown}; and {len(titles) - NAMED} more" if len(titles) > NAMED else shown
