"""Builds the virtual environment. Standard library only: this runs before anything is installed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
OLDEST, NEWEST = (3, 11), (3, 13)


class NotPrepared(Exception):
    """The environment could not be made; the text says what to do."""


def say(text: str) -> None:
    """Progress, on stderr: stdout is for what a program reads."""
    print(text, file=sys.stderr, flush=True)


def prepare(venv: Path, requirement_files: tuple[str, ...], interpreter: str | None = None) -> Path:
    """The environment's interpreter, with these files of ROOT installed; quick when nothing has changed."""
    python = _interpreter(venv)
    if not _runs(python):
        _create(venv, interpreter or _supported_interpreter())
    for name in requirement_files:
        _install(venv, python, name)
    return python


def _interpreter(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _runs(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.run([str(python), "-c", ""], check=False, capture_output=True).returncode == 0


def _supported_interpreter() -> str:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        found = ".".join(map(str, sys.version_info[:2]))
        raise NotPrepared(f"Python 3.11, 3.12 or 3.13 is needed; this is {found}. Try: python3.13 -m local")
    return sys.executable


def _create(venv: Path, interpreter: str) -> None:
    say(f"Making the virtual environment {venv.name} (once) ...")
    _run([interpreter, "-m", "venv", "--clear", str(venv)], "Python's venv module is missing: install python3-venv")


def _install(venv: Path, python: Path, name: str) -> None:
    stamp, digest = venv / f"prepared-{name}.sha256", _digest(ROOT / name)
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    say(f"Installing {name} into {venv.name} (once, a minute or two) ...")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    _run([*pip, "-r", str(ROOT / name)], f"pip could not install {name}: is this machine online?")
    stamp.write_text(digest, encoding="ascii")


def _digest(requirements: Path) -> str:
    """Of the file and of the files that it includes."""
    text = requirements.read_text(encoding="utf-8")
    included = [line.split()[1] for line in text.splitlines() if line.startswith("-r ")]
    words = [text, *(_digest(requirements.parent / name) for name in included)]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _run(command: list[str], remedy: str) -> None:
    if subprocess.run(command, check=False, stdout=sys.stderr).returncode != 0:
        raise NotPrepared(remedy)


def continue_in(python: Path, words: list[str]) -> None:
    """Starts the same command again with the environment's interpreter; returns only inside of it."""
    if Path(sys.prefix).resolve() == python.parent.parent.resolve():
        return
    command = [str(python), *words]
    if os.name == "nt":  # there exec would give the terminal back before the program ends
        sys.exit(subprocess.run(command, check=False, cwd=ROOT).returncode)
    os.chdir(ROOT)
    os.execv(command[0], command)  # noqa: S606 - our own interpreter
