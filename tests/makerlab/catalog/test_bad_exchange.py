"""What is no ZIP of designs is refused in a sentence and leaves nothing."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.exchange import archive_child
from makerlab.catalog.exchange.models import ImportJob
from makerlab.catalog.exchange.receiving import receive
from makerlab.core.errors import Invalid, MakerlabError, TooLarge, WrongKind
from makerlab.core.settings import Settings
from tests.makerlab.catalog.conftest import stl
from tests.makerlab.catalog.exchanged import CUBE, FILES, SOUND, entry_of, packed, sha_of
from tests.makerlab.conftest import Cast, SignIn


def symlinked() -> bytes:
    out = io.BytesIO(packed(SOUND))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo(entry_of(CUBE))
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def twice() -> bytes:
    out = io.BytesIO(packed(SOUND, more=FILES))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(entry_of(CUBE), CUBE)
    return out.getvalue()


def without_manifest() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry_of(CUBE), CUBE)
    return out.getvalue()


def flipped() -> bytes:
    """One bit of a stored file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", json.dumps(SOUND))
        archive.writestr(entry_of(CUBE), CUBE)
    data = bytearray(out.getvalue())
    data[data.index(CUBE[80:]) + 100] ^= 1
    return bytes(data)


def changed(**more: Any) -> dict[str, Any]:
    return {**SOUND, **more}


BAD: dict[str, tuple[Callable[[], bytes], type[MakerlabError]]] = {
    "nothing": (lambda: b"", WrongKind),
    "no ZIP": (lambda: CUBE, WrongKind),
    "cut off": (lambda: packed(SOUND, more=FILES)[:-60], WrongKind),
    "a bomb": (lambda: packed(SOUND, more={**FILES, f"files/{'0' * 64}.stl": b"\0" * 30_000_000}), TooLarge),
    "a manifest of 6 MB": (lambda: packed(json.dumps(SOUND) + " " * 6_000_000), TooLarge),
    "too many entries": (
        lambda: packed(SOUND, more={f"files/{n:064}.stl": b"" for n in range(archive_child.MOST_ENTRIES)}),
        TooLarge,
    ),
    "a path upwards": (lambda: packed(SOUND, more={**FILES, "../../evil.stl": CUBE}), Invalid),
    "a path from the root": (lambda: packed(SOUND, more={**FILES, "/etc/cron.d/evil": CUBE}), Invalid),
    "a link": (symlinked, Invalid),
    "a name twice": (twice, Invalid),
    "a file too many": (lambda: packed(SOUND, more={**FILES, entry_of(b"x"): b"x"}), Invalid),
    "another hash": (lambda: packed(SOUND, more={entry_of(CUBE): stl(21)}), Invalid),
    "a flipped bit": (flipped, Invalid),
    "a missing file": (lambda: packed(SOUND), Invalid),
    "no manifest": (without_manifest, Invalid),
    "a manifest of nonsense": (lambda: packed("{]", more=FILES), Invalid),
    "a manifest that is deep": (lambda: packed("[" * 100_000, more=FILES), Invalid),
    "a manifest of half a letter": (lambda: packed('{"format": "\\ud800"}', more=FILES), Invalid),
    "another format": (lambda: packed(changed(format="zoo"), more=FILES), Invalid),
    "a format of tomorrow": (lambda: packed(changed(version=2), more=FILES), Invalid),
    "no design": (lambda: packed(changed(designs=[]), more=FILES), Invalid),
    "a hash that is a path": (
        lambda: packed(str(json.dumps(SOUND)).replace(sha_of(CUBE), "../" * 21 + "x"), more=FILES), Invalid,
    ),
    "a kind that we do not read": (
        lambda: packed(json.dumps(SOUND).replace("a.stl", "a.exe"), more=FILES), Invalid,
    ),
    "a collection of nobody": (
        lambda: packed(changed(collections=[{"name": "A", "designs": [7]}]), more=FILES), Invalid,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "kind"), BAD.values(), ids=BAD)
def test_a_bad_zip_gets_one_sentence_and_leaves_nothing(
    tmp_path: Path, make: Callable[[], bytes], kind: type[MakerlabError]
) -> None:
    lab = Settings(data_dir=tmp_path / "lab")
    with pytest.raises(kind) as refused:
        receive(io.BytesIO(make()), lab)
    assert refused.value.message.count(". ") == 0
    assert refused.value.way_out
    assert not any(path.is_file() for path in lab.data_dir.rglob("*"))


def test_a_sound_zip_made_by_hand_is_read(tmp_path: Path) -> None:
    received = receive(io.BytesIO(packed(SOUND, more=FILES)), Settings(data_dir=tmp_path / "lab"))
    assert received.manifest.designs[0].name == "Würfel"


def test_a_bad_zip_stands_as_a_sentence_on_the_page(session: Session, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.fatma).post("/katalog/austausch", data={"file": (io.BytesIO(CUBE), "a.zip")})
    assert answer.status_code == 415
    assert "Das ist keine lesbare ZIP-Datei." in answer.text
    assert session.scalars(sa.select(ImportJob)).all() == []
