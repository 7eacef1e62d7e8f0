"""Which repository a statement comes from."""

import sys
from pathlib import Path
from types import FrameType

from shared import sql
from tests.support.repository_methods import methods

SQL_FOLDER = Path(sql.__file__).parent
ENGINE_FOLDER = SQL_FOLDER / "engine"


def caller() -> tuple[str, str] | None:
    """The repository's module and the method that opened the transaction; None for a test's own statement."""
    outermost: tuple[str, str] | None = None
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        path, name = Path(frame.f_code.co_filename), frame.f_code.co_qualname.partition(".<")[0]
        if path.is_relative_to(SQL_FOLDER) and path.parent != ENGINE_FOLDER:
            outermost = (path.stem, name)
            if name in methods():
                return outermost
        frame = frame.f_back
    return outermost
