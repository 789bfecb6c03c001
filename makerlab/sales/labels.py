"""Labels as PDF: on sheets of common sizes or one to a page. Lengths in mm from the upper left corner."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import segno
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

A4 = (210.0, 297.0)
EDGE = 2.0  # free around the print of a label
BOLD, PLAIN = "Helvetica-Bold", "Helvetica"
SMALLEST = 5.0  # pt
LEADING = 1.15
SCALES = (1.5, 1.3, 1.15, 1.0, 0.9, 0.8, 0.72, 0.65, 0.58)


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


def as_pdf(labels: Sequence[Label], sheet: Sheet, *, first: int = 0) -> bytes:
    """All labels, on a partly used sheet beginning at the place `first` (from 0)."""
    out = io.BytesIO()
    paper = Canvas(out, pagesize=(sheet.page[0] * mm, sheet.page[1] * mm))
    paper.setTitle("Etiketten")
    for number, label in enumerate(labels, first):
        if number % sheet.places == 0 and number > first:
            paper.showPage()
        _draw(paper, sheet, sheet.corner(number % sheet.places), label)
    paper.save()
    return out.getvalue()


def _draw(paper: Canvas, sheet: Sheet, corner: tuple[float, float], label: Label) -> None:
    """The code at one side, the words beside it."""
    left, top = corner
    width, height = sheet.label
    code = min(height - 2 * EDGE, width * 0.4)
    _draw_code(paper, sheet, (left + EDGE, top + (height - code) / 2), code, label.address)
    words_left = left + EDGE + code + 1.5
    room = (left + width - EDGE - words_left) * mm
    y = (sheet.page[1] - top - EDGE) * mm
    bottom = (sheet.page[1] - top - height + EDGE) * mm
    lines = fitted(label, room, y - bottom)
    y -= (y - bottom - sum(size * LEADING for _text, _font, size in lines)) / 2
    for text, font, size in lines:
        y -= size * LEADING
        paper.setFont(font, size)
        paper.drawString(words_left * mm, y, text)


def fitted(label: Label, room: float, height: float) -> list[tuple[str, str, float]]:
    """Lines with font and size in pt, as large as `room` × `height` pt allow; the last may be left out."""
    for scale in SCALES:
        lines = list(_set(label, room, scale))
        if sum(size * LEADING for _text, _font, size in lines) <= height:
            return lines
    while lines and sum(size * LEADING for _text, _font, size in lines) > height:
        lines.pop()
    return lines


def _set(label: Label, room: float, scale: float) -> Iterator[tuple[str, str, float]]:
    large, small = max(9.5 * scale, SMALLEST), max(6.2 * scale, SMALLEST)
    texts = [(label.title, BOLD, large, 2), (label.price, BOLD, large, 1)]
    texts += [(text, PLAIN, small, 4) for text in label.lines]
    for text, font, size, most in texts:
        for line in simpleSplit(printable(text), font, size, room)[:most]:
            yield _cut(line, font, size, room), font, size


def _cut(text: str, font: str, size: float, room: float) -> str:
    """A single long word (an address) is cut where the label ends."""
    while len(text) > 1 and stringWidth(text, font, size) > room:
        text = text[:-1]
    return text


def printable(text: str) -> str:
    """What the built-in fonts have; they know the letters of Western Europe."""
    return text.encode("cp1252", "replace").decode("cp1252")


def _draw_code(paper: Canvas, sheet: Sheet, corner: tuple[float, float], side: float, address: str) -> None:
    """The QR code as one path of squares; its quiet zone is the label's white."""
    modules = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    cell = side / len(modules) * mm
    x0, y0 = corner[0] * mm, (sheet.page[1] - corner[1]) * mm
    path = paper.beginPath()
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            if dark:
                path.rect(x0 + column * cell, y0 - (row + 1) * cell, cell, cell)
    paper.drawPath(path, stroke=0, fill=1)
