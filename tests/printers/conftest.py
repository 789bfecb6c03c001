"""Two rigs behind the same contract tests: the fake, and a real OctoPrint with its virtual printer."""

import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from printers import Command, HostState, PrintHost
from printers.fake import FakeHost, Fault
from printers.octoprint import OctoPrintHost
from printers.proxy import JOB_COMMAND, START, UPLOAD, Break, FaultProxy
from printers.virtual import VirtualOctoPrint, free_port

PATIENCE_S = 20.0
REQUEST_LINES = {"start": START, "upload": UPLOAD, "command": JOB_COMMAND}
GCODE = "G28\n" + "G4 P50\n" * 10  # half a second
LONG_GCODE = "G28\n" + "G4 P50\n" * 2000  # far longer than any test


class Rig(Protocol):
    """What a test can do to a host and its printer beside the port."""

    host: PrintHost
    hasty: PrintHost  # the same host, asked by somebody who waits a second only

    def wait(self, condition: Callable[[], bool]) -> None: ...
    def lose_answer(self, verb: str) -> None: ...
    def lose_request(self, verb: str) -> None: ...
    def unplug_network(self) -> None: ...
    def plug_network(self) -> None: ...
    def power_cut(self) -> None: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...
    def go_silent(self) -> None: ...
    def thermal_runaway(self) -> None: ...


class FakeRig:
    """The fake: waiting lets its time pass."""

    def __init__(self) -> None:
        self.fake = self.host = self.hasty = FakeHost()

    def wait(self, condition: Callable[[], bool]) -> None:
        for _ in range(2000):
            if condition():
                return
            self.fake.advance(0.05)
        raise AssertionError(f"waited in vain: {self.fake.machine.status()}")

    def lose_answer(self, verb: str) -> None:
        self.fake.fail(verb, Fault.ANSWER_LOST)

    def lose_request(self, verb: str) -> None:
        self.fake.fail(verb, Fault.REQUEST_LOST)

    def unplug_network(self) -> None:
        self.fake.unplug()

    def plug_network(self) -> None:
        self.fake.plug()

    def power_cut(self) -> None:
        self.fake.die()
        self.fake.come_back()

    def freeze(self) -> None:
        self.fake.freeze()

    def thaw(self) -> None:
        self.fake.thaw()

    def go_silent(self) -> None:
        self.fake.go_silent()

    def thermal_runaway(self) -> None:
        self.fake.printer_error("Thermal Runaway, system stopped!")


class RealRig:
    """OctoPrint behind the fault proxy."""

    def __init__(self, octoprint: VirtualOctoPrint, proxy: FaultProxy) -> None:
        self.octoprint, self.proxy = octoprint, proxy
        self.silent = False
        self.host = OctoPrintHost(proxy.url, octoprint.api_key)
        self.hasty = OctoPrintHost(proxy.url, octoprint.api_key, read_s=1, upload_s=1)

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain: {self.host.status()}"
            time.sleep(0.02)

    def lose_answer(self, verb: str) -> None:
        self.proxy.break_next(Break.DROP_ANSWER, REQUEST_LINES[verb])

    def lose_request(self, verb: str) -> None:
        self.proxy.break_next(Break.BLACK_HOLE, REQUEST_LINES[verb])

    def unplug_network(self) -> None:
        self.proxy.refuse()

    def plug_network(self) -> None:
        self.proxy.listen()

    def power_cut(self) -> None:
        self.octoprint.kill()
        self.octoprint.start()
        self.octoprint.wait_ready()

    def freeze(self) -> None:
        self.octoprint.freeze()

    def thaw(self) -> None:
        self.octoprint.thaw()

    def go_silent(self) -> None:
        self.silent = True
        self.octoprint.gcode("!!DEBUG:go_awol")

    def thermal_runaway(self) -> None:
        self.octoprint.gcode("!!DEBUG:trigger_fatal_error_marlin")

    def tidy(self) -> None:
        """Bring the shared OctoPrint back to the state of a new one."""
        self.proxy.heal()
        if self.silent:
            self.power_cut()  # it answers neither cancel nor connect for half a minute
        elif self.host.status().state.busy:
            self.host.command(Command.CANCEL)
        self.wait(lambda: not self.host.status().state.busy)
        if self.host.status().state is not HostState.OPERATIONAL:
            self.octoprint.connect_printer()
            self.octoprint.wait_ready()
        for name in self.host.files():
            self.wait(lambda name=name: self.host.delete(name))
        self.host.close()
        self.hasty.close()


@pytest.fixture(scope="session")
def octoprint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualOctoPrint]:
    """One real OctoPrint for all tests here; a test that breaks it repairs it."""
    with VirtualOctoPrint(tmp_path_factory.mktemp("octoprint"), free_port()) as running:
        yield running


@pytest.fixture
def real(octoprint: VirtualOctoPrint) -> Iterator[RealRig]:
    """The real OctoPrint, empty and idle."""
    with FaultProxy(octoprint.port) as proxy:
        rig = RealRig(octoprint, proxy)
        yield rig
        rig.tidy()


@pytest.fixture(params=["fake", "real"])
def rig(request: pytest.FixtureRequest) -> Rig:
    """Both, one after the other."""
    return FakeRig() if request.param == "fake" else request.getfixturevalue("real")


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """G-code that prints in half a second."""
    file = tmp_path / "short.gcode"
    file.write_text(GCODE)
    return file


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """G-code that does not end while a test looks."""
    file = tmp_path / "long.gcode"
    file.write_text(LONG_GCODE)
    return file


@pytest.fixture
def tls_context(tmp_path: Path) -> ssl.SSLContext:
    """A server's context with a certificate of its own making."""
    return make_context(tmp_path)


def make_context(folder: Path) -> ssl.SSLContext:
    """With another key each time."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = (
        builder.not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
