"""Microsoft's ODBC driver on this machine, out of its PyPI package; unixODBC has to be there."""

import importlib.util
from pathlib import Path

import pytest

PACKAGE = "mssql_python_odbc"
LIBRARY = "libs/linux/debian_ubuntu/x86_64/lib"


def driver_path() -> Path:
    """The driver's file; skips the test, and says why, where it cannot be loaded."""
    pytest.importorskip(
        "pyodbc", reason="unixodbc is not on this machine: pyodbc cannot be loaded", exc_type=ImportError
    )
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        pytest.skip(f"{PACKAGE} is not installed: Microsoft's driver is not there")
    found = sorted(Path(spec.origin).parent.joinpath(LIBRARY).glob("libmsodbcsql-18*"))
    if not found:
        pytest.skip(f"{PACKAGE} has no driver for this machine")
    return found[0]
