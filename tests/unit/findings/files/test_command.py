"""`python3 -m findings`: the checks over files, for people without an account."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from findings.__main__ import main
from findings.catalogue import entries
from shared.core.checks import checks
from tests.architecture.tree import ROOT
from tools.checks_document import TARGET, generated

SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/RG-Shop"
DISK = f"{GROUP}/providers/Microsoft.Compute/disks/Old-Data"
HEAD = (
    "Date,ResourceId,MeterCategory,MeterSubCategory,MeterName,CostInBillingCurrency,BillingCurrency,Quantity,ChargeType"
)


def disk(**properties: object) -> dict[str, object]:
    return {
        "id": DISK,
        "name": "Old-Data",
        "type": "microsoft.compute/disks",
        "location": "uksouth",
        "managedBy": "",
        "sku": {"name": "Premium_LRS"},
        "tags": None,
        "properties": {"diskState": "Unattached", "diskSizeGB": 128, **properties},
    }


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps({"count": 1, "data": [disk()], "skip_token": None, "total_records": 1}))
    return file


def exported(folder: Path, *rows: str, head: str = HEAD) -> Path:
    file = folder / "costs.csv"
    file.write_text("\ufeff" + "\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file


def answered(folder: Path, content: Any) -> Path:  # noqa: ANN401 - JSON
    file = folder / "costs.json"
    file.write_text(json.dumps(content))
    return file


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(each) for each in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def checked(capsys: pytest.CaptureFixture[str], inventory: Path, costs: Path) -> Any:  # noqa: ANN401 - JSON
    given = ("--inventory", inventory, "--costs", costs, "--date", "2026-12-10", "--json")
    code, written, said = run(capsys, "check", *given)
    assert (code, said) == (0, "")
    return json.loads(written)


def test_the_catalogue_lists_each_check_with_what_it_reads_and_where_that_is_documented(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, written, _ = run(capsys, "catalogue", "--json")
    listed = json.loads(written)
    assert code == 0
    assert len({each["id"] for each in listed}) == len(listed)
    for each in listed:
        assert each["title"]
        assert each["reads"]
        assert each["money"]
        assert each["source"].startswith("https://learn.microsoft.com/")
    named = {each["id"]: each["properties"] for each in listed}
    assert "diskState" in named["unattached_disks"]["microsoft.compute/disks"]


def test_the_pages_show_the_catalogue_as_it_is() -> None:
    assert TARGET.read_text(encoding="utf-8") == generated(), "run python -m tools.checks_document"
    assert [each.id for each in checks()] == [each.id for each in entries()]


@pytest.mark.parametrize("day", ["11/30/2026", "2026-11-30", "20261130", "2026-11-30T00:00:00Z"])
def test_an_export_gives_the_month_that_ended_last(
    tmp_path: Path, inventory: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    before = f"2026-10-31,{DISK},Storage,Premium SSD,P10,999,GBP,1,Usage"
    running = f"2026-12-02,{DISK},Storage,Premium SSD,P10,999,GBP,1,Usage"
    own = [f"{day},{DISK.upper()},Storage,Premium SSD,P10,9.85,GBP,0.5,Usage"] * 2
    found = checked(capsys, inventory, exported(tmp_path, before, running, *own))
    assert found["month"] == "2026-11-01"
    assert found["monthly_savings"] == {"GBP": "19.70"}
    (one,) = found["findings"]
    assert (one["check"], one["resources"][0]["id"]) == ("unattached_disks", DISK.lower())


def test_an_export_in_focus_gives_the_same(tmp_path: Path, inventory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = "ChargePeriodStart,ResourceId,ServiceName,x_SkuMeterName,BilledCost,BillingCurrency,ConsumedQuantity"
    row = f"2026-11-30T00:00:00Z,{DISK},Storage,P10 LRS Disk,19.70,GBP,1"
    found = checked(capsys, inventory, exported(tmp_path, row, head=head))
    assert found["monthly_savings"] == {"GBP": "19.70"}


def test_a_querys_answer_gives_the_same_to_the_last_digit(
    tmp_path: Path, inventory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = [{"name": name} for name in ("totalCost", "BillingMonth", "ResourceId", "Currency")]
    rows = [[12.345678901234567, "2026-11-01T00:00:00", DISK, "GBP"]]
    found = checked(capsys, inventory, answered(tmp_path, {"properties": {"columns": columns, "rows": rows}}))
    assert found["monthly_savings"] == {"GBP": "12.345678901234567"}


def test_without_costs_the_waste_is_listed_and_no_amount_is_claimed(
    inventory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, written, _ = run(capsys, "check", "--inventory", inventory)
    assert code == 0
    assert "No costs were given, so the savings are unknown." in written
    assert "Old-Data in rg-shop" in written


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "it is not JSON"),
        ("a,b\n1,2\n", "it is not JSON"),
        ('{"error": {"code": "Denied"}}', "it holds no list of resources"),
        ('[{"name": "x"}]', "resource 1 has no id, name or type"),
        ("[3]", "resource 1 has no id, name or type"),
    ],
)
def test_an_inventory_of_another_kind_gives_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, problem: str
) -> None:
    file = tmp_path / "inventory.json"
    file.write_text(content)
    code, written, said = run(capsys, "check", "--inventory", file)
    assert (code, written, said.count("\n")) == (2, "", 1)
    assert problem in said


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "it is empty"),
        ("ResourceId,Cost\n", "it has no column for billingmonth"),
        ("Date,ResourceId,Cost\nyesterday,/x,1\n", "row 2 has no usable date or amount"),
        ("Date,ResourceId,Cost\n2026-11-01,/x,much\n", "row 2 has no usable date or amount"),
        ("Date,ResourceId,Cost\n2026-11-01\n", "row 2 has no usable date or amount"),
        ("{", "it is not JSON"),
        ('{"error": "no"}', "it holds no columns and rows"),
        ("\x00\xff", "it has no column for"),
    ],
)
def test_costs_of_another_kind_give_one_clear_line(
    tmp_path: Path, inventory: Path, capsys: pytest.CaptureFixture[str], content: str, problem: str
) -> None:
    file = tmp_path / "costs.csv"
    file.write_text(content, encoding="utf-8")
    code, written, said = run(capsys, "check", "--inventory", inventory, "--costs", file)
    assert (code, written, said.count("\n")) == (2, "", 1)
    assert problem in said


def test_a_missing_file_gives_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, "check", "--inventory", tmp_path / "none.json")
    assert (code, said.count("\n")) == (2, 1)
    assert "it cannot be opened (No such file or directory)" in said


def test_it_needs_none_of_the_apps_settings(inventory: Path) -> None:
    command = [sys.executable, "-m", "findings", "check", "--inventory", str(inventory)]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 unattached disk" in done.stdout
