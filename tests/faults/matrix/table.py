"""The matrix as a table that a terminal and Markdown both show well."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.faults.matrix.fault import Ends, Fault
from tests.faults.matrix.lines import FAULTS, SUBJECTS

LEGEND = """\
Each cell is one scan of two subscriptions in which the fault hits what is read of the first one.
  whole     all was read in the end, exactly the rows of a scan that nothing happened to;
            “+53 s” is how much longer it took
  partly    one item or list of it could not be read: it is counted and named, the rest is there
  blocked   not read; the report names the role or switch that is missing, and where
  skipped   not read; Azure does not offer it, the report says why and whom to ask
  failed    given up; the report says what is missing and why, and an alert was logged
  sign in   Entra refused the user's grant: the scan ends and asks for a new sign-in
  (1)       it cannot be: see below
The last column is a reviewer's re-pull of costs: where it is not whole, what was read before is kept as it was.
In every cell: no row doubled, none lost unsaid, none turned into a zero; totals are the sum of the rows;
the report's coverage names what is missing; the rest of the scan went on; a log line says scan, step,
collector, attempt and reason; no log line or reason holds a token, a link, a claim or Azure's own text.
"""

WIDTH = 13


@dataclass(frozen=True)
class Seen:
    """What became of a cell: what the customer reads, empty where all was read, and how much longer it took."""

    ends: Ends
    reads: str
    longer: float

    @property
    def text(self) -> str:
        return f"whole +{self.longer:.0f} s" if self.ends is Ends.WHOLE and self.longer >= 1 else str(self.ends)


Results = Mapping[tuple[Fault, str], Seen]


def table(results: Results) -> str:
    """The whole of it: legend, one table for each group, why cells are empty, what customers read."""
    seen = [fault for fault in FAULTS if any(known is fault for known, _ in results)]
    notes = Notes()
    groups = [
        _group(group, [fault for fault in seen if fault.group == group], results, notes)
        for group in dict.fromkeys(fault.group for fault in seen)
    ]
    parts = [*groups, ["Cells that cannot be:", *notes.lines()], ["What the customer reads:", *_sentences(results)]]
    return "\n\n".join([LEGEND, *("\n".join(part) for part in parts)])


class Notes:
    """Numbers for the reasons why cells cannot be."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, why: str) -> str:
        return f"({self._numbers.setdefault(why, len(self._numbers) + 1)})"

    def lines(self) -> Iterator[str]:
        return (f"  ({number}) {why}" for why, number in self._numbers.items())


def _group(group: str, faults: list[Fault], results: Results, notes: Notes) -> list[str]:
    name_width = max(len(group), *(len(fault.name) for fault in FAULTS))
    return [
        _line(group, [subject.replace("_", " ") for subject in SUBJECTS], name_width),
        f"|{'-' * (name_width + 2)}|" + f"{'-' * (WIDTH + 2)}|" * len(SUBJECTS),
        *(
            _line(each.name, [_cell(each, subject, results, notes) for subject in SUBJECTS], name_width)
            for each in faults
        ),
    ]


def _line(name: str, cells: list[str], name_width: int) -> str:
    return " | ".join([f"| {name:{name_width}}", *(f"{cell:{WIDTH}}" for cell in cells)]) + " |"


def _cell(fault: Fault, subject: str, results: Results, notes: Notes) -> str:
    expected = fault.expected_of(subject)
    if expected.ends is Ends.NEVER:
        return notes.mark(expected.words)
    seen = results.get((fault, subject))
    return seen.text if seen else ""


def _sentences(results: Results) -> Iterator[str]:
    """Each sentence once, with the faults after which it stands on the report."""
    after: dict[str, list[str]] = {}
    for (fault, _), seen in results.items():
        if seen.reads:
            after.setdefault(seen.reads, []).append(fault.name)
    for sentence, names in after.items():
        yield f"  {sentence}"
        yield f"      after: {'; '.join(dict.fromkeys(names))}"
