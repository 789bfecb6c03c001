"""All settings, typed, read once from the environment (prefix MAKERLAB_) by the face that starts."""

import os
import secrets
from functools import cached_property
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One value for each decision an operator can make. README.md lists them; a test compares."""

    model_config = SettingsConfigDict(env_prefix="MAKERLAB_", env_file=None, extra="ignore")

    data_dir: Path = Field(Path("var"), description="Directory of database, files, keys and logs")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the data directory")
    redis_url: str = Field("", description="Redis for the slicing queue; empty: a SQLite file")
    host: str = Field("127.0.0.1", description="Address the web server listens on")
    port: int = Field(8080, description="Port the web server listens on")
    threads: int = Field(16, description="Threads of the web server")
    public_url: str = Field("", description="Address people type or scan; empty: http://HOST:PORT")
    https: bool = Field(False, description="The lab's proxy speaks HTTPS: secure cookies, HSTS")
    proxy: str = Field("", description="Address of the lab's proxy, whose X-Forwarded headers count")
    trusted_hosts: str = Field("", description="Host names answered to, separated by commas; empty: any")
    default_language: str = Field("de", description="Language before a person chose one")
    timezone: str = Field("Europe/Berlin", description="Time zone of the screens")
    currency: str = Field("EUR", description="Currency of costs and prices")
    maker: str = Field("", description="Name and postal address of the maker, as labels say it (GPSR)")
    maker_contact: str = Field("", description="Electronic address of the maker, as labels say it (GPSR)")
    work_cents: int = Field(0, description="Cost of an hour of finishing and assembly, in cents")
    slicer: str = Field("", description="Path of the slicer; empty: prusa-slicer on PATH, else deli")
    slicing_workers: int = Field(1, description="Plates sliced at the same time")
    slicing_seconds: int = Field(900, description="Longest slicing of one plate, in seconds")
    upload_mb: int = Field(200, description="Largest upload, in MB")
    printer_networks: str = Field(
        "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
        description="Networks printers may have addresses in",
    )
    poll_seconds: float = Field(2.0, description="Time between two looks at a printer, in seconds")
    silent_seconds: int = Field(60, description="Silence of a printer that raises the alarm, in seconds")
    preheat_minutes: int = Field(15, description="Preheating ends by itself after so many minutes")
    kiosk_idle_seconds: int = Field(75, description="Idle time at the kiosk before the warning")
    undo_seconds: int = Field(30, description="Time to undo a queued job, in seconds")
    first_piece_over: int = Field(
        10, description="Pieces of an order above which the first is checked; 0: never"
    )
    first_piece_days: int = Field(90, description="How long a released first piece counts, in days")
    instruction_months: int = Field(12, description="How long a safety instruction is valid")

    @field_validator("data_dir")
    @classmethod
    def _from_the_root(cls, data_dir: Path) -> Path:
        """Absolute: Flask looks for a relative file beside its own code, not where the process runs."""
        return data_dir.resolve()

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'makerlab.sqlite'}"

    @property
    def on_sqlite(self) -> bool:
        return self.sqlalchemy_url.startswith("sqlite")

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def profiles_dir(self) -> Path | None:
        """The lab's own machines, processes and materials, where it has any."""
        own = self.data_dir / "profiles"
        return own if own.is_dir() else None

    @property
    def address(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    @cached_property
    def secret_key(self) -> str:
        """Signs cookies and forms; lies beside the database, never inside it."""
        return _kept_secret(self.data_dir / "keys" / "session.key")

    @cached_property
    def printer_key(self) -> str:
        """Encrypts the keys of the print hosts; lies beside the database, never inside it."""
        return _kept_secret(self.data_dir / "keys" / "printers.key")

    @cached_property
    def channel_key(self) -> str:
        """Encrypts the addresses of channels; lies beside the database, never inside it."""
        return _kept_secret(self.data_dir / "keys" / "channels.key")


def _kept_secret(path: Path) -> str:
    """Read the secret at `path`, or make it once, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # O_EXCL: of two processes that start at once one writes, the other reads.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_when_written(path)
    with os.fdopen(handle, "w") as file:
        file.write(secret := secrets.token_urlsafe(48))
    return secret


def _read_when_written(path: Path) -> str:
    secret = path.read_text()
    if not secret:
        raise RuntimeError(f"{path} is empty: delete it to make a new key, or restore it from the backup.")
    return secret
