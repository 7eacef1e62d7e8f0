"""The roles beside every statement that the repositories ask: what nothing does, and would do harm, is refused."""

import re
from uuid import UUID

import pytest

from shared.sql.migrations import VERSION_TABLE
from shared.sql.rights import (
    APP_RIGHTS,
    DEPLOYMENT_RIGHTS,
    Right,
    deployment_grants,
    deployment_revokes,
    grants,
)
from shared.sql.roles import opening, users
from shared.sql.schema.tables import COLLECTED_TABLES, metadata
from tests.sql_snapshots import kept
from tests.support.tsql import syntax_errors

OPENING = opening(users(UUID(int=1), UUID(int=2), UUID(int=3)))
ROLES = "\n".join([*OPENING, *grants()])
STATEMENT = re.compile(r"^(INSERT INTO|UPDATE|DELETE(?: TOP \(\d+\))? FROM) (\w+)", re.MULTILINE)
PROCEDURE = "EXEC dbo.delete_audit_events"


def app_does() -> set[tuple[str, str]]:
    """What is done to which table by the app's own statements, read from the reviewed ones."""
    texts = [text for name, text in kept().items() if name != "migrations.sql"]
    return {(words.split()[0], table) for text in texts for words, table in STATEMENT.findall(text)}


def denied() -> set[tuple[str, str]]:
    lines = re.findall(r"^DENY ([A-Z, ]+) ON OBJECT::dbo\.(\w+) TO caleta_app;", ROLES, re.MULTILINE)
    return {(deed, table) for deeds, table in lines for deed in deeds.split(", ")}


def granted() -> set[tuple[str, str]]:
    lines = re.findall(r"^GRANT ([A-Z, ]+) ON OBJECT::dbo\.(\w+) TO caleta_app;", ROLES, re.MULTILINE)
    return {(deed, table) for deeds, table in lines for deed in deeds.split(", ")}


def test_every_table_is_on_the_list_and_no_other() -> None:
    """When this fails: give the new table its rights in shared/sql/rights.py."""
    assert set(APP_RIGHTS) == {*metadata.tables, VERSION_TABLE}


def test_each_right_to_each_table_is_granted_or_denied_as_the_list_says() -> None:
    assert granted() == {(right, table) for table, rights in APP_RIGHTS.items() for right in rights}
    assert granted() | denied() == {(right, table) for table in APP_RIGHTS for right in Right}
    assert granted() & denied() == set()


def test_the_app_has_no_right_to_the_schema_so_that_a_new_table_is_closed() -> None:
    assert re.findall(r"^GRANT .* ON SCHEMA.* TO caleta_(?:app|purge);", ROLES, re.MULTILINE) == []
    assert "REVOKE SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo FROM caleta_app;" in grants()


def test_the_app_has_no_right_that_it_does_not_use() -> None:
    unused = {(right, table) for right, table in granted() - app_does() if right != Right.SELECT}
    assert unused == set()


def test_whatever_a_deployment_is_given_is_taken_back() -> None:
    given = [text.removeprefix("GRANT ").partition(" TO ")[0] for text in deployment_grants()]
    taken = [re.sub(r"^.* REVOKE ", "", text).partition(" FROM ")[0] for text in deployment_revokes()]
    assert given == taken == [*DEPLOYMENT_RIGHTS]
    assert "CONTROL" not in "\n".join(grants())


def test_microsofts_parser_takes_rights_and_their_end() -> None:
    assert syntax_errors("\nGO\n".join([*grants(), *deployment_grants(), *deployment_revokes()])) == ""


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
    for_purge = re.findall(r"^GRANT (.+) TO caleta_purge;", ROLES, re.MULTILINE)
    assert for_purge == ["EXECUTE ON OBJECT::dbo.delete_audit_events"]
    assert "REVOKE EXECUTE ON OBJECT::dbo.delete_audit_events FROM public;" in ROLES


def test_each_identity_has_one_role() -> None:
    members = dict(re.findall(r"\bALTER ROLE (\w+) ADD MEMBER \[([\w-]+)\];", ROLES, re.MULTILINE))
    assert members == {"caleta_app": "caleta-app", "caleta_purge": "caleta-purge", "caleta_migration": "caleta-deploy"}
