"""What a scan learned of the customer's subscriptions."""

from collections.abc import Sequence

from sqlalchemy import delete, insert

from shared.core.models import Subscription
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.finding_tables import subscriptions


class Subscriptions:
    """Where they are kept, scan by scan."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def replace(self, tenant_id: str, scan_id: str, found: Sequence[Subscription]) -> None:
        """Stores what was listed for this scan; may run again."""
        own = (subscriptions.c.tenant_id == tenant_id, subscriptions.c.scan_id == scan_id)
        key = {"tenant_id": tenant_id, "scan_id": scan_id}
        rows = [
            {**key, "subscription_id": one.subscription_id, "state": one.state[:40], "quota_id": one.quota_id}
            for one in found
        ]
        with self._database.transaction(tenant_id) as connection:
            connection.execute(delete(subscriptions).where(*own))
            if rows and scan_is_there(connection, tenant_id, scan_id):
                connection.execute(insert(subscriptions), rows)
