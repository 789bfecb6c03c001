"""What may go to a printer, and what may not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from designs.errors import Refused
from designs.gcode import check_gcode
from designs.profiles import Machine

Maker = Callable[[str | bytes], Path]

GOOD = """; begins
G21
G90
M83
M140 S60
M109 S215
G28 W
G1 Z0.2 F720
G1 Y-3 F1000 ; go outside print area
G1 X100 E12.5 F1000 ; intro line
;LAYER_CHANGE
;TYPE:Perimeter
G1 X20 Y20 F6000
{line}
G1 X40 Y20 E1
;TYPE:Custom
G1 X0 Y200 F3600
M104 S0 ; off
M140 S0
M84
; M112 in a comment is a word like any other, and so is //action:cancel
"""


def refused(path: Path, machine: Machine) -> Refused:
    with pytest.raises(Refused) as caught:
        check_gcode(path, machine)
    return caught.value


@pytest.mark.parametrize(
    "line",
    [
        "",
        "G1 X250 Y210 Z210 E1",
        "G1 X245 Y100\nG2 X245 Y120 I0 J10 E1",
        "N3 G1 X3 Y3*55",
        "g1 x5 y5",
        'M862.3 P "MK3S"',
        "G1 X5 ; @pause",
        "M1120",
        "M104 S300",
        "(a comment)",
        "G91\nG1 X-5\nG90",
    ],
)
def test_an_ordinary_file_is_accepted(file: Maker, machine: Machine, line: str) -> None:
    check_gcode(file(GOOD.format(line=line)), machine)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("M500", "gcode_forbidden"),
        ("M502", "gcode_forbidden"),
        ("M997", "gcode_forbidden"),
        ("M112", "gcode_forbidden"),
        ("m112", "gcode_forbidden"),
        ("M0112", "gcode_forbidden"),
        ("M 112", "gcode_forbidden"),
        ("N7 M112*33", "gcode_forbidden"),
        ("G1 X5 M112", "gcode_forbidden"),
        ("M502.1", "gcode_forbidden"),
        ("M30 /other.gcode", "gcode_forbidden"),
        ("//action:cancel", "gcode_host_command"),
        ("// action:cancel", "gcode_host_command"),
        ("M118 A1 action:cancel", "gcode_host_command"),
        ("@pause", "gcode_host_command"),
        ("  @pause", "gcode_host_command"),
        ("!!DEBUG:trigger_fatal_error_marlin", "gcode_unknown"),
        ("<html>", "gcode_unknown"),
        ("RESTART", "gcode_unknown"),
        ("M104 S301", "gcode_too_hot"),
        ("M109 R999", "gcode_too_hot"),
        ("M140 S121", "gcode_too_hot"),
        ("M190 R200", "gcode_too_hot"),
        ("M141 S90", "gcode_too_hot"),
        ("m104s999", "gcode_too_hot"),
        ("G1 X250.2 Y20 E1", "gcode_outside"),
        ("G1 X20 Y-1 E1", "gcode_outside"),
        ("G1 X20 Y-11", "gcode_outside"),
        ("G1 X262", "gcode_outside"),
        ("G1 Z211", "gcode_outside"),
        ("G1 Z-1", "gcode_outside"),
        ("G1 X1" + "0" * 400, "gcode_outside"),
        ("G20\nG1 X20\nG21", "gcode_outside"),
        ("G91\nG1 X200\nG1 X200\nG90", "gcode_outside"),
        ("G92 X-300\nG1 X0\nG92 X20", "gcode_outside"),
        ("G1 X245 Y100\nG3 X245 Y120 I0 J10 E1", "gcode_outside"),
        ("G1 X245 Y100\nG2 X245 Y100 I10 J0 E1", "gcode_outside"),
    ],
)
def test_what_could_do_harm_is_refused(file: Maker, machine: Machine, line: str, code: str) -> None:
    assert refused(file(GOOD.format(line=line)), machine).code == code


def test_nul_bytes_are_refused(file: Maker, machine: Machine) -> None:
    assert refused(file(GOOD.format(line="").encode() + b"\0"), machine).code == "gcode_nul"


@pytest.mark.parametrize("text", ["", "\n\n", "; nothing\nM104 S0\n"])
def test_a_file_that_prints_nothing_is_refused(file: Maker, machine: Machine, text: str) -> None:
    assert refused(file(text), machine).code == "gcode_empty"


def test_a_file_that_is_cut_short_is_refused(file: Maker, machine: Machine) -> None:
    whole = GOOD.format(line="")
    for end in range(whole.index("G1 X20"), whole.index("M104 S0")):
        assert refused(file(whole[:end]), machine).code == "gcode_no_end"


def test_a_nozzle_that_is_heated_again_at_the_end_is_refused(file: Maker, machine: Machine) -> None:
    assert refused(file(GOOD.format(line="") + "M104 S200\n"), machine).code == "gcode_no_end"


def test_switching_off_before_the_last_line_is_no_end(file: Maker, machine: Machine) -> None:
    early = "G28\nM104 S0\nG1 X20 Y20 E1\n"
    assert refused(file(early), machine).code == "gcode_no_end"


def test_a_refusal_is_one_sentence_with_the_machine_in_it(file: Maker, machine: Machine) -> None:
    message = refused(file(GOOD.format(line="G1 X300")), machine).message
    assert machine.name in message
    assert "\n" not in message
