"""One table lists every store; the schema, Table storage, Bicep and the document agree with it."""

import re
from datetime import timedelta

from collectors.registry import all_queues
from shared.arm.quota_state import KEPT_FOR, QUOTAS_TABLE
from shared.core.limits import LIMITS
from shared.core.periods import LOG_RETENTION_DAYS
from shared.core.stores import COUNTED_HOURS, MESSAGE_DAYS, StoreKind, names_in
from shared.deletion.log import DELETIONS_TABLE
from shared.exports.azure import CONTAINER
from shared.exports.exports import EXPORTS_TABLE
from shared.identity.api_tokens import API_TOKENS_TABLE
from shared.identity.flows import FLOWS_TABLE
from shared.identity.session_records import SESSIONS_TABLE
from shared.messaging.queues import DEAD_LETTERS
from shared.sql.schema.tables import metadata
from shared.table_storage.rate_limits import LIMITS_TABLE
from tests.architecture.tree import ROOT, shipped
from tools.stores_document import TARGET, generated

TABLES = {FLOWS_TABLE, SESSIONS_TABLE, QUOTAS_TABLE, LIMITS_TABLE, DELETIONS_TABLE, EXPORTS_TABLE, API_TOKENS_TABLE}


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


def test_counters_and_messages_are_kept_no_longer_than_declared() -> None:
    assert timedelta(hours=COUNTED_HOURS) >= max([KEPT_FOR, *(limit.period for limit in LIMITS)])
    longest = max(queue.time_to_live for queue in all_queues())
    assert longest + DEAD_LETTERS.time_to_live <= timedelta(days=MESSAGE_DAYS)


def test_no_period_of_a_store_is_a_word() -> None:
    """Each number comes from a constant of its own, which the program uses."""
    source = (ROOT / "shared" / "core" / "stores.py").read_text(encoding="utf-8")
    assert re.findall(r"\b(?:\d+|one|two|ten) (?:minutes?|hours?|days?|months?)\b", source) == []


def test_the_container_of_built_files_is_declared() -> None:
    assert names_in(StoreKind.BLOBS) == [CONTAINER]


def test_logs_are_kept_as_long_as_declared() -> None:
    template = (ROOT / "bicep" / "monitoring.bicep").read_text(encoding="utf-8")
    assert f"param retentionInDays int = {LOG_RETENTION_DAYS}\n" in template
