"""One line of the log for each event: `event=<noun-verb> key=value …`; events.py lists them.

Lines about a scan's work also have `scan= step= collector= attempt=`, and `-` where one is unknown. People and
alert rules read the values: they hold no token, no URL with its query, and nothing of a customer's but ids.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from shared.observability.events import Event

FIELDS = ("scan", "step", "collector", "attempt")
"""In every line about a scan's work."""

LINE_BREAKERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters, line separators and changes of direction: a value with one could look like another line."""

_NOTHING: Mapping[str, object] = MappingProxyType({})
_work: ContextVar[Mapping[str, object]] = ContextVar("work", default=_NOTHING)


@contextmanager
def working_on(**names: object) -> Iterator[None]:
    """Name the current work in every line logged within. A value of None keeps the outer one."""
    token = _work.set({**_work.get(), **{name: value for name, value in names.items() if value is not None}})
    try:
        yield
    finally:
        _work.reset(token)


def add_to_work(**names: object) -> None:
    """Name more of the current work, from here to its end. Outside of `working_on` nothing is kept."""
    if _work.get() is not _NOTHING:
        _work.set({**_work.get(), **names})


def log_event(
    log: logging.Logger,
    event: Event,
    reason: object = None,
    *,
    about: Mapping[str, object] = _NOTHING,
    alert: str | None = None,
    level: int = logging.INFO,
    exc_info: bool = False,
    **more: object,
) -> None:
    """Write the line; `about` and `more` are values besides those of the current work.

    `alert` notifies the engineer on call: bicep/alerts.bicep has a rule for each.
    """
    known = {**_work.get(), **about, **more}
    values: dict[str, object] = {"alert": alert} if alert else {}
    values["event"] = event.value
    if known.keys() & set(FIELDS):
        values |= {name: known.pop(name, None) for name in FIELDS}
    values |= known
    if reason is not None:
        values["reason"] = reason
    template = " ".join(f"{name}=%s" for name in values)
    words = ("-" if word is None else _in_one_line(word) for word in values.values())
    log.log(logging.ERROR if alert else level, template, *words, exc_info=exc_info)


def _in_one_line(word: object) -> object:
    """Return the value as it is, or its text with blanks in place of what would break the line."""
    text = str(word)
    return LINE_BREAKERS.sub(" ", text) if LINE_BREAKERS.search(text) else word
