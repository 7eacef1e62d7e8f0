"""Counts what the driver sends to the server."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.sql.engine.page_reading import current_page


@dataclass
class Wire:
    """What the driver has sent: one request a statement, a commit or a portion of rows.

    `unprepared_of_pages` counts what comes on top: the driver prepares and runs a statement with parameters in one
    request, and gives it up in another one, which the page does not wait for. `described` are the statements for
    which it asks the server what type a parameter without a value has.
    """

    statements: list[str] = field(default_factory=list)
    of_pages: list[str] = field(default_factory=list)
    unprepared_of_pages: int = 0
    described: list[str] = field(default_factory=list)

    def keep(self, statement: str, parameters: Sequence[Any]) -> None:
        self.statements.append(statement)
        if None in parameters:
            self.described.append(statement)
        if current_page() is not None:
            self.of_pages.append(statement)
            self.unprepared_of_pages += bool(parameters)

    def begin_page(self) -> None:
        """Count from here."""
        self.of_pages.clear()
        self.unprepared_of_pages = 0
