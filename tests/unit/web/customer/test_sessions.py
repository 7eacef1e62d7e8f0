"""A customer's user sees and ends its own sessions."""

import re

from tests.support.browsing import STRANGER, Visit
from tests.support.collecting import TENANT, USER
from web.customer.scans import scan_list
from web.customer.sessions import session_end, session_list

KEYS = re.compile(r'name="session" value="([0-9a-f]{64})"')


def keys(visit: Visit) -> list[str]:
    return KEYS.findall(visit.visit(session_list).body.decode())


def test_without_a_session_the_list_asks_to_sign_in(visit: Visit) -> None:
    assert visit.visit(session_list).status == 401
    assert visit.visit(session_end, "POST").status == 401


def test_every_open_session_is_listed_and_this_browser_marked(visit: Visit) -> None:
    visit.sign_in(STRANGER)
    visit.sign_in()
    visit.sign_in()
    page = visit.visit(session_list).body.decode()
    assert (len(KEYS.findall(page)), page.count("This browser")) == (2, 1)


def test_a_session_of_another_user_is_not_ended_by_its_key(visit: Visit) -> None:
    visit.sign_in(STRANGER)
    theirs = dict(visit.cookies)
    (key,) = keys(visit)
    visit.sign_in()
    visit.visit(session_end, "POST", form={"session": key})
    visit.cookies = theirs
    assert visit.visit(scan_list).status == 200


def test_one_session_can_be_ended_and_this_one_continues(visit: Visit) -> None:
    visit.sign_in()
    other = dict(visit.cookies)
    (key,) = keys(visit)
    visit.sign_in()
    assert visit.visit(session_end, "POST", form={"session": key}).headers["Location"] == "/sessions"
    assert visit.visit(scan_list).status == 200
    visit.cookies = other
    assert visit.visit(scan_list).status == 401


def test_signing_out_everywhere_ends_all_and_is_logged(visit: Visit) -> None:
    visit.sign_in()
    first = dict(visit.cookies)
    visit.sign_in()
    second = dict(visit.cookies)
    assert visit.visit(session_end, "POST").headers["Location"] == "/"
    for cookies in (first, second):
        visit.cookies = dict(cookies)
        assert visit.visit(scan_list).status == 401
    (entry,) = visit.parts.audit_log.of_user(TENANT, USER)
    assert (entry.action, entry.details) == ("signed_out", {"sessions": "all"})
