"""Azure asks us to wait: everything is read in the end, and nothing is asked before its time."""

from collections.abc import Mapping

from shared.arm.request import Json
from tests.faults.matrix.azure import Azure, Call, Spoil, arm_error
from tests.faults.matrix.fault import Fault, only
from tests.faults.matrix.front import Reply

GROUP = "Azure asks us to wait"
PREFIX = "x-ms-ratelimit-microsoft.costmanagement-"
ELSEWHERE = only("costs", "savings_plans", why="headers of Cost Management's own")


def throttled(headers: Mapping[str, str], seconds: float, *, status: int = 429, times: int = 1) -> Spoil:
    """The first page is refused so often; it must not be asked for again before the seconds have passed."""

    def corrupted(azure: Azure, call: Call, _: Json) -> Reply | None:
        if call.page or call.times >= times:
            return None
        azure.wait_at_least(seconds)
        return arm_error(status, "TooManyRequests" if status == 429 else "ServiceUnavailable", "Wait.", **headers)

    return corrupted


def retry_after(seconds: int) -> dict[str, str]:
    return {"Retry-After": str(seconds)}


def own(**seconds: int) -> dict[str, str]:
    """Cost Management's own headers."""
    return {f"{PREFIX}{kind}-retry-after": str(wait) for kind, wait in seconds.items()}


def no_hint(azure: Azure, call: Call, good: Json) -> Reply | None:
    floor = 60 if call.subject == "costs" else 30
    return throttled({}, floor)(azure, call, good)


KINDS = ("qpu", "entity", "tenant", "client", "clienttype")
SEVERAL = {**retry_after(3), **own(qpu=12, entity=53, client=4)}

FAULTS = (
    Fault(GROUP, "429, Retry-After 4 s", spoil=throttled(retry_after(4), 4)),
    Fault(GROUP, "429, Retry-After 53 s", spoil=throttled(retry_after(53), 53)),
    Fault(GROUP, "429, Retry-After an hour", spoil=throttled(retry_after(3600), 3600)),
    Fault(GROUP, "503, Retry-After 53 s", spoil=throttled(retry_after(53), 53, status=503)),
    *(
        Fault(GROUP, f"429, only …-{kind}-retry-after", spoil=throttled(own(**{kind: 41}), 41), but=ELSEWHERE)
        for kind in KINDS
    ),
    Fault(GROUP, "429, several hints: the longest counts", spoil=throttled(SEVERAL, 53), but=ELSEWHERE),
    Fault(GROUP, "429, a hint of 1 s that is too short, 9 times", spoil=throttled(retry_after(1), 1, times=9)),
    Fault(GROUP, "429 without any hint", spoil=no_hint),
)
