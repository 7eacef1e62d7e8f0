"""README says what is there: its commands can be typed, its users exist, its places are places."""

import re
import shlex
from pathlib import Path

import pytest

from local.cli import parser, with_command
from shared.arm.catalogue import COLLECTED
from simulator.people import PEOPLE
from tests.architecture.tree import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
COMMANDS = [
    shlex.split(line, comments=True)
    for block in BLOCKS
    for line in block.splitlines()
    if re.match(r"\S*python3? ", line)
]
PLACE = re.compile(r"`((?:[a-z_.]+/)+[A-Za-z0-9_.]*|[a-z_]+\.(?:py|json|toml))`")


def is_there(place: str) -> bool:
    return (ROOT / place).exists() or any(ROOT.glob(f"*/{place}"))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_can_be_typed(words: list[str]) -> None:
    assert words[1] == "-m"
    module = ROOT / words[2].replace(".", "/")
    assert (module / "__main__.py").is_file() or module.with_suffix(".py").is_file()
    if words[2] == "local":
        parser().parse_args(with_command(words[3:]))


def test_the_commands_that_a_newcomer_types_are_among_them() -> None:
    typed = [words[1:4] for words in COMMANDS]
    assert {"local", "tests"} <= {words[1] for words in typed}
    assert {"scan", "purge"} <= {words[2] for words in typed if len(words) > 2}


def test_every_sample_user_is_in_the_table() -> None:
    assert re.findall(r"^\| `(\S+@\S+)` \|", README, flags=re.MULTILINE) == [person.username for person in PEOPLE]


WALK = README.split("### Walk it in five minutes")[1].split("Quota windows", maxsplit=1)[0]
PAGES = " ".join(
    " ".join(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")).split())
    for folder, kind in (("web/templates", "*.html"), ("web/desk", "layout.py"), ("simulator/entra", "pages.py"))
    for path in sorted((ROOT / folder).rglob(kind))
)


@pytest.mark.parametrize("words", sorted(set(re.findall("“([^”]+)”", WALK))))
def test_what_the_walk_says_to_click_is_on_a_page(words: str) -> None:
    assert words in PAGES


@pytest.mark.parametrize("place", sorted({place for place in PLACE.findall(README) if "*" not in place}))
def test_a_place_that_it_names_is_there(place: str) -> None:
    planned = {"collectors/budgets.py", ".venv/", ".local/", "local.settings.json"}
    assert place in planned or is_there(place), place


def test_every_room_is_on_the_map() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    shown = {line.split("/")[0] for block in BLOCKS for line in block.splitlines() if "/" in line.split(" ")[0]}
    assert rooms <= shown


def test_the_picture_is_one_that_a_page_can_show() -> None:
    (picture,) = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    content = Path(ROOT, picture).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 300_000


def test_what_it_adds_as_an_example_is_not_there_already() -> None:
    assert "budgets" not in {kind.name for kind in COLLECTED}
