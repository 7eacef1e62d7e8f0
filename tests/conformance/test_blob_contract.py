"""What a store of built files does, whether it is a folder or Azure Blob storage (by Microsoft's emulator)."""

import io
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from azure.core.credentials import AzureNamedKeyCredential

from local.blobs import LocalBlobStore
from shared.core.errors import ConfigurationError
from shared.exports.azure import AzureBlobStore
from shared.exports.blobs import BlobStore
from tests.peers.azurite import Azurite, running
from tests.support.npm import NpmPackageMissing


@pytest.fixture(scope="module")
def blob_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    try:
        with running(tmp_path_factory.mktemp("azurite-blob"), "blob") as service:
            yield service
    except NpmPackageMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(params=["local", "azure"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BlobStore]:
    opened: LocalBlobStore | AzureBlobStore
    if request.param == "local":
        opened = LocalBlobStore(tmp_path / "exports")
    else:
        service: Azurite = request.getfixturevalue("blob_service")
        opened = AzureBlobStore(service.endpoint, AzureNamedKeyCredential(service.account, service.key))
    yield opened
    opened.close()


def name(tenant: str = "", user: str = "", part: int = 1) -> str:
    return f"{tenant or uuid.uuid4()}/{user or uuid.uuid4()}/{uuid.uuid4()}/{part}"


def test_a_file_is_read_as_it_was_written_and_replaced_whole(store: BlobStore) -> None:
    own, content = name(), bytes(range(256)) * 5_000
    store.write(own, io.BytesIO(content))
    assert store.read(own) == content
    store.write(own, io.BytesIO(b""))
    assert store.read(own) == b""


def test_a_file_that_is_not_there_is_none(store: BlobStore) -> None:
    assert store.read(name()) is None


@pytest.mark.parametrize("bad", ["", "a", "../../etc/passwd", "tenant/user/export/1", f"{uuid.uuid4()}/x"])
def test_a_name_that_no_deletion_would_find_is_refused(store: BlobStore, bad: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        store.write(bad, io.BytesIO(b"x"))


def test_files_are_deleted_by_the_beginning_of_their_names(store: BlobStore) -> None:
    tenant, user, other = (str(uuid.uuid4()) for _ in range(3))
    own, colleagues = [name(tenant, user) for _ in range(3)], name(tenant, other)
    for each in (*own, colleagues):
        store.write(each, io.BytesIO(b"x"))
    assert store.delete(f"{tenant}/{user}/") == 3
    assert [store.read(each) for each in own] == [None] * 3
    assert store.read(colleagues) == b"x"
    assert store.delete(f"{tenant}/") == 1
    assert store.delete(f"{tenant}/") == 0


def test_old_files_are_deleted(store: BlobStore) -> None:
    own, now = name(), datetime.now(UTC)
    store.write(own, io.BytesIO(b"x"))
    store.delete_before(now - timedelta(hours=1))
    assert store.read(own) == b"x"
    assert store.delete_before(now + timedelta(hours=1)) >= 1
    assert store.read(own) is None


def test_two_deletions_at_once_share_the_work(store: BlobStore) -> None:
    tenant = str(uuid.uuid4())
    for part in range(1, 21):
        store.write(name(tenant, part=part), io.BytesIO(b"x"))
    deleted: list[int] = []
    workers = [threading.Thread(target=lambda: deleted.append(store.delete(f"{tenant}/"))) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(deleted) == 2
    assert store.delete(f"{tenant}/") == 0


def test_a_refusal_names_the_setting_and_the_role(blob_service: Azurite) -> None:
    wrong = "d3Jvbmc="
    store = AzureBlobStore(blob_service.endpoint, AzureNamedKeyCredential(blob_service.account, wrong))
    with pytest.raises(ConfigurationError, match=r"BLOBS_ENDPOINT: .*Storage Blob Data Owner"):
        store.read(name())
