from pathlib import Path

import pytest

from tools.azure_names import region_names, type_names


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "src" / "open-data"
    folder.mkdir(parents=True)
    types = 'ResourceType,SingularDisplayName\n"Microsoft.Compute/disks","Disk"\n"microsoft.x/y","Microsoft.X thing"\n'
    (folder / "ResourceTypes.csv").write_text(types)
    regions = "OriginalValue,RegionId,RegionName\neu west,westeurope,West Europe\nunassigned,global,Global\n"
    (folder / "Regions.csv").write_text(regions)
    return tmp_path


def test_a_type_whose_name_is_made_up_from_itself_is_left_out(checkout: Path) -> None:
    assert type_names(checkout) == {"microsoft.compute/disks": "Disk"}


def test_a_region_is_found_by_its_id_and_by_what_bills_call_it(checkout: Path) -> None:
    names = region_names(checkout)
    assert (names["westeurope"], names["eu west"]) == ("West Europe", "West Europe")


def test_what_has_no_region_gets_no_name(checkout: Path) -> None:
    assert "unassigned" not in region_names(checkout)
