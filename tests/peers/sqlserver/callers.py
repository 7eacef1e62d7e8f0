"""Which repository a statement comes from."""

import sys
from pathlib import Path
from types import FrameType

from shared.sql import audit
from tests.repository_methods import methods

SQL_FOLDER = Path(audit.__file__).parent
NOT_A_REPOSITORY = ("engine", "many_rows", "repeats", "session_context", "sql_server")


def caller() -> tuple[str, str] | None:
    """The repository's module and the method that opened the transaction; None for a test's own statement."""
    outermost: tuple[str, str] | None = None
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        path, name = Path(frame.f_code.co_filename), frame.f_code.co_qualname.partition(".<")[0]
        if path.parent == SQL_FOLDER and path.stem not in NOT_A_REPOSITORY:
            outermost = (path.stem, name)
            if name in methods():
                return outermost
        frame = frame.f_back
    return outermost
