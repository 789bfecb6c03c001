"""From a change at OctoPrint to the wall of printers: `python -m bench.wall_latency`.

Somebody pauses and resumes a long print at OctoPrint itself; the wall's moving part is fetched every two
seconds, as a browser does, at moments that have nothing to do with the lab's looks. The time ends with the
answer that shows the new state.
"""

import random
import time
from collections.abc import Callable

import numpy as np
import requests

from bench.lab import SLOW, lab, until
from bench.table import Line, show
from makerlab.production.pages.needs import Need
from makerlab.production.pages.words import NEEDS
from printers.host import Command
from printers.octoprint import OctoPrintHost
from tests.journeys.floor import Desk, Floor
from tests.journeys.lab import Lab

CHANGES, GOAL_S, BROWSER_S = 30, 4.0, 2.0
WHAT = f"state change at OctoPrint → on the wall, {CHANGES} changes"
PAUSED = str(NEEDS[Need.PAUSED].word)  # on the card of a printer that pauses


def main() -> list[Line]:
    """95th percentile and median."""
    with lab(fast=False) as here:
        took = np.array(latencies(here))
    late, middle = float(np.percentile(took, 95)), float(np.median(took))
    goal = f"≤ {GOAL_S:g} s at the 95th percentile"
    return [Line(WHAT, goal, f"{late:.1f} s, median {middle:.1f} s", met=late <= GOAL_S)]


def latencies(here: Lab) -> list[float]:
    """Seconds of each change: a pause and the resume after it, in turn."""
    floor, desk = Floor(here), Desk(here)
    host = OctoPrintHost(here.octoprints[0].url, here.octoprints[0].api_key)
    order_id = floor.order(SLOW.name, 1)
    attempt_id = until(lambda: floor.start(order_id), "started", every_s=0.2)
    until(lambda: here.attempt_state(attempt_id) == "printing", "prints")
    return [_seen(desk, host, command) for command in (Command.PAUSE, Command.RESUME) * (CHANGES // 2)]


def _seen(desk: Desk, host: OctoPrintHost, command: Command) -> float:
    """Seconds from the moment when OctoPrint has the new state."""
    pausing = command is Command.PAUSE
    time.sleep(random.uniform(0, BROWSER_S))  # noqa: S311  no moment is preferred
    host.command(command)
    until(lambda: host.status().text == ("Paused" if pausing else "Printing"), "done")
    began, ask = time.monotonic(), _browser(desk)
    time.sleep(random.uniform(0, BROWSER_S))  # noqa: S311  where the browser is in its round
    while (PAUSED in ask()) is not pausing:
        time.sleep(BROWSER_S)
    return time.monotonic() - began


def _browser(desk: Desk) -> Callable[[], str]:
    """Fetches the wall's moving part, and only what changed."""
    known: dict[str, str] = {}

    def ask() -> str:
        headers = {"HX-Request": "true", **({"If-None-Match": known["etag"]} if known else {})}
        answer: requests.Response = desk.browser.get(
            f"{desk.lab.address}/drucker/stand", headers=headers, timeout=30
        )
        if answer.status_code == 200 and "ETag" in answer.headers:
            known.update(etag=answer.headers["ETag"], page=answer.text)
        return known.get("page", answer.text)

    return ask


if __name__ == "__main__":
    show(main())
