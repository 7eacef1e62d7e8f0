"""No key, password or connection string is in the tree: what the tests need they make up as they run."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, tracked

SECRETS = {
    "JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{15,}"),
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40,}"),
    "storage key": re.compile(r"(?i)accountkey\s*=\s*[A-Za-z0-9+/]{40,}"),
    "service bus key": re.compile(r"(?i)sharedaccesskey\s*=\s*[A-Za-z0-9+/]{30,}"),
    "shared access signature": re.compile(r"(?i)[?&]sig=[A-Za-z0-9%+/]{30,}"),
    "instrumentation key": re.compile(r"(?i)instrumentationkey=(?!0{8}-)[0-9a-f]{8}-[0-9a-f-]{27}"),
    "Fernet key": re.compile(r"(?<![A-Za-z0-9_/+-])[A-Za-z0-9_-]{43}=(?![A-Za-z0-9_=-])"),
    "Fernet token": re.compile(r"\bgAAAAA[A-Za-z0-9_-]{60,}"),
    "Entra client secret": re.compile(r"\b[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}\b"),
    "SQL login": re.compile(r"(?i)(?:pwd|password)=[^;\s\"'{<%$]{6,};"),
    "login in a URL": re.compile(r"(?i)\bmssql\+pyodbc://[^\s/\"'{<]+:[^\s/\"'{<]+@"),
}
"""By kind; each is looked for as a whole value, so that the patterns of the redaction are not taken for one."""

NOBODYS = ("hunter2", "p%40ss%3Bword%7D", "user:password@", "sa:<password>@")
"""Passwords that tests feed to what has to refuse or to redact them, and the word itself in an example."""

SPECIMENS = {
    "JSON web token": ".".join("eyJ" + letter * 20 for letter in "ab") + "." + "c" * 20,
    "private key": "-----BEGIN " + "PRIVATE KEY-----\n" + "A" * 64,
    "storage key": "AccountKey" + "=" + "A" * 86 + "==",
    "service bus key": "SharedAccessKey" + "=" + "A" * 43 + "=",
    "shared access signature": "?sv=1&sig" + "=" + "A" * 43,
    "instrumentation key": "InstrumentationKey" + "=" + "12345678-1234-1234-1234-123456789abc",
    "Fernet key": "A" * 43 + "=",
    "Fernet token": "gAAAAA" + "B" * 80,
    "Entra client secret": "abc" + "8Q~" + "d" * 34,
    "SQL login": "Pwd" + "=" + "correct-horse;",
    "login in a URL": "mssql+pyodbc://" + "sa:secret@host/db",
}


def readable() -> list[Path]:
    return [path for path in tracked() if path.suffix not in (".png", ".ico", ".woff2")]


@pytest.mark.parametrize("kind", SECRETS)
def test_there_is_none_in_the_tree(kind: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}"
        for path in readable()
        for text in [path.read_text(encoding="utf-8")]
        for match in SECRETS[kind].finditer(text)
        if not any(word in match.group() for word in NOBODYS)
    ]
    assert found == []


@pytest.mark.parametrize("kind", SECRETS)
def test_one_would_be_found(kind: str) -> None:
    assert SECRETS[kind].search(f'value = "{SPECIMENS[kind]}"')


def test_files_that_would_hold_secrets_are_not_tracked() -> None:
    command = ["git", "check-ignore", "local.settings.json", ".local/fernet.key", ".env"]
    ignored = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    assert ignored == ["local.settings.json", ".local/fernet.key", ".env"]
    assert [path.name for path in tracked() if path.suffix in (".pem", ".pfx", ".key", ".p12")] == []
