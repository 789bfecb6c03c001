"""What is looked at before a G-code file may go to a printer."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from designs.errors import Refused
from designs.gcode.limits import motion_limits
from designs.profiles import Machine

if TYPE_CHECKING:
    from designs.gcode.load import Reading

HOTEND_MAX_C, BED_MAX_C, CHAMBER_MAX_C = 300, 120, 70
AROUND_MM = 10.0  # start and end lines may leave the bed by this much; what is drawn in layers may not
ROUNDING_MM = 0.05
LOWEST_MM = -0.2  # a first layer that is pressed on

WORD_END = rb"(?![0-9])"
FORBIDDEN = re.compile(rb"M[ \t]*0*(112|500|501|502|504|997|28|29|30|303|928)" + WORD_END, re.I)
WHY = {
    b"112": "stops the printer as in an emergency",
    b"303": "heats the printer to tune it",
    b"997": "replaces the printer's firmware",
}
MEMORY, CARD = "changes what the printer remembers", "writes to the printer's card"
SETTINGS = {b"500", b"501", b"502", b"504"}
HEAT = re.compile(rb"M[ \t]*0*(104|109|140|190|141|191)" + WORD_END + rb"([^;\r\n]*)", re.I)
DEGREES = re.compile(rb"[SRB][ \t]*(-?[0-9]*\.?[0-9]+)", re.I)
HOST_ACTION = re.compile(rb"//[ \t]*action|M[ \t]*0*118" + WORD_END + rb"[^;\r\n]*action", re.I)


def check_gcode(path: Path, machine: Machine) -> None:
    """Raise `Refused` with a code and one sentence unless `machine` can safely run the file.

    Codes: gcode_empty, gcode_nul, gcode_forbidden, gcode_host_command, gcode_unknown, gcode_too_hot,
    gcode_outside, gcode_no_end, gcode_too_large.
    """
    from designs.gcode.load import read, read_bytes

    raw = read_bytes(path)
    text = raw.tobytes()
    if b"\0" in text:
        raise Refused("gcode_nul", "This file is damaged: it has NUL bytes in it. Slice the piece again.")
    _check_forbidden(text)
    _check_host(text)
    _check_heat(text)
    reading = read(raw, motion_limits(machine))
    _check_lines(reading, text)
    _check_extent(reading, machine)
    _check_end(reading, text)


def _check_forbidden(text: bytes) -> None:
    for found in FORBIDDEN.finditer(text):
        if not _in_comment(text, found.start()):
            number = found.group(1)
            why = WHY.get(number, MEMORY if number in SETTINGS else CARD)
            message = f"The file has the command M{number.decode()}, which {why}. Slice the piece again."
            raise Refused("gcode_forbidden", message, command=f"M{number.decode()}")


def _check_host(text: bytes) -> None:
    for found in HOST_ACTION.finditer(text):
        if not _in_comment(text, found.start()):
            message = "The file has an action command for the print server. Slice the piece again."
            raise Refused("gcode_host_command", message)


def _check_heat(text: bytes) -> None:
    for found in HEAT.finditer(text):
        if _in_comment(text, found.start()):
            continue
        most = _hottest(int(found.group(1)))
        for degrees in DEGREES.findall(found.group(2)):
            if float(degrees) > most:
                message = f"The file heats to {float(degrees):g} °C, above {most} °C. Slice the piece again."
                raise Refused("gcode_too_hot", message, degrees=float(degrees), most=most)


def _hottest(code: int) -> int:
    return {104: HOTEND_MAX_C, 109: HOTEND_MAX_C, 140: BED_MAX_C, 190: BED_MAX_C}.get(code, CHAMBER_MAX_C)


def _check_lines(reading: "Reading", text: bytes) -> None:
    """No line may begin with anything but G, M, T, a line number or a comment."""
    offset = int(reading.state.strange)
    if offset < 0:
        return
    line = text[offset : offset + 40].split(b"\n")[0].decode("ascii", "replace").strip()
    if line.startswith("@"):
        message = "The file has a command for the print server (@). Slice the piece again."
        raise Refused("gcode_host_command", message)
    raise Refused(
        "gcode_unknown", f"The file has a line that is not G-code: {_plain(line)}", line=_plain(line)
    )


def _check_extent(reading: "Reading", machine: Machine) -> None:
    """All moves near the machine; what is drawn in layers on its bed."""
    size = (*machine.bed_mm, machine.height_mm)
    for which, around in ((0, AROUND_MM), (1, ROUNDING_MM)):
        low, high = reading.state.extent[which]
        if low[0] > high[0]:
            continue  # no such move
        for axis, name in enumerate("xyz"):
            lowest, reach = (LOWEST_MM, ROUNDING_MM) if axis == 2 else (-around, around)
            if not (low[axis] >= lowest and high[axis] <= size[axis] + reach):
                raise _outside(name, float(low[axis]), float(high[axis]), machine)


def _outside(axis: str, low: float, high: float, machine: Machine) -> Refused:
    message = (
        f"The file moves to {low:.1f} … {high:.1f} mm along {axis}, which is outside of {machine.name}. "
        "Arrange the plate anew."
    )
    return Refused("gcode_outside", message, axis=axis, machine=machine.name)


def _check_end(reading: "Reading", text: bytes) -> None:
    """Something is printed, and the nozzle is switched off after that: else the file was cut short."""
    drawn = int(reading.state.drawn)
    if drawn < 0:
        raise Refused("gcode_empty", "Nothing is printed by this file. Slice the piece again.")
    heats = [found for found in HEAT.finditer(text, drawn) if found.group(1) in (b"104", b"109")]
    last = next((found for found in reversed(heats) if not _in_comment(text, found.start())), None)
    degrees = DEGREES.search(last.group(2)) if last else None
    if degrees is None or float(degrees.group(1)) != 0:
        message = "This file has no end: the nozzle is never switched off. Slice the piece again."
        raise Refused("gcode_no_end", message)


def _in_comment(text: bytes, position: int) -> bool:
    """Whether a `;` stands before `position` in its line."""
    return text.find(b";", text.rfind(b"\n", 0, position) + 1, position) >= 0


def _plain(line: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in line)
