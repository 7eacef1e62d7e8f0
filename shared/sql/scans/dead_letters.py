"""Queue messages that failed processing, kept for an operator."""

import builtins
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from shared.sql.engine.engine import Database
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.engine.text import fit
from shared.sql.schema.tables import dead_letters

MAX_LISTED = 200


@dataclass(frozen=True)
class DeadLetter:
    """One message set aside. `tenant_id` None: it could not be read that far.

    `body_text` is what came, without what looks like a secret, and cut. `message_json` is what
    was decoded of it, and all that is ever replayed; None: it is not one of our messages.
    """

    dead_letter_id: int
    tenant_id: str | None
    queue: str
    reason: str
    body_text: str
    recorded_at: datetime
    message_json: str | None = None
    replayed_at: datetime | None = None
    replayed_by_name: str | None = None


class DeadLetters:
    """Where such messages are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def record(
        self,
        tenant_id: str | None,
        queue: str,
        reason: str,
        body_text: str,
        recorded_at: datetime,
        message_json: str | None = None,
    ) -> None:
        values = {
            "tenant_id": fit(dead_letters.c.tenant_id, tenant_id),
            "queue": fit(dead_letters.c.queue, queue),
            "reason": fit(dead_letters.c.reason, reason),
            "body_text": fit(dead_letters.c.body_text, body_text),
            "recorded_at": recorded_at,
            "message_json": message_json,
        }
        same = [dead_letters.c[name] == values[name] for name in ("queue", "reason", "body_text", "recorded_at")]
        with self._database.system_transaction() as connection:
            if commit_is_unknown() and connection.execute(select(dead_letters).where(*same)).first():
                return
            connection.execute(insert(dead_letters).values(values))

    @whole_transaction
    def delete_before(self, moment: datetime) -> int:
        """Deletes what was recorded before `moment`; how many there were."""
        with self._database.system_transaction() as connection:
            return connection.execute(delete(dead_letters).where(dead_letters.c.recorded_at < moment)).rowcount

    @whole_transaction
    def get(self, dead_letter_id: int) -> DeadLetter | None:
        """Any customer's, for operators."""
        statement = select(dead_letters).where(dead_letters.c.dead_letter_id == dead_letter_id)
        with self._database.system_reading() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return DeadLetter(**row) if row else None

    @whole_transaction
    def list(self, limit: int = MAX_LISTED) -> builtins.list[DeadLetter]:
        """All customers', newest first."""
        statement = select(dead_letters).order_by(dead_letters.c.dead_letter_id.desc()).limit(limit)
        with self._database.system_reading() as connection:
            return [DeadLetter(**row) for row in connection.execute(statement).mappings()]
