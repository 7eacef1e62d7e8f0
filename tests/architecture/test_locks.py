"""Every dependency is pinned with hashes, for every supported Python, in locks made from what is asked for."""

import re
from importlib.metadata import distribution

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT, tracked
from tools.lock import LOCKS, Lock, is_current
from tools.python_version import NEWEST, OLDEST
from tools.requirements import Pin, asked_for, included, pins

PYTHONS = tuple(f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1))
each_lock = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)


def holds(marker: str, python: str) -> bool:
    """Whether a marker is true on Linux with this Python."""
    here = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    return not marker or Marker(marker).evaluate({**here, "platform_system": "Linux", "extra": ""})


def pinned(lock: Lock, python: str) -> dict[str, Pin]:
    return {pin.name: pin for pin in pins(lock.target) if holds(pin.marker, python)}


def pythons(lock: Lock) -> tuple[str, ...]:
    return PYTHONS[PYTHONS.index(lock.python) :]


def wanted(lock: Lock, python: str) -> list[Requirement]:
    """What a source asks for on this Python, with what the files that it includes ask for."""
    sources = [lock.source, *(file for file in included(lock.source) if file.suffix == ".in")]
    sources += [file for source in sources[1:] for file in included(source) if file.suffix == ".in"]
    asked = [Requirement(line) for source in sources for line in asked_for(source)]
    return [one for one in asked if one.marker is None or holds(str(one.marker), python)]


def test_every_requirements_file_is_a_lock_or_its_source() -> None:
    files = set(tracked("*requirements*.in", "*requirements*.txt"))
    assert files == {path for lock in LOCKS for path in (lock.source, lock.target)}


def test_the_documentation_lists_every_lock() -> None:
    rows = re.findall(r"(?m)^\| `(\S+\.in)` \| `(\S+\.txt)` \|", (ROOT / "docs/dependencies.md").read_text("utf-8"))
    assert sorted(rows) == sorted((f"{lock.name}.in", f"{lock.name}.txt") for lock in LOCKS)


@each_lock
def test_a_lock_was_made_from_its_source_as_it_is_now(lock: Lock) -> None:
    assert is_current(lock), f"{lock.source.name} has changed: run python3 -m tools.lock"


@each_lock
def test_a_lock_holds_what_its_source_asks_for(lock: Lock) -> None:
    for python in pythons(lock):
        held = pinned(lock, python)
        missing = [str(one) for one in wanted(lock, python) if not satisfied(one, held)]
        assert missing == [], python


def satisfied(requirement: Requirement, held: dict[str, Pin]) -> bool:
    pin = held.get(canonicalize_name(requirement.name))
    return pin is not None and requirement.specifier.contains(pin.version, prereleases=True)


@each_lock
def test_a_source_asks_for_exact_versions(lock: Lock) -> None:
    loose = [line for line in asked_for(lock.source) if not re.search(r"==[\w.]+(;|$)", line)]
    assert loose == []


@each_lock
def test_one_version_with_hashes_holds_on_each_python(lock: Lock) -> None:
    assert [pin.name for pin in pins(lock.target) if not pin.hashes] == []
    for python in pythons(lock):
        names = [pin.name for pin in pins(lock.target) if holds(pin.marker, python)]
        assert sorted(names) == sorted(set(names)), python


@each_lock
def test_everything_in_a_lock_is_there_because_something_needs_it(lock: Lock) -> None:
    held = pins(lock.target)
    names = {pin.name for pin in held}
    for pin in held:
        reasons = [who for who in pin.required_by if not who.startswith("-c ")]
        assert reasons, pin.name
        assert [who for who in reasons if who not in names and not who.startswith("-r ")] == [], pin.name


@each_lock
def test_a_lock_names_no_index_no_folder_and_no_address(lock: Lock) -> None:
    text = lock.target.read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\s*#?\s*--(?!hash)\S+|https?:|file:|@ |(?<![\w.])/", text) == []


def test_one_program_is_tested_and_deployed() -> None:
    """The app's pins are those of the local run, of the tests and of the worker's tests; checkov runs apart."""
    app, *supersets = LOCKS[:4]
    for lock in supersets:
        for python in pythons(lock):
            held = pinned(lock, python)
            assert {name: held[name].version for name in pinned(app, python)} == {
                name: pin.version for name, pin in pinned(app, python).items()
            }, (lock.name, python)


def test_the_simulator_runs_with_the_versions_of_the_app() -> None:
    held = {(pin.name, pin.version) for pin in pins(ROOT / "simulator/requirements.txt")}
    assert held <= {(pin.name, pin.version) for pin in pins(LOCKS[0].target)}


def test_what_an_installed_package_of_the_app_needs_is_in_its_lock() -> None:
    """As `pip install --require-hashes` wants it; asked of the Python that runs this test."""
    held = {pin.name for pin in pins(LOCKS[0].target) if not pin.marker or Marker(pin.marker).evaluate()}
    needed = {
        (name, canonicalize_name(one.name))
        for name in held
        for one in map(Requirement, distribution(name).requires or ())
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }
    assert len(needed) > 50
    assert sorted((by, name) for by, name in needed if name not in held) == []
