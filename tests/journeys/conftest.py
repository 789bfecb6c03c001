"""Journeys: the long ways through the lab, in a real Chromium, with a real OctoPrint and the real slicer."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.lab import Lab
from tests.journeys.screen import Open, Screen, at, shown_objects
from tests.postgres import NewDatabase


@pytest.fixture(scope="session")
def octoprint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualOctoPrint]:
    with VirtualOctoPrint(tmp_path_factory.mktemp("octoprint"), free_port()) as host:
        yield host


@pytest.fixture(scope="session")
def lab(
    tmp_path_factory: pytest.TempPathFactory, octoprint: VirtualOctoPrint, new_database: NewDatabase
) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with Lab(folder, [octoprint], shown_objects(), database_url=new_database()) as lab:
        yield lab


@pytest.fixture
def window(browser: Browser, lab: Lab) -> Iterator[Open]:
    """Opens windows for people; none of them may have met an error or another host."""
    opened: list[Screen] = []
    with ExitStack() as stack:

        def open_(size: tuple[int, int], email: str = "") -> Screen:
            screen = stack.enter_context(at(browser, lab, size))
            opened.append(screen)
            if email:
                screen.sign_in(f"{email}@makerlab.example")
            return screen

        yield open_
        assert [trouble for screen in opened for trouble in screen.troubles] == []
