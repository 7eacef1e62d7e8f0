import io
from datetime import UTC, date, datetime
from decimal import Decimal

from openpyxl import load_workbook

from web.rendering.workbook import HEAD_ROW, MAX_CELL_CHARACTERS, Column, Kind, Table, workbook

CREATED = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
COLUMNS = (Column("Name"), Column("Month", Kind.MONTH), Column("Billed cost", Kind.AMOUNT))


def of(*rows: tuple[object, ...]) -> bytes:
    return workbook([Table("Costs", "What it means.", COLUMNS, rows)], "Azure cost review", CREATED)


def cells(body: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(body))["Costs"].iter_rows(values_only=True))


def test_amounts_and_months_are_numbers_and_dates() -> None:
    note, _, head, row = cells(of(("Storage", date(2026, 2, 1), Decimal("1234.56"))))
    assert note[0] == "What it means."
    assert head == ("Name", "Month", "Billed cost")
    assert row == ("Storage", datetime(2026, 2, 1), 1234.56)  # noqa: DTZ001 - Excel has no time zones


def test_text_is_never_a_formula_or_a_link() -> None:
    for text in ("=1+1", "+cmd", "@SUM(A1)", "-2+3", "{=A1}", "https://example.com", "=HYPERLINK(1)"):
        sheet = load_workbook(io.BytesIO(of((text, None, None))))["Costs"]
        cell = sheet.cell(HEAD_ROW + 2, 1)
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_missing_amount_is_an_empty_cell_and_not_a_zero() -> None:
    assert cells(of(("Storage", None, None)))[-1] == ("Storage", None, None)


def test_a_text_longer_than_a_cell_is_cut() -> None:
    name = cells(of(("x" * (MAX_CELL_CHARACTERS + 1), None, None)))[-1][0]
    assert name == "x" * MAX_CELL_CHARACTERS


def test_control_characters_leave_the_workbook_readable() -> None:
    assert len(cells(of(("a\x00b\x1fc", None, None)))) == HEAD_ROW + 2


def test_the_head_stays_in_view_and_has_filters() -> None:
    sheet = load_workbook(io.BytesIO(of(("Storage", None, Decimal(1)))))["Costs"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B4", "A3:C4")


def test_the_same_scan_gives_the_same_file() -> None:
    assert of(("Storage", None, Decimal(1))) == of(("Storage", None, Decimal(1)))
