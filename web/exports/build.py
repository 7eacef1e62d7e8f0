"""Build the file of one export. A second delivery has no effect; a killed build goes on with its first missing part."""

import gzip
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO

from shared.core.messages import ExportMessage
from shared.core.models import ScanKey
from shared.exports.exports import WHOLE_DATA, Export, ExportState
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.table_storage.store import Changed
from shared.wiring import Services
from web.privacy.download import DataSubject, parts_of, write_archive
from web.rendering.scan_files import ScanFile, write_scan_file

MEMORY_BYTES = 8 * 1024 * 1024
"""A file up to this size is built in memory, a larger one on the worker's own disk."""

log = logging.getLogger("caleta.exports")


def build(services: Services, body: bytes) -> None:
    """Build what one message asks for. Raises BadMessage."""
    message = ExportMessage.decode(body)
    export = services.exports.get(message.tenant_id, message.user_object_id, message.export_id)
    if export is None or export.state.is_final:
        log_event(log, Event.EXPORT_SKIPPED, "it is built, expired or deleted", export=message.export_id)
        return
    try:
        built = _build_data(services, export) if export.file == WHOLE_DATA else _build_scan_file(services, export)
    except Changed:
        services.exports.discard(export)
        log_event(log, Event.EXPORT_SKIPPED, "it was deleted, or another worker builds it", export=export.export_id)
        return
    log_event(log, Event.EXPORT_BUILT, export=export.export_id, file=export.file, bytes=sum(built.part_bytes))


def _build_scan_file(services: Services, export: Export) -> Export:
    """Build a file of one scan, in one part."""
    key, progress = ScanKey(export.tenant_id, export.scan_id), Progress(services, export)
    scan = services.scans.get(key)
    if scan is None:
        raise Changed("the scan was deleted")
    file, steps = ScanFile(export.file), services.steps.list(key)
    with progress.part() as target:
        if file is ScanFile.WORKBOOK:
            write_scan_file(services, scan, steps, file, target, progress.note_row)
        else:
            with gzip.GzipFile(fileobj=target, mode="wb", mtime=0) as packed:
                write_scan_file(services, scan, steps, file, packed, progress.note_row)
    return progress.export


def _build_data(services: Services, export: Export) -> Export:
    """Build all data stored about the user, in parts of about the same size."""
    subject = DataSubject(export.tenant_id, export.user_object_id, f"you ({export.username})")
    parts = parts_of(services, subject)
    progress = Progress(services, replace(export, parts=max(len(parts), export.parts_done + 1)))
    while not progress.export.state.is_final:
        with progress.part() as target:
            write_archive(services, subject, parts, progress.export.parts_done + 1, target)
    return progress.export


class Progress:
    """How far an export is. Each note is stored, and finds out whether the export was deleted meanwhile."""

    def __init__(self, services: Services, export: Export) -> None:
        self._exports = services.exports
        self.export = self._exports.save(replace(export, state=ExportState.BUILDING, rows_done=0))

    def note_row(self, number: int) -> None:
        """Store that so many rows are written; raises Changed."""
        self.export = self._exports.save(replace(self.export, rows_done=number))

    @contextmanager
    def part(self) -> Iterator[IO[bytes]]:
        """Open a temporary file for the next part, and store it when the block ends; raises Changed."""
        with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as target:
            yield target
            size = target.tell()
            target.seek(0)
            self.export = self._exports.add_part(self.export, target, size)
