import hashlib
import io
import os
from pathlib import Path

import pytest

from makerlab.core.files import FileStore

CONTENT = b"solid vase\n" * 1000
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def _all_files(store: FileStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_bytes_streams_and_files_come_to_the_same_name(store: FileStore, tmp_path: Path) -> None:
    source = tmp_path / "vase.stl"
    source.write_bytes(CONTENT)
    names = {store.put(source), store.put_bytes(CONTENT), store.put_stream(io.BytesIO(CONTENT))}
    assert names == {SHA}
    assert SHA in store
    assert [path.read_bytes() for path in _all_files(store)] == [CONTENT]


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_crash_before_the_name_leaves_nothing(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def crash(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "rename")), crash)
    with pytest.raises(KeyboardInterrupt):
        store.put_bytes(CONTENT)
    assert SHA not in store
    assert _all_files(store) == []


def test_a_stream_that_breaks_off_leaves_nothing(store: FileStore) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        store.put_stream(Broken(CONTENT * 200))
    assert _all_files(store) == []


def test_content_is_on_disk_before_it_has_its_name(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    rename, fsync = Path.rename, os.fsync

    def noted_rename(self: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(self, target)

    def noted_fsync(handle: int) -> None:
        steps.append("fsync")
        fsync(handle)

    monkeypatch.setattr(Path, "rename", noted_rename)
    monkeypatch.setattr(os, "fsync", noted_fsync)
    store.put_bytes(CONTENT)
    assert steps == ["fsync", "rename", "fsync"]
