"""Who has come to the desk."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.core.audit import Action, AuditEvent, customer, operator
from shared.sql.engine.engine import Database
from shared.sql.ledgers.audit import AuditLog
from shared.sql.reviews.operators import KnownOperators, Reviewer
from tests.support.clock import START as NOW
from tests.support.collecting import TENANT, USER
from tests.support.databases import empty_database

RITA, LARS = "77777777-7777-4777-8777-777777777777", "88888888-8888-4888-8888-888888888888"
DAY = timedelta(days=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = empty_database(tmp_path / "caleta.sqlite")
    yield made
    made.dispose()


def came(database: Database, who: str, name: str, at: datetime, action: Action = Action.OPERATOR_SIGNED_IN) -> None:
    AuditLog(database).append(AuditEvent(at, None, operator(who, name), action))


def test_everybody_who_signed_in_since_is_known_once_by_their_newest_name(database: Database) -> None:
    came(database, RITA, "rita.old@caleta.example", NOW)
    came(database, LARS, "lars@caleta.example", NOW)
    came(database, RITA, "rita@caleta.example", NOW + DAY)
    assert KnownOperators(database).since(NOW) == [
        Reviewer(LARS, "lars@caleta.example"),
        Reviewer(RITA, "rita@caleta.example"),
    ]
    assert [one.object_id for one in KnownOperators(database).since(NOW + DAY)] == [RITA]


def test_who_was_refused_or_is_a_customer_is_not(database: Database) -> None:
    came(database, RITA, "rita@caleta.example", NOW, Action.OPERATOR_REFUSED)
    owner = customer(USER, "owner@contoso.example")
    AuditLog(database).append(AuditEvent(NOW, TENANT, owner, Action.CONSENT_GIVEN))
    assert KnownOperators(database).since(NOW - DAY) == []
