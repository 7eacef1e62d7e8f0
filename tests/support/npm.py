"""Packages of npm that tests need: each of one version, installed once into `.local/`."""

import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".local"


class NpmPackageMissing(Exception):
    """It cannot be installed here; the text says why."""


def installed(name: str, version: str, file: str) -> Path:
    """One file of the package, by its path there; raises NpmPackageMissing."""
    folder = FOLDER / f"{name}-{version}"
    found = folder / "node_modules" / name / file
    if found.is_file():
        return found
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NpmPackageMissing(f"{name} needs Node.js and npm, which this machine lacks")
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--no-save", f"{name}@{version}"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode or not found.is_file():
        raise NpmPackageMissing(f"npm could not install {name}: {ended.stderr[-300:]}")
    return found
