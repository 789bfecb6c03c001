"""What tests of every floor may use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.postgres import NewDatabase, Postgres, running

settings.register_profile("lab", deadline=None)  # how long an example takes says nothing on a busy machine
settings.load_profile("lab")


CHOOSING = {"databases", "new_database"}  # the fixtures that follow the option


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = "run the tests that use a database on PostgreSQL instead of SQLite, and no others"
    parser.addoption("--on-postgresql", action="store_true", help=help_)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, what asks for no database, or for one of a certain kind, would be the same once more."""
    if not config.getoption("--on-postgresql"):
        return
    config.hook.pytest_deselected(items=[item for item in items if not _chooses(item)])
    items[:] = [item for item in items if _chooses(item)]


def _chooses(item: pytest.Item) -> bool:
    return not CHOOSING.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of the tests' own, for as long as they run."""
    with running() as server:
        yield server


@pytest.fixture
def empty_postgres(postgres: Postgres) -> Iterator[str]:
    """A database without a table on that server, dropped afterwards."""
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> NewDatabase:
    """The setting `database_url` of a new lab: none (a SQLite file), or PostgreSQL with `--on-postgresql`."""
    if not request.config.getoption("--on-postgresql"):
        return str
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.create


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
