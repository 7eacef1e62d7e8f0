"""Customers' consents, one row per (tenant, user), and their encrypted refresh tokens."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Update, and_, insert, or_, select, update
from sqlalchemy import Connection as SqlConnection
from sqlalchemy.exc import IntegrityError

from shared.core.audit import SYSTEM, Action, Actor, AuditEvent, customer
from shared.core.models import Connection, ConnectionState
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.engine.text import fit
from shared.sql.ledgers.audit import record
from shared.sql.schema.tables import connections

_CONNECTION = [connections.c[each.name] for each in fields(Connection)]


class Connections:
    """Where consents and their encrypted refresh tokens are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        tenant_id: str,
        user_object_id: str,
        username: str,
        refresh_token_encrypted: bytes,
        consented_at: datetime,
    ) -> None:
        """Records a consent just given: new, or again after whatever became of the last one."""
        values = {
            "username": fit(connections.c.username, username),
            "state": ConnectionState.ACTIVE,
            "state_reason": None,
            "claims_challenge": None,
            "refresh_token_encrypted": refresh_token_encrypted,
            "consented_at": consented_at,
        }
        try:
            self._upsert(tenant_id, user_object_id, values)
        except IntegrityError:  # Another sign-in of the same user inserted the row first: now it can be updated.
            self._upsert(tenant_id, user_object_id, values)

    @whole_transaction
    def _upsert(self, tenant_id: str, user_object_id: str, values: dict[str, Any]) -> None:
        key = {"tenant_id": tenant_id, "user_object_id": user_object_id}
        with self._database.transaction(tenant_id) as connection:
            if not _changed(connection, _update(tenant_id, user_object_id).values(values)):
                connection.execute(insert(connections).values(**key, **values, version=1))
            actor = customer(user_object_id, values["username"])
            record(connection, _event(tenant_id, user_object_id, actor, Action.CONSENT_GIVEN, values["consented_at"]))

    @whole_transaction
    def get(self, tenant_id: str, user_object_id: str) -> Connection | None:
        with self._database.reading(tenant_id) as connection:
            row = connection.execute(select(*_CONNECTION).where(_key(tenant_id, user_object_id))).one_or_none()
        return None if row is None else _connection(row)

    @whole_transaction
    def users(self, tenant_id: str) -> list[str]:
        """The object ids of the customer's users who have ever consented and are kept."""
        statement = select(connections.c.user_object_id).where(connections.c.tenant_id == tenant_id)
        with self._database.reading(tenant_id) as connection:
            return sorted(connection.execute(statement).scalars())

    @whole_transaction
    def replace_refresh_token(
        self, tenant_id: str, user_object_id: str, refresh_token_encrypted: bytes, version: int
    ) -> bool:
        """Keeps the newer token unless the consent changed since `version` was read; False then."""
        statement = _update(tenant_id, user_object_id).where(
            connections.c.version == version, connections.c.state == ConnectionState.ACTIVE
        )
        with self._database.transaction(tenant_id) as connection:
            if _changed(connection, statement.values(refresh_token_encrypted=refresh_token_encrypted)):
                return True
            stored = select(connections.c.refresh_token_encrypted).where(_key(tenant_id, user_object_id))
            return commit_is_unknown() and connection.execute(stored).scalar() == refresh_token_encrypted

    @whole_transaction
    def require_sign_in(
        self, tenant_id: str, user_object_id: str, reason: str, claims_challenge: str | None = None, *, at: datetime
    ) -> None:
        """Deletes the refresh token: Entra refused it. A disconnected customer stays disconnected."""
        statement = _update(tenant_id, user_object_id).where(connections.c.state != ConnectionState.DISCONNECTED)
        values = {
            "state": ConnectionState.SIGN_IN_NEEDED,
            "state_reason": fit(connections.c.state_reason, reason),
            "claims_challenge": claims_challenge,
            "refresh_token_encrypted": None,
        }
        with self._database.transaction(tenant_id) as connection:
            if _state(connection, tenant_id, user_object_id) is ConnectionState.ACTIVE:
                record(connection, _event(tenant_id, user_object_id, SYSTEM, Action.CONSENT_LOST, at, reason))
            connection.execute(statement.values(values))

    @whole_transaction
    def confirm_mail_address(
        self, tenant_id: str, user_object_id: str, address: str, *, by: Actor, at: datetime
    ) -> bool:
        """Stores where the user's mails go; False if there is no consent to store it with."""
        with self._database.transaction(tenant_id) as connection:
            if not _changed(connection, _update(tenant_id, user_object_id).values(mail_address=address)):
                return False
            record(connection, _event(tenant_id, user_object_id, by, Action.MAIL_ADDRESS_CONFIRMED, at))
            return True

    @whole_transaction
    def disconnect(self, tenant_id: str, user_object_id: str, *, by: Actor, at: datetime) -> None:
        """Delete the refresh token because a user asked for it."""
        values = {
            "state": ConnectionState.DISCONNECTED,
            "state_reason": None,
            "claims_challenge": None,
            "refresh_token_encrypted": None,
        }
        with self._database.transaction(tenant_id) as connection:
            record(connection, _event(tenant_id, user_object_id, by, Action.DISCONNECTED, at))
            connection.execute(_update(tenant_id, user_object_id).values(values))


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


def consent_is_there(connection: SqlConnection, tenant_id: str, user_object_id: str) -> bool:
    """Whether the user has a consent, active or not; until the caller's transaction ends it is not deleted."""
    statement = select(connections.c.user_object_id).where(_key(tenant_id, user_object_id))
    return connection.execute(statement.with_hint(connections, "WITH (UPDLOCK)", "mssql")).first() is not None


def _key(tenant_id: str, user_object_id: str) -> ColumnElement[bool]:
    return and_(connections.c.tenant_id == tenant_id, connections.c.user_object_id == user_object_id)


def _update(tenant_id: str, user_object_id: str) -> Update:
    """Every change counts the version up, so that a refresh that began before it is not kept."""
    return update(connections).where(_key(tenant_id, user_object_id)).values(version=connections.c.version + 1)


def _state(connection: SqlConnection, tenant_id: str, user_object_id: str) -> ConnectionState | None:
    state = connection.execute(select(connections.c.state).where(_key(tenant_id, user_object_id))).scalar()
    return None if state is None else ConnectionState(state)


def _event(
    tenant_id: str, user_object_id: str, actor: Actor, action: Action, at: datetime, reason: str | None = None
) -> AuditEvent:
    return AuditEvent(at, tenant_id, actor, action, user_object_id=user_object_id, reason=reason)


def _changed(connection: SqlConnection, statement: Update) -> bool:
    return connection.execute(statement).rowcount == 1


def _connection(row: Row[Any]) -> Connection:
    values = {**row._mapping, "state": ConnectionState(row.state)}  # noqa: SLF001  SQLAlchemy's public mapping
    return Connection(**values)
