"""Health checks. Readiness is for operators; the Functions host requires their key."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from shared.messaging.queues import SCAN_REQUESTS
from shared.wiring import Services
from web.http.messages import Request, Response

READINESS_TIMEOUT_SECONDS = 10.0
"""For all checks together: they run in parallel."""

PROBE = "readiness"

WITHOUT_SNAPSHOTS = "without SNAPSHOT isolation: figures on one page can be from different moments"

Check = Callable[[Services], str | None]
"""Raises if the dependency is down; returns what it lacks, None for nothing."""


def database(services: Services) -> str | None:
    """Azure SQL: a query is answered."""
    from shared.sql.scans.scans import reach  # SQLAlchemy is heavy

    reach(services.database)
    return WITHOUT_SNAPSHOTS if services.database.lacks_snapshots else None


def key_ring(services: Services) -> None:
    """The encryption keys: a value encrypted with the newest key can be decrypted."""
    if services.vault.decrypt(services.vault.encrypt(PROBE)) != PROBE:
        raise ValueError("the key ring does not decrypt what it encrypted")


def tables(services: Services) -> None:
    """Table storage: a row that is not there is not found."""
    services.tables.get("flows", PROBE, PROBE)


def queues(services: Services) -> None:
    """Service Bus: a link opens."""
    services.queues.check_connection(SCAN_REQUESTS.name)


def entra(services: Services) -> None:
    """Microsoft Entra: its metadata is served."""
    services.entra.check_connection()


CHECKS: Mapping[str, Check] = {
    "database": database,
    "tables": tables,
    "queues": queues,
    "key_ring": key_ring,
    "entra": entra,
}


def readiness(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /readyz: 200 if all dependencies are up, else 503 with the type of each error, without its message."""
    states = run_checks(CHECKS, services, READINESS_TIMEOUT_SECONDS)
    is_ready = all(state.startswith("up") for state in states.values())
    body = json.dumps({"ready": is_ready, "parts": states}, indent=1).encode() + b"\n"
    return Response(200 if is_ready else 503, body, "application/json")


def run_checks(checks: Mapping[str, Check], services: Services, seconds: float) -> dict[str, str]:
    """Return each state: "up", "up, <what it lacks>", "down: <type of error>" or "no answer".

    A check that hangs does not delay the others.
    """
    threads = ThreadPoolExecutor(len(checks), thread_name_prefix="readiness")
    running = {name: threads.submit(check, services) for name, check in checks.items()}
    wait(running.values(), timeout=seconds)
    threads.shutdown(wait=False, cancel_futures=True)
    return {name: _state(result) for name, result in running.items()}


def _state(result: Future[str | None]) -> str:
    if not result.done() or result.cancelled():
        return "no answer"
    error = result.exception()
    if error is not None:
        return f"down: {type(error).__name__}"
    lacks = result.result()
    return f"up, {lacks}" if lacks else "up"


def health(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /healthz."""
    return Response(body=b"ok\n", content_type="text/plain; charset=utf-8")
