from local.tables import LocalTableStore
from shared.core.operators import Role
from shared.identity.id_token import Identity
from shared.identity.operator_sessions import OperatorSessions
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
    clock.sleep(SESSION_HOURS * 3600 - 1)
    assert sessions.get(cookie) is not None
    clock.sleep(1)
    assert sessions.get(cookie) is None


def test_a_customers_cookie_is_no_operators_nor_the_other_way_round(tables: LocalTableStore, clock: FakeClock) -> None:
    operators, customers = OperatorSessions(tables, clock), Sessions(tables, clock)
    assert customers.get(operators.create(IDENTITY, ROLES)) is None
    assert operators.get(customers.create(IDENTITY)) is None


def test_a_revoked_session_is_gone(tables: LocalTableStore, clock: FakeClock) -> None:
    sessions = OperatorSessions(tables, clock)
    cookie = sessions.create(IDENTITY, ROLES)
    sessions.revoke(cookie)
    sessions.revoke(cookie)
    sessions.revoke("not a cookie")
    assert sessions.get(cookie) is None
