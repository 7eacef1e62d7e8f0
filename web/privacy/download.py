"""All that is held about a user, as ZIP files that are small enough for one answer of the Functions host.

A part holds whole pages of Azure's answers and the rows made of them; the first has
everything else too. https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from typing import Any

from shared.core.audit import Action
from shared.core.errors import BadRequest
from shared.core.models import Session
from shared.sql.deletion.download_folders import DRAFTS, shelves
from shared.sql.deletion.holdings import SMALL_TABLES, Reader, Slice
from shared.wiring import Services
from web.http.access import require_session
from web.http.acts import put_on_record
from web.http.messages import Request, Response
from web.privacy.activity import COLUMNS, EXPORT_ENTRIES, record_of
from web.rendering.csv_export import csv_text

PART_BYTES = 10_000_000
"""Of Azure's answers, compressed, in one part: with the rows made of them a ZIP of about twice that."""

EXPLANATION = """What Caleta Cost Review holds about {name}.
Part {part} of {parts}, made {moment:%Y-%m-%d %H:%M} UTC.

consent.csv      the consent; the token itself is kept encrypted and is left out
scans.csv, ...   one file for each table, one line for each record
findings.csv     what a person of ours has reviewed and published
drafts-not-reviewed/
                 drafts of findings, which nobody has reviewed: not our advice
activity.csv     the activity log
rows/            the rows made of Azure's answers, by kind and subscription
answers/         Azure's answers as they came, gzip-compressed JSON

Texts that a spreadsheet would take for a formula have an apostrophe before them.
"""


EXPLANATION_OF_DRAFTS = """Drafts: no person has reviewed what is in this folder

It is held about you, so it is yours to see. But it was made by rules, or is a reviewer's unfinished work: it may be
wrong, incomplete or already discarded, and it is no advice of ours. What a person of ours has reviewed and published
is in findings.csv, beside this folder. A draft that is published moves there; the others are deleted with the scan.
"""


@dataclass(frozen=True)
class Holder:
    """Whose data: one user's, or with None the whole customer's; `name` is how the file calls them."""

    tenant_id: str
    user_object_id: str | None
    name: str


def holder_of(session: Session) -> Holder:
    """The signed-in user."""
    return Holder(session.tenant_id, session.user_object_id, f"you ({session.username})")


def data_download(request: Request, services: Services) -> Response:
    """GET /data/download: one part; `part` counts from one."""
    session = require_session(request, services)
    holder = holder_of(session)
    parts = parts_of(services, holder)
    number = part_number(request.query.get("part", "1"), len(parts))
    put_on_record(services, session, Action.DATA_DOWNLOADED, details={"part": number, "parts": len(parts)})
    return zip_file(services, holder, parts, number)


def zip_file(services: Services, holder: Holder, parts: Sequence[Sequence[Slice]], number: int) -> Response:
    """One part, to be saved."""
    name = f"caleta-data-{services.clock.now():%Y-%m-%d}-{number}-of-{len(parts)}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    body = archive(services, holder, parts, number)
    return Response(body=body, content_type="application/zip", headers=headers)


def parts_of(services: Services, holder: Holder) -> list[list[Slice]]:
    """What each part holds; one at least."""
    return services.holdings.slices(holder.tenant_id, holder.user_object_id, PART_BYTES)


def part_number(text: str, parts: int) -> int:
    """The part that was asked for; raises BadRequest."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(parts)) and 1 <= int(text) <= parts:
        return int(text)
    raise BadRequest("There is no such part", "Open the page “Your data” again and choose there.")


def archive(services: Services, holder: Holder, parts: Sequence[Sequence[Slice]], number: int) -> bytes:
    """The ZIP of one part."""
    written = io.BytesIO()
    holdings = services.holdings
    with (
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file,
        holdings.reader(holder.tenant_id, holder.user_object_id) as reader,
    ):
        now = services.clock.now()
        file.writestr("README.txt", explanation(holder, number, len(parts), now))
        if number == 1:
            write_small(file, reader)
            write_activity(file, services, holder)
        write_pages(file, reader, parts[number - 1])
    return written.getvalue()


def explanation(holder: Holder, part: int, parts: int, now: datetime) -> str:
    """What is in it."""
    return EXPLANATION.format(name=holder.name, part=part, parts=parts, moment=now)


def write_small(file: zipfile.ZipFile, reader: Reader) -> None:
    """The consent and every table that is not made of pages."""
    write_table(file, "consent.csv", reader.consent())
    for table in SMALL_TABLES:
        for folder, rows in shelves(table, reader):
            write_table(file, f"{folder}{table.name}.csv", rows)
    if any(name.startswith(DRAFTS) for name in file.namelist()):
        file.writestr(f"{DRAFTS}README.txt", EXPLANATION_OF_DRAFTS)


def write_activity(file: zipfile.ZipFile, services: Services, holder: Holder) -> None:
    """The activity log, as /audit.csv has it."""
    log = services.audit_log
    if holder.user_object_id is None:
        entries = log.of_customer(holder.tenant_id, limit=EXPORT_ENTRIES)
    else:
        entries = log.of_user(holder.tenant_id, holder.user_object_id, limit=EXPORT_ENTRIES)
    file.writestr("activity.csv", csv_text(COLUMNS, ([*record_of(entry).values()] for entry in entries)))


def write_pages(file: zipfile.ZipFile, reader: Reader, slices: Sequence[Slice]) -> None:
    """The answers of these pages, and the rows made of them."""
    for scan_id, of_scan in groupby(slices, lambda each: each.scan_id):
        for part in of_scan:
            place = f"{part.collector}-{part.subscription_id}-from-{part.first}"
            write_table(file, f"scan-{scan_id}/rows/{place}.csv", reader.collected(part))
            for answer in reader.answers(part):
                name = f"{answer.collector}-{answer.subscription_id}-{answer.page_number}.json.gz"
                entry = zipfile.ZipInfo(f"scan-{scan_id}/answers/{name}", date_time=(1980, 1, 1, 0, 0, 0))
                file.writestr(entry, answer.body_gzip, zipfile.ZIP_STORED)


def write_table(file: zipfile.ZipFile, name: str, rows: Iterator[Mapping[str, Any]]) -> None:
    """One CSV file, written batch by batch; none for a table without rows."""
    first = next(rows, None)
    if first is None:
        return
    with file.open(name, "w", force_zip64=True) as entry:
        header = list(first)
        for number, batch in enumerate(batches(chain([first], rows))):
            text = csv_text(header, (list(row.values()) for row in batch))
            entry.write((text if number == 0 else text.partition("\r\n")[2]).encode())


def batches(rows: Iterable[Mapping[str, Any]], size: int = 2_000) -> Iterator[list[Mapping[str, Any]]]:
    """The rows, so many at a time."""
    batch: list[Mapping[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
