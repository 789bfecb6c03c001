"""What a viewer gets of a G-code file: every line that is drawn, layer by layer, and not too much of it."""

from pathlib import Path

import pytest

from designs.gcode.drawing import drawing, kind_of

HEAD = "G28\nM83\nG1 X5 Y5 E4 ; purge line\n"


def layer(number: int, *lines: str) -> str:
    z = 0.2 * number
    return "\n".join((";LAYER_CHANGE", f";Z:{z:.2f}", f"G1 Z{z:.2f} F720", *lines, ""))


def square(size: int) -> tuple[str, ...]:
    return (
        "G1 X0 Y0 F9000", ";TYPE:External perimeter", f"G1 X{size} Y0 E1", f"G1 X{size} Y{size} E1",
        "G1 E-0.8 ; retract", ";TYPE:Internal infill", "G1 X0 Y0 E.5",
    )  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plate.gcode"


def test_every_line_is_there_with_its_kind_and_one_height_a_layer(file: Path) -> None:
    file.write_text(HEAD + layer(1, *square(10)) + layer(2, *square(20)))
    found = drawing(file)
    assert found.numbers == [1, 2]
    assert found.heights == [0.2, 0.4]
    assert found.text.splitlines()[:6] == [
        "G0 X5.00 Y5.00 Z0.2", "G0 X0.00 Y0.00", "T0", "G1 X10.00 Y0.00 E1", "G1 X10.00 Y10.00 E1", "T2",
    ]  # fmt: skip
    assert found.text.count("E1\n") == 6
    assert found.text.count("Z") == 2


def test_absolute_filament_counts_what_is_pushed_and_not_what_is_drawn_back(file: Path) -> None:
    lines = ("M82", "G92 E0", "G1 X1 E1", "G1 X2 E1", "G1 X3 E2", "G1 X4 E1.5", "G92 E0", "G1 X5 E1")
    file.write_text(layer(1, *lines))
    drawn = [line for line in drawing(file).text.splitlines() if line.endswith("E1")]
    assert [line.split()[1] for line in drawn] == ["X1.00", "X3.00", "X5.00"]


def test_a_large_file_is_thinned_to_every_nth_layer(file: Path) -> None:
    file.write_text(HEAD + "".join(layer(n, *square(n)) for n in range(1, 101)))
    whole = drawing(file)
    thin = drawing(file, most_bytes=len(whole.text) // 3)
    assert (whole.every, thin.every) == (1, 3)
    assert thin.numbers == list(range(1, 101, 3))
    assert len(thin.text) < len(whole.text) / 2


def test_layers_without_a_line_are_left_out(file: Path) -> None:
    file.write_text(layer(1, "G1 X3 Y3 F9000") + layer(2, *square(5)))
    assert drawing(file).numbers == [2]


def test_a_file_without_marks_draws_nothing(file: Path) -> None:
    file.write_text(HEAD)
    assert (drawing(file).numbers, drawing(file).text) == ([], "\n")


def test_arcs_keep_their_middle_and_unknown_features_their_place(file: Path) -> None:
    file.write_text(layer(1, ";TYPE:Something new", "M83", "G2 X5 Y5 I2.5 J0 E1"))
    assert "T7\nG2 X5.00 Y5.00 I2.500 J0.000 E1" in drawing(file).text
    assert (kind_of("Something new"), kind_of("Perimeter")) == ("other", "inner")
