"""Papers for labels: sheets of common sizes, or one to a page. Lengths in mm from the upper left corner."""

from dataclasses import dataclass

A4 = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of labels. `gap` and `margin` are (across, down); a single label is a page of its own size."""

    name: str
    label: tuple[float, float]
    page: tuple[float, float] = A4
    columns: int = 1
    rows: int = 1
    margin: tuple[float, float] = (0.0, 0.0)
    gap: tuple[float, float] = (0.0, 0.0)

    @property
    def places(self) -> int:
        return self.columns * self.rows

    def corner(self, number: int) -> tuple[float, float]:
        """Upper left corner of the label with this number, from 0, row by row."""
        row, column = divmod(number, self.columns)
        return (
            self.margin[0] + column * (self.label[0] + self.gap[0]),
            self.margin[1] + row * (self.label[1] + self.gap[1]),
        )


def _single(name: str, width: float, height: float) -> Sheet:
    return Sheet(name, (width, height), (width, height))


SHEETS = {
    "40": Sheet("A4: 40 × 48,5 × 25,4 mm", (48.5, 25.4), columns=4, rows=10, margin=(8, 21.5)),
    "21": Sheet(
        "A4: 21 × 63,5 × 38,1 mm", (63.5, 38.1), columns=3, rows=7, margin=(7.2, 15.15), gap=(2.5, 0)
    ),
    "24": Sheet("A4: 24 × 70 × 37 mm", (70, 37), columns=3, rows=8, margin=(0, 0.5)),
    "62x29": _single("62 × 29 mm", 62, 29),
    "57x32": _single("57 × 32 mm", 57, 32),
}


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label. `lines` are small; the address is what its QR code says."""

    title: str
    lines: tuple[str, ...]
    price: str
    address: str
