import pytest
from sqlalchemy import select

from shared.sql.engine.text import fit, has_anywhere, units
from shared.sql.schema.cost_tables import cost_charges
from shared.sql.schema.tables import steps
from tests.unit.shared.sql.store import TENANT, Store, cost


@pytest.mark.parametrize("text", [None, "", "x" * 120])
def test_what_fits_is_left_alone(text: str | None) -> None:
    assert fit(steps.c.status_code, text) == text


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    assert fit(steps.c.status_code, "x" * 121) == "x" * 119 + "…"


def test_a_sign_that_takes_two_units_is_not_cut_in_half() -> None:
    assert units("😀") == 2
    assert fit(steps.c.status_code, "😀" * 60) == "😀" * 60
    assert fit(steps.c.status_code, "😀" * 61) == "😀" * 59 + "…"


def test_a_column_without_a_limit_takes_everything() -> None:
    assert fit(steps.c.cursor, "x" * 100_000) == "x" * 100_000


@pytest.mark.parametrize(
    ("text", "is_there"),
    [("[PROD]", True), ("50%_", True), ("/a", True), ("[a-z]prod", False), ("5_%", False), ("50%X", False)],
)
def test_a_text_is_found_sign_by_sign_in_any_case(store: Store, text: str, is_there: bool) -> None:
    store.scan_with(cost("1", service="[Prod] 50%_ of /A"))
    wanted = select(cost_charges.c.row_id).where(
        cost_charges.c.tenant_id == TENANT, has_anywhere(cost_charges.c.service_name, text)
    )
    with store.database.reading(TENANT) as connection:
        assert bool(connection.execute(wanted).all()) == is_there


def test_sql_servers_own_special_sign_is_escaped() -> None:
    compiled = has_anywhere(cost_charges.c.service_name, "[a]%b_c/d").compile()
    assert set(compiled.params.values()) == {"%/[a]/%b/_c//d%"}
