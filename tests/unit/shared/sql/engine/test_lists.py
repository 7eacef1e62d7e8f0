"""Lists of varying length are few texts, for each of which SQL Server keeps one plan."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from shared import sql
from shared.sql.engine.lists import any_of
from shared.sql.schema.tables import scans
from tests.unit.shared.sql.store import TENANT, Store

FOLDER = Path(sql.__file__).parent


def text_of(count: int) -> str:
    statement = select(scans.c.scan_id).where(any_of(scans.c.scan_id, [str(number) for number in range(count)]))
    return str(statement.compile(compile_kwargs={"render_postcompile": True}))


def test_a_thousand_lengths_are_eleven_texts() -> None:
    assert len({text_of(count) for count in range(1, 1_025)}) == 11


def test_five_to_eight_values_are_one_text() -> None:
    assert len({text_of(count) for count in range(5, 9)}) == 1


@pytest.mark.parametrize("count", [0, 1, 3])
def test_it_finds_what_is_in_the_list(store: Store, count: int) -> None:
    found = [store.scan().scan_id for _ in range(count)]
    store.scan()
    with store.database.reading(TENANT) as connection:
        listed = connection.execute(select(scans.c.scan_id).where(any_of(scans.c.scan_id, found))).scalars().all()
    assert sorted(listed) == sorted(found)


def lists(path: Path) -> Iterator[str]:
    """The arguments of in_() whose length may vary."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "in_":
            (listed,) = node.args
            if not is_constant(listed):
                yield ast.unparse(listed)


def is_constant(listed: ast.expr) -> bool:
    """A tuple that is written out, a constant, or a subquery."""
    if isinstance(listed, ast.Name):
        return listed.id.lstrip("_").isupper()
    return isinstance(listed, ast.Tuple) or ast.unparse(listed).startswith("select(")


MAY_VARY = {
    "lists.py": "the one place",
    "cost_explorer.py": "one month or two",
    "cost_totals.py": "two lists of dimensions, both constants",
    "receipts.py": "one pseudonym a key: two while a key is replaced",
    "audit.py": "a subquery",
    "deletion_mails.py": "a subquery",
    "row_keys.py": "a subquery",
}


def test_no_other_condition_has_a_list_of_varying_length() -> None:
    found = {path.name: [*lists(path)] for path in FOLDER.rglob("*.py") if path.name not in MAY_VARY}
    assert {name: some for name, some in found.items() if some} == {}
