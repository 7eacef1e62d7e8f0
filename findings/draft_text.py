"""The text of a draft in Markdown: why, what to do, how the savings are calculated, and what is not included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from findings.commands import BEFORE
from findings.rule import RuleText
from shared.core.findings import SavingBasis
from shared.core.formats import month

NAMES_SHOWN = 10
PARTNER = (
    "For subscriptions that a partner invoices, these are Azure's public prices: your partner's invoice may differ."
)
STILL_OPEN = (
    "Azure had not closed that month when we read it: charges can change until about the fifth day of the next."
)


@dataclass(frozen=True)
class CostMonth:
    """The month that savings are from, the bases of their amounts, and whether it could still change when read.

    `part` names the part of the bill that is saved, if it is not the whole.
    """

    month: date
    bases: frozenset[SavingBasis]
    is_open: bool = False
    part: str = ""


def text_of(
    text: RuleText,
    amounts: CostMonth | None,
    excluded: Mapping[str, int] | None = None,
    unread: Sequence[str] = (),
    undo: str = "",
    command: str = "",
) -> str:
    """Return the paragraphs; `amounts` is the month whose cost is the saving, None if there is none."""
    parts = [text.why, f"**What to do.** {text.remedy}"]
    if command:
        parts.append(f"**Command for each resource.** {escaped(command)}\n\n{BEFORE}")
    if undo:
        parts.append(f"**How to undo it.** {undo}")
    if amounts is not None:
        parts.append(f"**How the savings are calculated.** {_calculation(amounts)}")
    if excluded:
        lines = "\n".join(f"- {count:,}: {sentence}" for sentence, count in sorted(excluded.items()))
        parts.append(f"**Excluded from this finding.**\n\n{lines}")
    if unread:
        parts.append(f"**Not checked.** We could not read all resources of {_names(unread)}.")
    parts.append(f"[Microsoft documentation]({text.source})")
    return "\n\n".join(parts)


def _calculation(amounts: CostMonth) -> str:
    """Return how the savings are calculated, whose prices they are at, and whether they can still change."""
    is_public = SavingBasis.PUBLIC_PRICE in amounts.bases
    what = "what Cost Management shows" if is_public else "what you were billed"
    of = f"the {amounts.part} of " if amounts.part else ""
    sentences = [
        f"The monthly saving is {what} for {of}each resource in {month(amounts.month)}, the last complete month.",
        "The yearly saving is twelve times that amount.",
    ]
    if is_public:
        sentences.append(PARTNER)
    if amounts.is_open:
        sentences.append(STILL_OPEN)
    return " ".join(sentences)


def _names(names: Sequence[str]) -> str:
    """Return the first names, with Markdown's characters escaped."""
    listed = ", ".join(escaped(name) for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return f"{listed} and {more:,} more" if more > 0 else listed


def escaped(text: str) -> str:
    """Escape the text so that Markdown shows it literally."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>()#+-.!|~" else sign for sign in text)
