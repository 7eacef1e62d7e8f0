"""The outbox: emails stored in the transaction that causes them, then sent once or recorded as failed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from shared.core.mail import Mail, MailKind, MailState, NewMail, new_mail
from shared.core.models import ScanKey
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.engine.text import fit
from shared.sql.ledgers.deletion_mails import forget
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.outbox_tables import outbox

OVERDUE_AFTER = timedelta(minutes=5)
"""How long after an email was due its queue message counts as lost."""

DEAD_AFTER = timedelta(minutes=10)
"""How long after a call was begun its worker is held to be dead: a call itself takes a minute at most."""


def enqueue(connection: Connection, scan_key: ScanKey, mails: Sequence[NewMail], now: datetime) -> None:
    """Writes the mails down in the caller's transaction; of a kind that the scan has already, nothing."""
    known = select(outbox.c.kind).where(of_scan(outbox, scan_key))
    kinds = set(connection.execute(known).scalars())
    for mail in mails:
        if mail.kind not in kinds:
            connection.execute(
                insert(outbox).values(
                    vars(new_mail(scan_key.tenant_id, scan_key.scan_id, mail, MailState.PENDING, now))
                )
            )


class Outbox:
    """Where mails are kept; each change of state is one conditional statement, so that only one worker makes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def of_scan(self, scan_key: ScanKey) -> list[Mail]:
        """All mails about a scan, by kind."""
        mine = of_scan(outbox, scan_key)
        with self._database.reading(scan_key.tenant_id) as connection:
            rows = connection.execute(select(outbox).where(mine).order_by(outbox.c.kind, outbox.c.mail_id))
            return [_mail(row) for row in rows]

    @whole_transaction
    def claim(self, tenant_id: str, mail_id: str, now: datetime) -> Mail | None:
        """Claim a pending email for sending; None unless it was pending."""
        values = {"state": MailState.SENDING, "attempt": outbox.c.attempt + 1, "changed_at": now}
        statement = update(outbox).where(_key(tenant_id, mail_id), outbox.c.state == MailState.PENDING)
        with self._database.transaction(tenant_id) as connection:
            is_ours = connection.execute(statement.values(values)).rowcount == 1
            row = connection.execute(select(outbox).where(_key(tenant_id, mail_id))).one_or_none()
        if row is None or not (is_ours or (commit_is_unknown() and _is_claimed_at(row, now))):
            return None
        return _mail(row)

    def end(self, mail: Mail, state: MailState, code: str | None, now: datetime) -> bool:
        """Record how this attempt ended; False if another worker has ended it."""
        if mail.kind is MailKind.DELETION_DONE:
            return self._forget(replace(mail, state=state, code=code, changed_at=now))
        return self._change(mail, {"state": state, "code": _code(code), "not_before": None, "changed_at": now})

    def postpone(self, mail: Mail, not_before: datetime, code: str, now: datetime) -> bool:
        """Schedule an email that was certainly not sent; False if another worker has ended this attempt."""
        values = {"state": MailState.PENDING, "code": _code(code), "not_before": not_before, "changed_at": now}
        return self._change(mail, values)

    def overdue(self, now: datetime) -> list[Mail]:
        """Return the overdue emails of all customers."""
        due = func.coalesce(outbox.c.not_before, outbox.c.changed_at)
        return self._all(outbox.c.state == MailState.PENDING, due <= now - OVERDUE_AFTER)

    def give_up_abandoned(self, now: datetime) -> list[Mail]:
        """Mails of all customers whose worker died after it had begun the call: whether they went is not known."""
        abandoned = self._all(outbox.c.state == MailState.SENDING, outbox.c.changed_at <= now - DEAD_AFTER)
        ended = [mail for mail in abandoned if self.end(mail, MailState.UNCERTAIN, "WorkerDied", now)]
        return [replace(mail, state=MailState.UNCERTAIN, code="WorkerDied") for mail in ended]

    @whole_transaction
    def _forget(self, ended: Mail) -> bool:
        with self._database.transaction(ended.tenant_id) as connection:
            return forget(connection, ended)

    @whole_transaction
    def _change(self, mail: Mail, values: dict[str, Any]) -> bool:
        is_this_attempt = and_(outbox.c.state == MailState.SENDING, outbox.c.attempt == mail.attempt)
        statement = update(outbox).where(_key(mail.tenant_id, mail.mail_id), is_this_attempt).values(values)
        with self._database.transaction(mail.tenant_id) as connection:
            return connection.execute(statement).rowcount == 1

    @whole_transaction
    def _all(self, *which: ColumnElement[bool]) -> list[Mail]:
        statement = select(outbox).where(*which).order_by(outbox.c.changed_at, outbox.c.mail_id)
        with self._database.system_reading() as connection:
            return [_mail(row) for row in connection.execute(statement)]


def _key(tenant_id: str, mail_id: str) -> ColumnElement[bool]:
    return and_(outbox.c.tenant_id == tenant_id, outbox.c.mail_id == mail_id)


def _is_claimed_at(row: Row[Any], moment: datetime) -> bool:
    """Whether it was us: the commit whose answer was lost did happen."""
    return bool(row.state == MailState.SENDING and row.changed_at == moment)


def _code(code: str | None) -> str | None:
    return fit(outbox.c.code, code)


def _mail(row: Row[Any]) -> Mail:
    values = {**row._mapping, "kind": MailKind(row.kind), "state": MailState(row.state)}  # noqa: SLF001
    return Mail(**values)
