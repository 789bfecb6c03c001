"""A printer's host is opened once, and anew when the printer's address or key is another one."""

import pytest

from makerlab.core.crypto import encrypt
from makerlab.core.settings import Settings
from makerlab.fleet.hosts import NO_HOST, Hosts
from makerlab.fleet.models import Printer


def printer(settings: Settings, url: str = "http://127.0.0.1:5000", key: str = "k" * 32) -> Printer:
    return Printer(id=1, url=url, key_encrypted=encrypt(key, settings.printer_key))


def test_a_printers_host_is_kept_with_its_connection(settings: Settings) -> None:
    hosts, same = Hosts(settings), printer(settings)
    assert hosts(same) is hosts(same)


def test_a_new_address_or_key_is_a_new_host(settings: Settings) -> None:
    hosts = Hosts(settings)
    first = hosts(printer(settings))
    moved = hosts(printer(settings, url="http://127.0.0.1:5001"))
    assert hosts(printer(settings, url="http://127.0.0.1:5001", key="n" * 32)) is not moved
    assert moved is not first


def test_an_address_that_is_not_allowed_is_told_each_time_and_holds_up_nobody(settings: Settings) -> None:
    hosts = Hosts(settings)
    for _ in range(2):
        with pytest.raises(NO_HOST):
            hosts(printer(settings, url="http://8.8.8.8"))
    assert hosts(printer(settings))
