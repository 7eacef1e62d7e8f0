"""The desk's menu leads each role to pages that it may open, and to all of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.core.operators import Role
from tests.support.desk import REVIEWER, Desk
from web.desk.customers import desk_customers
from web.desk.dead_letters import desk_dead_letters
from web.desk.retention import desk_retention
from web.desk.reviews import desk_queue
from web.desk.sessions import desk_sessions
from web.error_pages import Handler

PAGES: dict[str, Handler] = {
    "/desk": desk_queue,
    "/desk/dead-letters": desk_dead_letters,
    "/desk/retention": desk_retention,
    "/desk/customers": desk_customers,
}
LINK = re.compile(r'<a href="(/desk(?:/[a-z-]+)?)"(?: aria-current="page")?>')


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("role", Role)
def test_the_menu_of_a_role_holds_the_pages_that_it_may_open(desk: Desk, role: Role) -> None:
    desk.sign_in(REVIEWER, frozenset({role}))
    menu = desk.get(desk_sessions).body.decode().partition("<nav")[2].partition("</nav>")[0]
    open_to_it = {path for path, page in PAGES.items() if desk.get(page).status == 200}
    assert set(LINK.findall(menu)) == open_to_it != set()
