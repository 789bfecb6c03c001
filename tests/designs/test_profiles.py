"""Profiles: what comes with the library, what a lab adds, and what is refused."""

import tomllib
from pathlib import Path

import pytest

from designs.errors import Refused
from designs.profiles import load, load_strictly
from designs.profiles.load import FOLDERS
from designs.profiles.schema import build
from designs.profiles.table import KINDS, entries, flat, nested, table_of, toml_text


def write(root: Path, folder: str, name: str, text: str) -> Path:
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return root


def test_the_machines_processes_and_materials_that_are_promised_are_there() -> None:
    profiles = load()
    machines = {"prusa-mk3s", "prusa-mk4", "prusa-mini", "ender-3", "large-bed", "generic"}
    processes = {"0.12", "0.20", "0.28", "vase", "0.20-speed", "0.20-gyroid"}
    assert machines <= set(profiles.machines)
    assert processes <= set(profiles.processes)
    assert {"pla", "petg", "tpu", "abs"} <= set(profiles.materials)


def test_the_defaults_are_the_settings_of_the_corpus() -> None:
    profiles = load()
    assert profiles.machine().key == "prusa-mk3s"
    assert profiles.process().layer_mm == 0.2
    assert profiles.material().kind == "PLA"


def test_a_profile_based_on_another_says_only_what_differs() -> None:
    normal, fast = load().process("0.20"), load().process("0.20-speed")
    assert (fast.speeds.infill, fast.speeds.bridge) == (200, normal.speeds.bridge)
    assert fast.infill == normal.infill


def test_a_lab_adds_a_machine_by_file(tmp_path: Path) -> None:
    write(tmp_path, "machines", "ours", 'based_on = "ender-3"\nname = "Our Ender"\nheight_mm = 240\n')
    machine = load(tmp_path).machine("ours")
    assert (machine.key, machine.name, machine.height_mm) == ("ours", "Our Ender", 240)
    assert machine.limits == load().machine("ender-3").limits


def test_a_labs_file_wins_over_ours_of_the_same_key(tmp_path: Path) -> None:
    write(tmp_path, "materials", "pla", (HERE / "materials/pla.toml").read_text().replace("25.4", "19.9"))
    assert load(tmp_path).material("pla").price_eur_kg == 19.9


def test_an_unknown_key_is_refused_with_the_keys_there_are() -> None:
    with pytest.raises(Refused, match=r"There is no machine “ultimaker”\. There are: ender-3,") as refused:
        load().machine("ultimaker")
    assert refused.value.code == "unknown_machine"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('based_on = "generic"\nbed = 3\n', "bed is not an entry we know"),
        ('name = "Half"\n', "bed_mm is missing"),
        ('based_on = "generic"\nheight_mm = -5\n', "height_mm must be a number from 0.01 to 2000"),
        ('based_on = "generic"\nheight_mm = nan\n', "height_mm must be a number"),
        ('based_on = "generic"\nheight_mm = true\n', "height_mm must be a number"),
        ('based_on = "generic"\nheight_mm = "tall"\n', "height_mm must be a number"),
        ('based_on = "generic"\nbed_mm = [200]\n', "bed_mm must be a list of 2 values"),
        ('based_on = "generic"\nfirmware = "gcode"\n', "firmware must be one of marlin, marlin2"),
        ('based_on = "generic"\nlimits = 5\n', "limits must be a table of entries"),
        ('based_on = "generic"\nlimits = { speed = { x = 0 } }\n', "limits.speed.x must be a number"),
        ('based_on = "generic"\nname = 4\n', "name must be text in quotation marks"),
        ('based_on = "mine"\n', "based on “mine”, which does not exist or is based on it"),
        ('based_on = "none"\n', "based on “none”, which does not exist"),
        ("name = \n", "cannot be read as TOML"),
    ],
)
def test_a_wrong_profile_is_refused_with_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    write(tmp_path, "machines", "mine", text)
    with pytest.raises(Refused) as refused:
        load(tmp_path)
    assert sentence in refused.value.message
    assert refused.value.values["file"] == "mine.toml"


def test_junction_deviation_becomes_the_jerk_that_marlin_documents(tmp_path: Path) -> None:
    text = (HERE / "machines/generic.toml").read_text()
    jerk = "jerk = { x = 8, y = 8, z = 0.4, e = 5 }"
    assert jerk in text
    write(tmp_path, "machines", "smooth", text.replace(jerk, "junction_deviation_mm = 0.02"))
    limits = load(tmp_path).machine("smooth").limits
    assert limits.jerk is None
    assert limits.jerk_or_equivalent().x == pytest.approx((800 * 0.02 / 0.4) ** 0.5)


HERE = Path(__file__).parents[2] / "designs/profiles"


def test_a_change_of_a_file_is_seen_without_a_restart(tmp_path: Path) -> None:
    write(tmp_path, "machines", "ours", 'based_on = "ender-3"\nheight_mm = 240\n')
    before = load(tmp_path)
    assert load(tmp_path) is before
    write(tmp_path, "machines", "ours", 'based_on = "ender-3"\nheight_mm = 90.5\n')
    assert load(tmp_path).machine("ours").height_mm == 90.5


def test_a_file_that_becomes_faulty_leaves_what_was_read_before_and_is_named(tmp_path: Path) -> None:
    write(tmp_path, "machines", "ours", 'based_on = "ender-3"\nheight_mm = 240\n')
    load(tmp_path)
    write(tmp_path, "machines", "ours", 'based_on = "ender-3"\nheight_mm = "high"\n')
    assert load(tmp_path).machine("ours").height_mm == 240
    with pytest.raises(Refused, match="height_mm must be a number"):
        load_strictly(tmp_path)


def test_no_text_of_a_profile_can_begin_a_setting_of_its_own(tmp_path: Path) -> None:
    """PrusaSlicer would run what `post_process` names."""
    evil = "MK3S\\npost_process = /bin/sh"
    write(tmp_path, "machines", "ours", f'based_on = "ender-3"\nprinter_model = "{evil}"\n')
    with pytest.raises(Refused, match="printer_model must not have control characters or line ends"):
        load_strictly(tmp_path)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_profile_comes_back_from_its_table_and_its_file(folder: str) -> None:
    kind = KINDS[folder]
    for key, profile in getattr(load(), folder).items():
        table = table_of(profile)
        assert build(kind, {"key": key} | tomllib.loads(toml_text(table)), key) == profile
        assert nested(flat(table)) == table
        assert set(flat(table)) <= {entry.name for entry in entries(kind)}


def test_entries_say_their_unit_range_and_choices() -> None:
    found = {entry.name: entry for entry in entries(KINDS["machines"])}
    speed, firmware = found["limits.speed.x"], found["firmware"]
    assert (speed.kind, speed.low, speed.high, speed.unit) == ("number", 0.01, 2000, "mm/s")
    assert firmware.choices == ("marlin", "marlin2")
    assert (found["limits.jerk.x"].optional, found["start_gcode"].kind) == (True, "script")
