"""A small reverse proxy, as labs put before OctoPrint: below a path, with TLS, or with a camera beside it."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASSED = ("Content-Type", "X-Api-Key", "Authorization")


class Front(ThreadingHTTPServer):
    """Passes on what is asked below `prefix`; `pages` (path → kind, bytes) it answers itself."""

    daemon_threads = True

    def __init__(self, target_port: int, prefix: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target_port, self.prefix = target_port, prefix
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []

    def handle_error(self, *_: object) -> None:
        """A client that hangs up in the handshake is what some tests want."""


class _Handler(BaseHTTPRequestHandler):
    server: Front
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.requestline, dict(self.headers)))
        if self.path in self.server.pages:
            self._say(200, *self.server.pages[self.path])
        elif self.path.startswith(self.server.prefix + "/"):
            self._pass_on(body)
        else:
            self._say(404, "text/html", b"<html>no such site</html>")

    do_GET = do_POST = do_DELETE = answer  # noqa: N815

    def _pass_on(self, body: bytes) -> None:
        host = http.client.HTTPConnection("127.0.0.1", self.server.target_port, timeout=30)
        headers = {name: self.headers[name] for name in PASSED if name in self.headers}
        headers["X-Script-Name"] = self.server.prefix
        host.request(self.command, self.path.removeprefix(self.server.prefix), body, headers)
        answer = host.getresponse()
        self._say(answer.status, answer.getheader("Content-Type", ""), answer.read())
        host.close()

    def _say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@contextmanager
def front(target_port: int, *, prefix: str = "", tls: ssl.SSLContext | None = None) -> Iterator[Front]:
    with Front(target_port, prefix) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
