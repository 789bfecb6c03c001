"""Labels as PDF. Lengths in mm from the upper left corner of a sheet, sizes of letters in pt."""

import io
from collections.abc import Iterator, Sequence

import segno
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from makerlab.sales.letters import in_a_font, in_drawing_order
from makerlab.sales.sheets import Label, Sheet

Line = tuple[str, str, float]  # text in drawing order, font, size in pt

EDGE = 2.0  # free around the print of a label
SMALLEST = 5.0  # pt
LEADING = 1.15
TITLE_LINES = 4  # at most
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
    y = EDGE * mm + (high + _high(lines)) / 2
    for text, font, pt in lines:
        y -= pt * LEADING
        paper.setFont(font, pt)
        paper.drawString(left * mm, y, text)


def fitted(label: Label, room: float, height: float) -> list[Line]:
    """Lines as large as `room` × `height` pt allow with every word on them.

    Where even the smallest are too many, the title gives way first, so that the maker stays; what is cut ends
    in an ellipsis. Then the last lines are left out.
    """
    for scale in SCALES:
        lines, whole = _set(label, room, scale)
        if whole and _high(lines) <= height:
            return lines
    for title in range(TITLE_LINES, 0, -1):
        lines, _whole = _set(label, room, SCALES[-1], title)
        if _high(lines) <= height:
            return lines
    while lines and _high(lines) > height:
        lines.pop()
    return lines


def _high(lines: Sequence[Line]) -> float:
    return sum(size * LEADING for _text, _font, size in lines)


def _set(label: Label, room: float, scale: float, title: int = TITLE_LINES) -> tuple[list[Line], bool]:
    """The lines at this scale, at most `title` for the title, and whether nothing had to be cut."""
    large, small = max(9.5 * scale, SMALLEST), max(6.2 * scale, SMALLEST)
    texts = [(label.title, True, large, title), (label.price, True, large, 1)]
    texts += [(text, False, small, 4) for text in label.lines]
    lines, whole = [], True
    for given, bold, size, most in texts:
        text, font = in_a_font(given, bold=bold)
        found = list(_broken(text, font, size, room))
        whole = whole and len(found) <= most
        if len(found) > most:
            found[most - 1] = _ending(found[most - 1], font, size, room)
        lines += [(in_drawing_order(line), font, size) for line in found[:most]]
    return lines, whole


def _broken(text: str, font: str, size: float, room: float) -> Iterator[str]:
    """At spaces; a single long word (an address) goes on in the next line."""
    for line in simpleSplit(text, font, size, room):
        rest = line
        while len(rest) > (here := _fitting(rest, font, size, room)):
            yield rest[:here]
            rest = rest[here:]
        yield rest


def _fitting(text: str, font: str, size: float, room: float) -> int:
    """So many letters have room; at least one."""
    count = len(text)
    while count > 1 and stringWidth(text[:count], font, size) > room:
        count -= 1
    return count


def _ending(line: str, font: str, size: float, room: float) -> str:
    """With an ellipsis, as much of it as there is room for."""
    while line and stringWidth(f"{line}…", font, size) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


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
