"""The text of a draft, in Markdown: what was found, what to do, what was left out, what was not looked at."""

from collections.abc import Mapping, Sequence
from datetime import date

from findings.rule import Words
from shared.core.formats import month

NAMES_SHOWN = 10


def text_of(
    words: Words,
    billed_month: date | None,
    left_out: Mapping[str, int] | None = None,
    unread: Sequence[str] = (),
) -> str:
    """The paragraphs; `billed_month` is the month whose cost the saving is, None where there is none."""
    parts = [words.why, f"**What to do.** {words.remedy}"]
    if billed_month is not None:
        parts.append(
            f"**How the saving is worked out.** It is what you were billed for each resource in {month(billed_month)}, "
            "the last complete month; a year is twelve such months."
        )
    if left_out:
        lines = "\n".join(f"- {count:,}: {sentence}" for sentence, count in sorted(left_out.items()))
        parts.append(f"**Left out on purpose.**\n\n{lines}")
    if unread:
        parts.append(f"**Not looked at.** The resources of {_names(unread)} could not be read in full.")
    parts.append(f"[What Microsoft says about it]({words.source})")
    return "\n\n".join(parts)


def _names(names: Sequence[str]) -> str:
    """As many as can be read; what Markdown would take for its own is escaped."""
    listed = ", ".join(escaped(name) for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return f"{listed} and {more:,} more" if more > 0 else listed


def escaped(text: str) -> str:
    """The text so that Markdown shows it as it is."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>()#+-.!|~" else sign for sign in text)
