"""G-code made small for looking at: lines only, layer by layer, coloured by feature.

What comes out is G-code again, for a viewer that draws and knows nothing else: one height for each layer,
`E1` where plastic flows, and `T0` … `T7` for the kind of line. Not for printing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("outer", "inner", "sparse", "solid", "top", "bridge", "support", "other")
"""What T0 … T7 stand for."""

MOST_BYTES = 5_000_000
OF_FEATURE = {
    "External perimeter": 0,
    "Overhang perimeter": 0,
    "Perimeter": 1,
    "Internal infill": 2,
    "Solid infill": 3,
    "Gap fill": 3,
    "Top solid infill": 4,
    "Ironing": 4,
    "Bridge infill": 5,
    "Support material": 6,
    "Support material interface": 6,
}
OTHER = len(KINDS) - 1
WORD = re.compile(r"([XYZEIJ])(-?[0-9]*\.?[0-9]+)")
MOVES = ("G0 ", "G1 ", "G2 ", "G3 ")


def kind_of(feature: str) -> str:
    """One of KINDS for a name as it stands after `;TYPE:`."""
    return KINDS[OF_FEATURE.get(feature, OTHER)]


@dataclass(frozen=True, slots=True)
class Drawing:
    """`numbers` are those of the layers in the text (from 1), `heights` their z in mm. `every` is n where
    only each nth layer of a large file is in it."""

    text: str
    numbers: list[int]
    heights: list[float]
    every: int


def drawing(path: Path, most_bytes: int = MOST_BYTES) -> Drawing:
    """The layers of a file with absolute coordinates; only each nth one where all are above `most_bytes`."""
    layers = [layer for layer in _layers(path) if layer.draws]
    texts = ["\n".join(layer.lines) for layer in layers]
    every = max(1, -(-sum(map(len, texts)) // most_bytes))
    kept = slice(None, None, every)
    return Drawing(
        "\n".join(texts[kept]) + "\n",
        [layer.number for layer in layers[kept]],
        [layer.height for layer in layers[kept]],
        every,
    )


@dataclass(slots=True)
class _Layer:
    number: int
    height: float = 0.0
    lines: list[str] = field(default_factory=list)
    draws: bool = False


def _layers(path: Path) -> Iterator[_Layer]:
    pen = _Pen()
    layer = _Layer(0)
    with path.open(encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith((";LAYER_CHANGE", ";LAYER:")):
                yield layer
                layer = _Layer(layer.number + 1)
            elif line.startswith(";Z:"):
                _begin(layer, float(line[3:]), pen)
            elif line.startswith(";TYPE:"):
                pen.tool = OF_FEATURE.get(line[6:].strip(), OTHER)
            else:
                pen.note(line, layer)
    yield layer


def _begin(layer: _Layer, height: float, pen: "_Pen") -> None:
    """A viewer takes a new height for a new layer, so each has exactly one: no lifts, no spirals."""
    layer.height = height
    layer.lines.append(f"G0 X{pen.x:.2f} Y{pen.y:.2f} Z{height:g}")
    pen.drawn_with = -1


@dataclass(slots=True)
class _Pen:
    """Where the nozzle is, and what it draws with."""

    x: float = 0.0
    y: float = 0.0
    thread: float = 0.0
    relative: bool = False
    tool: int = OTHER
    drawn_with: int = -1

    def note(self, line: str, layer: _Layer) -> None:
        if line.startswith(("M82", "M83")):
            self.relative = line.startswith("M83")
            return
        words = line.split(";", 1)[0]
        if line.startswith("G92"):
            self.thread = _values(words).get("E", self.thread)
        elif line.startswith(MOVES):
            self._move(words[1], _values(words), layer)

    def _move(self, code: str, values: dict[str, float], layer: _Layer) -> None:
        pushed = self._pushed(values)
        if "X" not in values and "Y" not in values:
            return
        self.x, self.y = values.get("X", self.x), values.get("Y", self.y)
        if layer.number == 0:
            return
        if pushed <= 0:
            self._travel(layer)
            return
        if self.tool != self.drawn_with:
            layer.lines.append(f"T{self.tool}")
            self.drawn_with = self.tool
        layer.lines.append(f"G{code} X{self.x:.2f} Y{self.y:.2f}{_arc(values)} E1")
        layer.draws = True

    def _pushed(self, values: dict[str, float]) -> float:
        if "E" not in values:
            return 0.0
        pushed = values["E"] if self.relative else values["E"] - self.thread
        self.thread = values["E"]
        return pushed

    def _travel(self, layer: _Layer) -> None:
        """Of several travels in a row only the last one's end matters."""
        line = f"G0 X{self.x:.2f} Y{self.y:.2f}"
        if len(layer.lines) > 1 and layer.lines[-1].startswith("G0"):
            layer.lines[-1] = line
        else:
            layer.lines.append(line)


def _values(words: str) -> dict[str, float]:
    return {name: float(number) for name, number in WORD.findall(words)}


def _arc(values: dict[str, float]) -> str:
    return "".join(f" {name}{values[name]:.3f}" for name in "IJ" if name in values)
