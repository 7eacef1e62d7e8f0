"""`python -m tests.sql_snapshots --update`: keeps every statement that SQL Server would get, to be reviewed as text.

The repositories' own tests run over the double of SQL Server (tests/peers/sqlserver); what it
was asked is kept by repository and method, and the migrations as `--sql` prints them. How
many rows were wanted, and how many values a list had, is a test's affair: both are made one.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from shared.sql.migrations import script
from tests.support.databases import DOUBLE
from tests.support.tsql import numbered

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "unit" / "shared" / "sql" / "snapshots"
RUNS = (
    "tests/unit/shared/sql",
    "tests/unit/shared/identity/test_reencryption.py",
    "tests/unit/retention",
    "tests/unit/collectors/jobs/test_run.py",
    "tests/unit/collectors/test_adhoc.py",
    "tests/unit/collectors/jobs/test_metrics.py",
    "tests/unit/collectors/jobs/test_repull.py",
    "tests/unit/web/desk/test_reviews.py",
    "tests/unit/web/desk/test_job_requests.py",
    "tests/unit/web/desk/test_customer_deletion.py",
    "tests/unit/web/desk/test_customer_export.py",
    "tests/unit/web/desk/test_customers.py",
    "tests/unit/web/desk/test_retention.py",
    "tests/unit/web/desk/findings/test_listing.py",
    "tests/unit/web/desk/findings/test_editor.py",
    "tests/unit/findings/test_carry_over.py",
    "tests/unit/shared/evidence/test_resource_fates.py",
    "tests/unit/findings/test_earlier_judgement.py",
    "tests/unit/web/customer/test_findings.py",
    "tests/unit/web/customer/test_cost_files.py",
    "tests/unit/web/customer/test_savings_history.py",
    "tests/unit/web/desk/findings/test_publish.py",
    "tests/unit/web/privacy/test_data_rights.py",
    "tests/unit/web/privacy/test_download.py",
    "tests/unit/web/customer/test_scans.py",
    "tests/unit/collectors/scan/test_plan.py",
    "tests/unit/web/customer/test_mail_address.py",
    "tests/unit/web/desk/test_stored_pages.py",
    "tests/unit/notifications",
)
NOT_FOR_STATEMENTS = (
    "concurrency",
    "driver",
    "roles",
    "migrations",
    "lost_answers",
    "whole_transactions",
    "faulty_server",
    "session_context",
)
SECONDS = 900

Statements = dict[str, dict[str, list[str]]]


def ask() -> Statements:
    """By repository and method, what it asks of SQL Server: runs the tests over the double."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "statements.json"
        environment = {**os.environ, "TEST_SQL_URL": DOUBLE, "SQL_STATEMENTS": str(wanted)}
        ignored = [f"--ignore=tests/unit/shared/sql/test_{name}.py" for name in NOT_FOR_STATEMENTS]
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-x", *RUNS, *ignored]
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        if ended.returncode:
            raise AssertionError(f"the repositories do not run over SQL Server's double:\n{ended.stdout[-4_000:]}")
        return _by_repository(json.loads(wanted.read_text(encoding="utf-8")))


def snapshots(statements: Statements) -> dict[str, str]:
    """The files by their names: one for each repository, one for all migrations."""
    files = {f"{name}.sql": _text(methods) for name, methods in statements.items()}
    return {**files, "migrations.sql": script()}


def kept() -> dict[str, str]:
    """The files as they were reviewed."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql"))}


def main(words: list[str]) -> int:
    """Writes the files, or says which differ."""
    new = snapshots(ask())
    if words == ["--update"]:
        FOLDER.mkdir(exist_ok=True)
        for name in kept().keys() - new.keys():
            (FOLDER / name).unlink()
        for name, text in new.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
        return 0
    differing = sorted(name for name in new.keys() | kept().keys() if new.get(name) != kept().get(name))
    sys.stdout.write("".join(f"{name} differs\n" for name in differing))
    return 1 if differing else 0


def _by_repository(found: list[tuple[str, str, list[str]]]) -> Statements:
    by: Statements = {}
    for module, method, statements in found:
        by.setdefault(module, {})[method] = sorted({_steady(each) for each in statements})
    return by


def _steady(statement: str) -> str:
    statement = re.sub(r"\bTOP (\(?)\d+", r"TOP \g<1>100", statement)
    statement = re.sub(r"IN \(\?(?:, \?)+\)", "IN (?, ?)", statement)
    return re.sub(r"[ \t]+\n", "\n", statement).strip()


def _text(methods: dict[str, list[str]]) -> str:
    parts = []
    for method, statements in sorted(methods.items()):
        parts.append(f"-- {method}\n\n" + "\n\nGO\n\n".join(map(numbered, statements)))
    return "\n\nGO\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
