"""What a fault of the matrix is, and what may come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.faults.matrix.azure import Spoil
from tests.faults.matrix.truth import PAGES, REPULL

if TYPE_CHECKING:
    from tests.faults.matrix.bench import Bench


class Ends(StrEnum):
    """How what the fault hit ends; everything else of the scan ends whole, but where no one is signed in any more."""

    WHOLE = "whole"
    BLOCKED = "blocked"
    PARTLY = "partly"
    SKIPPED = "skipped"
    FAILED = "failed"
    SIGN_IN = "sign in"
    NEVER = "n/a"


@dataclass(frozen=True)
class Expected:
    """`words` stand in the reason that the customer reads, or say why the cell cannot be.

    `role` is what is to be granted; `alert` is what calls an operator. `is_everywhere` where the fault
    hits all that has not been read yet.
    """

    ends: Ends
    words: str = ""
    role: str = ""
    alert: str = ""
    is_everywhere: bool = False


WHOLE = Expected(Ends.WHOLE)


def blocked(role: str) -> Expected:
    """The customer can grant this role on the subscription."""
    return Expected(Ends.BLOCKED, role, role=role)


def skipped(words: str) -> Expected:
    """Azure does not offer it."""
    return Expected(Ends.SKIPPED, words)


def failed(words: str, alert: str = "", *, is_everywhere: bool = False) -> Expected:
    """It was given up."""
    return Expected(Ends.FAILED, words, alert=alert, is_everywhere=is_everywhere)


def partly(words: str, alert: str = "") -> Expected:
    """The rest of it was read."""
    return Expected(Ends.PARTLY, words, alert=alert)


def sign_in(words: str) -> Expected:
    """The scan ends: the user has to sign in again."""
    return Expected(Ends.SIGN_IN, words)


def never(why: str) -> Expected:
    """The fault cannot hit this."""
    return Expected(Ends.NEVER, why)


def only(*subjects: str, why: str) -> dict[str, Expected]:
    """What all others are, where a fault can hit these alone."""
    return {subject: never(why) for subject in PAGES if subject not in subjects}


@dataclass(frozen=True, eq=False)
class Fault:
    """One line of the matrix. `but` is what is otherwise where the subject is this one.

    `spoil` makes an answer of Azure's a fault; `disturb` arranges for a fault of our own, on a bench
    that is about to scan.
    """

    group: str
    name: str
    expected: Expected = WHOLE
    but: Mapping[str, Expected] = field(default_factory=dict)
    spoil: Spoil | None = None
    disturb: "Callable[[Bench], None] | None" = None

    def expected_of(self, subject: str) -> Expected:
        if subject == REPULL:
            return self.expected_of("costs") if self.disturb is None else never("shown by the scan's own steps")
        return self.but.get(subject, self.expected)
