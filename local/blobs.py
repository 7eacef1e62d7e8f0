"""Built files in a folder, with the semantics of Azure Blob storage."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from shared.exports.blobs import NAME, check_name


class LocalBlobStore:
    """A BlobStore for one machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, content: IO[bytes]) -> None:
        check_name(name)
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as written:
            shutil.copyfileobj(content, written)
        Path(written.name).replace(target)

    def read(self, name: str) -> bytes | None:
        path = self._folder / name
        return path.read_bytes() if NAME.fullmatch(name) and path.is_file() else None

    def delete(self, prefix: str) -> int:
        return self._delete(lambda path: path.relative_to(self._folder).as_posix().startswith(prefix))

    def delete_before(self, moment: datetime) -> int:
        return self._delete(lambda path: datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment)

    def close(self) -> None:
        """There is no connection to close."""

    def _delete(self, is_due: Callable[[Path], bool]) -> int:
        due = [path for path in self._folder.rglob("*") if path.is_file() and is_due(path)]
        for path in due:
            path.unlink(missing_ok=True)
        return len(due)
