"""Microsoft's worker library in this process: it indexes the app and invokes its functions.

The wire types that the real worker gets from gRPC are replaced by plain records; what
reads bindings, converts values and calls the functions is the library's own code.
https://github.com/Azure/azure-functions-python-worker
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from azure_functions_runtime import handle_event
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.bindings.meta import load_binding_registry
from azure_functions_runtime.native_invocation import invocation_request_native
from azure_functions_runtime.utils.threadpool import start_threadpool_executor

from tests.architecture.tree import ROOT


class BindingInfo(SimpleNamespace):
    """The directions have numbers on the wire."""

    undefined, out, inout = 0, 1, 2


PROTOS = SimpleNamespace(BindingInfo=BindingInfo, RpcFunctionMetadata=SimpleNamespace, RpcRetryOptions=SimpleNamespace)


@dataclass(frozen=True)
class Outcome:
    """How an invocation ended."""

    ok: bool
    returned: Any
    error: str


class Worker:
    """The indexed app. The library keeps one app in a global, so there is one of these a process."""

    def __init__(self) -> None:
        handle_event.protos = PROTOS
        load_binding_registry()
        start_threadpool_executor()
        handle_event.load_function_metadata(str(ROOT), "tests")
        self.functions = {one.name: one for one in handle_event._metadata_result or ()}

    def trigger(self, name: str) -> dict[str, Any]:
        """The trigger's binding as the host reads it."""
        bindings = [json.loads(text) for text in self.functions[name].raw_bindings]
        found: dict[str, Any] = next(binding for binding in bindings if binding["type"].endswith("Trigger"))
        return found

    def invoke(self, name: str, value: Datum, metadata: Mapping[str, Datum]) -> Outcome:
        """One invocation, as the host asks for it."""
        inputs = [(self.trigger(name)["name"], value)]
        function_id = self.functions[name].function_id
        ended = asyncio.run(invocation_request_native("1", function_id, inputs, dict(metadata)))
        ok, returned, _, error, trace = ended
        return Outcome(ok, returned, f"{error}\n{trace}")


def http_request(method: str, url: str, route: Mapping[str, str] | None = None, **headers: str) -> Datum:
    """A request as the host sends it."""
    text = {"method": method, "url": url}
    return Datum(
        {
            **{name: Datum(value, "string") for name, value in text.items()},
            "headers": {name: Datum(value, "string") for name, value in headers.items()},
            "query": {},
            "params": {name: Datum(value, "string") for name, value in (route or {}).items()},
            "body": Datum(b"", "bytes"),
        },
        "http",
    )


def message_metadata(message_id: str, sequence_number: int, properties: Mapping[str, str]) -> dict[str, Datum]:
    """A message's metadata as the host sends it: moments without a zone, numbers and maps as JSON."""
    return {
        "MessageId": Datum(message_id, "string"),
        "LockToken": Datum("2b1f4f64-3b7e-4a8e-9b52-0f6c5b1c2d3e", "string"),
        "DeliveryCount": Datum("1", "json"),
        "SequenceNumber": Datum(str(sequence_number), "json"),
        "EnqueuedTimeUtc": Datum('"2026-11-23T12:00:00.123"', "json"),
        "ApplicationProperties": Datum(json.dumps(dict(properties)), "json"),
        "UserProperties": Datum(json.dumps(dict(properties)), "json"),
    }


def timer() -> Datum:
    """A timer's run as the host sends it."""
    return Datum(json.dumps({"Schedule": {"AdjustForDST": True}, "ScheduleStatus": None, "IsPastDue": False}), "json")
