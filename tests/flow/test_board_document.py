"""The board document on paper: two pages of overview, then the findings, each page with its foot."""

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader

from shared.core.models import Scan
from tests.machine import find_browser
from tests.support.desk import Desk
from tests.unit.web.reviewed import as_customer, drafted, publish
from web.customer.overview import board_document
from web.rendering.scan_files import published_findings

STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
PRINT_SECONDS = 120


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def reviewed(desk: Desk) -> Scan:
    scan = drafted(desk)
    desk.parts.cost_totals.compute(scan.key)
    publish(desk, scan)
    as_customer(desk)
    return scan


def printed(html: str, folder: Path) -> list[str]:
    """The text of each page, as Chromium prints the document."""
    browser = find_browser()
    if browser is None:
        pytest.skip("no Chromium on this machine")
    source, target = folder / "board.html", folder / "board.pdf"
    source.write_text(html.replace('href="/static/', f'href="file://{STATIC}/'), encoding="utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--user-data-dir={folder}/chromium",
    ]
    command = [str(browser), *options, f"--print-to-pdf={target}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=PRINT_SECONDS)
    return [words(page.extract_text()) for page in PdfReader(target).pages]


def words(text: str) -> str:
    """The text without the ligatures and the line ends of print."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text))


@pytest.mark.slow
def test_two_pages_of_overview_then_every_finding_with_a_foot_on_each_page(
    desk: Desk, reviewed: Scan, tmp_path: Path
) -> None:
    pages = printed(desk.get(board_document, scan_id=reviewed.scan_id).body.decode(), tmp_path)
    assert "Spend" in pages[0]
    assert "You could save" in pages[0]
    assert "first" in pages[1]
    assert "Pending" in pages[1]
    assert pages[2].removeprefix(f"Page 3 of {len(pages)} ").startswith("Findings ")
    published = published_findings(desk.parts, reviewed)
    assert published is not None
    text = "".join(pages[2:]).replace(" ", "")
    for view in published.views:
        assert words(view.finding.title).replace(" ", "") in text
        assert all(words(each.resource_name).replace(" ", "") in text for each in view.resources)
    for number, page in enumerate(pages, 1):
        assert "Confidential. Azure cost review for owner@contoso.example" in page
        assert f"Page {number} of {len(pages)}" in page
    assert "Sign out" not in " ".join(pages)
