"""Download all data stored about a user, as ZIP files small enough for one response of the Functions host.

Each part holds whole pages of Azure's responses and the rows read from them; the first part
also holds everything else. https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from typing import IO, Any

from shared.core.audit import Action
from shared.core.errors import BadRequest, Conflict
from shared.core.formats import moment
from shared.core.limits import DOWNLOADS
from shared.core.models import Session
from shared.sql.deletion.holdings import DRAFTS, SMALL_TABLES, PageRange, Reader, rows_by_download_folder
from shared.wiring import Services
from web.http.access import check_not_cross_site, require_session
from web.http.audit import record_action
from web.http.forms import whole_number
from web.http.messages import Request, Response
from web.privacy.activity import COLUMNS, EXPORT_ENTRIES, record_of
from web.rendering.csv_export import csv_parts, csv_text

PART_BYTES = 10_000_000
"""Compressed size of Azure's responses in one part; with their rows, the ZIP file is about twice as large."""

DIRECT_BYTES = 500_000
"""What is larger than this is built by a job: ten megabytes take half a minute of processor time."""

README = """Data that Caleta Cost Review stores about {name}.
Part {part} of {parts}, created {created}.

consent.csv      your consent, without the encrypted token
scans.csv, ...   one file per table, one line per record
findings.csv     findings that our reviewers have published
drafts-not-reviewed/
                 draft findings that our reviewers have not checked; not our advice
activity.csv     the activity log
rows/            the rows read from Azure's responses, by kind and subscription
responses/       Azure's original responses as gzip-compressed JSON

Text that a spreadsheet would run as a formula is prefixed with an apostrophe.
"""


DRAFTS_README = """Drafts: our reviewers have not checked the data in this folder

We store it about you, so we include it. Drafts are created by rules or are a reviewer's unfinished work. They can be
wrong, incomplete or already discarded, and they are not our advice. Findings that our reviewers have published are in
findings.csv, next to this folder. A draft that is published moves there; the others are deleted with the scan.
"""


@dataclass(frozen=True)
class DataSubject:
    """One user or, if `user_object_id` is None, the whole customer; `name` is shown in the README file."""

    tenant_id: str
    user_object_id: str | None
    name: str


def data_subject(session: Session) -> DataSubject:
    """Return the signed-in user."""
    return DataSubject(session.tenant_id, session.user_object_id, f"you ({session.username})")


def data_download(request: Request, services: Services) -> Response:
    """GET /data/download: everything, if it fits into one small file; otherwise it is built by a job."""
    session = require_session(request, services)
    check_not_cross_site(request)
    subject = data_subject(session)
    parts = services.holdings.slices(subject.tenant_id, subject.user_object_id, DIRECT_BYTES)
    number = part_number(request.query.get("part", "1"), len(parts))
    if len(parts) > 1:
        raise Conflict("Your data is too large for one file", "Open “Your data” and have the files built there.")
    services.rate_limits.take(DOWNLOADS, session.user_object_id)
    record_action(services, session, Action.DATA_DOWNLOADED, details={"part": number, "parts": len(parts)})
    return zip_file(services, subject, parts, number)


def zip_file(services: Services, subject: DataSubject, parts: Sequence[Sequence[PageRange]], number: int) -> Response:
    """Return one part as a file download."""
    name = file_name(services.clock.now(), number, len(parts))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    body = io.BytesIO()
    write_archive(services, subject, parts, number, body)
    return Response(body=body.getvalue(), content_type="application/zip", headers=headers)


def file_name(at: datetime, number: int, parts: int) -> str:
    """Return the name of one part."""
    return f"caleta-data-{at:%Y-%m-%d}-{number}-of-{parts}.zip"


def parts_of(services: Services, subject: DataSubject) -> list[list[PageRange]]:
    """Return the content of each part; there is at least one."""
    return services.holdings.slices(subject.tenant_id, subject.user_object_id, PART_BYTES)


def part_number(text: str, parts: int) -> int:
    """Parse the part number; raises BadRequest."""
    number = whole_number(text, parts)
    if number:
        return number
    raise BadRequest("Part not found", "Open the page “Your data” and choose a part.")


def write_archive(
    services: Services, subject: DataSubject, parts: Sequence[Sequence[PageRange]], number: int, target: IO[bytes]
) -> None:
    """Write the ZIP file of one part."""
    holdings = services.holdings
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file,
        holdings.reader(subject.tenant_id, subject.user_object_id) as reader,
    ):
        now = services.clock.now()
        file.writestr("README.txt", readme(subject, number, len(parts), now))
        if number == 1:
            write_small(file, reader)
            write_activity(file, services, subject)
        write_pages(file, reader, parts[number - 1])


def readme(subject: DataSubject, part: int, parts: int, now: datetime) -> str:
    """Return the text of README.txt."""
    return README.format(name=subject.name, part=part, parts=parts, created=moment(now))


def write_small(file: zipfile.ZipFile, reader: Reader) -> None:
    """Write the consent and every table that is not read page by page."""
    write_table(file, "consent.csv", reader.consent())
    for table in SMALL_TABLES:
        for folder, rows in rows_by_download_folder(table, reader):
            write_table(file, f"{folder}{table.name}.csv", rows)
    if any(name.startswith(DRAFTS) for name in file.namelist()):
        file.writestr(f"{DRAFTS}README.txt", DRAFTS_README)


def write_activity(file: zipfile.ZipFile, services: Services, subject: DataSubject) -> None:
    """Write the activity log, as in /audit.csv."""
    log = services.audit_log
    if subject.user_object_id is None:
        entries = log.of_customer(subject.tenant_id, limit=EXPORT_ENTRIES)
    else:
        entries = log.of_user(subject.tenant_id, subject.user_object_id, limit=EXPORT_ENTRIES)
    file.writestr("activity.csv", csv_text(COLUMNS, ([*record_of(entry).values()] for entry in entries)))


def write_pages(file: zipfile.ZipFile, reader: Reader, slices: Sequence[PageRange]) -> None:
    """Write Azure's responses for these pages, and the rows read from them."""
    for scan_id, of_scan in groupby(slices, lambda each: each.scan_id):
        for part in of_scan:
            name = f"{part.collector}-{part.subscription_id}-from-{part.first}"
            write_table(file, f"scan-{scan_id}/rows/{name}.csv", reader.collected(part))
            for page in reader.answers(part):
                file_name = f"{page.collector}-{page.subscription_id}-{page.page_number}.json.gz"
                entry = zipfile.ZipInfo(f"scan-{scan_id}/responses/{file_name}", date_time=(1980, 1, 1, 0, 0, 0))
                file.writestr(entry, page.body_gzip, zipfile.ZIP_STORED)


def write_table(file: zipfile.ZipFile, name: str, rows: Iterator[Mapping[str, Any]]) -> None:
    """Write one CSV file in parts; no file for a table without rows."""
    first = next(rows, None)
    if first is None:
        return
    columns = list(first)
    with file.open(name, "w", force_zip64=True) as entry:
        for part in csv_parts(columns, (list(row.values()) for row in chain([first], rows))):
            entry.write(part.encode())
