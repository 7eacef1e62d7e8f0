"""Which repository a statement comes from."""

import sys
from functools import cache
from pathlib import Path
from types import FrameType

from shared import sql
from tests.support.repository_methods import methods

LENT = "OperatorJobs.advance"
"""Stores what other repositories hand over: the statements are theirs."""

SQL_FOLDER = Path(sql.__file__).parent
ENGINE_FOLDER = SQL_FOLDER / "engine"


def caller() -> tuple[str, str] | None:
    """The repository's module and the method that opened the transaction; None for a test's own statement."""
    outermost: tuple[str, str] | None = None
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        module = _repository(frame.f_code.co_filename)
        if module is not None:
            outermost = (module, frame.f_code.co_qualname.partition(".<")[0])
            if outermost[1] in methods() and outermost[1] != LENT:
                return outermost
        frame = frame.f_back
    return outermost


@cache
def _repository(file: str) -> str | None:
    """The module's name if it is a repository's file."""
    path = Path(file)
    return path.stem if path.is_relative_to(SQL_FOLDER) and path.parent != ENGINE_FOLDER else None
