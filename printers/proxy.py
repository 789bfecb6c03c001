"""A TCP proxy that breaks connections on request, between a client and a real host: for tests."""

import asyncio
import re
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

CHUNK_BYTES = 64 * 1024
START_S = 10.0
_REQUEST = re.compile(rb"(GET|HEAD|POST|PUT|PATCH|DELETE) /")

# Request lines of OctoPrint's API, for `break_next`.
UPLOAD = rb"POST /api/files/local HTTP"
START = rb"POST /api/files/local/"
JOB_COMMAND = rb"POST /api/job "
DELETE = rb"DELETE /api/files/local/"


class Break(StrEnum):
    """What happens to a request."""

    DROP_ANSWER = "drop answer"  # it arrives and is carried out; the answer vanishes
    BLACK_HOLE = "black hole"  # it is taken and goes nowhere
    CUT = "cut"  # the connection ends after `after_bytes` of it
    DELAY = "delay"  # the answer comes `delay_s` late


@dataclass
class Rule:
    """One kind of trouble, for the requests whose first line matches; so many times, None: always."""

    kind: Break
    on: bytes = b""
    times: int | None = 1
    after_bytes: int = 0
    delay_s: float = 0.0


@dataclass(eq=False)
class _Link:
    """One connection through the proxy and the rule that its present request fell under."""

    client: asyncio.StreamWriter
    host: asyncio.StreamWriter
    rule: Rule | None = None
    sent: int = 0  # bytes of the present request


class FaultProxy:
    """Listens on 127.0.0.1 and passes on to `target_port`; `with` starts and ends it."""

    def __init__(self, target_port: int, port: int = 0) -> None:
        self.target_port = target_port
        self.port = port
        self._rules: list[Rule] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()

    @property
    def url(self) -> str:
        """The address to give to a client."""
        return f"http://127.0.0.1:{self.port}"

    def break_next(
        self,
        kind: Break,
        on: bytes = b"",
        *,
        times: int | None = 1,
        after_bytes: int = 0,
        delay_s: float = 0.0,
    ) -> None:
        """From now on requests whose first line begins with the pattern `on` meet this trouble."""
        self._rules.append(Rule(kind, on, times, after_bytes, delay_s))

    def heal(self) -> None:
        """Pass everything again, on connections made from now on."""
        self._rules = []

    def refuse(self) -> None:
        """Close the port and all connections: connection refused, until `listen`."""
        self._do(self._close())

    def listen(self) -> None:
        """Open the port, the same as before."""
        self._do(self._open())

    def __enter__(self) -> Self:
        self._thread.start()
        self.listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_S)
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(START_S)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server:
            self._server.close()
        for link in list(self._links):
            _end(link)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        try:
            answers, host = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            client.close()
            return
        link = _Link(client, host)
        self._links.add(link)
        try:
            await asyncio.gather(self._requests(reader, link), self._answers(answers, link))
        except OSError:
            pass  # one side is gone; so will be the other
        finally:
            _end(link)
            self._links.discard(link)

    async def _requests(self, reader: asyncio.StreamReader, link: _Link) -> None:
        while chunk := await reader.read(CHUNK_BYTES):
            if _REQUEST.match(chunk):
                link.rule, link.sent = self._rule_for(chunk), 0
            rule = link.rule
            if rule and rule.kind is Break.BLACK_HOLE:
                continue
            if rule and rule.kind is Break.CUT:
                chunk = chunk[: max(rule.after_bytes - link.sent, 0)]
            link.sent += len(chunk)
            link.host.write(chunk)
            await link.host.drain()
            if rule and rule.kind is Break.CUT and link.sent >= rule.after_bytes:
                _end(link)
        link.host.close()

    async def _answers(self, reader: asyncio.StreamReader, link: _Link) -> None:
        while chunk := await reader.read(CHUNK_BYTES):
            if link.rule and link.rule.kind is Break.DROP_ANSWER:
                continue
            if link.rule and link.rule.kind is Break.DELAY:
                await asyncio.sleep(link.rule.delay_s)
            link.client.write(chunk)
            await link.client.drain()
        link.client.close()

    def _rule_for(self, request: bytes) -> Rule | None:
        for rule in self._rules:
            if rule.times != 0 and re.match(rule.on, request):
                rule.times = rule.times - 1 if rule.times is not None else None
                return rule
        return None


def _end(link: _Link) -> None:
    link.client.close()
    link.host.close()
