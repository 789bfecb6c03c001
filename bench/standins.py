"""Stand-ins for many OctoPrints in one process: they answer what watch asks, with a delay, or not at all.

`python -m bench.standins LIVE DEAD DELAY_MS` prints one JSON line `{"live": [ports], "dead": [ports]}`,
serves until its standard input ends, and then prints `{"gaps": [s], "asked": n}`: for each live one the
longest time between two questions for its job, and how many requests there were in all.
"""

import asyncio
import json
import socket
import sys
import time
from dataclasses import dataclass, field
from itertools import pairwise

ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
FILE_BYTES = 4_000_000
PRINTING_NAME = "makerlab/o{n}-p1-a{n}-0badcafe.gcode"


@dataclass
class StandIn:
    """One OctoPrint. Every other one prints the attempt's file for ever; its position and heat move."""

    number: int
    delay_s: float
    asked_at: list[float] = field(default_factory=list)
    requests: int = 0

    @property
    def prints(self) -> bool:
        return self.number % 2 == 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                self.requests += 1
                if path == "/api/job":
                    self.asked_at.append(time.monotonic())
                await asyncio.sleep(self.delay_s)
                body = json.dumps(self._answer(path)).encode()
                writer.write(ANSWER.format(len(body)).encode() + body)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the end of the client or of the measurement
        finally:
            writer.close()

    def _answer(self, path: str) -> dict[str, object]:
        if path == "/api/job":
            return self._job()
        if path.startswith("/api/printer"):
            heat = 210 + (self.requests % 7) / 10 if self.prints else 21.3
            target = 210.0 if self.prints else 0.0
            part = {"actual": heat, "offset": 0, "target": target}
            return {"temperature": {"bed": {**part, "actual": 60.1, "target": 60.0}, "tool0": part}}
        return {
            "date": 1790000000, "display": "x.gcode", "hash": "0" * 40, "name": "x.gcode", "origin": "local",
            "path": path.removeprefix("/api/files/local/"), "size": FILE_BYTES, "type": "machinecode",
            "typePath": ["machinecode", "gcode"], "refs": {"download": "http://x/d", "resource": "http://x/r"},
        }  # fmt: skip

    def _job(self) -> dict[str, object]:
        name = PRINTING_NAME.format(n=self.number) if self.prints else None
        at = self.requests * 500 % FILE_BYTES if self.prints else None
        file = {"name": name, "path": name, "display": name, "origin": "local" if name else None,
                "size": FILE_BYTES if name else None, "date": 1790000000 if name else None}  # fmt: skip
        progress = {"completion": at and 100 * at / FILE_BYTES, "filepos": at,
                    "printTime": at and at // 900, "printTimeLeft": at and 3000,
                    "printTimeLeftOrigin": "linear" if at else None}  # fmt: skip
        job = {"file": file, "estimatedPrintTime": None, "averagePrintTime": None, "lastPrintTime": None,
               "filament": None, "user": "lab" if name else None}  # fmt: skip
        return {"job": job, "progress": progress, "state": "Printing" if self.prints else "Operational"}


def dead_ones(count: int) -> tuple[list[int], list[socket.socket]]:
    """Ports and the sockets to keep: in turn refused, black-holed at connecting, black-holed at answering."""
    ports, kept = [], []
    for number in range(count):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        ports.append(listener.getsockname()[1])
        kept.append(listener)
        if number % 3:
            listener.listen(0 if number % 3 == 1 else 128)
        if number % 3 == 1:  # a full queue of one that nobody takes: the next to connect gets no answer
            kept += [_knock(ports[-1]) for _ in range(3)]
    return ports, kept


def _knock(port: int) -> socket.socket:
    knocker = socket.socket()
    knocker.setblocking(False)
    knocker.connect_ex(("127.0.0.1", port))
    return knocker


async def serve(live: int, dead: int, delay_s: float) -> None:
    ones = [StandIn(number, delay_s) for number in range(live)]
    servers = [await asyncio.start_server(one.connected, "127.0.0.1", 0) for one in ones]
    ports, kept = dead_ones(dead)
    print(json.dumps({"live": [s.sockets[0].getsockname()[1] for s in servers], "dead": ports}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    gaps = [_longest_gap(one.asked_at) for one in ones]
    print(json.dumps({"gaps": gaps, "asked": sum(one.requests for one in ones)}), flush=True)
    for one in (*servers, *kept):
        one.close()


def _longest_gap(times: list[float]) -> float:
    """Seconds; for ever where it was not asked twice."""
    return max((after - before for before, after in pairwise(times)), default=1e9)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000))
