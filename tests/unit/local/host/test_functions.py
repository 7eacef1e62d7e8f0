import azure.functions as func
import pytest

from local.host.functions import index
from tests.unit.local.host.apps import echo_app, queue_app


def test_functions_are_sorted_by_name_ignoring_case() -> None:
    assert [one.name for one in index(echo_app()).http][:3] == ["A_first", "b_second", "cookies"]


def test_a_queue_trigger_is_read_from_its_binding() -> None:
    (function,) = index(queue_app("work", lambda _: None, is_sessions_enabled=True)).queues
    assert (function.name, function.queue, function.requires_session) == ("take", "work", True)


def test_a_queue_trigger_that_takes_text_is_refused() -> None:
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

    def take(message: func.ServiceBusMessage) -> None:
        """Its JSON body could overrule the message's metadata."""

    app.service_bus_queue_trigger(arg_name="message", connection="ServiceBus", queue_name="work")(take)
    with pytest.raises(ValueError, match="does not run a serviceBusTrigger of this form"):
        index(app)


def test_a_route_with_a_constraint_is_refused() -> None:
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

    def rest(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(req.url)

    app.route("scans/{scan_id:guid}")(rest)
    with pytest.raises(ValueError, match="does not run a httpTrigger of this form"):
        index(app)
