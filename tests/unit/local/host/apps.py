"""Small function apps for the host's own tests."""

from collections.abc import Callable

import azure.functions as func

Work = Callable[[func.ServiceBusMessage], object]


def queue_app(queue: str, work: Work, *, is_sessions_enabled: bool = False) -> func.FunctionApp:
    """One function on one queue."""
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

    def take(message: func.ServiceBusMessage) -> object:
        return work(message)

    trigger = app.service_bus_queue_trigger(
        arg_name="message",
        connection="ServiceBus",
        queue_name=queue,
        data_type=func.DataType.BINARY,
        is_sessions_enabled=is_sessions_enabled,
    )
    app.function_name("take")(trigger(take))
    return app


def echo_app() -> func.FunctionApp:
    """Routes that say what they were given."""
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

    def add(name: str, route: str, methods: list[str], function: Callable[[func.HttpRequest], object]) -> None:
        def handler(req: func.HttpRequest) -> object:
            return function(req)

        app.function_name(name)(app.route(route, methods=methods)(handler))

    add("echo", "echo/{word}", ["GET", "POST"], echo)
    add("b_second", "which", ["GET"], lambda _: func.HttpResponse("second"))
    add("A_first", "which", ["GET"], lambda _: func.HttpResponse("first"))
    add("fails", "fails", ["GET"], lambda _: func.HttpResponse(str(1 // 0)))
    add("returns_nothing", "nothing", ["GET"], lambda _: None)
    add("cookies", "cookies", ["GET"], cookies)
    add("looked_at", "looked-at", ["GET", "HEAD"], lambda _: func.HttpResponse("seen"))
    add("home", "/", ["GET"], lambda _: func.HttpResponse("home"))
    return app


def echo(req: func.HttpRequest) -> func.HttpResponse:
    parts = {**req.route_params, **req.params, "x": req.headers.get("x-word", ""), "body": req.get_body().decode()}
    return func.HttpResponse(repr(parts), headers={"X-Method": req.method}, mimetype="text/html")


def cookies(_: func.HttpRequest) -> func.HttpResponse:
    response = func.HttpResponse("ok")
    response.headers.add("Set-Cookie", "plain=abc-1._~; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure")
    response.headers.add("Set-Cookie", "escaped=a+b/c=; Path=/")
    response.headers.add("Set-Cookie", "lost={oops}; Partitioned; Path=/")
    return response
