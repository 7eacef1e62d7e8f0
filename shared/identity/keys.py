"""The sources of Fernet keys: the settings, or the versions of one secret in the Key Vault."""

import logging
import threading
from datetime import datetime, timedelta
from typing import Protocol

from shared.core.clock import Clock
from shared.core.errors import AzureUnavailable, ConfigurationError
from shared.core.setting_checks import is_fernet_key
from shared.identity.key_vault import KeyVault, SecretVersion
from shared.observability.events import Event
from shared.observability.work_log import log_event

SECRET_NAME = "token-encryption-keys"  # noqa: S105 - the name, not the secret
"""Each enabled version holds one key; the newest encrypts, all decrypt."""

ROTATE = "add one with `python -m shared.identity.rotate_keys`"

KEYS_LIFE = timedelta(minutes=5)
"""How long keys are cached; a new or disabled version takes effect within this time."""

PAUSE = timedelta(seconds=15)
"""The minimum time between two reads of the vault, even if something cannot be decrypted."""

log = logging.getLogger("caleta.identity")


class KeySource(Protocol):
    """Provides the keys."""

    def newest_first(self, *, reload: bool = False) -> tuple[str, ...]:
        """Return at least one key. `reload`: no known key fits, another process may use a newer one.

        Raises ConfigurationError, AzureUnavailable.
        """


class FixedKeys:
    """Keys that never change while the process runs."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._keys = keys

    def newest_first(self, *, reload: bool = False) -> tuple[str, ...]:  # noqa: ARG002
        return self._keys


class KeyVaultKeys:
    """The enabled versions of SECRET_NAME. Thread-safe.

    A version's value never changes, so each is read once; only the list of versions is read
    again. While the vault does not answer, the cached keys stay in use.
    """

    def __init__(self, vault: KeyVault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock
        self._lock = threading.Lock()
        self._values: dict[str, str] = {}
        self._asked_at: datetime | None = None

    def newest_first(self, *, reload: bool = False) -> tuple[str, ...]:
        """Return at least one key; see KeySource."""
        with self._lock:
            now = self._clock.now()
            if self._asked_at is None or now - self._asked_at >= (PAUSE if reload else KEYS_LIFE):
                self._read()
                self._asked_at = now
            return tuple(self._values.values())

    def _read(self) -> None:
        try:
            enabled = [version for version in self._vault.versions(SECRET_NAME) if version.is_enabled]
            self._values = {version.version: self._value(version) for version in enabled}
        except AzureUnavailable as error:
            if not self._values:
                raise
            log_event(log, Event.KEYS_KEPT, error, level=logging.WARNING, keys=len(self._values))
        if not self._values:
            raise ConfigurationError(f"KEY_VAULT_URL: the vault has no enabled version of {SECRET_NAME}: {ROTATE}")

    def _value(self, version: SecretVersion) -> str:
        known = self._values.get(version.version) or self._vault.value(SECRET_NAME, version.version).strip()
        if not is_fernet_key(known):
            raise ConfigurationError(
                f"KEY_VAULT_URL: version {version.version} of {SECRET_NAME} is not a Fernet key: "
                f"disable it, and {ROTATE}"
            )
        return known
