"""The migrations as SQL Server gets them: right T-SQL, every customer's row protected, nothing it need not know."""

import re
from pathlib import Path

import pytest

from shared.core.errors import ConfigurationError
from shared.sql import migrate
from shared.sql.engine.row_security import BLOCKED
from shared.sql.engine.types import tenant_hash
from shared.sql.migrations import FEATURES, features, script
from shared.sql.migrations.tsql_ddl import spelled_out
from shared.sql.schema.cost_tables import COST_DIMENSIONS, COST_TABLES
from shared.sql.schema.tables import TENANT_TABLES, metadata
from tests.support.tsql import strangers, syntax_errors


@pytest.fixture(scope="module")
def whole() -> str:
    return script()


def test_microsofts_parser_takes_the_whole_script(whole: str) -> None:
    assert syntax_errors(whole) == ""
    assert strangers(whole) == []


def with_customers_rows() -> set[str]:
    return {table.name for table in metadata.tables.values() if "tenant_id" in table.c}


def in_force(whole: str, kind: str, moment: str) -> list[str]:
    """The tables with a predicate: one that was dropped before its table was replaced does not count."""
    changes = re.findall(rf"(ADD|DROP) {kind} PREDICATE(?: (dbo\.\w+\(\w+\)))? ON dbo\.(\w+){moment}\b", whole)
    tables: dict[str, str] = {}
    for change, predicate, table in changes:
        if change == "ADD":
            assert table not in tables
            tables[table] = predicate
        else:
            del tables[table]
    hashed = {table for table, predicate in tables.items() if predicate == "dbo.is_own_hash(tenant_hash)"}
    assert hashed == {each.name for each in (*COST_TABLES, *COST_DIMENSIONS.values())}
    assert {tables[table] for table in tables.keys() - hashed} == {"dbo.is_own_row(tenant_id)"}
    return sorted(tables)


def test_every_table_with_customers_rows_is_filtered_and_blocked(whole: str) -> None:
    """A new one calls migrations.protect_rows in the migration that creates it."""
    assert {table.name for table in TENANT_TABLES} <= with_customers_rows()
    assert in_force(whole, "FILTER", "") == sorted(with_customers_rows())
    for moment in BLOCKED:
        assert in_force(whole, "BLOCK", f" {moment}") == sorted(with_customers_rows())


def test_the_hash_of_a_tenant_is_the_predicates(whole: str) -> None:
    """SUBSTRING and CAST take the first eight bytes, the highest first, as Python does."""
    (function,) = re.findall(r"CREATE FUNCTION dbo\.is_own_hash.*?;", whole, re.DOTALL)
    assert "HASHBYTES('SHA2_256', CAST(SESSION_CONTEXT(N'tenant_id') AS varchar(36))), 1, 8)" in function
    assert function.count("SESSION_CONTEXT") == 2
    assert " FROM " not in function
    assert tenant_hash("abc") == int.from_bytes(bytes.fromhex("ba7816bf8f01cfea"), "big", signed=True)


def test_the_predicate_is_bound_to_its_schema_and_reads_the_session_alone(whole: str) -> None:
    (function,) = re.findall(r"CREATE FUNCTION dbo\.is_own_row.*?;", whole, re.DOTALL)
    assert "WITH SCHEMABINDING" in function
    assert function.count("SESSION_CONTEXT") == 2
    assert " FROM " not in function


@pytest.mark.parametrize(
    ("feature", "words"),
    [("rls", r"SECURITY POLICY|SESSION_CONTEXT"), ("deny", r"\bDENY\b"), ("page-compression", r"DATA_COMPRESSION")],
)
def test_what_a_server_does_not_know_is_left_out(whole: str, feature: str, words: str) -> None:
    assert re.search(words, whole)
    assert not re.search(words, script(frozenset({feature})))


def test_without_all_of_it_the_tables_are_the_same(whole: str) -> None:
    def tables(text: str) -> list[str]:
        return re.findall(r"CREATE TABLE.*?\);", text, re.DOTALL)

    assert tables(script(frozenset(FEATURES))) == tables(whole)


def test_every_key_and_index_has_a_name(whole: str) -> None:
    assert not re.search(
        r"(?<!CONSTRAINT )(?<!\w )\b(PRIMARY KEY|UNIQUE) \(", re.sub(r"CONSTRAINT \w+ ", "CONSTRAINT ", whole)
    )


def test_words_that_nothing_answers_to_are_refused() -> None:
    assert features(" rls, deny ,") == {"rls", "deny"}
    with pytest.raises(ConfigurationError, match="SQL_LEAVE_OUT may hold deny, rls, page-compression"):
        features("rls,merge")


def test_the_script_is_printed_without_a_server(capsys: pytest.CaptureFixture[str], whole: str) -> None:
    migrate.main(["--sql"])
    assert capsys.readouterr().out == whole


def test_an_option_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigurationError, match="--sql"):
        migrate.main(["--help"])
    assert capsys.readouterr().out == ""


def test_azures_server_takes_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQL_URL", "mssql+pyodbc://sa:hunter2@caleta.database.windows.net/costreview")
    with pytest.raises(ConfigurationError, match="a login is for") as raised:
        migrate.main()
    assert "hunter2" not in str(raised.value)


def test_the_roles_can_be_parsed_and_run_again() -> None:
    roles = (Path(migrate.__file__).parent / "roles.sql").read_text(encoding="utf-8")
    assert syntax_errors(roles) == ""
    assert strangers(roles) == []
    created = re.findall(r"^(.*)\bCREATE (?:USER|ROLE)\b", re.sub(r"--.*", "", roles), re.MULTILINE)
    assert len(created) == 3
    assert all("IS NULL" in before for before in created)


def test_the_script_stops_at_an_error_and_sees_every_row(whole: str) -> None:
    """Run by hand it has no program around it: `sqlcmd -b` ends it, XACT_ABORT rolls back what was begun."""
    begun, _, rest = whole.partition("BEGIN TRANSACTION")
    assert begun.startswith("SET XACT_ABORT ON;")
    assert "SET QUOTED_IDENTIFIER ON;" in begun, "sqlcmd has it off: no index with a condition could be created"
    assert "@key = N'is_system', @value = N'yes'" in begun
    assert rest.rstrip().endswith("COMMIT;\n\nGO")


def test_every_statement_about_a_table_names_its_schema(whole: str) -> None:
    about = r"^(?:CREATE TABLE|ALTER TABLE|INSERT INTO|UPDATE|CREATE (?:UNIQUE )?INDEX \w+ ON|CREATE PROCEDURE) (\S+)"
    named = re.findall(about, whole, re.MULTILINE)
    assert len(named) > 60
    assert [name for name in named if not name.startswith("dbo.")] == ["delete_audit_events"]
    """The procedure of the first release, which a later version replaces, is as it was."""


def test_the_default_of_an_added_column_has_a_name(whole: str) -> None:
    added = re.findall(r"^ALTER TABLE dbo\.\w+ ADD .*DEFAULT.*$", whole, re.MULTILINE)
    assert added
    assert [line for line in added if not re.search(r"CONSTRAINT df_\w+ DEFAULT", line)] == []


def test_a_migration_that_runs_gets_the_same_statements() -> None:
    statement = "ALTER TABLE steps ADD rows_set_aside INTEGER NOT NULL DEFAULT '0'"
    named = "ALTER TABLE dbo.steps ADD rows_set_aside INTEGER NOT NULL CONSTRAINT df_steps_rows_set_aside DEFAULT '0'"
    assert spelled_out(statement) == spelled_out(named) == named
    assert spelled_out("CREATE UNIQUE INDEX a ON b (c)") == "CREATE UNIQUE INDEX a ON dbo.b (c)"
    assert spelled_out("UPDATE [order] SET a = 1") == "UPDATE dbo.[order] SET a = 1"
    assert spelled_out("EXEC sp_rename 'a.b', c, 'COLUMN'") == "EXEC sp_rename 'dbo.a.b', c, 'COLUMN'"


def test_migrations_go_forward_only() -> None:
    """The way back is the earlier package, which works with the later schema."""
    versions = sorted((Path(migrate.__file__).parent / "migrations" / "versions").glob("[0-9]*.py"))
    assert versions
    assert [path.name for path in versions if "downgrade" in path.read_text(encoding="utf-8")] == []
