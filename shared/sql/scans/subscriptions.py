"""What a scan learned of the customer's subscriptions."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select

from shared.core.models import ScanKey, Subscription
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.finding_tables import subscriptions
from shared.sql.schema.metadata import of_scan


class Subscriptions:
    """Where they are kept, scan by scan."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def replace(self, scan_key: ScanKey, found: Sequence[Subscription]) -> None:
        """Stores what was listed for this scan; may run again."""
        own = of_scan(subscriptions, scan_key)
        key = {"tenant_id": scan_key.tenant_id, "scan_id": scan_key.scan_id}
        rows = [
            {**key, "subscription_id": one.subscription_id, "state": one.state[:40], "quota_id": one.quota_id}
            for one in found
        ]
        with self._database.transaction(scan_key.tenant_id) as connection:
            connection.execute(delete(subscriptions).where(own))
            if rows and scan_is_there(connection, scan_key):
                connection.execute(insert(subscriptions), rows)

    @whole_transaction
    def quota_ids(self, scan_key: ScanKey) -> dict[str, str]:
        """The offer of each subscription, where Azure named one."""
        own = of_scan(subscriptions, scan_key)
        statement = select(func.lower(subscriptions.c.subscription_id), subscriptions.c.quota_id).where(own)
        with self._database.reading(scan_key.tenant_id) as connection:
            return {row[0]: row[1] for row in connection.execute(statement) if row[1]}
