"""Which addresses may be spoken to."""

import ipaddress
import socket

import pytest

from printers import NotAllowed
from printers.network import PRIVATE_NETWORKS, addresses, allowed, checked_url, networks

PRIVATE = networks(PRIVATE_NETWORKS)
EVERYTHING = networks(["0.0.0.0/0", "::/0"])


@pytest.mark.parametrize("text", ["127.0.0.1", "10.1.2.3", "172.31.0.9", "192.168.4.20", "::1", "fd12::1"])
def test_private_addresses_are_allowed_unless_told_otherwise(text):
    assert allowed(ipaddress.ip_address(text), PRIVATE)


@pytest.mark.parametrize("text", ["8.8.8.8", "172.32.0.1", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_the_internet_is_not(text):
    assert not allowed(ipaddress.ip_address(text), PRIVATE)


@pytest.mark.parametrize(
    "text",
    [
        "169.254.169.254",
        "169.254.1.1",
        "fe80::1",
        "::ffff:169.254.169.254",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",  # noqa: S104  the address under test
        "::",
        "224.0.0.1",
    ],
)
def test_metadata_and_link_local_addresses_are_refused_in_any_network(text):
    assert not allowed(ipaddress.ip_address(text), EVERYTHING)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://192.168.4.20",
        "file:///etc/passwd",
        "192.168.4.20",
        "http://",
        "http://user:word@192.168.4.20",
        "http://192.168.4.20/?a=b",
        "http://192.168.4.20/#a",
        "http://192.168.4.20:99999",
        "http://[::1",
        "http://8.8.8.8",
        "http://169.254.169.254/latest",
        "http://[fe80::1]",
        "http://[::ffff:169.254.169.254]",
    ],
)
def test_a_bad_address_is_refused_without_the_network(url):
    with pytest.raises(NotAllowed):
        checked_url(url, PRIVATE)


def test_a_good_address_keeps_its_port_and_prefix():
    parts = checked_url("https://octopi.local:8443/printer1/", PRIVATE)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "octopi.local:8443", "/printer1/")


def answer(*texts):
    """What getaddrinfo would give."""
    return lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, 80)) for text in texts]


def test_only_the_allowed_addresses_of_a_name_are_used(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answer("fe80::1", "192.168.4.20", "8.8.8.8"))
    assert addresses("octopi.local", 80, PRIVATE) == ["192.168.4.20"]


def test_a_name_that_stands_for_a_forbidden_address_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answer("169.254.169.254"))
    with pytest.raises(NotAllowed, match=r"printer\.example is 169\.254\.169\.254"):
        addresses("printer.example", 80, EVERYTHING)


@pytest.mark.parametrize("spelling", ["2852039166", "0xa9fea9fe", "0251.0376.0251.0376"])
def test_other_spellings_of_the_metadata_address_do_not_help(spelling):
    with pytest.raises(NotAllowed):
        addresses(spelling, 80, EVERYTHING)
