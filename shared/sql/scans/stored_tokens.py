"""The encrypted refresh tokens of all customers, for putting them under another key."""

from dataclasses import dataclass, field

from sqlalchemy import and_, or_, select

from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.schema.tables import connections


@dataclass(frozen=True)
class StoredToken:
    """A refresh token as it is stored, and the version of the consent that it was read at."""

    tenant_id: str
    user_object_id: str
    encrypted: bytes = field(repr=False)
    version: int


class StoredTokens:
    """Reads across customers; Connections.replace_refresh_token writes what becomes of each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def after(self, last: StoredToken | None, limit: int) -> list[StoredToken]:
        """Those that follow this one in the order of their keys; the first ones for None."""
        key = (connections.c.tenant_id, connections.c.user_object_id)
        stored = connections.c.refresh_token_encrypted
        statement = select(*key, stored, connections.c.version).where(stored.is_not(None)).order_by(*key)
        if last is not None:
            same_tenant = and_(key[0] == last.tenant_id, key[1] > last.user_object_id)
            statement = statement.where(or_(key[0] > last.tenant_id, same_tenant))
        with self._database.system_reading() as connection:
            return [StoredToken(*row) for row in connection.execute(statement.limit(limit))]
