"""Whether everything that the app needs answers; for operators, whose key the Functions host asks for."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from shared.messaging.queues import SCAN_REQUESTS
from shared.wiring import Services
from web.http.messages import Request, Response

PATIENCE_SECONDS = 10.0
"""For all of them together: they are asked at once."""

TRIAL = "readiness"

WITHOUT_SNAPSHOTS = "up, without SNAPSHOT isolation: the figures of one page may be of different moments"

Check = Callable[[Services], object]


def database(services: Services) -> str | None:
    """Check Azure SQL; return what it lacks."""
    from shared.sql.scans.scans import reach  # SQLAlchemy is heavy

    reach(services.database)
    return WITHOUT_SNAPSHOTS if services.database.lacks_snapshots else None


def key_ring(services: Services) -> None:
    """The encryption keys: what the newest encrypts is decrypted again."""
    if services.vault.decrypt(services.vault.encrypt(TRIAL)) != TRIAL:
        raise ValueError("the key ring does not give back what it took")


CHECKS: Mapping[str, Check] = {
    "database": database,
    "tables": lambda services: services.tables.get("flows", TRIAL, TRIAL),
    "queues": lambda services: services.queues.reach(SCAN_REQUESTS.name),
    "key_ring": key_ring,
    "entra": lambda services: services.entra.reach(),
}


def readiness(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /readyz: 200 when all answer, else 503; of what does not, the kind of error and nothing of its text."""
    states = ask(CHECKS, services, PATIENCE_SECONDS)
    is_ready = all(state.startswith("up") for state in states.values())
    body = json.dumps({"ready": is_ready, "parts": states}, indent=1).encode() + b"\n"
    return Response(200 if is_ready else 503, body, "application/json")


def ask(checks: Mapping[str, Check], services: Services, seconds: float) -> dict[str, str]:
    """The state of each: "up", "down: <kind of error>", or "no answer". One that hangs holds up nobody else."""
    threads = ThreadPoolExecutor(len(checks), thread_name_prefix="readiness")
    asked = {name: threads.submit(check, services) for name, check in checks.items()}
    wait(asked.values(), timeout=seconds)
    threads.shutdown(wait=False, cancel_futures=True)
    return {name: _state(answer) for name, answer in asked.items()}


def _state(answer: Future[object]) -> str:
    if not answer.done() or answer.cancelled():
        return "no answer"
    error = answer.exception()
    if error is not None:
        return f"down: {type(error).__name__}"
    return WITHOUT_SNAPSHOTS if answer.result() == WITHOUT_SNAPSHOTS else "up"


def health(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /healthz."""
    return Response(body=b"ok\n", content_type="text/plain; charset=utf-8")
