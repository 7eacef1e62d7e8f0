"""The text of a draft in Markdown: why, what to do, how the savings are calculated, and what is not included."""

from collections.abc import Mapping, Sequence
from datetime import date

from findings.rule import RuleText
from shared.core.formats import month

NAMES_SHOWN = 10


def text_of(
    text: RuleText,
    billed_month: date | None,
    excluded: Mapping[str, int] | None = None,
    unread: Sequence[str] = (),
) -> str:
    """Return the paragraphs; `billed_month` is the month whose billed cost is the saving, None if there is none."""
    parts = [text.why, f"**What to do.** {text.remedy}"]
    if billed_month is not None:
        parts.append(
            f"**How the savings are calculated.** The monthly saving is what you were billed for each resource in "
            f"{month(billed_month)}, the last complete month. The yearly saving is twelve times that amount."
        )
    if excluded:
        lines = "\n".join(f"- {count:,}: {sentence}" for sentence, count in sorted(excluded.items()))
        parts.append(f"**Excluded from this finding.**\n\n{lines}")
    if unread:
        parts.append(f"**Not checked.** We could not read all resources of {_names(unread)}.")
    parts.append(f"[Microsoft documentation]({text.source})")
    return "\n\n".join(parts)


def _names(names: Sequence[str]) -> str:
    """Return the first names, with Markdown's characters escaped."""
    listed = ", ".join(escaped(name) for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return f"{listed} and {more:,} more" if more > 0 else listed


def escaped(text: str) -> str:
    """Escape the text so that Markdown shows it literally."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>()#+-.!|~" else sign for sign in text)
