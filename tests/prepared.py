"""Lets a program under tests/ start from any supported Python. Standard library only."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tools.environment import VENV, continue_in, prepare


def continue_prepared(module: str) -> None:
    """Continue this program in the project's environment, which is made first; return only inside of it.

    Called above the imports of what is installed there.
    """
    continue_in(prepare(VENV, ("requirements-dev.txt",)), ["-m", module, *sys.argv[1:]])


@contextmanager
def announced(what: str, duration: str) -> Iterator[None]:
    """Say on stderr what runs and how long it usually takes, and then how long it took."""
    say(f"{what}: {duration} ...")
    began = time.monotonic()
    yield
    say(f"{what}: took {(time.monotonic() - began) / 60:.1f} min.")


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
