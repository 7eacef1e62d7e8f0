"""A subscription's reservation recommendations in which each list says whose it is."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from collectors import reservations
from collectors.base import Collector, StepContext
from collectors.scan.run import collect
from shared.arm.request import ArmPage, ArmRequest, TokenSource
from shared.core.messages import StepMessage
from shared.core.models import Scan, Step
from shared.messaging.queues import collector_queue
from shared.sql.schema.tables import reservations as table
from tests.support.collecting import FIRST, PERIOD, Call, ScriptedAzure, Surroundings, step_body, steps_of

RESERVATIONS = reservations.COLLECTOR
QUEUE = collector_queue(RESERVATIONS.name).name
CONTEXT = StepContext(FIRST, PERIOD)
TITLES = tuple(request.title for request in RESERVATIONS.requests(CONTEXT))


class ListsOfTheirOwn(ScriptedAzure):
    """Answers each list with two pages of one recommendation, named after the list; `refuses` are raised instead."""

    def __init__(self) -> None:
        super().__init__()
        self.refuses: Mapping[str, Exception] = {}
        self.asked: list[str] = []

    def send(self, request: ArmRequest, tokens: TokenSource, cursor: str | None = None, **_: object) -> ArmPage:
        tokens.access_token()
        self.asked.append(request.title)
        self.calls.append(Call(request.endpoint.name, request.subscription_id, cursor))
        mishap = self.mishaps.pop(0) if self.mishaps else None
        if mishap is not None:
            raise mishap
        if request.title in self.refuses:
            raise self.refuses[request.title]
        properties = {"skuName": f"{request.title} {cursor or '0'}", "lookBackPeriod": 30, "term": "P1Y"}
        payload = {"value": [{"kind": "modern", "properties": properties}]}
        return ArmPage(200, json.dumps(payload).encode(), payload, None if cursor else "1")


def listed(folder: Path) -> tuple[Surroundings, ListsOfTheirOwn]:
    """An app in front of it."""
    parts, azure = Surroundings(folder), ListsOfTheirOwn()
    parts.azure = parts.arm = azure
    return parts, azure


def deployed(*titles: str) -> Collector:
    """The collector of another version of the program, which asks for these lists in this order."""
    known = {request.title: request for request in RESERVATIONS.requests(CONTEXT)}
    return replace(RESERVATIONS, requests=lambda _: tuple(known[title] for title in titles))


def read_on(parts: Surroundings, scan: Scan, known: Collector = RESERVATIONS, faults: int = 0) -> Step:
    """The step after its next message and those that follow from it."""
    (step,) = steps_of(parts, scan)
    parts.outbox.sent.clear()
    collect(parts, known, step_body(step, attempt=step.attempt + 1, faults=faults))
    while messages := parts.outbox.of(QUEUE):
        message = messages[-1]
        parts.outbox.sent.clear()
        parts.time.moment = max(parts.time.moment, message.scheduled_for or parts.time.moment)
        StepMessage.decode(message.body)
        collect(parts, known, message.body)
    return steps_of(parts, scan)[0]


def skus(parts: Surroundings) -> list[str]:
    """What is stored, each page of each list by its name."""
    with parts.database.system_reading() as connection:
        return sorted(connection.execute(select(table.c.sku_name)).scalars())


def pages_of(*titles: str) -> list[str]:
    """What is to be stored of these lists."""
    return sorted(f"{title} {page}" for title in titles for page in (0, 1))
