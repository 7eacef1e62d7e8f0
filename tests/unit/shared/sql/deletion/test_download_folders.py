"""A download tells what is published from what no one has reviewed: nothing is left out, nothing is in it twice."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from shared.core.findings import FindingStatus
from shared.sql.deletion.holdings import DRAFTS
from shared.sql.schema.finding_tables import finding_resources, finding_versions, findings
from tests.support.collecting import TENANT
from tests.support.desk import Desk
from tests.unit.web.reviewed import as_customer, drafted, of_scan, publish
from web.desk.findings.listing import desk_finding_create
from web.privacy.download import data_download


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def unpacked(desk: Desk) -> dict[str, bytes]:
    as_customer(desk)
    with zipfile.ZipFile(io.BytesIO(desk.get(data_download).body)) as file:
        return {name: file.read(name) for name in file.namelist()}


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode(), newline=""))) if name in files else []


def count(desk: Desk, table: object) -> int:
    with desk.parts.database.reading(TENANT) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_before_publication_all_of_it_is_a_draft_and_says_so(desk: Desk) -> None:
    drafted(desk)
    files = unpacked(desk)
    assert {row["status"] for row in rows(files, f"{DRAFTS}findings.csv")} == {"draft"}
    assert b"our reviewers have not checked" in files[f"{DRAFTS}README.txt"]
    assert b"not our advice" in files["README.txt"]
    assert not [name for name in files if name.startswith("finding_") or name == "findings.csv"]


def test_what_is_published_moves_out_and_how_it_read_before_stays(desk: Desk) -> None:
    scan = drafted(desk)
    publish(desk, scan)
    files = unpacked(desk)
    published = of_scan(desk, scan, FindingStatus.PUBLISHED)
    assert {row["finding_id"] for row in rows(files, "findings.csv")} == {one.finding_id for one in published}
    assert rows(files, f"{DRAFTS}findings.csv") == []
    assert {row["status"] for row in rows(files, "finding_versions.csv")} <= {"published"}
    assert {row["status"] for row in rows(files, f"{DRAFTS}finding_versions.csv")} == {"draft"}


def test_every_row_is_in_one_of_the_two(desk: Desk) -> None:
    scan = drafted(desk)
    publish(desk, scan)
    desk.post(desk_finding_create, {"title": "Another"}, scan_id=scan.scan_id)
    files = unpacked(desk)
    for table in (findings, finding_resources, finding_versions):
        found = [*rows(files, f"{table.name}.csv"), *rows(files, f"{DRAFTS}{table.name}.csv")]
        assert len(found) == count(desk, table) > 0


def test_where_there_is_no_draft_there_is_no_folder(desk: Desk) -> None:
    desk.consented_scan()
    assert not [name for name in unpacked(desk) if name.startswith(DRAFTS)]
