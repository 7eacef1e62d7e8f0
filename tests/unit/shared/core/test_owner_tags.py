import pytest

from shared.core.owner_tags import owner_in, owner_of


@pytest.mark.parametrize(
    ("tags", "owner"),
    [
        ({"Owner": "ana@contoso.example"}, "ana@contoso.example"),
        ({"technical-owner": "ops"}, "ops"),
        ({"Cost_Owner": "finance", "team": "web"}, "finance"),
        ({"owner": " ", "team": "web"}, "web"),
        ({"environment": "test"}, None),
        ({"owner": None}, None),
        ({}, None),
    ],
)
def test_the_owner_is_the_first_usual_tag_that_has_a_value(tags: dict[str, str | None], owner: str | None) -> None:
    assert owner_of(tags) == owner


@pytest.mark.parametrize("stored", [None, "", "[]", '"text"'])
def test_rows_without_tags_have_no_owner(stored: str | None) -> None:
    assert owner_in(stored) is None
