"""The form of a finding: what was typed, what keeps it from being saved, and what it means."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from shared.core.findings import Confidence, Effort, Finding, Measure, Saving, SavingBasis, SavingFrom
from shared.core.formats import exact
from shared.core.money import a_year_of
from shared.sql.findings.edits import Edit

TITLE_CHARACTERS = 300
TEXT_BYTES = 100_000
OWNER_CHARACTERS = 320
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
CURRENCY = re.compile(r"[A-Z]{3}")
VERSION = re.compile(r"[0-9]{1,9}")
COUNTS = "yes"
"""The value of the box that says: what the resources were billed is what it saves."""


@dataclass(frozen=True)
class Written:
    """What the form holds, as it was typed. `act` is the pressed button's; `at` the resource whose evidence is open."""

    title: str = ""
    text: str = ""
    measure: str = ""
    confidence: str = ""
    effort: str = ""
    owner: str = ""
    currency: str = ""
    monthly: str = ""
    yearly: str = ""
    bill_counts: str = ""
    version: str = ""
    q: str = ""
    at: str = ""
    ev_label: str = ""
    ev_value: str = ""
    act: str = ""


def characters(text: str) -> int:
    """The length as SQL Server counts it: a sign outside of Unicode's first plane is two."""
    return len(text.encode("utf-16-le")) // 2


def written(form: Mapping[str, str]) -> Written:
    """The form's fields."""
    values = {each.name: form.get(each.name, "") for each in fields(Written)}
    for name in ("monthly", "yearly"):
        values[name] = values[name].strip()
    values["text"] = values["text"].replace("\r\n", "\n")
    return Written(**values)


def as_stored(finding: Finding, whole: Sequence[Saving], currency: str) -> Written:
    """The form of a finding as it is stored; `currency` is offered where none was named."""
    named = whole[0] if whole else None
    return Written(
        title=finding.title,
        text=finding.text,
        measure=finding.measure,
        confidence=finding.confidence,
        effort=finding.effort,
        owner=finding.owner or "",
        currency=named.currency if named else currency,
        monthly=exact(named.monthly) if named else "",
        yearly=exact(named.named_year) if named and named.named_year is not None else "",
        bill_counts="" if finding.saving_from is SavingFrom.NONE else COUNTS,
        version=str(finding.version),
    )


def problems_of(given: Written, currencies: Collection[str] = ()) -> tuple[str, ...]:
    """What keeps it from being saved, in sentences; `currencies` are those that the customer is billed in."""
    found: list[str] = []
    size, title = len(given.text.encode()), characters(given.title)
    if not given.title.strip() or title > TITLE_CHARACTERS:
        found.append(f"The title needs 1 to {TITLE_CHARACTERS} characters; it has {title:,}.")
    if size > TEXT_BYTES:
        found.append(
            f"The text has {size:,} bytes; {TEXT_BYTES:,} is the most. Nothing was saved and nothing is lost: it is "
            "all in the form below. Shorten it, or put the rest into a second finding."
        )
    if characters(given.owner) > OWNER_CHARACTERS:
        found.append(f"The owner's name is longer than {OWNER_CHARACTERS} characters.")
    found += _of_saving(given, currencies)
    is_chosen = given.confidence in tuple(Confidence) and given.effort in tuple(Effort)
    if not is_chosen or given.measure not in ("", *Measure):
        found.append("Confidence, effort and what is to be done are chosen from their lists.")
    if not VERSION.fullmatch(given.version):
        found.append("The form does not say which version it is of: open the finding again and paste your text.")
    return tuple(found)


def _of_saving(given: Written, currencies: Collection[str]) -> list[str]:
    found: list[str] = []
    for name, amount in (("saving", given.monthly), ("saving of a year", given.yearly)):
        if amount and not AMOUNT.fullmatch(amount):
            found.append(f"The {name} is not an amount such as 1234.50.")
    if given.yearly and not given.monthly:
        found.append("A saving of a year needs that of a month as well.")
    if given.monthly and not CURRENCY.fullmatch(given.currency):
        found.append("The saving needs a currency: a code of three capitals such as GBP.")
    elif given.monthly and currencies and given.currency not in currencies:
        found.append(f"This customer is billed in {' and '.join(sorted(currencies))}: choose one of them.")
    return found


def edit_of(given: Written, finding: Finding) -> Edit:
    """What was written, once it has no problems. What a rule found keeps its measure, and its resources' savings."""
    savings = (_named(given),) if given.monthly else ()
    source = SavingFrom.RESOURCES if given.bill_counts == COUNTS or not finding.is_written else SavingFrom.NONE
    return Edit(
        title=given.title.strip(),
        text=given.text,
        confidence=Confidence(given.confidence),
        effort=Effort(given.effort),
        owner=given.owner.strip() or None,
        savings=savings,
        measure=Measure(given.measure) if given.measure and finding.is_written else finding.measure,
        saving_from=SavingFrom.NAMED if savings else source,
    )


def _named(given: Written) -> Saving:
    monthly = Decimal(given.monthly)
    year = Decimal(given.yearly) if given.yearly else None
    return Saving(
        given.currency, monthly, SavingBasis.REVIEWER, None if year is None or year == a_year_of(monthly) else year
    )


def is_as_stored(edit: Edit, finding: Finding, whole: Sequence[Saving]) -> bool:
    """Whether saving would change nothing."""
    same = ("title", "text", "confidence", "effort", "owner", "measure", "saving_from")
    return all(getattr(edit, name) == getattr(finding, name) for name in same) and [*edit.savings] == [*whole]
