"""The project's documents, and what they tell a reader to type, click and open."""

import re
import shlex
from pathlib import Path

from tests.architecture.tree import ROOT, tracked

DOCUMENTS = tuple(tracked("*.md"))
COMMAND = re.compile(r"(?:\S+=\S+ )*\S*python3? ")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def read(name: str) -> str:
    """The text of a document, by its path from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def title_of(path: Path) -> str:
    """The name by which a test shows the document."""
    return str(path.relative_to(ROOT))


def blocks(text: str) -> list[str]:
    """What stands between lines of three backticks."""
    return re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[list[str]]:
    """Every line of a block that starts Python, as words from `-m` on; comments and variables are left out."""
    lines = [line for block in blocks(text) for line in block.splitlines() if COMMAND.match(line)]
    return [_from_module(shlex.split(line, comments=True)) for line in lines]


def _from_module(words: list[str]) -> list[str]:
    return words[words.index("-m") :] if "-m" in words else words


def section(text: str, heading: str) -> str:
    """What stands under this heading, up to the next of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    below = text.partition(f"{heading}\n")[2]
    return re.split(rf"^#{{1,{level}}} ", below, maxsplit=1, flags=re.MULTILINE)[0]
