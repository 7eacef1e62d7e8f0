"""Builds the parts from the settings; the only module that reads the environment.

Nothing is built at import. The local host and the tests install a subclass that
replaces single parts.
"""

import os
import threading
from functools import cached_property

from shared.arm.client import ArmClient
from shared.core.clock import Clock, SystemClock
from shared.core.settings import Settings, read_settings
from shared.identity.broker import TokenBroker
from shared.identity.consent import ConsentFlows
from shared.identity.entra import EntraClient
from shared.identity.sessions import Sessions
from shared.identity.vault import TokenVault
from shared.queues import QueueSender
from shared.sql.engine import Database
from shared.tables import TableStore


class Services:
    """All parts of the running app, each built at its first use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.RLock()

    @cached_property
    def clock(self) -> Clock:
        return SystemClock(self.settings.speed_up)

    @cached_property
    def database(self) -> Database:
        return Database.connect(self.settings.sql_url)

    @cached_property
    def queues(self) -> QueueSender:
        from shared.service_bus import ServiceBusSender  # azure-servicebus is heavy: imported only where used

        return ServiceBusSender(self.settings.service_bus_namespace)

    @cached_property
    def tables(self) -> TableStore:
        from shared.azure_tables import AzureTableStore  # likewise azure-data-tables

        return AzureTableStore(self.settings.tables_endpoint)

    @cached_property
    def arm(self) -> ArmClient:
        return ArmClient(self.settings.arm_endpoint, self.clock)

    @cached_property
    def entra(self) -> EntraClient:
        return EntraClient(self.settings)

    @cached_property
    def vault(self) -> TokenVault:
        return TokenVault(self.settings.token_encryption_keys)

    @cached_property
    def tokens(self) -> TokenBroker:
        return TokenBroker(self.entra, self.database, self.vault, self.clock)

    @cached_property
    def consent(self) -> ConsentFlows:
        return ConsentFlows(self.settings, self.entra, self.tables, self.vault, self.clock)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.tables, self.clock)


_services: Services | None = None
_services_lock = threading.Lock()


def services() -> Services:
    """The parts of this process; the first call reads the settings and may raise ConfigurationError."""
    global _services
    with _services_lock:
        if _services is None:
            _services = Services(read_settings(os.environ))
        return _services


def use(replacement: Services | None) -> None:
    """Installs other parts: the local run's, or a test's."""
    global _services
    with _services_lock:
        _services = replacement
