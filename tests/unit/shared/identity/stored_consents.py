"""What is stored of a consent, and what Entra hands out, as the tests of the broker need it."""

from shared.core.models import Connection
from shared.identity.vault import TokenVault
from shared.sql.scans.connections import Connections
from tests.support.entra_double import KEY, TENANT, USER, EntraDouble, granted

COLLEAGUE = "55555555-5555-5555-5555-555555555555"


def stored(connections: Connections, user: str = USER) -> Connection:
    connection = connections.get(TENANT, user)
    assert connection is not None
    return connection


def stored_token(connections: Connections) -> str:
    encrypted = stored(connections).refresh_token_encrypted
    assert encrypted is not None
    return TokenVault((KEY,)).decrypt(encrypted)


def give(entra: EntraDouble, *names: str, expires_in: int | None = 3600) -> None:
    """Entra will hand out these access tokens in turn, each with a refresh token of its own."""
    entra.answers = [
        (200, granted(access_token=name, refresh_token=f"refresh for {name}", expires_in=expires_in)) for name in names
    ]
