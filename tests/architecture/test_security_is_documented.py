"""Each requirement of OWASP ASVS has an answer, and what the answer names is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shared.arm.quota_state import QUOTAS_TABLE
from shared.core.periods import RETENTION_MONTHS
from shared.deletion.log import DELETIONS_TABLE
from shared.identity.flows import FLOWS_TABLE
from shared.identity.operator_sessions import OPERATOR_IDLE_MINUTES, ROLES_READ_AGAIN_MINUTES
from shared.identity.sessions import IDLE_MINUTES, SESSION_HOURS, SESSIONS_TABLE
from shared.identity.transport import TIMEOUTS_SECONDS
from shared.sql.schema.metadata import metadata
from shared.table_storage.rate_limits import LIMITS_TABLE
from tests.architecture.bicep_snapshot import the_one
from tests.architecture.documents import read
from tests.architecture.test_documents import anchors
from tests.architecture.tree import ROOT
from tools.security_document import TARGET, Requirement, State, generated, requirements, source
from web.desk.access import FRESH_SIGN_IN_MINUTES
from web.http.forms import MAX_FORM_BYTES, MAX_PARAMETERS, MAX_VALUE_CHARACTERS

IDS = Path(__file__).with_name("asvs_ids.txt")
"""Each requirement of levels 1 and 2 with its level, from the standard's own list."""

RULES = "docs/security-rules.md"
LONGEST_REMINDER_WORDS = 14
"""More would be the standard's own text."""

TABLES = {SESSIONS_TABLE, FLOWS_TABLE, LIMITS_TABLE, QUOTAS_TABLE, DELETIONS_TABLE}


@cache
def functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def is_test(named: str) -> bool:
    file, _, function = named.partition("::")
    path = ROOT / "tests" / file
    return path.is_file() and function.startswith("test_") and function in functions(path)


def is_document(named: str) -> bool:
    file, _, anchor = named.partition("#")
    return (ROOT / file).is_file() and anchor in anchors(ROOT / file)


def in_state(state: State) -> Iterator[Requirement]:
    return (one for one in requirements() if one.state is state)


def section(title: str) -> str:
    (found,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", read(RULES), flags=re.MULTILINE | re.DOTALL)
    return str(found)


def test_every_requirement_of_levels_1_and_2_has_one_answer() -> None:
    wanted = [(number, int(level)) for number, level in map(str.split, IDS.read_text(encoding="utf-8").splitlines())]
    assert [(one.number, one.level) for one in requirements()] == wanted
    assert len(wanted) == 253


def test_every_test_that_is_named_is_there() -> None:
    assert [(one.number, name) for one in requirements() for name in one.tests if not is_test(name)] == []


def test_every_document_that_is_named_has_that_section() -> None:
    assert [(one.number, name) for one in requirements() for name in one.documents if not is_document(name)] == []


def test_what_is_met_is_shown_and_what_is_not_applicable_says_why() -> None:
    assert [one.number for one in in_state(State.MET) if not (one.text and (one.tests or one.documents))] == []
    assert [one.number for one in in_state(State.NOT_APPLICABLE) if not one.text or one.tests] == []


def test_what_is_open_has_a_reason_and_a_next_step() -> None:
    assert [one.number for one in in_state(State.OPEN) if not (one.text and one.next_step)] == []


def test_only_documentation_is_shown_by_a_document_alone() -> None:
    alone = [one for one in in_state(State.MET) if one.documents and not one.tests]
    assert [one.number for one in alone if not re.search(r"\b(?:[Dd]ocument|[Ii]nventory)", one.asks)] == []


def test_every_reason_is_used_and_no_reminder_is_the_standards_text() -> None:
    text = str(source()["requirement"])
    assert [name for name in source()["reasons"] if f"'@{name}'" not in text] == []
    assert [one.number for one in requirements() if not 2 <= len(one.asks.split()) <= LONGEST_REMINDER_WORDS] == []


def test_the_document_is_what_the_command_writes() -> None:
    """When this fails: python -m tools.security_document."""
    assert TARGET.read_text(encoding="utf-8") == generated()


def test_every_store_has_a_level() -> None:
    named = set(re.findall(r"`([a-z_]+)`", section("Data")))
    assert sorted((set(metadata.tables) | TABLES) - named) == []


@pytest.mark.parametrize(
    ("title", "words"),
    [
        (
            "Input",
            f"at most {MAX_PARAMETERS} values of {MAX_VALUE_CHARACTERS:,} characters; {MAX_FORM_BYTES // 1024} KB",
        ),
        ("Limits and slow work", f"timeout of {sum(TIMEOUTS_SECONDS)} seconds"),
        ("Sessions", f"{SESSION_HOURS} hours after sign-in"),
        ("Sessions", f"customer | {IDLE_MINUTES} minutes"),
        ("Sessions", f"operator | {OPERATOR_IDLE_MINUTES} minutes"),
        ("Sessions", f"confirmed every {ROLES_READ_AGAIN_MINUTES} minutes"),
        ("Sessions", f"sign-in of the last {FRESH_SIGN_IN_MINUTES} minutes"),
        ("Data", f"{RETENTION_MONTHS} months after the most recent scan"),
        ("Logs", f"{the_one('Microsoft.OperationalInsights/workspaces').properties['retentionInDays']} days"),
    ],
)
def test_the_rules_have_the_numbers_of_the_code(title: str, words: str) -> None:
    assert words in section(title)
