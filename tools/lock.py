"""Pins every dependency: `python3 -m tools.lock [--upgrade] [--upgrade-package NAME]`.

A `requirements*.in` names what is wanted. uv writes the `.txt` beside it: everything that this
needs, for every supported Python and platform, with the hashes of all files on PyPI. Pins that
still fit are kept unless an upgrade is asked for. Needs PyPI.
"""

import argparse
import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.environment import ROOT, VENV, continue_in, prepare
from tools.python_version import DEPLOYED, OLDEST
from tools.requirements import included, pins

COMMAND = "python3 -m tools.lock"


@dataclass(frozen=True)
class Lock:
    """A `.in`, the `.txt` made from it, and the oldest Python that installs it. `name` is a path without suffix."""

    name: str
    python: str = f"{OLDEST[0]}.{OLDEST[1]}"

    @property
    def source(self) -> Path:
        return ROOT / f"{self.name}.in"

    @property
    def target(self) -> Path:
        return ROOT / f"{self.name}.txt"


LOCKS = (
    Lock("requirements"),
    Lock("requirements-local"),
    Lock("requirements-dev"),
    Lock("requirements-worker", python=DEPLOYED),
    Lock("simulator/requirements"),
    Lock("requirements-checkov"),
    Lock("requirements-focus"),
    Lock("requirements-az"),
    Lock("requirements-audit"),
)
"""In the order in which they are made: a later one is bound by the pins of an earlier one."""


def digest(source: Path) -> str:
    """Return the SHA-256 of a `.in` and of every file that it includes or is bound by."""
    texts = [source.read_text(encoding="utf-8"), *(digest(file) for file in included(source))]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def first_line(lock: Lock) -> str:
    """Return the line that ties a lock to the source that it was made from."""
    return f"# Made from {lock.source.name}, sha256 {digest(lock.source)}"


def is_current(lock: Lock) -> bool:
    """Whether the lock was made from its source as it is now."""
    with lock.target.open(encoding="utf-8") as opened:
        return opened.readline().rstrip("\n") == first_line(lock)


def command(lock: Lock, upgrades: Sequence[str]) -> list[str]:
    """Return the call of uv. `--no-config`: no index and no path of this machine reaches the lock."""
    compiled = ["uv", "pip", "compile", "--quiet", "--no-config", "--universal", "--generate-hashes"]
    places = ["--output-file", lock.target.name, lock.source.name]
    custom = ["--python-version", lock.python, "--custom-compile-command", COMMAND]
    return [sys.executable, "-m", *compiled, *custom, *upgrades, *places]


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what points pip or uv to another index or folder."""
    return {name: value for name, value in environment.items() if not name.startswith(("PIP_", "UV_"))}


def make(lock: Lock, upgrades: Sequence[str]) -> None:
    """Write one lock. Raises CalledProcessError when uv finds no set of versions that fits."""
    subprocess.run(command(lock, upgrades), cwd=lock.source.parent, env=without_settings(os.environ), check=True)
    text = lock.target.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("# Made from ")]
    lock.target.write_text("".join([first_line(lock) + "\n", *lines]), encoding="utf-8", newline="\n")


def read_options(words: Sequence[str]) -> list[str]:
    """Return the words about upgrades for uv."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__.partition("\n")[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    parser.add_argument("--upgrade-package", action="append", default=[], metavar="NAME", help="only of this package")
    options = parser.parse_args(words)
    named = [word for name in options.upgrade_package for word in ("--upgrade-package", name)]
    return [*(["--upgrade"] if options.upgrade else []), *named]


def main(words: Sequence[str]) -> int:
    """Make every lock in order; the exit code."""
    upgrades = read_options(words)
    continue_in(prepare(VENV, ("requirements-dev.txt",)), ["-m", "tools.lock", *words])
    for lock in LOCKS:
        try:
            make(lock, upgrades)
        except subprocess.CalledProcessError:
            print(f"{lock.name}.txt: not made, see above", file=sys.stderr)
            return 1
        print(f"{lock.name}.txt: {len(pins(lock.target))} packages", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
