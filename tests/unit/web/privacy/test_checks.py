"""/checks: the public catalogue of checks."""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.core.checks import checks
from tests.support.browsing import Visit
from web.privacy.checks import HEADINGS, checks_page


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    made = Visit(tmp_path)
    yield made
    made.close()


def test_each_check_is_on_the_page_with_its_text_its_properties_and_its_source(visit: Visit) -> None:
    page = html.unescape(visit.ask(checks_page).body.decode())
    assert f"{len(checks())} checks look for spend" in page
    for check in checks():
        assert f'<details id="{check.id}">' in page
        assert check.description in page
        assert check.source in page
        for names in check.properties.values():
            assert all(f"<code>{name}</code>" in page for name in names)


def test_every_measure_has_a_heading() -> None:
    assert {check.measure for check in checks()} <= set(HEADINGS)


def test_visitors_without_a_session_may_keep_the_page_and_others_may_not(visit: Visit) -> None:
    public = visit.ask(checks_page)
    visit.sign_in()
    own = visit.ask(checks_page)
    assert public.headers["Cache-Control"] == "public, max-age=3600"
    assert public.headers["Vary"] == "Cookie"
    assert public.cookies == ()
    assert own.headers["Cache-Control"] == "no-store"
    assert "Sign out" in own.body.decode()
    assert "Sign out" not in public.body.decode()
