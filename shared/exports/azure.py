"""Store built files in Azure Blob storage.

https://learn.microsoft.com/python/api/overview/azure/storage-blob-readme
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from http import HTTPStatus
from typing import IO, Any

from azure.core.credentials import AzureNamedKeyCredential, TokenCredential
from azure.core.exceptions import AzureError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import BlobProperties, BlobServiceClient, ContainerClient

from shared.core.errors import ConfigurationError
from shared.exports.blobs import check_name
from shared.table_storage.store import StoreUnavailable

CONTAINER = "exports"
PATIENCE: dict[str, Any] = {"connection_timeout": 5, "read_timeout": 60, "retry_total": 3}


class AzureBlobStore:
    """A BlobStore in Azure; the container is created at first use."""

    def __init__(self, endpoint: str, credential: TokenCredential | AzureNamedKeyCredential) -> None:
        self._endpoint = endpoint
        self._credential = credential
        self._lock = threading.Lock()
        self._container: ContainerClient | None = None

    def write(self, name: str, content: IO[bytes]) -> None:
        check_name(name)
        with faults():
            self._connect().upload_blob(name, content, overwrite=True)

    def read(self, name: str) -> bytes | None:
        with faults():
            try:
                content: bytes = self._connect().download_blob(name).readall()
            except ResourceNotFoundError:
                return None
        return content

    def delete(self, prefix: str) -> int:
        return self._delete(lambda _: True, prefix)

    def delete_before(self, moment: datetime) -> int:
        return self._delete(lambda blob: blob.last_modified < moment)

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._container is not None:
                self._container.close()

    def _delete(self, is_due: Callable[[BlobProperties], bool], prefix: str | None = None) -> int:
        deleted = 0
        with faults():
            container = self._connect()
            for blob in container.list_blobs(name_starts_with=prefix):
                if is_due(blob):
                    with suppress(ResourceNotFoundError):  # Another deletion was first.
                        container.delete_blob(blob.name)
                        deleted += 1
        return deleted

    def _connect(self) -> ContainerClient:
        with self._lock:
            if self._container is None:
                service = BlobServiceClient(self._endpoint, credential=self._credential, **PATIENCE)
                container = service.get_container_client(CONTAINER)
                with suppress(ResourceExistsError):
                    container.create_container()
                self._container = container
            return self._container


@contextmanager
def faults() -> Iterator[None]:
    """Translate the library's errors; their texts are dropped because they may quote the request."""
    try:
        yield
    except HttpResponseError as error:
        if error.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise ConfigurationError(
                f"BLOBS_ENDPOINT: the storage account answered {error.status_code}: grant the app's identity "
                "Storage Blob Data Owner there, and check that the account's network allows it"
            ) from None
        raise StoreUnavailable(f"Blob storage answered {error.status_code or type(error).__name__}") from None
    except AzureError as error:
        raise StoreUnavailable(f"Blob storage did not answer: {type(error).__name__}") from None
