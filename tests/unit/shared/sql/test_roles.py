"""The roles beside every statement that the repositories ask: what nothing does, and would do harm, is refused."""

import re
from uuid import UUID

import pytest

from shared.sql.migrations import VERSION_TABLE
from shared.sql.roles import batches, users
from shared.sql.schema.tables import COLLECTED_TABLES, metadata
from tests.sql_snapshots import kept

ROLES = "\n".join(batches(users(UUID(int=1), UUID(int=2), UUID(int=3))))
STATEMENT = re.compile(r"^(INSERT INTO|UPDATE|DELETE(?: TOP \(\d+\))? FROM) (\w+)", re.MULTILINE)
PROCEDURE = "EXEC dbo.delete_audit_events"


def app_does() -> set[tuple[str, str]]:
    """What is done to which table by the app's own statements, read from the reviewed ones."""
    texts = [text for name, text in kept().items() if name != "migrations.sql"]
    return {(words.split()[0], table) for text in texts for words, table in STATEMENT.findall(text)}


def denied() -> set[tuple[str, str]]:
    lines = re.findall(r"^DENY ([A-Z, ]+) ON OBJECT::dbo\.(\w+) TO caleta_app;", ROLES, re.MULTILINE)
    return {(deed, table) for deeds, table in lines for deed in deeds.split(", ")}


def test_the_app_does_nothing_that_it_may_not() -> None:
    assert len(app_does()) > 50
    assert app_does() & denied() == set()


def test_each_refusal_is_about_a_table_that_there_is() -> None:
    assert {table for _, table in denied()} <= {*metadata.tables, VERSION_TABLE}


@pytest.mark.parametrize("table", ["audit_events", "raw_pages", "finding_versions", *map(str, COLLECTED_TABLES)])
def test_what_is_on_record_or_was_said_by_azure_is_never_changed(table: str) -> None:
    assert ("UPDATE", table) in denied()


def test_whatever_no_statement_of_the_apps_deletes_from_is_closed_to_deletion() -> None:
    deleted_from = {table for deed, table in app_does() if deed == "DELETE"}
    assert {table for deed, table in denied() if deed == "DELETE"} == {*metadata.tables, VERSION_TABLE} - deleted_from


def test_old_entries_go_by_one_procedure_and_one_role_that_may_do_nothing_else() -> None:
    asking = [name for name, text in kept().items() if PROCEDURE in text]
    assert asking == ["audit.sql"]
    granted = re.findall(r"^GRANT (.+) TO caleta_purge;", ROLES, re.MULTILINE)
    assert granted == ["EXECUTE ON OBJECT::dbo.delete_audit_events"]
    assert "REVOKE EXECUTE ON OBJECT::dbo.delete_audit_events FROM public;" in ROLES


def test_each_identity_has_one_role() -> None:
    members = dict(re.findall(r"\bALTER ROLE (\w+) ADD MEMBER \[([\w-]+)\];", ROLES, re.MULTILINE))
    assert members == {"caleta_app": "caleta-app", "caleta_purge": "caleta-purge", "caleta_migration": "caleta-deploy"}
