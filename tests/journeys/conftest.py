"""Journeys: the long ways through the lab, in a real Chromium, with a real OctoPrint and the real slicer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.lab import Lab


@pytest.fixture(scope="session")
def octoprint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualOctoPrint]:
    with VirtualOctoPrint(tmp_path_factory.mktemp("octoprint"), free_port()) as host:
        yield host


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, octoprint: VirtualOctoPrint) -> Iterator[Lab]:
    with Lab(tmp_path_factory.mktemp("lab"), [octoprint]) as lab:
        yield lab


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = "--no-sandbox --disable-quic --no-first-run --disable-background-networking"
    arguments = [*quiet.split(), "--disable-component-update", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": chromium(), "args": arguments}


def chromium() -> str:
    """Debian's Chromium; the Makefile installs it."""
    path = Path("/usr/bin/chromium")
    assert path.exists(), "Chromium is missing: run make test, which installs it"
    return str(path)
