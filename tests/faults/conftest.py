"""Prints the fault matrix after the tests, if it was run."""

import pytest

from tests.faults.matrix.table import table


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    from tests.faults.test_matrix import RESULTS

    results = config.stash.get(RESULTS, {})
    if results:
        terminalreporter.section("the fault matrix")
        terminalreporter.write_line(table(results))
