"""The error plots of docs/estimate.md, as small SVG: `python -m bench.estimate_plots [FOLDER]`.

For the half of the corpus that the constants have not seen: estimated beside sliced time, and how the errors
of time and filament are spread.
"""

import sys
from math import log10
from pathlib import Path

from bench.estimate import Result, results
from bench.estimate_corpus import CORPUS, LONG_S

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDTH, HEIGHT, LEFT, BOTTOM = 640, 420, 70, 60
SIDE = HEIGHT - BOTTOM - 20  # of the square with both times
COLOURS = {"nosup": "#c0562f", "sup": "#2f6f8f"}
NAMES = {"nosup": "0.20", "sup": "0.20 with supports"}
TICKS = {60: "1 min", 600: "10 min", 3600: "1 h", 36_000: "10 h", 180_000: "50 h"}
BIN, FURTHEST = 2, 16  # per cent
STYLE = "font-family:sans-serif;font-size:13px;fill:#333"


def main() -> None:
    """Write both pictures."""
    if not CORPUS.is_dir():
        print(f"estimate plots: no corpus at {CORPUS}, nothing drawn")
        return
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    found = {kind: results(kind) for kind in COLOURS}
    (folder / "estimate-time.svg").write_text(_times(found), encoding="utf-8")
    long = [one for one in found["nosup"] if one.row.time_s >= LONG_S]
    (folder / "estimate-errors.svg").write_text(_errors(long), encoding="utf-8")


def _svg(parts: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="#fff"/>', *parts, "</svg>\n"])


def _text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{STYLE}">{words}</text>'


def _line(one: tuple[float, float], two: tuple[float, float], style: str) -> str:
    return f'<path d="M{one[0]:.1f} {one[1]:.1f}L{two[0]:.1f} {two[1]:.1f}" style="{style}"/>'


# ---- estimated beside sliced time


def _place(seconds: float) -> float:
    """Where a time lies on an axis from half a minute to 50 h, 0 to SIDE."""
    low, high = log10(30), log10(180_000)
    return (log10(max(seconds, 30)) - low) / (high - low) * SIDE


def _at(sliced: float, estimated: float) -> tuple[float, float]:
    return LEFT + _place(sliced), HEIGHT - BOTTOM - _place(estimated)


def _times(found: dict[str, list[Result]]) -> str:
    parts = [part for seconds, name in TICKS.items() for part in _tick(seconds, name)]
    for share in (0.9, 1.0, 1.1):
        dashes = "" if share == 1 else ";stroke-dasharray:4 4"
        parts.append(_line(_at(40, 40 * share), _at(160_000, 160_000 * share), f"stroke:#777{dashes}"))
    for row, (kind, results_) in enumerate(found.items()):
        parts += [_dot(kind, *_at(one.row.time_s, one.row.time_s * (1 + one.time))) for one in results_]
        parts += [_dot(kind, LEFT + SIDE + 30, 40 + 24 * row)]
        parts += [_text(LEFT + SIDE + 42, 45 + 24 * row, f"{NAMES[kind]}, {len(results_)}", "start")]
    parts += [_text(LEFT + SIDE / 2, HEIGHT - 14, "sliced by PrusaSlicer 2.5.0")]
    parts += [
        _text(LEFT + SIDE + 30, 45 + 24 * len(found), "dashed: ±10 %", "start"),
        _text(LEFT, 14, "estimated", "start"),
    ]
    return _svg(parts)


def _tick(seconds: int, name: str) -> list[str]:
    x, y = _at(seconds, seconds)
    across = _line((LEFT, y), (LEFT + SIDE, y), "stroke:#ddd")
    upwards = _line((x, HEIGHT - BOTTOM), (x, HEIGHT - BOTTOM - SIDE), "stroke:#ddd")
    return [across, upwards, _text(LEFT - 6, y + 4, name, "end"), _text(x, HEIGHT - BOTTOM + 18, name)]


def _dot(kind: str, x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" style="fill:{COLOURS[kind]};fill-opacity:.7"/>'


# ---- how the errors are spread


def _errors(long: list[Result]) -> str:
    parts = _histogram([one.time * 100 for one in long], "time", 30, "nosup")
    return _svg(parts + _histogram([one.filament * 100 for one in long], "filament", 225, "sup"))


def _histogram(errors: list[float], name: str, top: float, kind: str) -> list[str]:
    """Bars of BIN per cent each; what lies further out is counted in the last bar."""
    starts = range(-FURTHEST, FURTHEST, BIN)
    inside = [min(max(error, -FURTHEST), FURTHEST - 1e-9) for error in errors]
    counts = [sum(start <= error < start + BIN for error in inside) for start in starts]
    width, floor, unit = (WIDTH - LEFT - 20) / len(counts), top + 130, 100 / max(counts)
    parts = [_text(LEFT, top, f"{name}: error in %, {len(errors)} pieces of 10 min and more", "start")]
    for number, (start, count) in enumerate(zip(starts, counts, strict=True)):
        x, height = LEFT + number * width, count * unit
        box = f'x="{x + 1:.1f}" y="{floor - height:.1f}" width="{width - 2:.1f}" height="{height:.1f}"'
        parts.append(f'<rect {box} fill="{COLOURS[kind]}"/>')
        parts += [_text(x + width / 2, floor - height - 3, str(count))] if count else []
        parts += [_text(x, floor + 16, f"{start:+d}" if start else "0")]
    return [*parts, _line((LEFT, floor), (WIDTH - 20, floor), "stroke:#777")]


if __name__ == "__main__":
    main()
