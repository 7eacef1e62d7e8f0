"""What this machine has: another Python, a browser. Standard library only."""

import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _output(*command: str) -> str | None:
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return None
    return ended.stdout.strip() if ended.returncode == 0 else None


def _is_version(python: str, version: str) -> bool:
    return _output(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])") == version


def _from_pyenv(version: str) -> list[str]:
    """The shims of pyenv answer only for the chosen versions, so its own list is asked."""
    root, names = _output("pyenv", "root"), (_output("pyenv", "versions", "--bare") or "").split()
    return [str(Path(root, "versions", name, "bin", "python")) for name in names if root and name.startswith(version)]


def find_python(version: str) -> str | None:
    """An interpreter of this version ("3.13") that runs, or None."""
    named = shutil.which(f"python{version}")
    candidates = [sys.executable, *([named] if named else []), *_from_pyenv(version)]
    return next((python for python in candidates if _is_version(python, version)), None)


def _installed_browser() -> Path | None:
    given = os.environ.get("BROWSER")
    found = (given if given and Path(given).is_file() else None) or next(
        filter(None, map(shutil.which, BROWSERS)), None
    )
    return Path(found) if found else None


def find_odbc() -> bool:
    """Whether unixODBC is there, which pyodbc and Microsoft's driver need; on Debian as root it is installed."""
    if find_library("odbc"):
        return True
    _install("unixODBC for the SQL Server driver", "unixodbc", "libgssapi-krb5-2")
    return find_library("odbc") is not None


def _install(what: str, *packages: str) -> None:
    """By apt, where that is possible."""
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    print(f"== installing {what}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)


def find_browser() -> Path | None:
    """Chromium; on Debian as root it is installed when missing."""
    if (browser := _installed_browser()) is not None:
        return browser
    _install("Chromium for the browser tests", "chromium")
    return _installed_browser()
