import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from local.services import LocalServices, local_settings
from shared.sql.migrate import migrate
from shared.wiring import Services
from web.http.health import CHECKS, WITHOUT_SNAPSHOTS, readiness, run_checks
from web.http.messages import Request, Response

NO_LISTENER = "http://127.0.0.1:9"


class OperatorsServices(LocalServices):
    """With an Entra of which nothing is asked but whether it is there."""

    class Entra:
        def check_connection(self) -> None:
            """It is."""

    entra = Entra()  # type: ignore[assignment]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[LocalServices]:
    made = OperatorsServices(local_settings(tmp_path, "http://127.0.0.1:7071", NO_LISTENER, 1.0), tmp_path)
    migrate(made.database)
    yield made
    made.close()


def asked(services: Services) -> Response:
    return readiness(Request("GET", "/readyz"), services)


def test_it_is_ready_when_every_part_answers(services: LocalServices) -> None:
    answer = asked(services)
    assert (answer.status, json.loads(answer.body)) == (200, {"ready": True, "parts": dict.fromkeys(CHECKS, "up")})


def test_a_database_without_its_tables_is_down(tmp_path: Path) -> None:
    empty = OperatorsServices(local_settings(tmp_path, "http://127.0.0.1:7071", NO_LISTENER, 1.0), tmp_path)
    answer = asked(empty)
    empty.close()
    assert answer.status == 503
    assert json.loads(answer.body)["parts"]["database"] == "down: OperationalError"


def test_a_database_without_snapshot_isolation_is_ready_and_says_so(services: LocalServices) -> None:
    services.database._snapshot_reads.is_missing = True
    answer = asked(services)
    assert answer.status == 200
    assert json.loads(answer.body)["parts"]["database"] == f"up, {WITHOUT_SNAPSHOTS}"


def test_an_unreachable_entra_is_down_and_the_others_are_up(tmp_path: Path) -> None:
    alone = LocalServices(local_settings(tmp_path, "http://127.0.0.1:7071", NO_LISTENER, 1.0), tmp_path)
    migrate(alone.database)
    parts = json.loads(asked(alone).body)["parts"]
    alone.close()
    assert parts == {**dict.fromkeys(CHECKS, "up"), "entra": "down: EntraUnavailable"}


def test_the_text_of_an_error_is_never_shown() -> None:
    def refuse(_: Services) -> None:
        raise ValueError("Server=db;Pwd=hunter2;")

    assert run_checks({"database": refuse}, cast(Services, None), 5) == {"database": "down: ValueError"}


def test_a_check_that_hangs_does_not_delay_the_others() -> None:
    forever = threading.Event()

    def slow(_: Services) -> None:
        forever.wait()

    checks = {"slow": slow, "quick": lambda _: None}
    states = run_checks(checks, cast(Services, None), 0.05)
    forever.set()
    assert states == {"slow": "no answer", "quick": "up"}
