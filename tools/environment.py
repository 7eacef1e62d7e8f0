"""Builds the virtual environment. Standard library only: this runs before anything is installed."""

from __future__ import annotations  # Python 3.9 and 3.10 read this file too, and print the version message

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.python_version import FOUND, NEEDED, NEWEST, OLDEST

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"


class NotPrepared(SystemExit):
    """The environment could not be made; the text says what to do. Uncaught, it is printed and ends the command."""


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
    """Whether the environment's interpreter starts and is a supported one."""
    if not python.exists():
        return False
    program = "import sys; print(*sys.version_info[:2])"
    asked = subprocess.run([str(python), "-c", program], check=False, capture_output=True, text=True)
    return asked.returncode == 0 and OLDEST <= tuple(map(int, asked.stdout.split())) <= NEWEST


def _supported_interpreter() -> str:
    if not OLDEST <= FOUND <= NEWEST:
        raise NotPrepared(NEEDED)
    return sys.executable


def _create(venv: Path, interpreter: str) -> None:
    say(f"Making the virtual environment {venv.name} (once) ...")
    _run([interpreter, "-m", "venv", "--clear", str(venv)], "Python's venv module is missing: install python3-venv")


def _install(venv: Path, python: Path, name: str) -> None:
    stamp, digest = venv / f"prepared-{name}.sha256", hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    say(f"Installing {name} into {venv.name} (once, a minute or two) ...")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    _run([*pip, "--require-hashes", "-r", str(ROOT / name)], f"pip could not install {name}: is this machine online?")
    stamp.write_text(digest, encoding="ascii")


def prepare_node_packages(lock_folder: Path) -> Path:
    """The folder with the packages of this folder's package-lock.json; raises NotPrepared where npm cannot install."""
    lock = lock_folder / "package-lock.json"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    folder = ROOT / ".local" / f"node-{lock_folder.name}"
    stamp = folder / "prepared.sha256"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return folder
    npm = shutil.which("npm")
    if npm is None:
        raise NotPrepared(f"npm is not installed: it would install the packages of {lock_folder.name}")
    say(f"Installing the Node.js packages of {lock_folder.name} (once) ...")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(lock_folder / name, folder / name)
    command = [npm, "ci", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts"]
    _run(command, f"npm could not install the packages of {lock_folder.name}: is this machine online?")
    stamp.write_text(digest, encoding="ascii")
    return folder


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
