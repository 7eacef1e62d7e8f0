"""The operations on the resources and evidence of a finding, one per button of the editor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from shared.core.findings import TYPED, AffectedResource, Evidence, SavingFrom
from shared.core.owner_tags import owner_in
from shared.evidence.offers import StoredEvidence, offers_of, offers_of_all
from shared.sql.collected.inventory import InventoryRow
from shared.sql.findings.edits import FindingContent
from web.desk.findings.form import FindingForm, characters
from web.http.forms import whole_number

WHOLE_FINDING = 0
"""The position of evidence for the whole finding."""

LABEL_CHARACTERS = 120
VALUE_CHARACTERS = 600
MAX_EVIDENCE = 40
MAX_RESOURCES = 1_000


class OperationRefused(Exception):
    """The operation was not done; the text tells the reviewer why."""


@dataclass(frozen=True)
class FindingContext:
    """A finding's resources and evidence. `rows` are stored rows of its resources and of those in `found`."""

    resources: tuple[AffectedResource, ...]
    excluded: tuple[AffectedResource, ...]
    evidence: tuple[Evidence, ...]
    rows: StoredEvidence
    is_written: bool
    found: Sequence[InventoryRow] = ()


def edited_content(context: FindingContext, form: FindingForm) -> FindingContent | None:
    """Apply the operation of the pressed button; None if it changes nothing. Raises OperationRefused."""
    word, _, rest = form.operation.partition(" ")
    if not word and form.evidence_label.strip() and form.evidence_value.strip():
        word, rest = "enter-evidence", form.position or str(WHOLE_FINDING)
    operation = OPERATIONS.get(word)
    return operation(context, rest, form) if operation else None


def recounted(
    resources: Sequence[AffectedResource], rows: StoredEvidence, source: SavingFrom
) -> list[AffectedResource]:
    """Return the resources with their billed cost as savings, if the finding takes its savings from them."""
    if source is not SavingFrom.RESOURCES:
        return [replace(each, savings=(), note=None) for each in resources]
    billed = rows.billed
    counted = [(each, *billed.savings(each.resource_id, each.sub_account_id)) for each in resources]
    return [replace(each, savings=savings, note=note) for each, savings, note in counted]


def _add(context: FindingContext, _rest: str, _form: FindingForm) -> FindingContent:
    if not context.is_written:
        raise OperationRefused("A rule selected these resources. You can exclude resources, but not add any.")
    if not context.found:
        raise OperationRefused("This resource is not in this scan, so it was not added.")
    known = {each.resource_id for each in context.resources}
    fresh = [row for row in context.found if row.resource_id not in known]
    if len(context.resources) + len(fresh) > MAX_RESOURCES:
        raise OperationRefused(f"A finding can have at most {MAX_RESOURCES:,} resources.")
    ids = {row.resource_id for row in fresh}
    kept = [each for each in context.excluded if each.resource_id not in ids]
    names = ", ".join(row.resource_name for row in fresh[:3])
    more = f" and {len(fresh) - 3:,} more" if len(fresh) > 3 else ""
    resources = [*context.resources, *(resource_of(row) for row in fresh)]
    return FindingContent(resources, kept, context.evidence, f"Added {names}{more}.")


def resource_of(row: InventoryRow) -> AffectedResource:
    """Return an inventory row as an affected resource without evidence or savings."""
    return AffectedResource(
        row.resource_id,
        row.resource_name,
        row.resource_type,
        row.sub_account_id,
        row.resource_group,
        row.region_id,
        owner_tag=owner_in(row.tags_json),
    )


def _exclude(context: FindingContext, rest: str, _form: FindingForm) -> FindingContent:
    chosen = _at(context.resources, rest)
    kept = [each for each in context.resources if each is not chosen]
    return FindingContent(kept, [*context.excluded, chosen], context.evidence, f"Excluded {chosen.resource_name}.")


def _include(context: FindingContext, rest: str, _form: FindingForm) -> FindingContent:
    chosen = _at(context.excluded, rest)
    kept = [each for each in context.excluded if each is not chosen]
    return FindingContent(
        [*context.resources, chosen], kept, context.evidence, f"Included {chosen.resource_name} again."
    )


def _add_evidence(context: FindingContext, rest: str, _form: FindingForm) -> FindingContent:
    position, _, source = rest.partition(" ")
    offer = next((each for each in offers_at(context, position) if each.source == source), None)
    if offer is None:
        raise OperationRefused("This scan does not contain this figure, so it was not added.")

    def with_offer(lines: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return (*(line for line in lines if line.source != source), offer)

    return _changed(context, position, with_offer, f"Added evidence: {offer.label}.")


def offers_at(context: FindingContext, position: str) -> list[Evidence]:
    """Return the stored figures that can be added as evidence at this position."""
    if position == str(WHOLE_FINDING):
        return offers_of_all(context.rows, context.resources)
    chosen = _at(context.resources, position)
    return offers_of(context.rows, chosen.resource_id, chosen.sub_account_id)


def _enter_evidence(context: FindingContext, rest: str, form: FindingForm) -> FindingContent:
    line = Evidence(form.evidence_label.strip(), form.evidence_value.strip(), TYPED)
    if not line.label or not line.value:
        raise OperationRefused("Enter a label and a value for the evidence.")
    if characters(line.label) > LABEL_CHARACTERS or characters(line.value) > VALUE_CHARACTERS:
        raise OperationRefused(f"The label can have {LABEL_CHARACTERS} characters and the value {VALUE_CHARACTERS}.")
    return _changed(context, rest, lambda lines: (*lines, line), f"Added evidence manually: {line.label}.")


def _remove_evidence(context: FindingContext, rest: str, _form: FindingForm) -> FindingContent:
    position, _, index = rest.partition(" ")

    def without(lines: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        chosen = whole_number(index, len(lines) - 1)
        if chosen is None or not lines[chosen].source:
            raise OperationRefused("This evidence no longer exists.")
        return (*lines[:chosen], *lines[chosen + 1 :])

    return _changed(context, position, without, "Removed evidence.")


EvidenceChange = Callable[[tuple[Evidence, ...]], tuple[Evidence, ...]]


def _changed(context: FindingContext, position: str, change: EvidenceChange, description: str) -> FindingContent:
    """Apply a change to the evidence at one position."""
    if position == str(WHOLE_FINDING):
        return FindingContent(context.resources, context.excluded, _checked(change(context.evidence)), description)
    chosen = _at(context.resources, position)
    changed = replace(chosen, evidence=_checked(change(chosen.evidence)))
    resources = [changed if each is chosen else each for each in context.resources]
    return FindingContent(resources, context.excluded, context.evidence, f"{chosen.resource_name}: {description}")


def _checked(lines: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    if len(lines) > MAX_EVIDENCE:
        raise OperationRefused(f"There are already {MAX_EVIDENCE} lines of evidence. Remove one first.")
    return lines


def _at(resources: Sequence[AffectedResource], position: str) -> AffectedResource:
    """Return the resource at this position."""
    chosen = next((each for each in resources if position == str(each.position)), None)
    if chosen is None:
        raise OperationRefused("This resource is no longer part of the finding.")
    return chosen


OPERATIONS: dict[str, Callable[[FindingContext, str, FindingForm], FindingContent]] = {
    "add": _add,
    "add-all": _add,
    "exclude": _exclude,
    "include": _include,
    "add-evidence": _add_evidence,
    "enter-evidence": _enter_evidence,
    "remove-evidence": _remove_evidence,
}
