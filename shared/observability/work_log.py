"""What becomes of work, as one line of the log each: `event=… scan=… step=… collector=… attempt=… … reason=…`.

Whoever works on something says once what it is; every line below names it. The words are read by
people and by alerts: they hold no token, no address with its query, nothing of a customer's.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

FIELDS = ("scan", "step", "collector", "attempt")
"""In every line; `-` where there is none."""

_NOTHING: Mapping[str, object] = MappingProxyType({})
_work: ContextVar[Mapping[str, object]] = ContextVar("work", default=_NOTHING)


@contextmanager
def working_on(**names: object) -> Iterator[None]:
    """Within, every line names this work. What is None is as it was outside."""
    token = _work.set({**_work.get(), **{name: value for name, value in names.items() if value is not None}})
    try:
        yield
    finally:
        _work.reset(token)


def tell(
    log: logging.Logger,
    event: str,
    reason: object = None,
    *,
    about: Mapping[str, object] = _NOTHING,
    alert: str | None = None,
    level: int = logging.INFO,
    exc_info: bool = False,
    **more: object,
) -> None:
    """Writes the line; `about` and `more` are names besides those of the work that is under way.

    `alert` calls an operator: there is a rule for each in bicep/alerts.bicep.
    """
    told = {**_work.get(), **about, **more}
    values: dict[str, object] = {"alert": alert} if alert else {}
    values["event"] = event
    values |= {name: told.pop(name, None) for name in FIELDS}
    values |= {**told, "reason": reason}
    template = " ".join(f"{name}=%s" for name in values)
    words = ("-" if word is None else word for word in values.values())
    log.log(logging.ERROR if alert else level, template, *words, exc_info=exc_info)
