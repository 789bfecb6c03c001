"""Child of `makerlab.core.tables`: a stranger's CSV or XLSX as JSON lines, one row each. Runs in a sandbox.

First line: {"rows": n} or {"error": code}; then a list of strings for each row, empty cells as "".
"""

import csv
import io
import json
import sys
import zipfile

MOST_ROWS, MOST_COLUMNS, MOST_TEXT = 20_000, 60, 2_000
MOST_UNPACKED = 100_000_000  # bytes of an XLSX: what unpacks to more is no list


def main(path: str) -> None:
    try:
        rows = _read(path)
    except _Refused as refused:
        print(json.dumps({"error": refused.args[0]}))  # noqa: T201
        return
    except Exception:  # noqa: BLE001 (whatever a stranger's file does to a parser, it is unreadable)
        print(json.dumps({"error": "unreadable"}))  # noqa: T201
        return
    print(json.dumps({"rows": len(rows)}))  # noqa: T201
    for row in rows:
        print(json.dumps(row))  # noqa: T201


class _Refused(Exception):
    pass


def _read(path: str) -> list[list[str]]:
    with open(path, "rb") as file:
        zipped = file.read(4) == b"PK\x03\x04"
    rows = _xlsx(path) if zipped else _csv(path)
    filled = [row for row in rows if any(row)]
    if not filled:
        raise _Refused("empty")
    return filled


def _csv(path: str) -> list[list[str]]:
    with open(path, "rb") as file:
        data = file.read()
    if b"\0" in data[:4096]:
        raise _Refused("unreadable")
    text = _decoded(data)
    separator = max(";,\t", key=text.splitlines()[0].count) if text.strip() else ";"
    return [_row(row) for row in _limited(csv.reader(io.StringIO(text), delimiter=separator))]


def _decoded(data: bytes) -> str:
    """UTF-8, or what spreadsheets on Windows write."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _xlsx(path: str) -> list[list[str]]:
    from openpyxl import load_workbook

    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise _Refused("too_large")
    with open(path, "rb") as file:  # by its content: the name has no ending
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
        return [_row(row) for row in _limited(sheet.iter_rows(values_only=True))]


def _limited(rows):  # type: ignore[no-untyped-def]
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise _Refused("too_many")
        yield row


def _row(cells) -> list[str]:  # type: ignore[no-untyped-def]
    return [_text(cell) for cell in list(cells)[:MOST_COLUMNS]]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())[:MOST_TEXT]


if __name__ == "__main__":
    main(sys.argv[1])
