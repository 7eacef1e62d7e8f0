"""Store records in Azure Table storage.

https://learn.microsoft.com/python/api/overview/azure/data-tables-readme
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from itertools import groupby, islice
from typing import Any

from azure.core import MatchConditions
from azure.core.credentials import AzureNamedKeyCredential, TokenCredential
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.core.pipeline import PipelineResponse
from azure.data.tables import TableClient, TableEntity, TableServiceClient, TableTransactionError, UpdateMode

from shared.core.errors import ConfigurationError
from shared.table_storage.store import (
    AlreadyExists,
    Changed,
    Record,
    StoreUnavailable,
    check_record,
    check_table,
    is_key,
)

EXPIRES_AT = "expires_at"
MAX_TRANSACTION = 100
"""The maximum operations of one transaction, all in one partition."""

PATIENCE: dict[str, Any] = {"connection_timeout": 5, "read_timeout": 10, "retry_total": 3, "retry_backoff_max": 5}
"""A user waits for a page while the session is read; the library's default timeout is five minutes."""


class AzureTableStore:
    """A TableStore in Azure; tables are created at first use.

    After a lost response the library retries: a replacement or delete may then raise Changed
    although the first attempt succeeded, which is the safe side.
    """

    def __init__(self, endpoint: str, credential: TokenCredential | AzureNamedKeyCredential) -> None:
        self._endpoint = endpoint
        self._credential = credential
        self._lock = threading.Lock()
        self._service: TableServiceClient | None = None
        self._tables: dict[str, TableClient] = {}

    def insert(self, table: str, record: Record) -> None:
        check_record(record)
        with faults():
            client = self._table(table)
            try:
                client.create_entity(_entity(record))
            except ResourceExistsError:
                raise AlreadyExists(f"a record of {table}") from None

    def get(self, table: str, partition: str, key: str) -> Record | None:
        check_table(table)
        if not is_key(partition) or not is_key(key):
            return None
        with faults():
            client = self._table(table)
            try:
                return _record(client.get_entity(partition, key))
            except ResourceNotFoundError:
                return None

    def list(self, table: str, partition: str) -> Iterable[Record]:
        check_table(table)
        if not is_key(partition):
            return []
        return self._listed(table, partition)

    def _listed(self, table: str, partition: str) -> Iterator[Record]:
        with faults():
            found = self._table(table).query_entities("PartitionKey eq @partition", parameters={"partition": partition})
            yield from map(_record, found)

    def replace(self, table: str, record: Record) -> None:
        check_record(record)
        condition = _if_unchanged(record.etag)
        with faults():
            client = self._table(table)
            try:
                client.update_entity(_entity(record), mode=UpdateMode.REPLACE, **condition)
            except (ResourceModifiedError, ResourceNotFoundError):
                raise Changed(f"a record of {table}") from None

    def delete(self, table: str, partition: str, key: str, etag: str | None = None) -> None:
        check_table(table)
        if not is_key(partition) or not is_key(key):
            raise Changed(f"a record of {table}")
        condition = _if_unchanged(etag)
        statuses: list[int] = []  # The client says nothing of a record that was not there; its answer does.

        def note(answer: PipelineResponse[Any, Any]) -> None:
            statuses.append(answer.http_response.status_code)

        with faults():
            client = self._table(table)
            try:
                client.delete_entity(partition, key, raw_response_hook=note, **condition)
            except ResourceModifiedError:
                raise Changed(f"a record of {table}") from None
        if statuses[-1] == HTTPStatus.NOT_FOUND:
            raise Changed(f"a record of {table}")

    def delete_expired(self, table: str, now: datetime) -> int:
        with faults():
            expired = self._table(table).query_entities(
                f"{EXPIRES_AT} le @now", parameters={"now": now}, select=["PartitionKey", "RowKey", "Timestamp"]
            )
            return sum(self._delete_batch(table, batch) for batch in _batches(expired))

    def _delete_batch(self, table: str, batch: Sequence[TableEntity]) -> int:
        """Delete all in one transaction or, if one has changed meanwhile, those that have not."""
        try:
            self._table(table).submit_transaction(
                ("delete", entity, _if_unchanged(entity.metadata["etag"])) for entity in batch
            )
        except TableTransactionError:
            return sum(self._delete_unchanged(table, entity) for entity in batch)
        return len(batch)

    def _delete_unchanged(self, table: str, entity: TableEntity) -> bool:
        try:
            self.delete(table, entity["PartitionKey"], entity["RowKey"], entity.metadata["etag"])
        except Changed:
            return False
        return True

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._service is not None:
                self._service.close()

    def _table(self, name: str) -> TableClient:
        """Return the table's client. Concurrent first calls may both create the table; none waits for another."""
        check_table(name)
        if name not in self._tables:
            self._tables[name] = self._connect().create_table_if_not_exists(name)
        return self._tables[name]

    def _connect(self) -> TableServiceClient:
        with self._lock:
            if self._service is None:
                self._service = TableServiceClient(self._endpoint, credential=self._credential, **PATIENCE)
            return self._service


@contextmanager
def faults() -> Iterator[None]:
    """Translate the library's errors; their texts are dropped because they may quote the request."""
    try:
        yield
    except HttpResponseError as error:
        if error.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise ConfigurationError(
                f"TABLES_ENDPOINT: the storage account answered {error.status_code}: grant the app's identity "
                "Storage Table Data Contributor there, and check that the account's network allows it"
            ) from None
        raise StoreUnavailable(f"Table storage answered {error.status_code or type(error).__name__}") from None
    except AzureError as error:
        raise StoreUnavailable(f"Table storage did not answer: {type(error).__name__}") from None


def _if_unchanged(etag: str | None) -> dict[str, Any]:
    """Return the condition for this version of the record; none for None."""
    if etag is None:
        return {}
    if not etag:
        raise Changed("the record has no ETag because it was never read")
    return {"etag": etag, "match_condition": MatchConditions.IfNotModified}


def _entity(record: Record) -> dict[str, Any]:
    keys = {"PartitionKey": record.partition, "RowKey": record.key}
    return {**keys, EXPIRES_AT: record.expires_at, **record.values}


def _record(entity: TableEntity) -> Record:
    values = dict(entity)
    partition, key, expires_at = values.pop("PartitionKey"), values.pop("RowKey"), values.pop(EXPIRES_AT)
    return Record(partition, key, values, expires_at, entity.metadata["etag"] or "")


def _batches(entities: Iterable[TableEntity]) -> Iterator[list[TableEntity]]:
    for _, partition in groupby(entities, key=lambda entity: entity["PartitionKey"]):
        while batch := list(islice(partition, MAX_TRANSACTION)):
            yield batch
