"""Lists as CSV and XLSX: read from strangers in a limited child process, written for spreadsheets."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from makerlab.core.errors import Invalid, MakerlabError, TooLarge
from makerlab.core.language import _
from makerlab.core.quarantine import Child, quarantine
from makerlab.core.settings import Settings

MOST_MB = 20
# openpyxl brings numpy along, which reserves address space
CHILD = Child(Path(__file__).with_name("tables_child.py"), seconds=30, memory_mb=1024)
NUMBER = re.compile(r"[-+]?[\d.]*\d(,\d+)?( %)?")  # begins like a formula, and is none
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate what begins like this

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """The first row's cells, and those of all others."""

    head: list[str]
    rows: list[list[str]]


def read_table(data: bytes, settings: Settings) -> Table:
    """The rows of a CSV (UTF-8 or Windows; comma, semicolon or tab) or of the first sheet of an XLSX.

    Raises TooLarge or Invalid with the sentence for the person.
    """
    if len(data) > MOST_MB * 1_000_000:
        raise TooLarge(_("Die Liste ist größer als %(most)s MB.", most=MOST_MB))
    with quarantine(settings, "table-") as place:
        place.given.write_bytes(data)
        _count, lines = CHILD.read(place, _refusal)
    rows = [json.loads(line) for line in lines]
    return Table(rows[0], rows[1:])


def _refusal(code: str) -> MakerlabError:
    if code == "too_many":
        return TooLarge(_("Die Liste hat zu viele Zeilen."), way_out=_("Teilen Sie die Liste auf."))
    if code == "too_large":
        return TooLarge(_("Die Liste ist zu groß."), way_out=_("Teilen Sie die Liste auf."))
    if code == "empty":
        return Invalid(_("Die Liste ist leer."), way_out=_("Wählen Sie eine andere Datei."))
    return Invalid(
        _("Die Liste ist nicht lesbar."),
        way_out=_("Speichern Sie sie als CSV oder XLSX und laden Sie sie neu."),
    )


def as_file(
    kind: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str
) -> tuple[bytes, str]:
    """The list as `csv` or `xlsx`, and its MIME type."""
    if kind == "csv":
        return as_csv(head, rows), "text/csv"
    return as_xlsx(head, rows, name=name), XLSX


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Semicolons and a byte order mark, as German spreadsheets open it by a double click."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    if not isinstance(cell, str) or not cell.startswith(FORMULA) or NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str) -> bytes:
    """One sheet with a fixed first row and filters. Texts stay texts, also those that look like formulas."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet: Any = book.add_worksheet(name[:31])
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    last = 0
    for last, row in enumerate(rows, 1):
        sheet.write_row(last, 0, row)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(head) - 1)
    sheet.autofit()
    book.close()
    return out.getvalue()
