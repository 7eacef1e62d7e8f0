"""`python -m tests.faults.matrix [words]`: runs all cells, or those with these words in fault and subject."""

import sys
import time

from tests.faults.matrix.checks import check
from tests.faults.matrix.fault import Fault
from tests.faults.matrix.lines import cells
from tests.faults.matrix.table import Seen, table
from tests.faults.matrix.workshop import Workshop, workshop


def seen(shop: Workshop, fault: Fault, subject: str) -> Seen:
    """Runs one cell. Raises AssertionError with what is wrong."""
    expected, whole = fault.expected_of(subject), shop.untroubled(subject)
    left = shop.scanned(subject, fault)
    reads = check(expected, subject, left, whole)
    return Seen(expected.ends, reads, left.seconds - whole.seconds)


def main(words: list[str]) -> int:
    wanted = [
        (fault, subject) for fault, subject in cells() if all(word in f"{fault.name}: {subject}" for word in words)
    ]
    results, began = {}, time.monotonic()
    with workshop() as shop:
        for fault, subject in wanted:
            try:
                results[fault, subject] = seen(shop, fault, subject)
            except AssertionError as wrong:
                print(f"NOT AS IT SHOULD BE: {fault.name} / {subject}: {str(wrong)[:600]}", file=sys.stderr)  # noqa: T201
    print(table(results))  # noqa: T201
    print(f"\n{len(results)} of {len(wanted)} cells are as they should be, {time.monotonic() - began:.0f} s.")  # noqa: T201
    return 0 if len(results) == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
