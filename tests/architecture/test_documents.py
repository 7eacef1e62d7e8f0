"""What the documents tell a reader to type is a command, and what they link to is there."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from local.command_line import parse
from tests.architecture.documents import DOCUMENTS, LINK, commands, read, title_of
from tests.architecture.tree import ROOT

NOT_OURS = {"venv", "pip", "pytest", "ruff", "mypy"}
TYPED = [words for path in DOCUMENTS for words in commands(path.read_text(encoding="utf-8"))]


def is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def anchors(path: Path) -> set[str]:
    """The headings' anchors as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("words", TYPED, ids=" ".join)
def test_a_command_can_be_typed(words: list[str]) -> None:
    assert words[0] == "-m"
    assert words[1] in NOT_OURS or is_module(words[1])
    if words[1] == "local":
        parse(words[2:])


def test_the_commands_that_a_newcomer_types_are_among_them() -> None:
    assert {"local", "tests"} <= {words[1] for words in TYPED}
    assert {"scan", "purge", "delete"} <= {words[2] for words in TYPED if words[1] == "local" and len(words) > 2}


@pytest.mark.parametrize("document", DOCUMENTS, ids=title_of)
def test_a_module_that_it_runs_exists(document: Path) -> None:
    named = set(re.findall(r"python3? -m ([a-z_.]+[a-z_])", document.read_text(encoding="utf-8")))
    assert [name for name in named - NOT_OURS if not is_module(name)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=title_of)
def test_a_link_leads_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if target.startswith(("https://", "http://127.0.0.1", "mailto:")):
            continue
        path, _, anchor = unquote(target).partition("#")
        found = (document.parent / path).resolve() if path else document
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=title_of)
def test_it_begins_with_its_title(document: Path) -> None:
    assert re.match(r"# \S", document.read_text(encoding="utf-8"))


def linked(document: Path) -> list[Path]:
    """The project's own documents that it links to."""
    targets = [unquote(target).partition("#")[0] for target in LINK.findall(document.read_text(encoding="utf-8"))]
    return [found for target in targets if (found := (document.parent / target).resolve()) in DOCUMENTS]


def test_every_document_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        document = ahead.pop()
        seen.add(document)
        ahead += [path for path in linked(document) if path not in seen]
    ours = {path for path in DOCUMENTS if path.parent == ROOT or path.is_relative_to(ROOT / "docs")}
    assert sorted(map(title_of, ours - seen)) == []


DECISIONS = [path for path in DOCUMENTS if path.parent.name == "decisions" and path.name != "README.md"]


@pytest.mark.parametrize("decision", DECISIONS, ids=title_of)
def test_a_decision_says_context_decision_and_consequences_on_half_a_page(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    assert parts[1::2] == ["Context", "Decision", "Consequences"]
    assert all(len(part.split()) >= 20 for part in parts[2::2])
    assert len(text.split()) <= 260


def test_decisions_are_numbered_and_the_index_lists_each_by_its_title() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    titles = [(path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# "), path.name) for path in DECISIONS]
    assert re.findall(r"^\| \[([^\]]+)\]\(([^)]+)\)", read("docs/decisions/README.md"), flags=re.MULTILINE) == titles


def test_no_word_of_the_glossary_is_explained_twice() -> None:
    words = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", read("docs/glossary.md"), flags=re.MULTILINE)
    terms = [word for word in words if word != "word" and not word.startswith("---")]
    assert len(terms) > 50
    assert sorted(terms) == sorted(set(terms))


def test_the_changelog_has_an_unreleased_section_in_the_form_of_keep_a_changelog() -> None:
    headings = re.findall(r"^(##+) (.+)$", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert headings[0] == ("##", "[Unreleased]")
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert {title for level, title in headings if level == "###"} <= kinds
