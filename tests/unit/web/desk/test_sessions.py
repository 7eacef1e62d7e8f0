"""An operator sees and ends its own sessions."""

import re

from sqlalchemy import select

from shared.core.audit import Action
from shared.sql.schema.record_tables import audit_events
from tests.support.desk import COLLEAGUE, REVIEWERS_ROLE, Desk, text_of
from web.desk.reviews import desk_queue
from web.desk.sessions import desk_session_end, desk_sessions

KEYS = re.compile(r'name="session" value="([0-9a-f]{64})"')


def test_every_open_session_is_listed_and_this_browser_marked(desk: Desk) -> None:
    desk.sign_in()
    desk.sign_in()
    desk.parts.operator_sessions.create(COLLEAGUE, REVIEWERS_ROLE)
    page = text_of(desk.get(desk_sessions))
    assert (len(KEYS.findall(page)), page.count("This browser")) == (2, 1)


def test_one_session_can_be_ended_and_this_one_continues(desk: Desk) -> None:
    desk.sign_in()
    other = dict(desk.cookies)
    (key,) = KEYS.findall(text_of(desk.get(desk_sessions)))
    desk.sign_in()
    assert desk.post(desk_session_end, {"session": key}).headers["Location"] == "/desk/sessions"
    assert desk.get(desk_queue).status == 200
    desk.cookies = other
    assert desk.get(desk_queue).status == 404


def test_signing_out_everywhere_ends_all_and_is_logged(desk: Desk) -> None:
    desk.sign_in()
    first = dict(desk.cookies)
    desk.sign_in()
    response = desk.post(desk_session_end)
    assert [cookie.max_age_seconds for cookie in response.cookies] == [0]
    for cookies in (first, desk.cookies):
        desk.cookies = cookies
        assert desk.get(desk_queue).status == 404
    with desk.parts.database.system_reading() as connection:
        actions = list(connection.scalars(select(audit_events.c.action)))
    assert actions == [Action.OPERATOR_SIGNED_OUT]
