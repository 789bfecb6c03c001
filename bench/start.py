"""From "the bed is free, start" at the kiosk to the start in OctoPrint's own log: `python -m bench.start`.

The plate was sliced before; the lab, its kiosk (by HTTP) and the OctoPrint are real. The time is from sending
the form to OctoPrint's "Print job started": both are of this machine's clock.
"""

import time
from statistics import median

from bench.lab import QUICK, events, lab, until
from bench.table import Line, show
from tests.journeys.floor import Floor
from tests.journeys.kiosk_by_http import Form, Kiosk
from tests.journeys.lab import Lab

STARTS, GOAL_S = 12, 1.0
WHAT = f"bed confirmed → print started, {STARTS} starts"


def main() -> list[Line]:
    """Median and longest."""
    with lab() as here:
        took = latencies(here, STARTS)
    middle = median(took)
    return [Line(WHAT, f"≤ {GOAL_S:g} s median", f"{middle:.2f} s, longest {max(took):.2f} s",
                 met=middle <= GOAL_S)]  # fmt: skip


def latencies(here: Lab, starts: int) -> list[float]:
    """Seconds of each start: prints that end, are collected, and are followed by the next."""
    floor, kiosk = Floor(here), Kiosk(here.address, here.person("Boris").number, lambda: None)
    code = here.printer().code
    found = []
    for _ in range(starts):
        order_id = floor.order(QUICK.name, 1)
        form = until(lambda: kiosk.page(f"/kiosk/drucker/{code}").form("/starten"), "may be started")
        found.append(_started(here, kiosk, form))
        floor.finish(order_id)
    return found


def _started(here: Lab, kiosk: Kiosk, form: Form) -> float:
    host, before = here.octoprints[0], len(events(here.octoprints[0]))
    began = time.time()
    kiosk.send(form)
    at, what, _ = until(lambda: events(host)[before:], "started", every_s=0.05)[0]
    assert what == "started", what
    return float(at - began)


if __name__ == "__main__":
    show(main())
