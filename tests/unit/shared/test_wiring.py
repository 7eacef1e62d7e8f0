import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared import wiring
from shared.core.errors import ConfigurationError
from shared.core.lazy import lazy
from shared.core.settings import Environment, Settings, read_settings
from shared.wiring import Services
from tests.support.entra_double import KEY


def settings() -> Settings:
    return read_settings(
        {
            "APP_ENVIRONMENT": "local",
            "APP_BASE_URL": "http://127.0.0.1:7071",
            "ENTRA_CLIENT_ID": "44444444-4444-4444-8444-444444444444",
            "ENTRA_CLIENT_SECRET": "secret",
            "TOKEN_ENCRYPTION_KEYS": KEY,
            "SQL_URL": "sqlite:///unused.sqlite",
        }
    )


class SlowServices(Services):
    """One part takes a while to build."""

    builds = 0

    @lazy
    def slow(self) -> object:
        self.builds += 1
        time.sleep(0.05)
        return object()


def test_a_part_is_built_once_whichever_caller_is_first() -> None:
    services, found = SlowServices(settings()), set[object]()
    threads = [threading.Thread(target=lambda: found.add(services.slow)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (services.builds, len(found)) == (1, 1)


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APP_BASE_URL", raising=False)
    wiring.use(None)
    with pytest.raises(ConfigurationError, match="APP_BASE_URL"):
        wiring.services()


def test_in_azure_old_entries_of_the_log_go_by_an_identity_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Connected:
        def __init__(self, url: str, identity: Callable[[], object], _clock: object) -> None:
            self.url, self.login = url, identity()

        connect = classmethod(lambda cls, *given: cls(*given))

    monkeypatch.setattr("shared.sql.engine.engine.Database", Connected)
    monkeypatch.setattr("shared.own_identity.own_identity", lambda _: "the app's")
    monkeypatch.setattr("shared.own_identity.purge_identity", lambda given: given.purge_identity_client_id)
    azure = replace(settings(), environment=Environment.AZURE, purge_identity_client_id="the purge's")
    services: Any = Services(azure)
    assert (services.database.login, services.purge_database.login) == ("the app's", "the purge's")
    assert services.database.url == services.purge_database.url


def test_on_a_developers_machine_one_connection_does_all() -> None:
    services = Services(settings())
    assert services.purge_database is services.database


def test_other_parts_can_be_installed() -> None:
    made = Services(settings())
    wiring.use(made)
    assert wiring.services() is made
    wiring.use(None)
