"""T-SQL judged without a server: Microsoft's own parser, and the names that it takes for a user's own."""

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PARSER = "maxdop"
VERSION = "2025"

NOT_T_SQL = {
    r"\bNOW\s*\(": "SYSUTCDATETIME()",
    r"\bLIMIT\s+[\d?@(]": "TOP or OFFSET … FETCH",
    r"\bBOOLEAN\b": "bit",
    r"::(?!dbo)\s*\w": "CAST",
    r"\bSERIAL\b": "IDENTITY",
    r"\bJSONB\b": "nvarchar(max)",
    r"\bTRUE\b|\bFALSE\b": "1 or 0",
    r"\|\|": "+",
    r"\bPRAGMA\b": "nothing",
    r"\bRETURNING\b": "OUTPUT",
    r"\bON\s+CONFLICT\b": "two statements",
    r"\bMERGE\b": "two statements: MERGE races",
    r"\bAUTOINCREMENT\b": "IDENTITY",
    r"\bILIKE\b": "LIKE",
    r"\bIS\s+(NOT\s+)?DISTINCT\b": "a comparison that minds NULL",
    r"(?<=\w )(NTEXT|IMAGE|DATETIME|TEXT)\b(?=\s*(?:NOT\b|NULL\b|,|\)))": "nvarchar(max), varbinary(max), datetime2",
    r"`": "square brackets",
}
"""What no parser refuses, or not everywhere; by pattern, what T-SQL has in its place."""


@cache
def strangers(statements: str) -> list[str]:
    """The words of other databases in it."""
    without_texts = re.sub(r"N?'(?:[^']|'')*'|--[^\n]*", "''", statements)
    return [found.group() for pattern in NOT_T_SQL for found in re.finditer(pattern, without_texts, re.IGNORECASE)]


def syntax_errors(statements: str) -> str:
    """What Microsoft's parser says of a script; empty if it can be parsed. Skips where the parser is not there."""
    parser = shutil.which(PARSER, path=str(Path(sys.executable).parent))
    if parser is None:
        pytest.skip(f"{PARSER} has no build for this machine: Microsoft's T-SQL parser is not there")
    command = [parser, "--parser-version", VERSION]
    ended = subprocess.run(command, input=numbered(statements), capture_output=True, text=True, timeout=60, check=False)
    return "" if ended.returncode == 0 else ended.stderr or ended.stdout or f"exit {ended.returncode}"


def numbered(statements: str) -> str:
    """The driver's marks as parameters with names, which the parser knows: @p1, @p2 and so on."""
    number = 0

    def name(found: re.Match[str]) -> str:
        nonlocal number
        if found.group() != "?":
            return found.group()
        number += 1
        return f"@p{number}"

    return re.sub(r"N?'(?:[^']|'')*'|--[^\n]*|\?", name, statements)
