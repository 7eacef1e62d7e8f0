"""The parts that the nightly purge works with: a real database, a real table store, time by hand."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from local.tables import LocalTableStore
from shared.core.settings import read_settings
from shared.sql.schema.tables import TENANT_TABLES
from shared.table_storage.store import Record
from shared.wiring import Services
from tests.support.clock import FakeClock
from tests.support.collecting import settings_for
from tests.support.databases import empty_database
from tests.unit.shared.sql.store import NOW, TENANT, USER, Store, cost


class Night(Services):
    """An app of which only the purge runs, without a mailbox to send from."""

    def __init__(self, folder: Path) -> None:
        super().__init__(read_settings(settings_for("sqlite:///unused.db")))
        self.time = FakeClock(NOW)
        self.store_of_records = LocalTableStore(folder / "records.db")
        self.clock = self.time
        self.tables = self.store_of_records
        self.database = empty_database(folder / "caleta.db")
        self.store = Store(self.database)

    def customer(self, tenant_id: str = TENANT, at: datetime = NOW) -> None:
        """A customer with a consent and a scan of ten cost rows."""
        self.store.connections.save(tenant_id, USER, "owner@contoso.example", b"token", at)
        self.store.scan_with(*[cost("1")] * 10, tenant_id=tenant_id, at=at)

    def rows_left(self, tenant_id: str) -> int:
        """How many rows there are of a customer."""
        with self.database.system_transaction() as connection:
            counts = (
                select(func.count()).select_from(table).where(table.c.tenant_id == tenant_id) for table in TENANT_TABLES
            )
            return sum(connection.execute(count).scalar_one() for count in counts)

    def record(self, table: str, key: str, expires_at: datetime) -> None:
        """A flow or a session."""
        self.tables.insert(table, Record("partition", key, {}, expires_at))

    def close(self) -> None:
        self.database.dispose()
        self.store_of_records.close()
