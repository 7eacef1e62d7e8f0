"""A cold instance: `python -m tests.benchmarks.cold_process KIND FOLDER` prints two figures as JSON.

They are the processor seconds of importing the app, and those of its first request. KIND is a function's name;
FOLDER has what `prepare` of tests.benchmarks.first_request made. Everything is imported inside of functions:
what is loaded outside of the measured stretches would be missing from the figures.
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.wiring import Services

SUBSCRIPTION = "9d8c7b6a-5f4e-4d3c-8b2a-1a0f9e8d7c6b"


class OneSubscription:
    """Answers every call as Azure does the list of subscriptions."""

    def send_observed(self, *_: object) -> object:
        from shared.arm.request import ArmPage

        payload = {"value": [{"subscriptionId": SUBSCRIPTION, "displayName": "One"}]}
        return ArmPage(200, json.dumps(payload).encode(), payload, None)


class AnyTokens:
    """Gives every user a source of tokens that no call looks at."""

    def for_user(self, *_: object) -> None:
        """Nothing."""


class NoQueues:
    """Takes every message."""

    def send(self, *_: object) -> None:
        """Nothing."""


def services(folder: Path) -> "Services":
    """Services that load the packages of Azure where the app does, and then use files of this machine."""
    import importlib

    from shared.core.settings import read_settings
    from shared.wiring import Services

    class FilesOfThisMachine(Services):
        @property
        def tables(self) -> Any:  # noqa: ANN401 - a stand-in
            importlib.import_module("shared.table_storage.azure")
            return importlib.import_module("local.tables").LocalTableStore(folder / "tables.sqlite")

        @property
        def queues(self) -> Any:  # noqa: ANN401 - a stand-in
            importlib.import_module("shared.messaging.service_bus")
            return NoQueues()

        @property
        def own_identity(self) -> Any:  # noqa: ANN401 - a stand-in
            return importlib.import_module("azure.identity")

        @property
        def arm(self) -> Any:  # noqa: ANN401 - a stand-in
            return super().arm and OneSubscription()

        @property
        def tokens(self) -> Any:  # noqa: ANN401 - a stand-in
            importlib.import_module("pyodbc")  # the driver of the database that this one stands for
            return super().tokens and self.own_identity and AnyTokens()

    return FilesOfThisMachine(read_settings(json.loads((folder / "settings.json").read_text())))


def argument(kind: str, folder: Path) -> Any:  # noqa: ANN401 - a stand-in
    """Return what the Functions host passes to this function: a message for a queue trigger, or a request."""
    from types import SimpleNamespace

    import azure.functions as func

    pages = {"health": "/healthz", "landing": "/"}
    if kind in pages:
        url = "http://127.0.0.1:7071" + pages[kind]
        return func.HttpRequest("GET", url, headers={}, params={}, route_params={}, body=b"")
    body = (folder / "message.json").read_bytes()
    fields = ("sequence_number", "session_id", "enqueued_time_utc", "dead_letter_source", "application_properties")
    return SimpleNamespace(get_body=lambda: body, delivery_count=1, **dict.fromkeys(fields))


def main(kind: str, folder: Path) -> None:
    began = time.process_time()
    import function_app

    imported = time.process_time() - began
    functions = {one.get_function_name(): one.get_user_function() for one in function_app.app.get_functions()}
    given = argument(kind, folder)

    began = time.process_time()
    from shared import wiring

    wiring.use(services(folder))
    answer = functions[kind](given)
    taken = time.process_time() - began
    if answer is not None and answer.status_code != 200:
        raise SystemExit(f"{kind} answered {answer.status_code}")
    sys.stdout.write(json.dumps([imported, taken]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
