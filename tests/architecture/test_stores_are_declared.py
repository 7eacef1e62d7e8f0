"""One table lists every store; the schema, Table storage, Bicep and the document agree with it."""

import re

from shared.arm.quota_state import QUOTAS_TABLE
from shared.core.periods import LOG_RETENTION_DAYS
from shared.core.stores import StoreKind, names_in
from shared.deletion.log import DELETIONS_TABLE
from shared.identity.flows import FLOWS_TABLE
from shared.identity.session_records import SESSIONS_TABLE
from shared.sql.schema.tables import metadata
from shared.table_storage.rate_limits import LIMITS_TABLE
from tests.architecture.tree import ROOT, shipped
from tools.stores_document import TARGET, generated

TABLES = {FLOWS_TABLE, SESSIONS_TABLE, QUOTAS_TABLE, LIMITS_TABLE, DELETIONS_TABLE}


def test_the_document_is_what_the_command_writes() -> None:
    """When this fails: python -m tools.stores_document."""
    assert TARGET.read_text(encoding="utf-8") == generated()


def test_every_sql_table_is_declared_once() -> None:
    assert sorted(names_in(StoreKind.SQL)) == sorted(table.name for table in metadata.sorted_tables)


def test_every_table_of_table_storage_is_declared_once() -> None:
    named = re.compile(r'^\w+_TABLE = "(\w+)"', re.MULTILINE)
    modules = [one for one in shipped() if one.name.startswith("shared.") and not one.name.startswith("shared.sql")]
    written = {name for module in modules for name in named.findall(module.path.read_text(encoding="utf-8"))}
    assert sorted(names_in(StoreKind.TABLES)) == sorted(TABLES)
    assert written == TABLES


def test_logs_are_kept_as_long_as_declared() -> None:
    template = (ROOT / "bicep" / "monitoring.bicep").read_text(encoding="utf-8")
    assert f"param retentionInDays int = {LOG_RETENTION_DAYS}\n" in template
