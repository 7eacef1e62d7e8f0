"""Faults between us and Azure, and of Azure itself, that pass: everything is read in the end."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from local.queue import LockedMessage
from shared.arm.request import Json
from shared.messaging.queues import Queue
from tests.faults.matrix.azure import Azure, Call, Spoil, arm_error
from tests.faults.matrix.entra import json_reply
from tests.faults.matrix.fault import Fault, failed, only
from tests.faults.matrix.front import Break, Reply

if TYPE_CHECKING:
    from tests.faults.matrix.bench import Bench

GROUP = "Azure fails, in passing"
BACK_SOON = b"<!doctype html><title>Microsoft Azure</title><h1>We will be back soon</h1>"
HTML = {"Content-Type": "text/html"}
ONLY_COSTS = only("costs", why="Cost Management's query alone answers so")


def once(corrupted: Callable[[Azure, Json], Reply]) -> Spoil:
    """Strikes at the first asking of each page."""
    return lambda azure, call, good: corrupted(azure, good) if call.times == 0 else None


def first(spoil: Spoil) -> Spoil:
    """Strikes once in all."""
    return lambda azure, call, good: None if azure.struck else spoil(azure, call, good)


def always(corrupted: Callable[[Azure, Json], Reply]) -> Spoil:
    """Strikes whenever a page after the first is asked for."""
    return lambda azure, call, good: corrupted(azure, good) if call.page else None


def broken(how: Break) -> Spoil:
    """The good answer, broken on its way."""
    return once(
        lambda azure, good: Reply(200, json_reply(good).body, breaks=how, between=lambda: azure.clock.sleep(130))
    )


def half(_: Azure, good: Json) -> Reply:
    """JSON that ends too early, with a length that is right."""
    body = json_reply(good).body
    return Reply(200, body[: len(body) // 2])


def returns_null(azure: Azure, call: Call, good: Json) -> Reply | None:  # noqa: ARG001
    """The 404 that Cost Management gives now and then for data that it has."""
    text = "GtmDimensionDataProvider.GetDimensionData returns null"
    return arm_error(404, "NotFound", text) if call.times == 0 else None


def status(number: int, code: str) -> Spoil:
    return once(lambda _, __: arm_error(number, code, "Try again."))


def refuse_connections(bench: "Bench") -> None:
    """Connections are refused while the first message is worked on."""

    def refused(_: "Bench", queue: Queue, message: LockedMessage) -> None:
        if bench.struck or not bench.is_troubled(queue):
            bench.work(queue, message)
            return
        bench.struck += 1
        bench.front.hang_up()
        bench.work(queue, message)
        bench.front.listen()

    bench.manner = refused


FAULTS = (
    Fault(GROUP, "connection refused", disturb=refuse_connections),
    Fault(GROUP, "connection closed without an answer", spoil=broken(Break.NO_ANSWER)),
    Fault(GROUP, "connection reset in the middle of the body", spoil=broken(Break.RESET)),
    Fault(GROUP, "body shorter than its length says", spoil=broken(Break.CUT)),
    Fault(GROUP, "no answer until we give up", spoil=first(broken(Break.STALL))),
    Fault(GROUP, "an answer that trickles for two minutes", spoil=broken(Break.TRICKLE)),
    Fault(GROUP, "truncated JSON", spoil=once(half)),
    Fault(GROUP, "HTML instead of JSON, status 200", spoil=once(lambda *_: Reply(200, BACK_SOON, HTML))),
    Fault(GROUP, "status 200 without a body", spoil=once(lambda *_: Reply(200))),
    Fault(GROUP, "500 InternalServerError", spoil=status(500, "InternalServerError")),
    Fault(GROUP, "502 with a page of HTML", spoil=once(lambda *_: Reply(502, BACK_SOON, HTML))),
    Fault(GROUP, "503 without a hint", spoil=once(lambda *_: Reply(503, b"", HTML))),
    Fault(GROUP, "504 GatewayTimeout", spoil=status(504, "GatewayTimeout")),
    Fault(GROUP, "200 with the error of a fault that passes", spoil=status(200, "ServerTimeout")),
    Fault(
        GROUP,
        "404 “returns null” of data that is there",
        spoil=returns_null,
        but=ONLY_COSTS,
    ),
    Fault(
        "Azure fails, for hours",
        "503 to every try",
        failed("did not answer in", alert="unavailable"),
        spoil=always(lambda *_: Reply(503)),
    ),
)
