import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from shared.core.errors import NotFound
from web.rendering.pages import TEMPLATES, environment, error_page, render


def test_what_comes_from_outside_is_escaped() -> None:
    page = error_page(NotFound("<script>alert(1)</script>", "a & b"))
    assert page.status == 404
    assert b"<script>alert" not in page.body
    assert b"a &amp; b" in page.body


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        render("customer/scans.html")


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_template_compiles_and_has_no_inline_style_or_script(template: Path) -> None:
    environment().get_template(template.relative_to(TEMPLATES).as_posix())
    text = template.read_text(encoding="utf-8")
    assert "style=" not in text
    assert "<style" not in text
    assert " onclick" not in text
    assert "<script>" not in text
    assert "| safe" not in text


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_loads_anything_from_elsewhere(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert re.findall(r'<(?:link|script|img|iframe|form)[^>]+="(?:https?:)?//', text) == []


@pytest.mark.parametrize("folder", ["customer", "privacy", "desk"])
def test_every_page_of_a_signed_in_user_offers_to_sign_out(folder: str) -> None:
    action = "/desk/sign-out" if folder == "desk" else "/signout"
    layouts = {
        path.name
        for path in (TEMPLATES / "layout").iterdir()
        if f'action="{action}"' in path.read_text(encoding="utf-8")
    }
    pages = {path.name: path.read_text(encoding="utf-8") for path in (TEMPLATES / folder).iterdir()}
    whole = {name: text for name, text in pages.items() if "{% extends" in text}
    assert len(whole) > 3
    assert [name for name, text in whole.items() if not extends(text) & layouts and name not in SIGNED_OUT] == []


SIGNED_OUT = {"sign_in.html", "sign_in_again.html", "board.html"}
"""Pages of the desk that lead to a sign-in, and the document that is made to be printed."""


def extends(text: str) -> set[str]:
    """The layouts of a template, from its own to the outermost."""
    found: set[str] = set()
    while match := re.search(r'{% extends "layout/(\w+\.html)" %}', text):
        found.add(match[1])
        text = (TEMPLATES / "layout" / match[1]).read_text(encoding="utf-8")
    return found
