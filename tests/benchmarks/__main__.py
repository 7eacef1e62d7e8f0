"""`python3 -m tests.benchmarks [--json]`: speed, size and memory of the hot paths, cold starts and pacing, in one run.

The run takes about five minutes on two idle cores: it collects a million rows twice. Each part is a command of its own:
`python3 -m tests.benchmarks.ingest`, `.finishing`, `.memory`, `.first_request`, `.pacing`.
"""

import json
import sys

from tests.prepared import announced, continue_prepared

if __name__ == "__main__":
    continue_prepared("tests.benchmarks")

from tests.benchmarks.figures import Figure, measured


def table(figures: list[Figure]) -> str:
    """One line a figure."""
    return "\n".join(f"{each.name:<44}{each.value:>14,.3f}  {each.wanted_text}" for each in figures)


def main(arguments: list[str]) -> None:
    as_json = arguments == ["--json"]
    if as_json:
        found = list(measured())
        print(json.dumps({each.name: {"value": each.value, "wanted": each.wanted_text} for each in found}, indent=2))  # noqa: T201
        return
    with announced("the hot paths", "about 5 minutes"):
        print(table(list(measured())))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
