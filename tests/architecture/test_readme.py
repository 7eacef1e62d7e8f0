"""README is one screen: what it is, what to type, where things are. The tour names users and buttons that exist."""

import re
from pathlib import Path

import pytest

from local.registration import REGISTRATION
from tests.architecture.documents import blocks, read, section
from tests.architecture.tree import ROOT

README = read("README.md")
TOUR = read("docs/tour.md")
PAGES = " ".join(
    " ".join(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")).split())
    for folder, kind in (("web/templates", "*.html"), ("web/desk", "layout.py"), ("simulator/entra", "pages.py"))
    for path in sorted((ROOT / folder).rglob(kind))
)


def test_it_is_one_screen() -> None:
    assert len(README.splitlines()) <= 65


def test_every_room_is_on_the_map() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    shown = {line.split("/")[0] for block in blocks(README) for line in block.splitlines() if "/" in line.split(" ")[0]}
    assert rooms <= shown


def test_the_picture_is_one_that_a_page_can_show() -> None:
    (picture,) = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    content = Path(ROOT, picture).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 300_000


def test_every_sample_user_is_in_the_tours_table() -> None:
    assert re.findall(r"^\| `(\S+@\S+)` \|", TOUR, flags=re.MULTILINE) == [
        person.username for person in REGISTRATION.people
    ]


def test_a_user_that_the_readme_names_exists() -> None:
    assert set(re.findall(r"`(\S+@\S+)`", README)) <= set(REGISTRATION.by_username)


@pytest.mark.parametrize("words", sorted(set(re.findall("“([^”]+)”", " ".join(section(TOUR, "## The walk").split())))))
def test_what_the_walk_says_to_click_is_on_a_page(words: str) -> None:
    assert words in PAGES
