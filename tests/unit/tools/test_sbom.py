import csv
import hashlib
import json
from pathlib import Path

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools import sbom as module
from tools.licences import LicenceRefused, Licences, read_licences
from tools.requirements import Pin
from tools.sbom import deployed_pins, describe, sbom


@pytest.fixture
def package(tmp_path: Path) -> Path:
    file = tmp_path / "package.zip"
    file.write_bytes(b"a package")
    return file


def test_the_sbom_is_valid_cyclonedx_and_the_reference_library_reads_it(package: Path) -> None:
    document, _ = describe(package)
    text = document.read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bom = Bom.from_json(json.loads(text))  # type: ignore[attr-defined]
    bom.validate()
    assert {(one.name, one.version) for one in bom.components} == {(pin.name, pin.version) for pin in deployed_pins()}


def test_the_validator_refuses_a_document_that_is_not_cyclonedx(package: Path) -> None:
    wrong = sbom(package, deployed_pins(), read_licences()) | {"components": [{"name": "x"}]}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(wrong)) is not None


def test_it_describes_this_package_for_the_python_that_runs_in_azure(package: Path) -> None:
    made = sbom(package, deployed_pins(), read_licences())
    component = made["metadata"]["component"]
    assert component["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(b"a package").hexdigest()}]
    assert [one["version"] for one in made["components"] if one["name"] == "azure-functions"] == ["2.3.0"]


def test_everything_is_reached_from_the_app(package: Path) -> None:
    made = sbom(package, deployed_pins(), read_licences())
    needs = {one["ref"]: one["dependsOn"] for one in made["dependencies"]}
    reached, ahead = set(), [made["metadata"]["component"]["bom-ref"]]
    while ahead:
        ref = ahead.pop()
        if ref not in reached:
            reached.add(ref)
            ahead += needs[ref]
    assert reached == set(needs)
    assert {one["bom-ref"] for one in made["components"]} < reached


def test_the_same_package_gives_the_same_bytes(package: Path) -> None:
    once = [file.read_bytes() for file in describe(package)]
    assert [file.read_bytes() for file in describe(package)] == once


def test_the_licence_list_has_a_row_for_each_package(package: Path) -> None:
    _, listed = describe(package)
    with listed.open(encoding="utf-8", newline="") as opened:
        rows = {row["package"]: row["licence"] for row in csv.DictReader(opened)}
    assert set(rows) == {pin.name for pin in deployed_pins()}
    assert rows["certifi"] == "MPL-2.0"


@pytest.mark.parametrize("packages", [{}, {"newcomer": "AGPL-3.0-only"}])
def test_a_package_without_an_allowed_licence_is_not_described(
    monkeypatch: pytest.MonkeyPatch, package: Path, packages: dict[str, str]
) -> None:
    monkeypatch.setattr(
        module, "deployed_pins", lambda: [Pin("newcomer", "1", "", frozenset(), ("-r requirements.in",))]
    )
    monkeypatch.setattr(module, "read_licences", lambda: Licences(frozenset({"MIT"}), packages))
    with pytest.raises(LicenceRefused, match="newcomer"):
        describe(package)
    assert list(package.parent.iterdir()) == [package]
