"""The listed subscriptions that are no part of a scan: other tenants' delegated ones, and those without a usable id."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

MAX_NAMED = 20
"""How many delegated subscriptions are kept by name; the others are counted."""


@dataclass(frozen=True)
class LeftOut:
    """`delegated` are names of subscriptions that other tenants delegate (Azure Lighthouse), as many as are named;
    `delegated_count` counts all of them, `unreadable` the listed subscriptions that could not be read.
    """

    delegated: tuple[str, ...] = ()
    delegated_count: int = 0
    unreadable: int = 0

    @classmethod
    def of(cls, delegated: Sequence[str], unreadable: int) -> "LeftOut":
        """Return what was left out; names in order, each cut to the length of a subscription's name."""
        names = sorted(delegated, key=str.casefold)
        return cls(tuple(name[:64] for name in names[:MAX_NAMED]), len(names), unreadable)

    @property
    def is_empty(self) -> bool:
        return not self.delegated_count and not self.unreadable

    def to_json(self) -> str:
        """Return the text that a scan stores."""
        return json.dumps(vars(self), ensure_ascii=False)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what the coverage says."""
        return tuple(sentence for sentence in (self._delegated(), self.unreadable_sentence) if sentence)

    def _delegated(self) -> str:
        if not self.delegated_count:
            return ""
        more = self.delegated_count - len(self.delegated)
        names = ", ".join(self.delegated) + (f" and {more} more" if more else "")
        noun, verb = ("subscription", "is") if self.delegated_count == 1 else ("subscriptions", "are")
        return (
            f"{self.delegated_count} delegated {noun} of other tenants {verb} not part of this scan: {names}. "
            "To scan a delegated subscription, sign in to its own tenant."
        )

    @property
    def unreadable_sentence(self) -> str:
        """Return what the coverage says of subscriptions that could not be read; empty if there are none."""
        if not self.unreadable:
            return ""
        what, of = ("1 subscription", "it") if self.unreadable == 1 else (f"{self.unreadable} subscriptions", "them")
        return (
            f"Azure listed {what} in a form that could not be read, so nothing of {of} was read. We have been alerted."
        )


NOTHING_LEFT_OUT = LeftOut()


def left_out_of(written: str | None) -> LeftOut:
    """Parse a scan's `left_out_json`."""
    if not written:
        return NOTHING_LEFT_OUT
    read = json.loads(written)
    return LeftOut(tuple(read["delegated"]), read["delegated_count"], read["unreadable"])
