"""The real distro of Azure Monitor, sending to a collector of this machine: `python -m tests.telemetry.exporting`.

Writes as JSON what the collector got: one item for each telemetry record.
"""

import gzip
import json
import logging
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry import trace

SECRET = "eyJhbGciOiJub25l.eyJzdWIiOiJjdXN0b21lciJ9.c2lnbmF0dXJl"
ROUTINE_SPANS = 400


class Collector(BaseHTTPRequestHandler):
    """Takes telemetry as Application Insights does."""

    received: list[dict[str, Any]] = []  # noqa: RUF012 - one collector a process

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        text = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        items = json.loads(text)
        self.received += items
        answer = json.dumps({"itemsReceived": len(items), "itemsAccepted": len(items), "errors": []}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


def tell() -> None:
    """What an app has to tell, with secrets where none should be."""
    from shared.observability import telemetry

    log = logging.getLogger("tests.exporting")
    with telemetry.span("page consent_callback", code=f"Bearer {SECRET}"):
        log.error("alert=dead-letter reason=client_secret=%s", SECRET)
        trace.get_current_span().set_attribute("url.full", f"https://review.example.com/consent/callback?code={SECRET}")
        trace.get_current_span().set_attribute("url.query", f"code={SECRET}")
        try:
            int(f"Pwd={SECRET}")
        except ValueError:
            log.exception("message failed")
    for number in range(ROUTINE_SPANS):
        with telemetry.span("page static", number=number):
            if number % 40 == 0:
                telemetry.failed("status 500")
    telemetry.record(telemetry.QUEUE_AGE, 1.5, queue="collect-costs")
    logging.getLogger("azure.core.pipeline").info("a library's chatter")


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ |= {
        "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
        "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "true",
    }
    from shared.observability.export import start

    endpoint = f"http://127.0.0.1:{server.server_address[1]}/"
    key = "00000000-0000-0000-0000-000000000000"
    start(f"InstrumentationKey={key};IngestionEndpoint={endpoint};LiveEndpoint={endpoint}")
    logging.getLogger().setLevel(logging.INFO)
    tell()
    flush()
    server.shutdown()
    json.dump(Collector.received, sys.stdout)


def flush() -> None:
    """Sends what is waiting."""
    from opentelemetry import metrics
    from opentelemetry._logs import get_logger_provider

    providers: tuple[Any, ...] = (trace.get_tracer_provider(), get_logger_provider(), metrics.get_meter_provider())
    for provider in providers:
        provider.force_flush()


if __name__ == "__main__":
    main()
