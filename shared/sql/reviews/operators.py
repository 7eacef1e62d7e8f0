"""Our reviewers, from the audit log of their sign-ins."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shared.core.audit import Action
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.schema.record_tables import audit_events


@dataclass(frozen=True)
class Reviewer:
    """A user to whom a review can be assigned."""

    object_id: str
    name: str


class KnownOperators:
    """Reads the sign-ins that no customer has part in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def since(self, moment: datetime) -> list[Reviewer]:
        """Return the users who have signed in with a role since then, by their latest name."""
        columns = audit_events.c
        statement = (
            select(columns.actor_id, columns.actor_name)
            .where(columns.tenant_id.is_(None), columns.action == Action.OPERATOR_SIGNED_IN)
            .where(columns.occurred_at >= moment, columns.actor_id.is_not(None))
            .order_by(columns.event_id)
        )
        with self._database.system_reading() as connection:
            found = {row.actor_id: row.actor_name or row.actor_id for row in connection.execute(statement)}
        return sorted((Reviewer(*pair) for pair in found.items()), key=lambda each: (each.name, each.object_id))
