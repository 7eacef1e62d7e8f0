import csv
import gzip
import io
import zipfile

import pytest

from shared.sql.scans.connections import Connections
from tests.support.browsing import STRANGER, Visit, cost_row, finished_scan
from tests.support.collecting import FIRST, TENANT, USER
from web.privacy.activity import audit_json
from web.privacy.download import data_download


def unpacked(visit: Visit, **query: str) -> dict[str, bytes]:
    answer = visit.visit(data_download, query=query)
    assert (answer.status, answer.content_type) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as file:
        return {name: file.read(name) for name in file.namelist()}


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))


def test_who_is_not_signed_in_is_asked_to(visit: Visit) -> None:
    assert visit.visit(data_download).status == 401


def test_every_row_and_every_answer_is_in_it_and_the_token_is_not(visit: Visit) -> None:
    Connections(visit.parts.database).save(
        TENANT, USER, "=owner@contoso.example", b"ciphertext", visit.parts.clock.now()
    )
    scan = finished_scan(visit.parts, [cost_row(FIRST, "-1.25"), cost_row(FIRST, "2", service="+Storage")], FIRST)
    visit.sign_in()
    files = unpacked(visit)
    rows = table(files, f"scan-{scan.scan_id}/rows/costs-{FIRST}-from-0.csv")
    assert [(row["billed_cost"], row["service_name"]) for row in rows] == [("-1.25", "Storage"), ("2", "'+Storage")]
    assert gzip.decompress(files[f"scan-{scan.scan_id}/responses/costs-{FIRST}-0.json.gz"]) == b"{}"
    assert [row["scan_id"] for row in table(files, "scans.csv")] == [scan.scan_id]
    assert table(files, "consent.csv")[0]["username"] == "'=owner@contoso.example"
    assert {"steps.csv", "cost_totals.csv", "activity.csv", "README.txt"} <= set(files)
    assert b"ciphertext" not in b"".join(files.values())
    assert b"refresh_token" not in b"".join(files.values())


def test_no_other_users_data_is_in_it(visit: Visit) -> None:
    finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.sign_in(STRANGER)
    assert set(unpacked(visit)) == {"README.txt", "activity.csv"}


@pytest.mark.parametrize("part", ["0", "2", "-1", "x", "1" * 50, "\N{SUPERSCRIPT TWO}"])
def test_a_part_that_does_not_exist_is_refused(visit: Visit, part: str) -> None:
    visit.sign_in()
    assert visit.visit(data_download, query={"part": part}).status == 400


def test_it_is_on_record(visit: Visit) -> None:
    visit.sign_in()
    unpacked(visit)
    assert b'"data_downloaded"' in visit.visit(audit_json).body
