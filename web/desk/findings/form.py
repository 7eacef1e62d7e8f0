"""The form of a finding: its fields, its validation, and the edit it stands for."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from shared.core.findings import Confidence, Effort, Finding, Measure, Saving, SavingBasis, SavingFrom
from shared.core.formats import exact
from shared.core.money import a_year_of
from shared.sql.findings.edits import Edit
from web.desk.findings.limits import OWNER_CHARACTERS, TEXT_BYTES, TITLE_CHARACTERS
from web.http.forms import MAX_VERSION, whole_number

AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
CURRENCY = re.compile(r"[A-Z]{3}")
YES = "yes"
"""The value of a checked box."""


@dataclass(frozen=True)
class FindingForm:
    """The fields as typed. `operation` is the pressed button, `position` the resource whose evidence is shown."""

    title: str = ""
    text: str = ""
    measure: str = ""
    confidence: str = ""
    effort: str = ""
    owner: str = ""
    currency: str = ""
    monthly: str = ""
    yearly: str = ""
    use_billed_cost: str = ""
    version: str = ""
    q: str = ""
    position: str = ""
    evidence_label: str = ""
    evidence_value: str = ""
    operation: str = ""


def characters(text: str) -> int:
    """Return the length in UTF-16 code units, as SQL Server counts it."""
    return len(text.encode("utf-16-le")) // 2


def parsed(form: Mapping[str, str]) -> FindingForm:
    """Return the fields of a submitted form."""
    values = {each.name: form.get(each.name, "") for each in fields(FindingForm)}
    for name in ("monthly", "yearly"):
        values[name] = values[name].strip()
    values["text"] = values["text"].replace("\r\n", "\n")
    return FindingForm(**values)


def form_of(finding: Finding, whole: Sequence[Saving], currency: str) -> FindingForm:
    """Return the form of a stored finding; `currency` is preselected if it has no entered amount."""
    named = whole[0] if whole else None
    return FindingForm(
        title=finding.title,
        text=finding.text,
        measure=finding.measure,
        confidence=finding.confidence,
        effort=finding.effort,
        owner=finding.owner or "",
        currency=named.currency if named else currency,
        monthly=exact(named.monthly) if named else "",
        yearly=exact(named.named_year) if named and named.named_year is not None else "",
        use_billed_cost="" if finding.saving_from is SavingFrom.NONE else YES,
        version=str(finding.version),
    )


def problems_of(form: FindingForm, currencies: Collection[str] = ()) -> tuple[str, ...]:
    """Return the validation errors; `currencies` are those the customer is billed in."""
    found: list[str] = []
    size, title = len(form.text.encode()), characters(form.title)
    if not form.title.strip() or title > TITLE_CHARACTERS:
        found.append(f"Enter a title of 1 to {TITLE_CHARACTERS} characters. It has {title:,}.")
    if size > TEXT_BYTES:
        found.append(
            f"The text has {size:,} bytes; the limit is {TEXT_BYTES:,}. Your text is still in the form below. Shorten "
            "it, or move a part of it to another finding."
        )
    if characters(form.owner) > OWNER_CHARACTERS:
        found.append(f"The owner's name has more than {OWNER_CHARACTERS} characters.")
    found += _of_saving(form, currencies)
    is_chosen = form.confidence in tuple(Confidence) and form.effort in tuple(Effort)
    if not is_chosen or form.measure not in ("", *Measure):
        found.append("Choose the confidence, the effort and the action from the lists.")
    if version_of(form) is None:
        found.append("The version number is missing. Open the finding again and paste your text.")
    return tuple(found)


def version_of(form: FindingForm) -> int | None:
    """Return the version of the finding that was edited."""
    return whole_number(form.version, MAX_VERSION)


def _of_saving(form: FindingForm, currencies: Collection[str]) -> list[str]:
    found: list[str] = []
    for name, amount in (("monthly", form.monthly), ("yearly", form.yearly)):
        if amount and not AMOUNT.fullmatch(amount):
            found.append(f"The {name} saving is not a valid amount. Enter a number such as 1234.50.")
    if form.yearly and not form.monthly:
        found.append("Enter a monthly saving as well as the yearly one.")
    if form.monthly and not CURRENCY.fullmatch(form.currency):
        found.append("Enter the currency of the saving as a three-letter code such as GBP.")
    elif form.monthly and currencies and form.currency not in currencies:
        found.append(f"Choose a currency the customer is billed in: {', '.join(sorted(currencies))}.")
    return found


def edit_of(form: FindingForm, finding: Finding) -> Edit:
    """Return the edit of a valid form. A rule's finding keeps its action and its resources' savings."""
    savings = (_named(form),) if form.monthly else ()
    source = SavingFrom.RESOURCES if form.use_billed_cost == YES or not finding.is_written else SavingFrom.NONE
    return Edit(
        title=form.title.strip(),
        text=form.text,
        confidence=Confidence(form.confidence),
        effort=Effort(form.effort),
        owner=form.owner.strip() or None,
        savings=savings,
        measure=Measure(form.measure) if form.measure and finding.is_written else finding.measure,
        saving_from=SavingFrom.NAMED if savings else source,
    )


def _named(form: FindingForm) -> Saving:
    monthly = Decimal(form.monthly)
    year = Decimal(form.yearly) if form.yearly else None
    return Saving(
        form.currency, monthly, SavingBasis.REVIEWER, None if year is None or year == a_year_of(monthly) else year
    )


def is_as_stored(edit: Edit, finding: Finding, whole: Sequence[Saving]) -> bool:
    """Return whether saving would change nothing."""
    same = ("title", "text", "confidence", "effort", "owner", "measure", "saving_from")
    return all(getattr(edit, name) == getattr(finding, name) for name in same) and [*edit.savings] == [*whole]
