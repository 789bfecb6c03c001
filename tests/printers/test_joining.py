"""How a printer is added: tried step by step, a key by handshake, a certificate that a person trusts."""

import socket
from contextlib import closing

import pytest
import requests

from printers import HostState, NotAllowed, Untrusted
from printers.appkeys import KeyDesk, Pending
from printers.certificate import certificate_at
from printers.examine import Step, Target, examine
from printers.network import PRIVATE_NETWORKS, checked_url, networks
from printers.octoprint import OctoPrintHost
from printers.virtual import free_port
from tests.printers.conftest import make_context
from tests.printers.front import front

WITHIN = networks(PRIVATE_NETWORKS)


def tried(url, key="", certificate=""):
    """step → whether it was good."""
    return {one.step: one.good for one in examine(Target(url, WITHIN, key, certificate), patience_s=2)}


def shown_by(url):
    return certificate_at(checked_url(url, WITHIN), WITHIN, patience_s=2)


def test_a_good_address_and_key_are_good_in_every_step(octoprint):
    steps = tried(octoprint.url, octoprint.api_key)
    assert steps == dict.fromkeys(
        (Step.NAME, Step.NETWORK, Step.PORT, Step.OCTOPRINT, Step.KEY, Step.PRINTER), True
    )


def test_without_a_key_the_search_ends_with_octoprint_itself(octoprint):
    assert list(tried(octoprint.url))[-1] is Step.OCTOPRINT


def test_a_wrong_key_is_told_apart_from_a_wrong_address(octoprint):
    steps = tried(octoprint.url, "x" * 32)
    assert (steps[Step.OCTOPRINT], steps[Step.KEY]) == (True, False)


def test_a_printer_that_is_switched_off_is_the_last_step(real):
    real.host.link(up=False)
    real.wait(lambda: real.host.status().state is HostState.OFFLINE)
    steps = tried(real.octoprint.url, real.octoprint.api_key)
    assert (steps[Step.KEY], steps[Step.PRINTER]) == (True, False)


@pytest.mark.parametrize(
    ("url", "last"),
    [
        ("ftp://127.0.0.1", Step.ADDRESS),
        ("http://lab:secret@127.0.0.1", Step.ADDRESS),
        ("http://127.0.0.1:99999", Step.ADDRESS),
        ("http://169.254.169.254", Step.ADDRESS),
        ("http://8.8.8.8", Step.ADDRESS),
        ("http://no-such-printer.invalid", Step.NAME),
        ("http://" + "a" * 70 + ".invalid", Step.NAME),
    ],
)
def test_the_search_ends_where_it_goes_wrong(url, last, monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    findings = examine(Target(url, WITHIN))
    assert (findings[-1].step, findings[-1].good) == (last, False)


def test_a_name_that_leads_out_of_the_printers_networks_ends_there(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert tried("http://printer.example") == {Step.NAME: True, Step.NETWORK: False}


def test_a_closed_port_and_another_program_are_told_apart(octoprint):
    assert tried(f"http://127.0.0.1:{free_port()}")[Step.PORT] is False
    with front(octoprint.port, prefix="/octo") as proxy:
        steps = tried(f"http://127.0.0.1:{proxy.server_port}/elsewhere")
    assert (steps[Step.PORT], steps[Step.OCTOPRINT]) == (True, False)


def test_below_a_path_everything_works(octoprint, short):
    with front(octoprint.port, prefix="/drucker/anton") as proxy:
        url = f"http://127.0.0.1:{proxy.server_port}/drucker/anton/"
        assert all(tried(url, octoprint.api_key).values())
        with closing(OctoPrintHost(url, octoprint.api_key)) as host:
            host.upload("makerlab/prefix.gcode", short)
            assert host.file("makerlab/prefix.gcode").size == short.stat().st_size
            assert host.delete("makerlab/prefix.gcode")
            assert host.limits().acceleration["x"] > 0


def test_a_certificate_of_its_own_making_is_used_once_a_person_trusts_it(octoprint, tls_context):
    with front(octoprint.port, tls=tls_context) as proxy:
        url = f"https://127.0.0.1:{proxy.server_port}"
        assert tried(url, octoprint.api_key)[Step.TLS] is False
        shown = shown_by(url)
        assert (shown.known, len(shown.fingerprint)) == (False, 95)
        assert all(tried(url, octoprint.api_key, shown.sha256).values())
        with closing(OctoPrintHost(url, octoprint.api_key, certificate=shown.sha256)) as host:
            assert host.status().state is HostState.OPERATIONAL
            assert host.limits().speed["x"] > 0


def test_another_certificate_than_the_trusted_one_gets_nothing(octoprint, tls_context, tmp_path):
    with front(octoprint.port, tls=tls_context) as proxy:
        trusted = shown_by(f"https://127.0.0.1:{proxy.server_port}").sha256
    other = tmp_path / "other"
    other.mkdir()
    with front(octoprint.port, tls=make_context(other)) as proxy:
        url = f"https://127.0.0.1:{proxy.server_port}"
        with (
            closing(OctoPrintHost(url, octoprint.api_key, certificate=trusted)) as host,
            pytest.raises(Untrusted) as stranger,
        ):
            host.start("makerlab/a.gcode")
        assert (stranger.value.changed, stranger.value.surely_not_done) == (True, True)
        assert tried(url, octoprint.api_key, trusted)[Step.TLS] is False
        assert proxy.seen == []  # neither the key nor a question


def test_what_speaks_no_tls_has_no_certificate(octoprint):
    assert tried(octoprint.url.replace("http:", "https:"))[Step.TLS] is False


def test_a_person_confirms_at_octoprint_and_the_key_works(octoprint):
    with closing(KeyDesk(octoprint.url)) as desk:
        assert tried(octoprint.url)[Step.OCTOPRINT] is True
        token = desk.ask("Makerlab", "lab")
        assert token in desk.page(token)
        assert desk.answer(token) is Pending.WAITING
        decide(octoprint, granted=True)
        key = desk.answer(token)
    assert all(tried(octoprint.url, key).values())


def test_a_request_that_is_refused_or_unknown_is_gone(octoprint):
    with closing(KeyDesk(octoprint.url)) as desk:
        token = desk.ask("Makerlab", "lab")
        decide(octoprint, granted=False)
        assert desk.answer(token) is Pending.GONE
        assert desk.answer("A" * 32) is Pending.GONE


@pytest.mark.parametrize("token", ["", "../../api/version", "a b", "x" * 200, "ä" * 20])
def test_only_what_can_be_a_token_is_asked_after(octoprint, token):
    with closing(KeyDesk(octoprint.url)) as desk, pytest.raises(Exception, match="not OctoPrint"):
        desk.answer(token)


def test_no_desk_at_a_forbidden_address():
    with pytest.raises(NotAllowed):
        KeyDesk("http://169.254.169.254")


def decide(octoprint, *, granted):
    """What the person does in OctoPrint's dialog, by its own API."""
    headers = {"X-Api-Key": octoprint.api_key}
    pending = requests.get(octoprint.url + "/api/plugin/appkeys", headers=headers, timeout=10).json()
    for token in pending["pending"]:
        url = f"{octoprint.url}/plugin/appkeys/decision/{token}"
        requests.post(url, headers=headers, json={"decision": granted}, timeout=10).raise_for_status()


def test_the_limits_of_the_firmware_are_read_through_octoprint(real):
    limits = real.host.limits()
    assert limits.speed == {"x": 500, "y": 500, "z": 5, "e": 25}
    assert (limits.extruding, limits.retracting, limits.travel) == (750, 1000, 300)
    assert limits.jerk["z"] == 0.3


def test_while_it_prints_nobody_asks_for_limits(real, long):
    real.host.upload("makerlab/long.gcode", long)
    real.host.start("makerlab/long.gcode")
    real.wait(lambda: real.host.status().state is HostState.PRINTING)
    with pytest.raises(Exception, match="busy"):
        real.host.limits()
