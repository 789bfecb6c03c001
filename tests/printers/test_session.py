"""How requests go out, against a small server that answers what a test wants."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from printers import NotAllowed, Refused, Unreachable, Untrusted
from printers.octoprint import OctoPrintHost
from printers.virtual import free_port

NAME = "makerlab/a.gcode"
VERSION = b'{"api": "0.1", "server": "1.11.8", "text": "OctoPrint 1.11.8"}'


class Stub(ThreadingHTTPServer):
    """Notes every request; answers `status`, `headers` and `body`, or hangs up when status is 0."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.headers, self.body = 200, {}, VERSION
        self.seen: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what some tests want."""


class Handler(BaseHTTPRequestHandler):
    """Any method, the same answer."""

    server: Stub
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.requestline, dict(self.headers), body))
        if not self.server.status:
            self.close_connection = True
            return
        self.send_response(self.server.status)
        for name, value in {"Content-Length": str(len(self.server.body)), **self.server.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def host(stub: Stub) -> Iterator[OctoPrintHost]:
    made = OctoPrintHost(stub.url, "k" * 32, read_s=2)
    yield made
    made.close()


def test_building_a_host_asks_the_network_nothing(stub):
    OctoPrintHost(stub.url, "k" * 32).close()
    assert stub.seen == []


def test_the_key_goes_along_and_a_prefix_is_kept(stub):
    OctoPrintHost(stub.url + "/printer1/", "k" * 32).version()
    line, headers, _ = stub.seen[0]
    assert line == "GET /printer1/api/version HTTP/1.1"
    assert headers["X-Api-Key"] == "k" * 32


def test_an_upload_keeps_prefix_and_folder_and_forbids_overwriting(stub, tmp_path):
    stub.status, stub.body = 201, b"{}"
    file = tmp_path / "plate.gcode"
    file.write_bytes(b"G28\n" * 200_000)  # several pieces
    OctoPrintHost(stub.url + "/p", "k" * 32).upload(NAME, file)
    line, headers, body = stub.seen[0]
    assert line == "POST /p/api/files/local HTTP/1.1"
    assert int(headers["Content-Length"]) == len(body)
    for field in (
        b'name="noOverwrite"\r\n\r\ntrue',
        b'name="print"\r\n\r\nfalse',
        b'name="path"\r\n\r\nmakerlab',
    ):
        assert field in body
    assert b'filename="a.gcode"' in body
    assert file.read_bytes() in body


def test_names_are_quoted(stub, host):
    stub.status = 204
    host.delete("hand/50% #1?.gcode")
    assert stub.seen[0][0] == "DELETE /api/files/local/hand/50%25%20%231%3F.gcode HTTP/1.1"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_refusal_and_the_key_goes_nowhere_else(stub, host, status):
    stub.status, stub.headers = status, {"Location": "/elsewhere"}
    with pytest.raises(Refused) as refusal:
        host.start(NAME)
    assert refusal.value.status == status
    assert not refusal.value.surely_not_done
    assert len(stub.seen) == 1


@pytest.mark.parametrize("verb", ["start", "delete", "file"])
def test_a_connection_that_breaks_is_not_tried_again(stub, host, verb):
    stub.status = 0
    with pytest.raises(Unreachable) as broken:
        getattr(host, verb)(NAME)
    assert broken.value.sent
    assert len(stub.seen) == 1


def test_a_server_error_leaves_the_outcome_open(stub, host):
    stub.status, stub.body = 504, b"<html>Gateway Timeout</html>"
    with pytest.raises(Refused) as refusal:
        host.start(NAME)
    assert (refusal.value.status, refusal.value.surely_not_done) == (504, False)


def test_proxies_and_netrc_of_the_environment_are_not_used(stub, host, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert host.version().server == "1.11.8"


def test_cookies_are_not_kept(stub, host):
    stub.headers = {"Set-Cookie": "session=1; Path=/"}
    host.version()
    host.version()
    assert "Cookie" not in stub.seen[1][1]


@pytest.mark.parametrize("body", [b"<html>Router</html>", b"[]", b'{"api": "0.1"}', b"null", b""])
def test_what_is_not_octoprint_is_said_to_be_none(stub, host, body):
    stub.body = body
    for ask in (host.version, host.status, lambda: host.file(NAME)):
        with pytest.raises(Unreachable, match="not OctoPrint"):
            ask()


def test_a_404_of_a_proxy_says_nothing_about_files(stub, host):
    stub.status, stub.body = 404, b"<html>no such site</html>"
    for ask in (host.file, host.delete):
        with pytest.raises(Refused) as refusal:
            ask(NAME)
        assert not refusal.value.own


def test_an_endless_answer_is_cut_off(stub, host):
    stub.body = VERSION + b" " * (9 * 1024 * 1024)
    with pytest.raises(Unreachable) as endless:
        host.version()
    assert endless.value.sent


def test_an_answer_cut_short_is_none(stub, host):
    stub.headers = {"Content-Length": "1000", "Connection": "close"}
    with pytest.raises(Unreachable):
        host.version()


def test_no_answer_in_time_leaves_the_outcome_open():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        host = OctoPrintHost(f"http://127.0.0.1:{deaf.getsockname()[1]}", "k" * 32, read_s=0.2)
        with pytest.raises(Unreachable, match="in time") as silence:
            host.start(NAME)
        assert silence.value.sent


def test_an_answer_that_drips_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as slow:
        dripping = threading.Thread(target=drip, args=(slow,))
        dripping.start()
        host = OctoPrintHost(f"http://127.0.0.1:{slow.getsockname()[1]}", "k" * 32, read_s=0.2)
        with pytest.raises(Unreachable):
            host.version()
        host.close()
        dripping.join()


def drip(server: socket.socket) -> None:
    """A good answer, a byte every 50 ms, for as long as anybody listens."""
    connection, _ = server.accept()
    pause = threading.Event()
    with connection, suppress(OSError):
        connection.recv(65536)
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(VERSION)}\r\n\r\n".encode())
        for byte in VERSION:
            connection.sendall(bytes([byte]))
            pause.wait(0.05)


def test_a_refused_connection_sent_nothing():
    with pytest.raises(Unreachable) as refused:
        OctoPrintHost(f"http://127.0.0.1:{free_port()}", "k" * 32).start(NAME)
    assert not refused.value.sent


def test_an_unknown_name_sent_nothing(monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable) as refused:
        OctoPrintHost("http://printer.example", "k" * 32).start(NAME)
    assert not refused.value.sent


def test_a_connection_that_takes_too_long_sent_nothing():
    """A full accept queue: the host never completes the handshake."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        host = OctoPrintHost(f"http://127.0.0.1:{full.getsockname()[1]}", "k" * 32, connect_s=0.3)
        with pytest.raises(Unreachable) as late:
            host.start(NAME)
        assert not late.value.sent
        for one in waiting:
            one.close()


def test_a_certificate_that_is_not_trusted_sent_nothing(stub, tls_context):
    stub.socket = tls_context.wrap_socket(stub.socket, server_side=True)
    with pytest.raises(Untrusted) as untrusted:
        OctoPrintHost(f"https://127.0.0.1:{stub.server_port}", "k" * 32).start(NAME)
    assert (untrusted.value.changed, untrusted.value.surely_not_done) == (False, True)
    assert stub.seen == []


def test_a_name_is_checked_at_every_connection(stub, monkeypatch):
    """A name that led to a printer yesterday may lead to a metadata service today."""
    host = OctoPrintHost(f"http://printer.example:{stub.server_port}", "k" * 32)
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("127.0.0.1"))
    assert host.version().server == "1.11.8"
    assert stub.seen[0][1]["Host"] == f"printer.example:{stub.server_port}"
    host.close()
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("169.254.169.254"))
    with pytest.raises(NotAllowed):
        host.version()
    assert len(stub.seen) == 1


def resolving_to(text: str):
    """A getaddrinfo that answers this address to any name, and addresses as they are."""

    def answer(host: str, port: int, *_: object, **__: object) -> list[object]:
        found = host if host[0].isdigit() else text
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

    return answer
