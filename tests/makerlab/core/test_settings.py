import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from makerlab.core.crypto import code_hash, decrypt, encrypt, new_code
from makerlab.core.settings import Settings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAKERLAB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MAKERLAB_PORT", "9001")
    settings = Settings()
    assert (settings.data_dir, settings.port, settings.address) == (tmp_path, 9001, "http://127.0.0.1:9001")


def test_a_directory_is_meant_from_where_the_process_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(data_dir=Path("var/demo"))
    assert settings.files_dir == tmp_path / "var" / "demo" / "files"
    assert settings.sqlalchemy_url == f"sqlite:///{tmp_path}/var/demo/makerlab.sqlite"


def test_a_setting_of_the_wrong_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKERLAB_PORT", "eighty")
    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_every_setting_says_what_it_decides() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first, second = Settings(data_dir=tmp_path), Settings(data_dir=tmp_path)
    assert first.secret_key == second.secret_key
    assert first.secret_key != first.printer_key
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}


def test_an_empty_key_file_is_not_taken_for_a_key(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "session.key").touch()
    with pytest.raises(RuntimeError, match="restore it"):
        _ = Settings(data_dir=tmp_path).secret_key


def test_what_is_encrypted_comes_back_and_shows_nothing() -> None:
    token = encrypt("octoprint-key", "a key")
    assert "octoprint" not in token
    assert decrypt(token, "a key") == "octoprint-key"


def test_codes_are_128_bits_that_any_scanner_types() -> None:
    code = new_code()
    assert len(code) == 32
    assert set(code) <= set("0123456789ABCDEF")
    assert code_hash(f" {code.lower()}\n") == code_hash(code)
    assert code_hash(code) != code_hash(new_code())
