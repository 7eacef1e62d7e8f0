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

WITHOUT_SNAPSHOTS = "up, without SNAPSHOT isolation: figures on one page can be from different moments"

Check = Callable[[Services], object]


def database(services: Services) -> str | None:
    """Check Azure SQL; return what it lacks."""
    from shared.sql.scans.scans import reach  # SQLAlchemy is heavy

    reach(services.database)
    return WITHOUT_SNAPSHOTS if services.database.lacks_snapshots else None


def key_ring(services: Services) -> None:
    """The encryption keys: a value encrypted with the newest key can be decrypted."""
    if services.vault.decrypt(services.vault.encrypt(PROBE)) != PROBE:
        raise ValueError("the key ring does not decrypt what it encrypted")


CHECKS: Mapping[str, Check] = {
    "database": database,
    "tables": lambda services: services.tables.get("flows", PROBE, PROBE),
    "queues": lambda services: services.queues.check_connection(SCAN_REQUESTS.name),
    "key_ring": key_ring,
    "entra": lambda services: services.entra.check_connection(),
}


def readiness(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /readyz: 200 if all dependencies are up, else 503 with the type of each error, without its message."""
    states = run_checks(CHECKS, services, READINESS_TIMEOUT_SECONDS)
    is_ready = all(state.startswith("up") for state in states.values())
    body = json.dumps({"ready": is_ready, "parts": states}, indent=1).encode() + b"\n"
    return Response(200 if is_ready else 503, body, "application/json")


def run_checks(checks: Mapping[str, Check], services: Services, seconds: float) -> dict[str, str]:
    """Return each state: "up", "down: <type of error>" or "no answer". A check that hangs does not delay the others."""
    threads = ThreadPoolExecutor(len(checks), thread_name_prefix="readiness")
    running = {name: threads.submit(check, services) for name, check in checks.items()}
    wait(running.values(), timeout=seconds)
    threads.shutdown(wait=False, cancel_futures=True)
    return {name: _state(result) for name, result in running.items()}


def _state(result: Future[object]) -> str:
    if not result.done() or result.cancelled():
        return "no answer"
    error = result.exception()
    if error is not None:
        return f"down: {type(error).__name__}"
    return WITHOUT_SNAPSHOTS if result.result() == WITHOUT_SNAPSHOTS else "up"


def health(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /healthz."""
    return Response(body=b"ok\n", content_type="text/plain; charset=utf-8")
