"""All benchmarks, one after another, as one table: `python -m bench [NAME…]`, or `make bench`.

A benchmark that cannot run (no corpus, no peer) says so in its line; one that breaks is told at the end, and
then the exit status is 1.
"""

import importlib
import sys
import time
import traceback

from bench.table import Line, show

NAMES = (
    "reading", "checks", "estimate", "gcode_time", "octoprint", "thumbnail", "plates", "memory", "upload",
    "polling", "assignment", "wall", "stock",
    "start", "wall_latency", "fdm_monster", "catalogue",
)  # fmt: skip


def main(wanted: list[str]) -> int:
    """Run what is wanted, or everything; the exit status."""
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(NAMES)}")
        return 2
    lines, broken = [], []
    for name in wanted or NAMES:
        found = _run(name)
        lines += found if found is not None else [Line(name, "—", "broke, see below")]
        broken += [name] if found is None else []
    print()
    show(lines)
    missed = [one.what for one in lines if one.met is False]
    print(f"\n{len(missed)} goals missed" + (f": {'; '.join(missed)}" if missed else ""))
    if broken:
        print(f"broke: {', '.join(broken)}")
    return 1 if broken else 0


def _run(name: str) -> list[Line] | None:
    """The lines of one benchmark; None when it broke."""
    print(f"== {name}", flush=True)
    began = time.monotonic()
    try:
        found: list[Line] = importlib.import_module(f"bench.{name}").main()
    except Exception:  # noqa: BLE001 (the others are still measured; this one is told at the end)
        traceback.print_exc(file=sys.stdout)
        return None
    print(f"   {time.monotonic() - began:.0f} s", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
