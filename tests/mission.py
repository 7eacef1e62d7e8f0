"""The public permissions page, sentence by sentence, and the table that says what keeps each of them.

The page's text lies beside the project, not in it: where it is absent, its tests are skipped, out loud.
`python -m tests.mission` writes docs/promises.md again.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = ROOT.parent / "shared" / "mission"
TABLE = ROOT / "tests" / "promises" / "mission.toml"
RENDERED = ROOT / "docs" / "promises.md"

PROMISES = {
    "P01": "one delegated permission, besides the scopes of signing in",
    "P02": "only what the signed-in user can read, and never a write",
    "P03": "twelve months of cost by resource, service, meter and month",
    "P04": "an inventory of named columns and listed properties",
    "P05": "the cost recommendations that Advisor has made already",
    "P06": "reservation and savings plan recommendations",
    "P07": "metrics on demand alone, in the review window",
    "P08": "what is never read",
    "P09": "stored in UK South",
    "P10": "what is stored",
    "P11": "refresh tokens encrypted, access tokens in memory",
    "P12": "kept twelve months after the most recent scan, then deleted",
    "P13": "deleted on request, at any time",
    "P14": "mail by our own Microsoft 365 tenant",
    "P15": "a session of eight hours",
    "P16": "revoked consent is noticed",
    "P17": "Continuous Access Evaluation",
    "P18": "every operator action is on record",
    "P19": "customers read their own log",
    "P20": "pre-approval by an administrator",
}

_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_BULLET = re.compile(r"^\s*(?:[•*-]|\d+\.)\s+")


@dataclass(frozen=True)
class Row:
    """A sentence, and what makes it true; or, of no promise, `why` it is none. `note`: where our page says more."""

    sentence: str
    promises: tuple[str, ...] = ()
    why: str = ""
    code: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    note: str = ""


def sentences(text: str) -> list[str]:
    """Every sentence, heading and cell of the text, in order. A bullet's sign is left out."""
    lines = (_BULLET.sub("", " ".join(line.split())) for line in text.splitlines())
    return [part for line in lines if line for part in _SENTENCES.split(line)]


def mission_text() -> str | None:
    """The page's text; None where it does not lie beside the project."""
    files = sorted(TEXT.glob("*.txt")) if TEXT.is_dir() else []
    return "\n".join(file.read_text(encoding="utf-8") for file in files) or None


def rows() -> list[Row]:
    """The table."""
    listed = tomllib.loads(TABLE.read_text(encoding="utf-8"))["row"]
    return [
        Row(
            row["sentence"],
            tuple(row.get("promises", ())),
            row.get("why", ""),
            tuple(row.get("code", ())),
            tuple(row.get("tests", ())),
            row.get("note", ""),
        )
        for row in listed
    ]


def rendered(table: list[Row]) -> str:
    """The table for people."""
    kept = sum(bool(row.promises) for row in table)
    lines = [
        "# Every sentence of the permissions page, and what keeps it",
        "",
        "Written by `python -m tests.mission` from `tests/promises/mission.toml`; a test holds both to the page's",
        f"text, the code and the tests. {kept} of {len(table)} lines promise something.",
        "",
        "| the page says | promise | kept by | shown by |",
        "| --- | --- | --- | --- |",
        *(f"| {_cell(row.sentence)} | {_promise(row)} | {_names(row.code)} | {_names(row.tests)} |" for row in table),
        "",
        "## The promises",
        "",
        *(f"- **{name}** {words}" for name, words in PROMISES.items()),
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _promise(row: Row) -> str:
    said = ", ".join(row.promises) if row.promises else f"none: {row.why}"
    return _cell(f"{said}. {row.note}" if row.note else said)


def _names(names: tuple[str, ...]) -> str:
    return "<br>".join(f"`{name.removeprefix('tests/')}`" for name in names)


if __name__ == "__main__":
    sys.stdout.write(f"{RENDERED.write_text(rendered(rows()), encoding='utf-8')} characters\n")
