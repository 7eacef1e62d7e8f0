from dataclasses import replace

from local.tables import LocalTableStore
from shared.core.operators import Role
from shared.identity.id_token import Identity
from shared.identity.operator_sessions import OPERATOR_IDLE_MINUTES, OperatorSessions
from shared.identity.sessions import SESSION_HOURS, Sessions
from tests.support.clock import FakeClock
from tests.support.entra_double import TENANT, USER

IDENTITY = Identity(TENANT, USER, "reviewer@caleta.example")
ROLES = frozenset({Role.REVIEWER, Role.ADMIN})


def test_a_session_keeps_the_roles_and_ends_after_eight_hours(tables: LocalTableStore, clock: FakeClock) -> None:
    sessions = OperatorSessions(tables, clock)
    cookie = sessions.create(IDENTITY, ROLES)
    found = sessions.get(cookie)
    assert found is not None
    assert (found.object_id, found.username, found.roles) == (USER, "reviewer@caleta.example", ROLES)
    for _ in range(SESSION_HOURS * 2 - 1):
        clock.sleep(1800)
        assert sessions.get(cookie) is not None
    clock.sleep(1800)
    assert sessions.get(cookie) is None


def test_a_session_ends_after_an_hour_without_use(tables: LocalTableStore, clock: FakeClock) -> None:
    sessions = OperatorSessions(tables, clock)
    cookie = sessions.create(IDENTITY, ROLES)
    clock.sleep(OPERATOR_IDLE_MINUTES * 60 - 1)
    assert sessions.get(cookie) is not None
    clock.sleep(OPERATOR_IDLE_MINUTES * 60)
    assert sessions.get(cookie) is None


def test_a_script_that_polls_keeps_no_session_alive(tables: LocalTableStore, clock: FakeClock) -> None:
    sessions = OperatorSessions(tables, clock)
    cookie = sessions.create(IDENTITY, ROLES)
    for _ in range(OPERATOR_IDLE_MINUTES - 1):
        clock.sleep(60)
        assert sessions.get(cookie, is_use=False) is not None
    clock.sleep(60)
    assert sessions.get(cookie, is_use=False) is None


def test_confirmed_roles_replace_the_old_ones_and_do_not_prolong_the_session(
    tables: LocalTableStore, clock: FakeClock
) -> None:
    sessions = OperatorSessions(tables, clock)
    cookie = sessions.create(IDENTITY, ROLES)
    before = sessions.get(cookie)
    clock.sleep(1800)
    assert sessions.confirm(cookie, IDENTITY, frozenset({Role.REVIEWER}), None)
    after = sessions.get(cookie)
    assert before is not None
    assert after is not None
    assert (after.roles, after.roles_read_at) == (frozenset({Role.REVIEWER}), clock.now())
    assert after.expires_at == before.expires_at


def test_another_users_sign_in_confirms_no_session(tables: LocalTableStore, clock: FakeClock) -> None:
    sessions = OperatorSessions(tables, clock)
    cookie = sessions.create(IDENTITY, frozenset({Role.REVIEWER}))
    other = replace(IDENTITY, user_object_id="55555555-5555-5555-5555-555555555555")
    assert not sessions.confirm(cookie, other, ROLES, None)
    found = sessions.get(cookie)
    assert found is not None
    assert found.roles == {Role.REVIEWER}


def test_all_sessions_of_an_operator_end_at_once(tables: LocalTableStore, clock: FakeClock) -> None:
    sessions = OperatorSessions(tables, clock)
    mine = [sessions.create(IDENTITY, ROLES) for _ in range(2)]
    other = sessions.create(replace(IDENTITY, user_object_id="55555555-5555-5555-5555-555555555555"), ROLES)
    assert len(sessions.of_operator(USER)) == 2
    sessions.revoke_all(USER)
    assert [sessions.get(cookie) for cookie in mine] == [None, None]
    assert sessions.get(other) is not None
    assert sessions.of_operator(USER) == []


def test_a_customers_cookie_is_no_operators_nor_the_other_way_round(tables: LocalTableStore, clock: FakeClock) -> None:
    operators, customers = OperatorSessions(tables, clock), Sessions(tables, clock)
    assert customers.get(operators.create(IDENTITY, ROLES)) is None
    assert operators.get(customers.create(IDENTITY)) is None


def test_a_revoked_session_is_deleted(tables: LocalTableStore, clock: FakeClock) -> None:
    sessions = OperatorSessions(tables, clock)
    cookie = sessions.create(IDENTITY, ROLES)
    sessions.revoke(cookie)
    sessions.revoke(cookie)
    sessions.revoke("not a cookie")
    assert sessions.get(cookie) is None
