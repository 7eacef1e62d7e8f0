import pytest

from tests.support.browsing import Visit
from web.http.static_files import CONTENT_TYPES, FOLDER, static


@pytest.mark.parametrize("name", sorted(CONTENT_TYPES))
def test_each_file_is_served_with_its_type(visit: Visit, name: str) -> None:
    response = visit.ask(static, name=name)
    assert response.status == 200
    assert response.content_type == CONTENT_TYPES[name]
    assert response.body == (FOLDER / name).read_bytes()


def test_each_file_of_the_folder_is_served() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(CONTENT_TYPES)


@pytest.mark.parametrize("name", ["", "../pages.py", "..%2fpages.py", "APP.CSS", "app.css\0", "nothing.js"])
def test_nothing_else_is_served(visit: Visit, name: str) -> None:
    assert visit.ask(static, name=name).status == 404
