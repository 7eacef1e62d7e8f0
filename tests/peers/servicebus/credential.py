"""What a client of the peer signs in with."""

import time

from azure.core.credentials import AccessToken

LIFETIME_SECONDS = 3600


class Credential:
    """Gives tokens as azure-identity does. `scopes` are those that were asked for."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        self.scopes.extend(scopes)
        return AccessToken("a token of a test", int(time.time()) + LIFETIME_SECONDS)
