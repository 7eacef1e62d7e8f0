from importlib.metadata import metadata

import pytest

from tools.licences import LicenceRefused, Licences, read_licences
from tools.lock import LOCKS
from tools.requirements import pins

LICENCES = Licences(frozenset({"MIT", "Apache-2.0"}), {"free": "MIT", "copyleft": "AGPL-3.0-only"})
NAMES = {
    "Apache Software License": {"Apache-2.0"},
    "BSD License": {"BSD-2-Clause", "BSD-3-Clause", "ISC"},
    "MIT License": {"MIT"},
    "Mozilla Public License 2.0 (MPL 2.0)": {"MPL-2.0"},
}
"""What the classifiers of packages call their licences, which is less exact than SPDX."""


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("AGPL-3.0-only", False),
        ("AGPL-3.0-only OR MIT", True),
        ("AGPL-3.0-only AND MIT", False),
        ("MIT AND Apache-2.0", True),
        ("AGPL-3.0-only OR MIT AND Apache-2.0", True),
        ("(MIT)", False),
        ("Apache-2.0 WITH LLVM-exception", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_when_one_alternative_is_allowed_whole(expression: str, allowed: bool) -> None:
    assert LICENCES.allows(expression) is allowed


def test_an_unknown_licence_is_refused() -> None:
    with pytest.raises(LicenceRefused, match="newcomer: its licence is unknown"):
        LICENCES.of("newcomer")


def test_a_forbidden_licence_is_refused() -> None:
    with pytest.raises(LicenceRefused, match=r"copyleft: its licence AGPL-3\.0-only is not allowed"):
        LICENCES.of("copyleft")


def test_the_list_has_exactly_what_is_deployed_and_all_of_it_is_allowed() -> None:
    licences, names = read_licences(), {pin.name for pin in pins(LOCKS[0].target)}
    assert set(licences.packages) == names
    assert [licences.of(name) for name in names if not licences.of(name)] == []


def test_the_list_says_what_each_installed_package_says_of_itself() -> None:
    for name, expression in read_licences().packages.items():
        assert expression in stated(name), (name, stated(name))


def stated(name: str) -> set[str]:
    """The SPDX expressions that fit what a package states: exactly, in a word, or only by a classifier."""
    said = metadata(name)
    if "License-Expression" in said:
        return {said["License-Expression"]}
    if "License" in said and "\n" not in said["License"]:
        return NAMES.get(said["License"], {said["License"]})
    classifiers = [one.split(" :: ")[-1] for one in said.get_all("Classifier") or () if one.startswith("License ::")]
    return set().union(*(NAMES[one] for one in classifiers))
