"""One function reads numbers of requests: an unbounded one overflows the database's column, or Python's own limit."""

import ast

from tests.architecture.tree import ROOT

PAGES = ("web/customer", "web/desk", "web/privacy")


def test_no_page_turns_text_into_a_number_by_itself() -> None:
    """When this fails: `web.http.forms.whole_number`."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in PAGES
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("int", "float")
    ]
    assert found == []
