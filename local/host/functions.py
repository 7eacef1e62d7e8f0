"""The app's functions, read from its bindings as the real host reads them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import azure.functions as func
from azure.functions.decorators.function_app import Function

SEGMENT = r"([\w.-]+|\{\w+\})"
KNOWN_ROUTE = re.compile(rf"/|({SEGMENT}/)*({SEGMENT}|\{{\*\w+\}})")
"""Literal segments, plain parameters, and a catch-all at the end; this host knows no constraints or defaults."""

Call = Callable[[Any], object]
"""A function of the app; its argument is the trigger's value."""


@dataclass(frozen=True)
class HttpFunction:
    """A route. `methods` are upper case, empty for all."""

    name: str
    route: str
    methods: frozenset[str]
    call: Call


@dataclass(frozen=True)
class QueueFunction:
    """A queue and the function that handles its messages."""

    name: str
    queue: str
    requires_session: bool
    call: Call


@dataclass(frozen=True)
class TimerFunction:
    """A schedule: six-field NCRONTAB, UTC. A missed run is caught up when `is_monitored`."""

    name: str
    schedule: str
    call: Call
    is_monitored: bool = True


@dataclass(frozen=True)
class Functions:
    """All functions of the app, sorted by name: the host's order, ordinal and ignoring case."""

    http: tuple[HttpFunction, ...]
    queues: tuple[QueueFunction, ...]
    timers: tuple[TimerFunction, ...]


@cache
def index(app: func.FunctionApp) -> Functions:
    """The app's functions; raises ValueError for a trigger that this host does not know.

    azure.functions lists an app's functions only once, so the result is cached.
    """
    functions = sorted(app.get_functions(), key=lambda one: str(one.get_function_name()).upper())
    made = [_function(str(one.get_function_name()), one) for one in functions]
    return Functions(
        tuple(one for one in made if isinstance(one, HttpFunction)),
        tuple(one for one in made if isinstance(one, QueueFunction)),
        tuple(one for one in made if isinstance(one, TimerFunction)),
    )


def _function(name: str, function: Function) -> HttpFunction | QueueFunction | TimerFunction:
    bindings: list[dict[str, Any]] = [json.loads(text) for text in function.get_raw_bindings()]
    trigger = next(binding for binding in bindings if binding["type"].lower().endswith("trigger"))
    call = _call(function.get_user_function(), trigger["name"])
    match trigger["type"]:
        case "httpTrigger" if KNOWN_ROUTE.fullmatch(trigger["route"]):
            methods = frozenset(str(method).upper() for method in trigger.get("methods") or ())
            return HttpFunction(name, trigger["route"], methods, call)
        case "serviceBusTrigger" if trigger.get("dataType") == "BINARY":
            return QueueFunction(name, trigger["queueName"], bool(trigger.get("isSessionsEnabled")), call)
        case "timerTrigger":
            return TimerFunction(name, trigger["schedule"], call, trigger.get("useMonitor") is not False)
        case kind:
            raise ValueError(f"{name}: the local host does not run a {kind} of this form")


def _call(function: Callable[..., object], parameter: str) -> Call:
    return lambda value: function(**{parameter: value})
