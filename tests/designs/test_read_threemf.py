"""3MF: objects, components, transforms and units are read; traps are refused."""

import os
import stat
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from designs.errors import Refused
from designs.limits import Limits
from designs.read import read
from tests.designs.conftest import WriteFile
from tests.designs.shapes import box, components, item, mesh_xml, model_xml, use, write_3mf

CUBE = mesh_xml(1, box(10, 10, 10))
SOUND = model_xml(CUBE, item(1))


def refusal(path: Path, **limits: int) -> str:
    """The code of the refusal of a file."""
    with pytest.raises(Refused) as refused:
        read(path, limits=Limits(**limits))
    assert refused.value.message.endswith(".")
    return refused.value.code


def test_an_object_is_read(model_file: WriteFile) -> None:
    assert np.array_equal(read(model_file(SOUND)).triangles, box(10, 10, 10).triangles)


def test_several_objects_and_places_are_read(model_file: WriteFile) -> None:
    build = f"<build>{use('item', 1)}{use('item', 2, '1 0 0 0 1 0 0 0 1 30 0 5')}</build>"
    mesh = read(model_file(model_xml(CUBE + mesh_xml(2, box(1, 2, 3)), build)))
    assert len(mesh) == 24
    assert mesh.bounds == ((0, 0, 0), (31, 10, 10))


def test_components_are_moved_within_what_moves_them(model_file: WriteFile) -> None:
    inner = components(2, use("component", 1, "1 0 0 0 1 0 0 0 1 5 0 0"))
    mesh = read(model_file(model_xml(CUBE + inner, item(2, "0 1 0 -1 0 0 0 0 1 0 0 7"))))
    assert mesh.bounds == ((-10, 5, 7), (0, 15, 17))


def test_mirrored_objects_keep_their_outside(model_file: WriteFile) -> None:
    from designs.check import check

    mesh = read(model_file(model_xml(CUBE, item(1, "-1 0 0 0 1 0 0 0 1 0 0 0"))))
    assert check(mesh).volume_mm3 == pytest.approx(1000)
    assert "inverted" not in {problem.code for problem in check(mesh).problems}


@pytest.mark.parametrize(
    ("unit", "edge"),
    [("micron", 0.01), ("centimeter", 100), ("inch", 254), ("foot", 3048), ("meter", 10000)],
)
def test_units_are_millimetres_afterwards(model_file: WriteFile, unit: str, edge: float) -> None:
    assert read(model_file(model_xml(CUBE, item(1), unit=unit))).size_mm == pytest.approx((edge,) * 3)


def test_what_is_not_to_be_printed_is_left_out(model_file: WriteFile) -> None:
    build = f'<build>{use("item", 1)}<item objectid="2" printable="0"/></build>'
    assert len(read(model_file(model_xml(CUBE + mesh_xml(2, box()), build)))) == 12


def test_other_parts_of_the_archive_are_read(model_file: WriteFile) -> None:
    space = 'xmlns:p="http://schemas.microsoft.com/3dmanufacturing/production/2015/06"'
    away = (
        '<object id="7"><components><component p:path="/3D/other.model" objectid="1"/></components></object>'
    )
    path = model_file(
        parts={"3D/3dmodel.model": model_xml(away, item(7), root=space), "3D/other.model": SOUND}
    )
    assert len(read(path)) == 12


def test_the_package_says_where_the_model_is(model_file: WriteFile) -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        'Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel" Target="/odd/place.model"/>'
        "</Relationships>"
    )
    assert len(read(model_file(parts={"_rels/.rels": rels, "odd/place.model": SOUND}))) == 12


def test_settings_for_a_slicer_are_dropped_and_that_is_said(model_file: WriteFile) -> None:
    path = model_file(
        parts={"3D/3dmodel.model": SOUND, "Metadata/Slic3r_PE.config": "; post_process = rm -rf /"}
    )
    assert [note.code for note in read(path).notes] == ["settings_dropped"]


LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("model", "code"),
    [
        (model_xml(CUBE, item(1), head=LAUGHS), "doctype"),
        (model_xml(CUBE, item(1), head=OUTSIDE), "doctype"),
        (model_xml(CUBE, item(1), head="<!DOCTYPE model>"), "doctype"),
        (model_xml("".join(f"<a{n}>" for n in range(200_000)), item(1)), "too_deep"),
        (model_xml(CUBE + "&nbsp;", item(1)), "not_understood"),
        (SOUND[:-30], "not_understood"),
        ("", "not_understood"),
        ("PNG", "not_understood"),
        (model_xml(components(1, use("component", 1)), item(1)), "circular"),
        (
            model_xml(components(1, use("component", 2)) + components(2, use("component", 1)), item(1)),
            "circular",
        ),
        (model_xml(CUBE, item(9)), "missing_object"),
        (model_xml(components(2, use("component", 9)), item(2)), "missing_object"),
        (model_xml(CUBE, ""), "nothing_to_print"),
        (model_xml(CUBE, "<build/>"), "nothing_to_print"),
        (model_xml('<object id="1"/>', item(1)), "no_triangles"),
        (model_xml(CUBE + CUBE, item(1)), "doubled_names"),
        (model_xml(CUBE, item(1, "nan 0 0 0 1 0 0 0 1 0 0 0")), "not_a_number"),
        (model_xml(CUBE, item(1, "1 0 0 0 1 0 0 0 1 0 inf 0")), "not_a_number"),
        (model_xml(CUBE, item(1, "1e300 0 0 0 1 0 0 0 1 0 0 0")), "not_a_number"),
        (model_xml(CUBE, item(1, "1 0 0")), "not_understood"),
        (model_xml(CUBE, item(1, "0 0 0 0 0 0 0 0 0 0 0 0")), "too_small"),
        (model_xml(CUBE, item(1), unit="furlong"), "unknown_unit"),
        (model_xml(CUBE.replace('v1="0"', 'v1="36"'), item(1)), "bad_index"),
        (model_xml(CUBE.replace('v1="0"', 'v1="-1"'), item(1)), "bad_index"),
        (model_xml(CUBE.replace('v1="0"', 'v1="99999999999"'), item(1)), "not_understood"),
        (model_xml(CUBE.replace('v1="0"', 'v1="1.5"'), item(1)), "not_understood"),
        (model_xml(CUBE.replace('x="10.0"', 'x="NaN"'), item(1)), "not_a_number"),
        (model_xml(CUBE.replace('x="10.0"', 'x="1,5"'), item(1)), "not_understood"),
        (model_xml(CUBE.replace('x="10.0"', ""), item(1)), "not_understood"),
        (model_xml(CUBE, item(1), root='requiredextensions="b"'), "unsupported_extension"),
    ],
)
def test_bad_models_are_refused(model_file: WriteFile, model: str, code: str) -> None:
    assert refusal(model_file(model)) == code


def test_components_that_multiply_are_counted_before_they_are_copied(model_file: WriteFile) -> None:
    doubling = "".join(components(n + 1, use("component", n), use("component", n)) for n in range(1, 31))
    assert refusal(model_file(model_xml(CUBE + doubling, item(31)))) == "too_many_triangles"


def test_nothing_multiplied_is_refused_too(model_file: WriteFile) -> None:
    doubling = "".join(components(n + 1, use("component", n), use("component", n)) for n in range(1, 31))
    assert refusal(model_file(model_xml('<object id="1"/>' + doubling, item(31)))) == "too_many_copies"


def test_a_long_chain_of_components_is_refused(model_file: WriteFile) -> None:
    chain = "".join(components(n + 1, use("component", n)) for n in range(1, 3000))
    assert refusal(model_file(model_xml(CUBE + chain, item(3000)))) == "circular"


# ---- the archive


def test_a_bomb_is_refused_unopened(model_file: WriteFile) -> None:
    path = model_file(parts={"3D/3dmodel.model": SOUND, "bomb": "0" * 600_000_000})
    assert path.stat().st_size < 2_000_000
    assert refusal(path) == "bomb"


def test_sizes_that_lie_do_not_help_a_bomb(model_file: WriteFile) -> None:
    path = model_file(model_xml(CUBE, item(1), head=" " * 300_000_000))
    with zipfile.ZipFile(path) as archive:
        size = struct.pack("<I", archive.getinfo("3D/3dmodel.model").file_size)
    path.write_bytes(path.read_bytes().replace(size, struct.pack("<I", 1000)))
    assert refusal(path) in {"broken_archive", "bomb", "not_understood"}


def test_what_is_unpacked_is_counted(model_file: WriteFile) -> None:
    assert refusal(model_file(SOUND), unpacked_bytes=100) == "bomb"


def test_very_many_entries_are_refused(tmp_path: Path) -> None:
    path = write_3mf(tmp_path / "many.3mf", {f"{n}": "" for n in range(3000)})
    assert refusal(path) == "too_many_entries"


def test_encrypted_entries_are_refused(model_file: WriteFile) -> None:
    path = model_file(SOUND)
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert refusal(path) == "encrypted"


def test_links_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.3mf"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("3D/3dmodel.model")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(path) == "unsafe_archive"


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a/../../b", "C:/x", "a\\b"])
def test_names_that_leave_the_archive_are_refused(model_file: WriteFile, name: str) -> None:
    assert refusal(model_file(parts={"3D/3dmodel.model": SOUND, name: "x"})) == "unsafe_archive"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["3D/3dmodel.model", "3d/3DMODEL.model"])
def test_names_used_twice_are_refused(tmp_path: Path, second: str) -> None:
    path = tmp_path / "twice.3mf"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("3D/3dmodel.model", SOUND)
        archive.writestr(second, SOUND)
    assert refusal(path) == "doubled_names"


def test_an_archive_without_a_model_is_refused(model_file: WriteFile) -> None:
    assert refusal(model_file(parts={"readme.txt": "hello"})) == "no_model"


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.99])
def test_a_cut_archive_is_refused(model_file: WriteFile, kept: float) -> None:
    path = model_file(SOUND)
    os.truncate(path, int(path.stat().st_size * kept))
    assert refusal(path) == "broken_archive"


def test_a_damaged_entry_is_refused(model_file: WriteFile) -> None:
    path = model_file(SOUND)
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(data)
    assert refusal(path) in {"broken_archive", "not_understood"}


def test_something_else_named_3mf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "piece.3mf"
    box().write_stl(path)
    assert refusal(path) == "wrong_kind"
