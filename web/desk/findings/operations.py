"""What a reviewer does to the resources and the evidence of a finding: one button, one act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from shared.core.findings import TYPED, AffectedResource, Evidence, SavingFrom
from shared.evidence.offers import Rows, offers_of, offers_of_all
from shared.sql.collected.inventory import InventoryRow
from shared.sql.findings.edits import Parts
from web.desk.findings.form import Written, characters

WHOLE = 0
"""The place of evidence that is of the finding as a whole."""

LABEL_CHARACTERS = 120
VALUE_CHARACTERS = 600
MOST_LINES = 40
MOST_RESOURCES = 1_000


class CannotAct(Exception):
    """Why nothing was done, in a sentence for the reviewer."""


@dataclass(frozen=True)
class About:
    """What a finding is about now. `rows` are stored of its resources and of those in `found`."""

    resources: tuple[AffectedResource, ...]
    left_out: tuple[AffectedResource, ...]
    evidence: tuple[Evidence, ...]
    rows: Rows
    is_written: bool
    found: Sequence[InventoryRow] = ()


def parts_of(about: About, given: Written) -> Parts | None:
    """What the pressed button makes of it; None for one that changes nothing. Raises CannotAct."""
    word, _, rest = given.act.partition(" ")
    if not word and given.ev_label.strip() and given.ev_value.strip():
        word, rest = "type", given.at or str(WHOLE)
    act = ACTS.get(word)
    return act(about, rest, given) if act else None


def recounted(resources: Sequence[AffectedResource], rows: Rows, source: SavingFrom) -> list[AffectedResource]:
    """With what each was billed as its saving, where that is what the finding saves."""
    if source is not SavingFrom.RESOURCES:
        return [replace(each, savings=(), note=None) for each in resources]
    billed = rows.billed
    counted = [(each, *billed.savings(each.resource_id, each.sub_account_id)) for each in resources]
    return [replace(each, savings=savings, note=note) for each, savings, note in counted]


def _add(about: About, _rest: str, _given: Written) -> Parts:
    if not about.is_written:
        raise CannotAct("A rule chose these resources: one can be left out, but none be added.")
    if not about.found:
        raise CannotAct("This resource is not in this scan, so it was not added.")
    known = {each.resource_id for each in about.resources}
    fresh = [row for row in about.found if row.resource_id not in known]
    if len(about.resources) + len(fresh) > MOST_RESOURCES:
        raise CannotAct(f"A finding names at most {MOST_RESOURCES:,} resources.")
    ids = {row.resource_id for row in fresh}
    kept = [each for each in about.left_out if each.resource_id not in ids]
    names = ", ".join(row.resource_name for row in fresh[:3])
    more = f" and {len(fresh) - 3:,} more" if len(fresh) > 3 else ""
    resources = [*about.resources, *(resource_of(row) for row in fresh)]
    return Parts(resources, kept, about.evidence, f"Added {names}{more}.")


def resource_of(row: InventoryRow) -> AffectedResource:
    """A resource of the inventory, without evidence and savings."""
    return AffectedResource(
        row.resource_id, row.resource_name, row.resource_type, row.sub_account_id, row.resource_group, row.region_id
    )


def _leave_out(about: About, rest: str, _given: Written) -> Parts:
    chosen = _at(about.resources, rest)
    kept = [each for each in about.resources if each is not chosen]
    return Parts(kept, [*about.left_out, chosen], about.evidence, f"Left out {chosen.resource_name}.")


def _put_back(about: About, rest: str, _given: Written) -> Parts:
    chosen = _at(about.left_out, rest)
    kept = [each for each in about.left_out if each is not chosen]
    return Parts([*about.resources, chosen], kept, about.evidence, f"Put back {chosen.resource_name}.")


def _cite(about: About, rest: str, _given: Written) -> Parts:
    place, _, source = rest.partition(" ")
    offer = next((each for each in offers_at(about, place) if each.source == source), None)
    if offer is None:
        raise CannotAct("This figure is not stored in this scan, so it was not added.")

    def with_offer(lines: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return (*(line for line in lines if line.source != source), offer)

    return _changed(about, place, with_offer, f"Added evidence: {offer.label}.")


def offers_at(about: About, place: str) -> list[Evidence]:
    """What can be cited about the resource at this place, or about all of them."""
    if place == str(WHOLE):
        return offers_of_all(about.rows, about.resources)
    chosen = _at(about.resources, place)
    return offers_of(about.rows, chosen.resource_id, chosen.sub_account_id)


def _type(about: About, rest: str, given: Written) -> Parts:
    line = Evidence(given.ev_label.strip(), given.ev_value.strip(), TYPED)
    if not line.label or not line.value:
        raise CannotAct("Evidence needs a label and a value.")
    if characters(line.label) > LABEL_CHARACTERS or characters(line.value) > VALUE_CHARACTERS:
        raise CannotAct(f"A label has at most {LABEL_CHARACTERS} characters, a value {VALUE_CHARACTERS}.")
    return _changed(about, rest, lambda lines: (*lines, line), f"Added evidence by hand: {line.label}.")


def _drop(about: About, rest: str, _given: Written) -> Parts:
    place, _, index = rest.partition(" ")

    def without(lines: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        if not index.isdecimal() or int(index) >= len(lines) or not lines[int(index)].source:
            raise CannotAct("This line is not there any more.")
        return (*lines[: int(index)], *lines[int(index) + 1 :])

    return _changed(about, place, without, "Removed evidence.")


Change = Callable[[tuple[Evidence, ...]], tuple[Evidence, ...]]


def _changed(about: About, place: str, change: Change, said: str) -> Parts:
    """The evidence at one place, changed."""
    if place == str(WHOLE):
        return Parts(about.resources, about.left_out, _few(change(about.evidence)), said)
    chosen = _at(about.resources, place)
    resources = [
        replace(each, evidence=_few(change(each.evidence))) if each is chosen else each for each in about.resources
    ]
    return Parts(resources, about.left_out, about.evidence, f"{chosen.resource_name}: {said}")


def _few(lines: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    if len(lines) > MOST_LINES:
        raise CannotAct(f"There are {MOST_LINES} lines of evidence already: remove one first.")
    return lines


def _at(resources: Sequence[AffectedResource], place: str) -> AffectedResource:
    """The resource with this number."""
    chosen = next((each for each in resources if place == str(each.position)), None)
    if chosen is None:
        raise CannotAct("This resource is not part of the finding any more.")
    return chosen


ACTS: dict[str, Callable[[About, str, Written], Parts]] = {
    "add": _add,
    "add-all": _add,
    "leave-out": _leave_out,
    "put-back": _put_back,
    "cite": _cite,
    "type": _type,
    "drop": _drop,
}
