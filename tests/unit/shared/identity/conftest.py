from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from local.tables import LocalTableStore
from shared.identity.broker import TokenBroker
from shared.identity.consent import ConsentFlows
from shared.identity.entra import READERS, EntraClient
from shared.identity.vault import TokenVault
from shared.sql.engine.engine import Database
from shared.sql.scans.connections import Connections
from tests.support.clock import FakeClock
from tests.support.databases import empty_database
from tests.support.entra_double import KEY, TENANT, USER, EntraDouble, settings
from tests.unit.shared.identity.stored_consents import COLLEAGUE


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[LocalTableStore]:
    with closing(LocalTableStore(tmp_path / "tables.sqlite")) as store:
        yield store


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def entra() -> EntraDouble:
    return EntraDouble()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = empty_database(tmp_path / "caleta.sqlite")
    yield made
    made.dispose()


@pytest.fixture
def flows(entra: EntraDouble, tables: LocalTableStore, clock: FakeClock) -> ConsentFlows:
    customers = EntraClient(settings(), entra.session)
    readers = EntraClient(settings(), entra.session, READERS)
    return ConsentFlows(settings(), customers, readers, tables, TokenVault((KEY,)), clock)


@pytest.fixture
def connections(database: Database, clock: FakeClock) -> Connections:
    made = Connections(database)
    for user in (USER, COLLEAGUE):
        token = TokenVault((KEY,)).encrypt(f"refresh-1 of {user}")
        made.save(TENANT, user, "owner@contoso.example", token, clock.now())
    return made


@pytest.fixture
def broker(entra: EntraDouble, database: Database, connections: Connections, clock: FakeClock) -> TokenBroker:
    assert connections is not None
    return TokenBroker(EntraClient(settings(), entra.session), database, TokenVault((KEY,)), clock)
