"""`python -m shared.identity.rotate_keys [--if-older-than-days N]`: add a new Fernet key to the Key Vault.

Makes the front door's secret too, where the vault has none: a new one is a person's decision, because
Cloudflare has to send it (docs/runbooks.md).

For an operator or a pipeline that is signed in to Azure with the role Key Vault Secrets
Officer; the app itself can only read. The only setting is KEY_VAULT_URL. The app uses the new
key within minutes and re-encrypts stored tokens in the next night.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cryptography.fernet import Fernet

from shared.core.errors import ConfigurationError
from shared.core.setting_checks import resource_url
from shared.identity.key_vault import KeyVault, SecretVersion
from shared.identity.keys import SECRET_NAME

OLD_KEYS_KEPT = timedelta(days=30)
"""How long a key stays enabled after a newer one was added: thirty nights of re-encryption."""

CONTENT_TYPE = "Fernet key"

FRONT_DOOR = "front-door"
"""The secret behind the setting FRONT_DOOR_SECRETS; bicep/main.bicep refers to it."""


@dataclass(frozen=True)
class Rotation:
    """The result: whether a key was added, and which versions were disabled."""

    added: bool
    disabled: tuple[str, ...]


def rotate(vault: KeyVault, now: datetime, if_older_than: timedelta = timedelta()) -> Rotation:
    """Add a key if the newest is at least `if_older_than` old; disable keys superseded long ago.

    A disabled version is not deleted: enabled again, it decrypts what it encrypted.
    """
    enabled = [version for version in vault.versions(SECRET_NAME) if version.is_enabled]
    added = not enabled or now - enabled[0].created_at >= if_older_than
    if added:
        vault.add(SECRET_NAME, Fernet.generate_key().decode(), CONTENT_TYPE)
    outlived = superseded_before(enabled, now - OLD_KEYS_KEPT)
    for version in outlived:
        vault.disable(SECRET_NAME, version)
    return Rotation(added, tuple(outlived))


def make_front_door_secret(vault: KeyVault) -> bool:
    """Make the secret that Cloudflare sends, if there is none; return whether it was made."""
    if any(version.is_enabled for version in vault.versions(FRONT_DOOR)):
        return False
    vault.add(FRONT_DOOR, secrets.token_urlsafe(32), "Front door secrets, newest first, comma-separated")
    return True


def superseded_before(newest_first: Sequence[SecretVersion], moment: datetime) -> list[str]:
    """Return the versions that had a successor before this time."""
    return [older.version for newer, older in pairwise(newest_first) if newer.created_at < moment]


def main(words: Sequence[str] | None = None) -> None:
    """Rotate the keys in the vault of KEY_VAULT_URL."""
    parser = argparse.ArgumentParser(prog="python -m shared.identity.rotate_keys", description=__doc__)
    parser.add_argument(
        "--if-older-than-days", type=int, default=0, metavar="N", help="only if the newest key is older"
    )
    options = parser.parse_args(words)
    url = resource_url("KEY_VAULT_URL", os.environ.get("KEY_VAULT_URL", ""), is_local=False)
    if not url:
        raise ConfigurationError("KEY_VAULT_URL is not set: the vault that holds the keys")
    from azure.identity import DefaultAzureCredential

    with DefaultAzureCredential() as operator:
        vault = KeyVault(url, operator)
        done = rotate(vault, datetime.now(UTC), timedelta(days=options.if_older_than_days))
        make_front_door_secret(vault)
    sys.stdout.write(f"{'One key added' if done.added else 'No key added'}; {len(done.disabled)} disabled.\n")


if __name__ == "__main__":
    main()
