"""`python -m tests.support.kusto 10000`: generated queries, judged by Microsoft's binder and by the allow-list."""

import sys

from tests.support.kusto.binder import Binder
from tests.support.kusto.comparison import compared
from tests.support.kusto.generated import queries


def main() -> int:
    """Print the counts and every difference; return 1 if there is any."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with Binder() as binder:
        found = compared(binder, queries(1, count))
    lines = [f"{count} queries: {found.accepted} accepted, {found.refused.total()} refused by the allow-list"]
    lines += [f"{query}\n    {what}" for query, what in found.differences]
    lines.append(f"{len(found.differences)} differences")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found.differences else 0


if __name__ == "__main__":
    sys.exit(main())
