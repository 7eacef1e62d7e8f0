"""`python3 -m tests.faults.matrix [words]`: runs all cells, or those with these words in fault and subject."""

import sys
import time

from tests.prepared import announced, continue_prepared, say

if __name__ == "__main__":
    continue_prepared("tests.faults.matrix")

from tests.faults.matrix.checks import check
from tests.faults.matrix.fault import Fault
from tests.faults.matrix.lines import cells
from tests.faults.matrix.table import Seen, table
from tests.faults.matrix.workshop import Workshop, workshop

DURATION = "about 2 minutes"


def seen(shop: Workshop, fault: Fault, subject: str) -> Seen:
    """Runs one cell. Raises AssertionError with what is wrong."""
    expected, whole = fault.expected_of(subject), shop.untroubled(subject)
    left = shop.scanned(subject, fault)
    reads = check(expected, subject, left, whole)
    return Seen(expected.ends, reads, left.seconds - whole.seconds)


def run(wanted: list[tuple[Fault, str]]) -> dict[tuple[Fault, str], Seen]:
    """Runs these cells and says after each how it ended; the result has those that are as expected."""
    results: dict[tuple[Fault, str], Seen] = {}
    with workshop() as shop:
        for number, (fault, subject) in enumerate(wanted, 1):
            began = time.monotonic()
            try:
                results[fault, subject] = seen(shop, fault, subject)
                ended = "as expected"
            except AssertionError as wrong:
                ended = f"NOT AS EXPECTED: {str(wrong)[:600]}"
            say(f"{number}/{len(wanted)} {time.monotonic() - began:4.1f} s  {fault.name} / {subject}: {ended}")
    return results


def main(words: list[str]) -> int:
    wanted = [
        (fault, subject) for fault, subject in cells() if all(word in f"{fault.name}: {subject}" for word in words)
    ]
    with announced(f"the fault matrix, {len(wanted)} cells", DURATION if not words else f"all cells take {DURATION}"):
        results = run(wanted)
    print(table(results))  # noqa: T201
    print(f"\n{len(results)} of {len(wanted)} cells are as expected.")  # noqa: T201
    return 0 if len(results) == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
