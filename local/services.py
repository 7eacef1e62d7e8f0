"""The app's services on one machine: SQLite files instead of Azure SQL, Service Bus and Table storage.

SQL_URL may name a SQL Server instead of the first; SQL_LEAVE_OUT lists features that it lacks.
"""

import os
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet

from collectors.registry import all_queues as all_queues  # noqa: PLC0414  it is imported from here
from local.blobs import LocalBlobStore
from local.own_identity import LocalIdentity
from local.queue import LocalQueue
from local.registration import REGISTRATION, REVIEWERS_MAILBOX
from local.tables import LocalTableStore
from shared.core.settings import Settings, read_settings
from shared.sql.migrate import migrate
from shared.sql.migrations import features
from shared.sql.reviews.operator_jobs import OperatorJobs
from shared.sql.scans.steps import Steps
from shared.wiring import Services

KEY_FILE = "fernet.key"


def encryption_key(data: Path) -> str:
    """Return the Fernet key of this data folder; made at the first start, readable by its owner alone."""
    path = data / KEY_FILE
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
    return path.read_text(encoding="ascii")


def has_run(data: Path) -> bool:
    """Whether an app has ever been started on this folder."""
    return (data / KEY_FILE).exists()


def local_values(data: Path, base_url: str, tenant_url: str, speed_up: float) -> dict[str, str]:
    """Return the settings of a local run as the environment would hold them."""
    return {
        "APP_ENVIRONMENT": "local",
        "APP_BASE_URL": base_url,
        "ENTRA_AUTHORITY_HOST": tenant_url,
        "ARM_ENDPOINT": tenant_url,
        "GRAPH_ENDPOINT": tenant_url,
        "MAIL_SENDER": REGISTRATION.mail.sender,
        "REVIEWERS_EMAIL": REVIEWERS_MAILBOX,
        "ENTRA_CLIENT_ID": REGISTRATION.application.client_id,
        "ENTRA_CLIENT_SECRET": REGISTRATION.application.client_secret,
        "OPERATOR_TENANT_ID": REGISTRATION.operators_tenant.tenant_id,
        "OPERATOR_CLIENT_ID": REGISTRATION.operators.application.client_id,
        "OPERATOR_CLIENT_SECRET": REGISTRATION.operators.application.client_secret,
        "TOKEN_ENCRYPTION_KEYS": encryption_key(data),
        "SQL_URL": os.environ.get("SQL_URL") or f"sqlite:///{(data / 'caleta.sqlite').resolve().as_posix()}",
        "LOCAL_SPEED_UP": str(speed_up),
    }


def local_settings(data: Path, base_url: str, tenant_url: str, speed_up: float) -> Settings:
    """The settings of a local run, read and checked like any others."""
    return read_settings(local_values(data, base_url, tenant_url, speed_up))


class LocalServices(Services):
    """Services whose state is in one folder and survives a restart."""

    def __init__(self, settings: Settings, data: Path) -> None:
        super().__init__(settings)
        self.data = data

    @cached_property
    def queues(self) -> LocalQueue:
        return LocalQueue(self.data / "queues.sqlite", all_queues(), self.clock, self.settings.speed_up)

    @cached_property
    def own_identity(self) -> LocalIdentity:
        return LocalIdentity(self.settings.authority_host)

    @cached_property
    def tables(self) -> LocalTableStore:
        return LocalTableStore(self.data / "tables.sqlite")

    @cached_property
    def blobs(self) -> LocalBlobStore:
        return LocalBlobStore(self.data / "exports")

    def open(self) -> None:
        """Migrate the database and build what all threads share before there are threads."""
        migrate(self.database, features(os.environ.get("SQL_LEAVE_OUT", "")))
        for part in (self.queues, self.tables, self.arm, self.tokens, self.consent, self.sessions):
            assert part is not None  # noqa: S101 - the access is what builds it

    def end_earlier_run(self) -> None:
        """Release the locks and leases of an earlier run; for the only host on these files."""
        self.queues.break_locks()
        Steps(self.database).break_leases()
        OperatorJobs(self.database).break_leases()

    def close(self) -> None:
        self.database.dispose()
        self.queues.close()
        self.tables.close()
