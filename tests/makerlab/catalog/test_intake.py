"""A file on its way in: what passes, what is refused in which words, and what stays behind."""

import ast
import errno
import io
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import designs
from makerlab.catalog import intake, words
from makerlab.catalog.intake import shown_name, take_in
from makerlab.catalog.models import Revision
from makerlab.catalog.printing import PrintSettings
from makerlab.catalog.refusals import REFUSALS
from makerlab.core.errors import Invalid, MakerlabError, NoSpace, TooLarge, WrongKind
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from tests.makerlab.catalog.conftest import Upload, stl
from tests.makerlab.conftest import Cast, SignIn

DESIGNS = Path(designs.__file__).parent


@pytest.fixture
def lab(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "lab")


def nothing_left(lab: Settings) -> bool:
    return not any(path.is_file() for path in lab.data_dir.rglob("*"))


def bad_zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("3D/3dmodel.model", "<model")
    return data.getvalue()


BAD = {
    "empty": (b"", "a.stl", Invalid),
    "short": (b"\0" * 60, "a.stl", Invalid),
    "a lying count": (b"\0" * 80 + b"\xff\xff\xff\xff" + b"\0" * 50, "a.stl", Invalid),
    "truncated": (stl(20)[:-30], "a.stl", Invalid),
    "no triangle": (b"\0" * 84, "a.stl", Invalid),
    "not a number": (stl(float("nan")), "a.stl", Invalid),
    "flat": (stl(20, 20, 0), "a.stl", Invalid),
    "larger than any bed": (stl(2000), "a.stl", Invalid),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "a.stl", WrongKind),
    "a page": (b"<html><body>hello</body></html>" * 9, "a.stl", WrongKind),
    "another ending": (stl(20), "a.step", WrongKind),
    "no ending": (stl(20), "stl", WrongKind),
    "a broken 3MF": (bad_zip(), "a.3mf", Invalid),
    "no 3MF at all": (stl(20), "a.3mf", WrongKind),
    "a lost OBJ": (b"v 0 0 0\nf 1 2 9\n", "a.obj", Invalid),
    "a boastful PLY": (b"ply\nelement vertex 9\nelement face 99999999\nend_header\n", "a.ply", TooLarge),
    "a torn OFF": (b"OFF\n99 8 0\n0 0 0\n", "a.off", Invalid),
}


@pytest.mark.parametrize(("data", "name", "kind"), BAD.values(), ids=BAD)
def test_a_bad_file_gets_one_sentence_and_leaves_nothing(
    lab: Settings, data: bytes, name: str, kind: type[MakerlabError]
) -> None:
    with pytest.raises(kind) as refused:
        take_in(io.BytesIO(data), name, PrintSettings(), settings=lab)
    assert refused.value.message.count(". ") <= 1
    assert refused.value.way_out
    assert nothing_left(lab)


def test_a_file_beyond_the_limit_is_not_read_to_its_end(tmp_path: Path) -> None:
    lab = Settings(data_dir=tmp_path / "lab", upload_mb=2)
    endless = io.BytesIO(b"\0" * 9_000_000)
    with pytest.raises(TooLarge):
        take_in(endless, "a.stl", PrintSettings(), settings=lab)
    assert endless.tell() < 5_000_000
    assert nothing_left(lab)


class FullDisk(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_said_and_leaves_nothing(lab: Settings) -> None:
    with pytest.raises(NoSpace):
        take_in(FullDisk(), "a.stl", PrintSettings(), settings=lab)
    assert nothing_left(lab)


def test_what_a_dead_process_left_in_quarantine_is_swept_by_the_next_upload(lab: Settings) -> None:
    old, fresh = (lab.data_dir / "quarantine" / name for name in ("upload-old", "upload-fresh"))
    for folder in (old, fresh):
        folder.mkdir(parents=True)
        (folder / "upload.stl").write_bytes(b"x")
    long_ago = time.time() - 2 * intake.FORGOTTEN_S
    os.utime(old, (long_ago, long_ago))
    with pytest.raises(Invalid):
        take_in(io.BytesIO(b""), "a.stl", PrintSettings(), settings=lab)
    assert not old.exists()
    assert fresh.exists()


def test_settings_that_the_lab_does_not_have_are_refused(lab: Settings) -> None:
    with pytest.raises(Invalid):
        take_in(io.BytesIO(stl(20)), "a.stl", PrintSettings(process="../0.20"), settings=lab)
    assert nothing_left(lab)


def test_each_machine_of_the_lab_gets_its_estimate(lab: Settings) -> None:
    taken = take_in(
        io.BytesIO(stl(20)),
        "a.stl",
        PrintSettings(),
        settings=lab,
        machines=["prusa-mk3s", "ender-3", "gone"],
    )
    assert set(taken.estimates) == {"prusa-mk3s", "ender-3"}
    files = FileStore(lab.files_dir)
    assert all(
        sha256 in files
        for sha256 in (taken.file_sha256, taken.mesh_sha256, taken.picture_sha256, taken.preview_sha256)
    )


def test_the_fingerprint_changes_with_file_process_material_and_supports(lab: Settings) -> None:
    choices = [
        (20, PrintSettings()),
        (21, PrintSettings()),
        (20, PrintSettings(process="0.28")),
        (20, PrintSettings(material="petg")),
        (20, PrintSettings(supports=True)),
    ]
    prints = [
        take_in(io.BytesIO(stl(edge)), "a.stl", chosen, settings=lab).fingerprint for edge, chosen in choices
    ]
    assert len(set(prints)) == len(prints)
    again = take_in(io.BytesIO(stl(20)), "other.stl", PrintSettings(), settings=lab)
    assert again.fingerprint == prints[0]


def test_a_name_is_kept_without_folders_or_hidden_characters() -> None:
    assert shown_name("C:\\temp\\..\\vase\u202e.stl") == "vase.stl"
    assert shown_name("../../a\0b.stl") == "ab.stl"
    long = shown_name("x" * 300 + ".stl")
    assert len(long) <= 200
    assert long.endswith(".stl")


def test_a_crash_between_files_and_rows_leaves_no_half_row(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    upload_form: Upload,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def dies(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("makerlab.catalog.submitting.record", dies)
        with pytest.raises(KeyboardInterrupt):
            sign_in(cast.fatma).post("/katalog/neu", data=upload_form(stl(20)))
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Revision)) == 0
    assert not any((settings.data_dir / "quarantine").iterdir())
    assert sign_in(cast.fatma).post("/katalog/neu", data=upload_form(stl(20))).status_code == 303


def said(folder: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """The codes that the modules of `designs` name when they make one of these."""
    paths = (DESIGNS / folder).rglob("*.py") if (DESIGNS / folder).is_dir() else [DESIGNS / folder]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds:
                yield from _codes(node.args[0]) if node.args else ()


def _codes(word: ast.expr) -> Iterator[str]:
    if isinstance(word, ast.Constant):
        yield str(word.value)
    elif isinstance(word, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "*" for part in word.values)  # type: ignore[misc]


KINDS_OF = {
    "maybe_*": ("maybe_inches", "maybe_metres"),
    "unknown_*": ("unknown_machine", "unknown_process", "unknown_material"),
}
PLACES = ("read", "check", "errand.py", "repair.py", "profiles", "estimate")


def test_every_refusal_of_designs_has_its_words() -> None:
    codes = {code for place in PLACES for code in said(place, ("Refused", "DesignError"))}
    assert len(codes) > 25
    assert {one for code in codes for one in KINDS_OF.get(code, (code,))} <= set(REFUSALS)


def test_every_problem_of_designs_has_its_words() -> None:
    codes = {code for place in PLACES for code in said(place, ("Problem",))}
    assert len(codes) > 12
    assert {one for code in codes for one in KINDS_OF.get(code, (code,))} <= set(words.PROBLEMS)


def test_a_problem_says_its_figures() -> None:
    row = {"code": "too_large", "severity": "error", "values": {"size_mm": [2000.0, 20.0, 20.0]}}
    assert "2000 × 20 × 20 mm" in words.problem(row).sentence
    assert words.problem({"code": "of_tomorrow", "severity": "info", "values": {}}).sentence
