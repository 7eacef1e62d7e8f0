"""Files built by a job: asked for, built once, fetched by their owner alone, deleted after a day or with other data."""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from collectors.dead_letters import record
from shared.core.audit import Action
from shared.core.models import Scan, Session
from shared.deletion.service import DeletionSubject, delete_customer, delete_findings, delete_scan, delete_user
from shared.exports.exports import WHOLE_DATA, Export, ExportState
from shared.messaging.progress import send_renewed
from shared.messaging.queues import DELIVERIES_USED_UP, EXPORTS
from shared.sql.collected.cost_rows import CostRow, CostRows
from tests.support.browsing import STRANGER, Visit, cost_row, finished_scan
from tests.support.collecting import FIRST, OTHER_TENANT, TENANT, USER
from web.customer.exports import costs_csv, focus_costs_csv, report_workbook
from web.exports.build import build
from web.exports.pages import data_export_request, downloads_page, export_file, export_request
from web.http.audit import customer_actor
from web.privacy.data_rights import data_page
from web.privacy.download import data_download
from web.rendering.scan_files import ScanFile

HANDLERS = {ScanFile.WORKBOOK: report_workbook, ScanFile.COSTS: costs_csv, ScanFile.FOCUS_COSTS: focus_costs_csv}


class Killed(BaseException):
    """The worker dies."""


@pytest.fixture
def large(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> Scan:
    """A scan whose files count as large; progress is noted at each row."""
    monkeypatch.setattr("web.customer.exports.DIRECT_ROWS", 2)
    monkeypatch.setattr("web.exports.pages.DIRECT_ROWS", 2)
    monkeypatch.setattr("web.rendering.scan_files.ROWS_A_NOTE", 1)
    visit.consent()
    return finished_scan(visit.parts, [cost_row(FIRST, str(number)) for number in (1, 2, 3)], FIRST)


def ask(visit: Visit, scan: Scan, file: ScanFile = ScanFile.COSTS) -> Export:
    assert visit.visit(export_request, "POST", form={"file": file}, scan_id=scan.scan_id).status == 303
    found = visit.parts.exports.latest(TENANT, USER, file, scan.scan_id)
    assert found is not None
    return found


def deliver(visit: Visit) -> None:
    """The last message is delivered."""
    build(visit.parts, visit.parts.outbox.of(EXPORTS.name)[-1].body)


def now(visit: Visit, export: Export) -> Export | None:
    return visit.parts.exports.get(TENANT, USER, export.export_id)


def files(visit: Visit) -> list[Path]:
    folder = visit.parts.blobs._folder  # type: ignore[attr-defined]
    return [path for path in folder.rglob("*") if path.is_file()]


def session_of(visit: Visit) -> Session:
    return Session(TENANT, USER, "owner@contoso.example", visit.parts.clock.now(), visit.parts.clock.now())


@pytest.mark.parametrize("file", list(ScanFile))
def test_a_large_file_is_built_once_asked_for_and_then_downloads(visit: Visit, large: Scan, file: ScanFile) -> None:
    answer = visit.ask(HANDLERS[file], scan_id=large.scan_id)
    assert (answer.status, answer.headers["Location"]) == (303, f"/scans/{large.scan_id}/downloads")
    export = ask(visit, large, file)
    assert "Waiting to be built" in visit.ask(downloads_page, scan_id=large.scan_id).body.decode()
    deliver(visit)
    page = visit.ask(downloads_page, scan_id=large.scan_id).body.decode()
    assert f'href="/exports/{export.export_id}"' in page
    got = visit.visit(export_file, headers={"accept-encoding": "gzip"}, export_id=export.export_id)
    assert got.status == 200
    if file is ScanFile.WORKBOOK:
        assert load_workbook(io.BytesIO(got.body))["Costs by month"].max_row == 6
        return
    assert got.headers["Content-Encoding"] == "gzip"
    rows = list(csv.reader(io.StringIO(gzip.decompress(got.body).decode("utf-8-sig"), newline="")))
    cost = rows[0].index("Billed cost" if file is ScanFile.COSTS else "BilledCost")
    assert sum(Decimal(row[cost]) for row in rows[1:]) == 6
    plain = visit.visit(export_file, headers={}, export_id=export.export_id)
    assert (plain.content_type, plain.body) == ("application/gzip", got.body)


def test_a_small_file_downloads_at_once(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    page = visit.ask(downloads_page, scan_id=scan.scan_id).body.decode()
    assert f'href="/scans/{scan.scan_id}/export/costs.csv"' in page
    assert "Build file" not in page


def test_asking_twice_builds_one_file_and_sends_its_message_again(visit: Visit, large: Scan) -> None:
    first = ask(visit, large)
    visit.parts.time.sleep(60)
    assert ask(visit, large).export_id == first.export_id
    ids = [message.message_id for message in visit.parts.outbox.of(EXPORTS.name)]
    assert len(ids) == len(set(ids)) == 2


def test_a_second_delivery_changes_nothing(visit: Visit, large: Scan) -> None:
    export = ask(visit, large)
    deliver(visit)
    before = now(visit, export)
    deliver(visit)
    assert now(visit, export) == before
    assert len(files(visit)) == 1


def test_a_build_that_was_killed_is_whole_after_the_next_delivery(
    visit: Visit, large: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = ask(visit, large, ScanFile.FOCUS_COSTS)
    with monkeypatch.context() as patch:
        patch.setattr(CostRows, "each", dying)
        with pytest.raises(Killed):
            deliver(visit)
    halfway = now(visit, export)
    assert halfway is not None
    assert (halfway.state, halfway.percent_done, files(visit)) == (ExportState.BUILDING, 66, [])
    deliver(visit)
    built = now(visit, export)
    assert built is not None
    assert (built.state, built.percent_done) == (ExportState.READY, 100)


whole = CostRows.each


def dying(self: CostRows, scan_key: object) -> Iterator[CostRow]:
    """Two rows, then the worker dies."""
    for number, row in enumerate(whole(self, scan_key)):  # type: ignore[arg-type]
        if number == 2:
            raise Killed
        yield row


def deletion(visit: Visit, scan: Scan, what: str) -> None:
    session, parts = session_of(visit), visit.parts
    actor = customer_actor(session)
    match what:
        case "its scan":
            delete_scan(parts, session, actor, scan.scan_id)
        case "its findings":
            delete_findings(parts, session, actor, scan.scan_id)
        case "everything":
            delete_user(parts, session, actor)
        case _:
            delete_customer(parts, DeletionSubject(TENANT), actor, "Asked for.")


@pytest.mark.parametrize("what", ["its scan", "its findings", "everything", "the customer"])
def test_a_deletion_deletes_built_files_at_once(visit: Visit, large: Scan, what: str) -> None:
    export = ask(visit, large)
    deliver(visit)
    deletion(visit, large, what)
    assert now(visit, export) is None
    assert files(visit) == []
    visit.parts.time.sleep(1)
    visit.sign_in()
    assert visit.ask(export_file, export_id=export.export_id).status == 404


def test_what_is_deleted_while_it_is_built_leaves_nothing(
    visit: Visit, large: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = ask(visit, large)

    def deleted_meanwhile(self: CostRows, scan_key: object) -> Iterator[CostRow]:
        rows = list(whole(self, scan_key))  # type: ignore[arg-type]
        yield rows[0]
        delete_user(visit.parts, session_of(visit), customer_actor(session_of(visit)))
        yield from rows[1:]

    monkeypatch.setattr(CostRows, "each", deleted_meanwhile)
    deliver(visit)
    assert (now(visit, export), files(visit)) == (None, [])


def test_a_deletion_between_the_content_and_its_record_leaves_nothing(visit: Visit, large: Scan) -> None:
    export, exports = ask(visit, large), visit.parts.exports
    held = now(visit, export)
    assert held is not None
    exports.delete_of_user(TENANT, USER)
    with pytest.raises(Exception, match="exports"):
        exports.add_part(held, io.BytesIO(b"x"), 1)
    assert files(visit) == []


def test_after_24_hours_a_file_is_not_found_and_then_deleted(visit: Visit, large: Scan) -> None:
    export = ask(visit, large)
    deliver(visit)
    visit.parts.time.sleep(timedelta(hours=24).total_seconds())
    visit.sign_in()
    assert visit.ask(export_file, export_id=export.export_id).status == 404
    deliver(visit)  # a late message
    visit.parts.exports.delete_expired()
    assert not list(visit.parts.tables.list("exports", f"{TENANT}.{USER}"))


def test_another_user_and_another_customer_find_no_file(visit: Visit, large: Scan) -> None:
    export = ask(visit, large)
    deliver(visit)
    visit.sign_in(STRANGER)
    assert visit.ask(export_file, export_id=export.export_id).status == 404
    assert visit.ask(downloads_page, scan_id=large.scan_id).status == 404
    assert visit.visit(export_request, "POST", form={"file": ScanFile.COSTS}, scan_id=large.scan_id).status == 404
    assert visit.parts.exports.get(OTHER_TENANT, USER, export.export_id) is None


def test_a_message_that_failed_too_often_ends_its_file_as_failed(visit: Visit, large: Scan) -> None:
    export = ask(visit, large)
    body = visit.parts.outbox.of(EXPORTS.name)[-1].body
    assert not send_renewed(visit.parts, EXPORTS.name, body, None)
    record(visit.parts, body, DELIVERIES_USED_UP, EXPORTS.name)
    failed = now(visit, export)
    assert failed is not None
    assert failed.state is ExportState.FAILED
    page = visit.ask(downloads_page, scan_id=large.scan_id).body.decode()
    assert "could not be built" in page
    assert "Build again" in page


def test_a_deleted_scan_is_not_built(visit: Visit, large: Scan) -> None:
    ask(visit, large)
    delete_scan(visit.parts, session_of(visit), customer_actor(session_of(visit)), large.scan_id)
    deliver(visit)
    assert files(visit) == []


def test_asking_and_downloading_are_in_the_activity_log(visit: Visit, large: Scan) -> None:
    export = ask(visit, large)
    deliver(visit)
    visit.ask(export_file, export_id=export.export_id)
    actions = [entry.action for entry in visit.parts.audit_log.of_user(TENANT, USER, limit=9)]
    assert actions[:2] == [Action.REPORT_EXPORTED, Action.EXPORT_REQUESTED]


@pytest.mark.usefixtures("large")
def test_all_data_in_several_parts_is_built_by_the_job(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.privacy.download.PART_BYTES", 1)
    monkeypatch.setattr("web.privacy.download.DIRECT_BYTES", 1)
    monkeypatch.setattr("web.privacy.data_rights.DIRECT_BYTES", 1)
    finished_scan(visit.parts, [cost_row(FIRST, "9")], FIRST)
    assert "Build the files" in visit.ask(data_page).body.decode()
    assert visit.ask(data_download).status == 409
    assert visit.visit(data_export_request, "POST").status == 303
    deliver(visit)
    export = visit.parts.exports.latest(TENANT, USER, WHOLE_DATA)
    assert export is not None
    assert (export.state, export.parts) == (ExportState.READY, 2)
    assert f"/exports/{export.export_id}?part=2" in visit.ask(data_page).body.decode()
    names = []
    for part in ("1", "2"):
        body = visit.visit(export_file, query={"part": part}, export_id=export.export_id).body
        names += zipfile.ZipFile(io.BytesIO(body)).namelist()
    assert {"README.txt", "consent.csv", "activity.csv"} <= set(names)
    assert sum(name.endswith(".json.gz") for name in names) == 2
    assert len(names) == len(set(names)) + 1, "the README is in both"
    assert visit.visit(export_file, query={"part": "3"}, export_id=export.export_id).status == 404


@pytest.mark.usefixtures("large")
def test_building_all_data_is_in_the_activity_log(visit: Visit) -> None:
    visit.visit(data_export_request, "POST")
    latest, *_ = visit.parts.audit_log.of_user(TENANT, USER, limit=9)
    assert (latest.action, latest.details) == (Action.EXPORT_REQUESTED, {"file": WHOLE_DATA})


@pytest.mark.usefixtures("large")
def test_parts_that_are_done_are_not_built_again(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.privacy.download.PART_BYTES", 1)
    monkeypatch.setattr("web.privacy.download.DIRECT_BYTES", 1)
    monkeypatch.setattr("web.privacy.data_rights.DIRECT_BYTES", 1)
    finished_scan(visit.parts, [cost_row(FIRST, "9")], FIRST)
    visit.visit(data_export_request, "POST")
    exports, asked = visit.parts.exports, []
    original = exports.add_part

    def dies_after_the_first(export: Export, content: io.BytesIO, size: int) -> Export:
        asked.append(export.parts_done + 1)
        saved = original(export, content, size)
        if len(asked) == 1:
            raise Killed
        return saved

    monkeypatch.setattr(exports, "add_part", dies_after_the_first)
    with pytest.raises(Killed):
        deliver(visit)
    assert send_renewed(visit.parts, EXPORTS.name, visit.parts.outbox.of(EXPORTS.name)[-1].body, None)
    deliver(visit)
    assert asked == [1, 2]
