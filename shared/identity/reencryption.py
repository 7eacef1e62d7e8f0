"""Re-encrypt stored refresh tokens under the newest key, after a rotation."""

import logging
from dataclasses import asdict, dataclass, replace

from shared.core.errors import ConfigurationError
from shared.identity.vault import TokenVault
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.engine.engine import Database
from shared.sql.scans.connections import Connections, StoredToken, StoredTokens

BATCH = 200

log = logging.getLogger("caleta.identity")


@dataclass(frozen=True)
class Reencryption:
    """Counts of stored refresh tokens. `changed_meanwhile` were replaced meanwhile and are left as they are."""

    looked_at: int = 0
    reencrypted: int = 0
    changed_meanwhile: int = 0
    unreadable: int = 0


def reencrypt(database: Database, vault: TokenVault) -> Reencryption:
    """Process all stored tokens in batches; a second run finds nothing to do.

    A token that no key decrypts is left as it is: the key may be restored. Raises AzureUnavailable.
    """
    stored, consents = StoredTokens(database), Connections(database)
    counts = Reencryption()
    batch = stored.after(None, BATCH)
    while batch:
        for token in batch:
            counts = _reencrypt_one(consents, vault, token, counts)
        batch = stored.after(batch[-1], BATCH)
    log_event(log, Event.REENCRYPTION_ENDED, about=asdict(counts))
    return counts


def _reencrypt_one(consents: Connections, vault: TokenVault, token: StoredToken, counts: Reencryption) -> Reencryption:
    counts = replace(counts, looked_at=counts.looked_at + 1)
    try:
        newer = vault.under_newest_key(token.encrypted)
    except ConfigurationError:
        names = {"tenant": token.tenant_id, "user": token.user_object_id}
        log_event(log, Event.TOKEN_UNREADABLE, alert="token-unreadable", about=names)
        return replace(counts, unreadable=counts.unreadable + 1)
    if newer is None:
        return counts
    if consents.replace_refresh_token(token.tenant_id, token.user_object_id, newer, token.version):
        return replace(counts, reencrypted=counts.reencrypted + 1)
    return replace(counts, changed_meanwhile=counts.changed_meanwhile + 1)
