"""Email addresses that wait for their confirmation: one for each user, for a day, used once.

The link in the email shows that its reader can read the mailbox. It opens nothing by itself: confirming needs the
session of the user who entered the address, so that a stranger with a mistyped address confirms nothing.
"""

import contextlib
import hmac
from dataclasses import replace
from datetime import timedelta

from shared.core.clock import Clock
from shared.core.periods import MAIL_CONFIRMATION_HOURS
from shared.identity.flows import FLOWS_TABLE
from shared.identity.session_records import SECRET, key_of, new_secret
from shared.identity.vault import TokenVault
from shared.table_storage.store import AlreadyExists, Changed, Record, TableStore

MAIL_ADDRESS = "mail-address"
"""The partition, in the table of the flows."""


class MailConfirmations:
    """The store of addresses that wait, encrypted, each under a hash of its user."""

    def __init__(self, tables: TableStore, vault: TokenVault, clock: Clock) -> None:
        self._tables = tables
        self._vault = vault
        self._clock = clock

    def start(self, tenant_id: str, user_object_id: str, address: str) -> str:
        """Keep an address in place of any earlier one; return the code of its link. Raises Changed."""
        code = new_secret()
        values = {"code": key_of(code), "address": self._vault.encrypt(address).decode()}
        expires_at = self._clock.now() + timedelta(hours=MAIL_CONFIRMATION_HOURS)
        record = Record(MAIL_ADDRESS, _key(tenant_id, user_object_id), values, expires_at)
        known = self._tables.get(FLOWS_TABLE, record.partition, record.key)
        try:
            if known is None:
                self._tables.insert(FLOWS_TABLE, record)
            else:
                self._tables.replace(FLOWS_TABLE, replace(record, etag=known.etag))
        except AlreadyExists:
            raise Changed("another address of the same user") from None
        return code

    def is_waiting(self, tenant_id: str, user_object_id: str, code: str) -> bool:
        """Whether the link of this code can be confirmed: it is not old, not used and not another user's."""
        return self._valid(tenant_id, user_object_id, code) is not None

    def take(self, tenant_id: str, user_object_id: str, code: str) -> str | None:
        """Return the address of this link and forget it; None if it cannot be confirmed."""
        record = self._valid(tenant_id, user_object_id, code)
        if record is None:
            return None
        try:
            self._tables.delete(FLOWS_TABLE, MAIL_ADDRESS, record.key, record.etag)
        except Changed:
            return None
        return self._vault.decrypt(record.values["address"].encode())

    def _valid(self, tenant_id: str, user_object_id: str, code: str) -> Record | None:
        if not SECRET.fullmatch(code):
            return None
        record = self._tables.get(FLOWS_TABLE, MAIL_ADDRESS, _key(tenant_id, user_object_id))
        if record is None or record.expires_at <= self._clock.now():
            return None
        return record if hmac.compare_digest(record.values["code"], key_of(code)) else None

    def forget(self, tenant_id: str, user_object_id: str) -> None:
        """Delete the address that waits, if there is one."""
        with contextlib.suppress(Changed):
            self._tables.delete(FLOWS_TABLE, MAIL_ADDRESS, _key(tenant_id, user_object_id))


def _key(tenant_id: str, user_object_id: str) -> str:
    return key_of(f"{tenant_id}.{user_object_id}")
