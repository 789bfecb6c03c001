"""Labels as PDF. Lengths in mm from the upper left corner of a sheet, sizes of letters in pt."""

import io
from collections.abc import Iterator, Sequence

import segno
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from makerlab.sales.sheets import Label, Sheet

EDGE = 2.0  # free around the print of a label
BOLD, PLAIN = "Helvetica-Bold", "Helvetica"
SMALLEST = 5.0  # pt
LEADING = 1.15
SCALES = (1.5, 1.3, 1.15, 1.0, 0.9, 0.8, 0.72, 0.65, 0.58)


def as_pdf(labels: Sequence[Label], sheet: Sheet, *, first: int = 0) -> bytes:
    """All labels, on a partly used sheet from the place `first` (from 0) on; equal ones are drawn once."""
    out = io.BytesIO()
    paper = Canvas(out, pagesize=(sheet.page[0] * mm, sheet.page[1] * mm))
    paper.setTitle("Etiketten")
    drawn = {label: f"label{number}" for number, label in enumerate(dict.fromkeys(labels))}
    for label, name in drawn.items():
        paper.beginForm(name)
        _draw(paper, sheet.label, label)
        paper.endForm()
    for number, label in enumerate(labels, first):
        if number % sheet.places == 0 and number > first:
            paper.showPage()
        left, top = sheet.corner(number % sheet.places)
        paper.saveState()
        paper.translate(left * mm, (sheet.page[1] - top - sheet.label[1]) * mm)
        paper.doForm(drawn[label])
        paper.restoreState()
    paper.save()
    return out.getvalue()


def _draw(paper: Canvas, size: tuple[float, float], label: Label) -> None:
    """The code at one side, the words beside it; the origin is the label's lower left corner."""
    width, height = size
    code = min(height - 2 * EDGE, width * 0.4)
    _draw_code(paper, (EDGE, (height - code) / 2), code, label.address)
    left, high = EDGE + code + 1.5, (height - 2 * EDGE) * mm
    lines = fitted(label, (width - EDGE - left) * mm, high)
    y = EDGE * mm + (high + sum(pt * LEADING for _text, _font, pt in lines)) / 2
    for text, font, pt in lines:
        y -= pt * LEADING
        paper.setFont(font, pt)
        paper.drawString(left * mm, y, text)


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


def _draw_code(paper: Canvas, corner: tuple[float, float], side: float, address: str) -> None:
    """The QR code as one path of squares from its lower left corner; its quiet zone is the label's white."""
    modules = list(segno.make(address, error="m", micro=False).matrix)
    cell = side / len(modules) * mm
    path = paper.beginPath()
    for row, line in enumerate(reversed(modules)):
        for column, dark in enumerate(line):
            if dark:
                path.rect(corner[0] * mm + column * cell, corner[1] * mm + row * cell, cell, cell)
    paper.drawPath(path, stroke=0, fill=1)
