"""The app as the internet reaches it: a proxy on this machine that answers in its place, over TLS.

A program finds it by `https_proxy`, and believes it by `SSL_CERT_FILE`.
"""

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.certificates import key_pem, rsa_key, server_certificate_pem

Respond = Callable[[str, dict[str, str]], tuple[int, str]]
"""Address and headers to status and body; status 0: the connection ends without an answer."""


class _Connection(socketserver.BaseRequestHandler):
    server: "_Front"

    def handle(self) -> None:
        target = _request(self.request)[0].split()[1]
        self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with self.server.tls.wrap_socket(self.request, server_side=True) as secured:
            line, *headers = _request(secured)
            pairs = (header.split(": ", 1) for header in headers if header)
            address = f"https://{target.removesuffix(':443')}{line.split()[1]}"
            status, body = self.server.respond(address, {name.lower(): value for name, value in pairs})
            if status:
                head = f"HTTP/1.1 {status} Answer\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                secured.sendall((head + body).encode())


def _request(connection: ssl.SSLSocket) -> list[str]:
    """The lines of a request without a body."""
    received = b""
    while b"\r\n\r\n" not in received and (part := connection.recv(4096)):
        received += part
    return received.decode().split("\r\n")


class _Front(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext, respond: Respond) -> None:
        self.tls = tls
        self.respond = respond
        super().__init__(("127.0.0.1", 0), _Connection)


@contextmanager
def front(folder: Path, names: list[str], respond: Respond) -> Iterator[dict[str, str]]:
    """Answer for servers of these names; yields the environment in which a program finds them."""
    certificate, key = folder / "front.pem", folder / "front.key"
    certificate.write_text(server_certificate_pem(rsa_key(), names), encoding="ascii")
    key.write_text(key_pem(rsa_key()), encoding="ascii")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with _Front(tls, respond) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield {"https_proxy": f"http://127.0.0.1:{server.server_address[1]}", "SSL_CERT_FILE": str(certificate)}
        finally:
            server.shutdown()
            thread.join()
