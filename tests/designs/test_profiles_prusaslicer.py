"""The settings handed to PrusaSlicer are those the corpus was sliced with."""

from pathlib import Path

import pytest

from designs.profiles import ini_text, load, prusaslicer_config

CORPUS = Path(__file__).parents[3] / "shared/corpus"
PROCESSES = {"mk3_nosup": "0.20", "mk3_sup": "0.20", "mk3_speed": "0.20-speed", "mk3_gyroid": "0.20-gyroid"}

# Written in other words, to the same effect: a comment more or less, the place of a line.
OTHER_WORDS = {"start_gcode", "end_gcode", "start_filament_gcode", "end_filament_gcode", "printer_notes"}
# We slice for the normal mode alone; the corpus also carries the limits of the silent one.
SILENT_MODE = {"silent_mode"}


def of_file(path: Path) -> dict[str, str]:
    pairs = (line.partition(" =") for line in path.read_text(encoding="utf-8").splitlines() if " =" in line)
    return {name: value.removeprefix(" ") for name, _, value in pairs}


def normal_mode(name: str, value: str) -> str:
    return value.split(",", maxsplit=1)[0] if name.startswith("machine_") else value


@pytest.mark.parametrize("file", [file for file in PROCESSES if (CORPUS / f"{file}.ini").exists()])
def test_every_setting_is_that_of_the_corpus(file: str) -> None:
    theirs = of_file(CORPUS / f"{file}.ini")
    profiles = load()
    ours = prusaslicer_config(
        profiles.machine(), profiles.process(PROCESSES[file]), profiles.material(), supports=file == "mk3_sup"
    )
    compared = set(ours) & set(theirs) - OTHER_WORDS - SILENT_MODE
    assert len(compared) > 120
    assert {n: ours[n] for n in compared} == {n: normal_mode(n, theirs[n]) for n in compared}


def test_nothing_is_ever_run_after_slicing() -> None:
    profiles = load()
    for machine in profiles.machines.values():
        config = prusaslicer_config(machine, profiles.process(), profiles.material())
        assert config["post_process"] == ""


def test_gcode_of_several_lines_stands_on_one_line_of_the_ini() -> None:
    profiles = load()
    text = ini_text(profiles.machine(), profiles.process(), profiles.material())
    assert all(" = " in line for line in text.splitlines())
    assert r"start_gcode = M862.3 P " in text


def test_supports_and_vase_reach_the_slicer() -> None:
    profiles = load()
    vase = profiles.process("vase")
    config = prusaslicer_config(profiles.machine(), vase, profiles.material(), supports=True)
    assert (config["support_material"], config["spiral_vase"], config["perimeters"]) == ("1", "1", "1")
    assert (config["fill_density"], config["top_solid_layers"]) == ("0%", "0")
