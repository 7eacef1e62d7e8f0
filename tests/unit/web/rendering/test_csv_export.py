import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from web.rendering.csv_export import csv_text


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\uff1d1",
        '=HYPERLINK("http://x","y")',
        "-",
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert read(csv_text(["a"], [[text]]))[1] == [f"'{text}"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("disk;=1+1", "disk;'=1+1"),
        ('x;"=1"', 'x;\'"=1"'),
        ("a; +1;-2", "a;' +1;'-2"),
        ("a\t@x", "a\t'@x"),
        ("\ufeff=1", "'\ufeff=1"),
        ("\u200b\ufeff-1", "'\u200b\ufeff-1"),
        ("a;\ufeff\uff1d1", "a;'\ufeff\uff1d1"),
    ],
)
def test_what_would_be_a_cell_of_its_own_or_follows_invisible_characters_is_text_too(text: str, safe: str) -> None:
    assert read(csv_text(["a"], [[text]]))[1] == [safe]


@pytest.mark.parametrize("text", ["", "a;b", "x; y=1", "a=1", " =1", "1-2", 'ä, "b"\r\nc', "\N{SNOWMAN}"])
def test_every_other_text_comes_out_as_it_went_in(text: str) -> None:
    assert read(csv_text(["a", "b"], [[text, "x"]]))[1] == [text, "x"]


def test_numbers_days_and_nothing_are_what_they_are() -> None:
    row = [Decimal("-5.10"), Decimal("1E-7"), -3, True, None, date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)]
    assert read(csv_text(["a"] * 7, [row]))[1] == [
        "-5.10", "0.0000001", "-3", "True", "", "2026-01-02", "2026-01-02T00:00:00+00:00"
    ]  # fmt: skip


def test_lines_end_as_the_standard_says() -> None:
    assert csv_text(["a", "b"], [[1, 2]]) == "a,b\r\n1,2\r\n"
