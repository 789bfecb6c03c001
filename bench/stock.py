"""The stock under load: a list of 5,000 lines, and fifty sales of the last piece: `python -m bench stock`."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from bench.table import Line, cpu, show
from makerlab.catalog.models import Design
from makerlab.cli.database import migrate
from makerlab.core.database import SessionFactory, make_engine, make_session_factory
from makerlab.core.errors import Conflict
from makerlab.core.settings import Settings
from makerlab.core.tables import Table, as_xlsx, read_table
from makerlab.materials.models import Colour
from makerlab.people.models import Account
from makerlab.sales.actions import sell
from makerlab.sales.listed import columns_of, understood
from makerlab.sales.listing import book_list, changes, known
from makerlab.stock.actions import add_place, book, product_of, workshop
from makerlab.stock.models import PlaceKind, StockReason

LINES, DESIGNS, AT_ONCE = 5_000, 1_250, 50
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEAD = ["Objekt", "Farbe", "Ort", "Stück", "Preis"]


def main() -> list[Line]:
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        migrate(settings)
        factory = make_session_factory(make_engine(settings))
        with factory.begin() as session:
            _fill(session)
        return [_list(settings, factory), _sales(factory)]


def _fill(session: Session) -> None:
    session.add(Account(number="1", name="Dilek", fs_uniquifier="d", created_at=NOW))
    session.flush()
    session.add_all(Design(name=f"Objekt {n}", created_by_id=1, created_at=NOW) for n in range(DESIGNS))
    session.add_all(Colour(name=f"Farbe {n}", hex="#2f6f4f") for n in range(2))
    add_place(session, name="Laden", kind=PlaceKind.SHOP)


def _list(settings: Settings, factory: SessionFactory) -> Line:
    """Reading, understanding, comparing, booking; beside it the same lines booked one after another."""
    data = as_xlsx(HEAD, _rows(), name="Bestand")
    spent, table = cpu(lambda: read_table(data, settings), 2)
    booked, _ = cpu(lambda: _book(factory, table), 1)
    alone, _ = cpu(lambda: _one_by_one(factory, len(table.rows) // 10), 1)
    return Line(
        f"import of {LINES:,} lines of XLSX, CPU", "≤ 10 s", f"{spent + booked:.1f} s",
        f"each line by itself, {alone * 10:.1f} s", f"{alone * 10 / booked:.0f} times", spent + booked <= 10,
    )  # fmt: skip


def _book(factory: SessionFactory, table: Table) -> None:
    with factory.begin() as session:
        rows = understood(table.rows, columns_of(table.head), known(session))
        changes(session, rows, today=NOW.date())
        book_list(session, rows, note="Liste", today=NOW.date(), by_id=1, now=NOW)


def _rows() -> list[list[str | int]]:
    places = ["Laden", "Werkstatt"]
    return [
        [f"Objekt {n % DESIGNS}", f"Farbe {n // DESIGNS % 2}", places[n // DESIGNS // 2], 1 + n % 9, "12,50"]
        for n in range(LINES)
    ]


def _one_by_one(factory: SessionFactory, lines: int) -> None:
    with factory.begin() as session:
        place, design, colour = workshop(session), session.get_one(Design, 1), session.get_one(Colour, 1)
        for _ in range(lines):
            product = product_of(session, design, colour)
            book(session, product, place, 1, StockReason.RECEIVED, actor_id=1, now=NOW)


def _sales(factory: SessionFactory) -> Line:
    with factory.begin() as session:
        design, colour = session.get_one(Design, 2), session.get_one(Colour, 1)
        product, place = (
            product_of(session, design, colour),
            add_place(session, name="Messe", kind=PlaceKind.EVENT),
        )
        book(session, product, place, 1, StockReason.RECEIVED, actor_id=1, now=NOW)

    def try_it(number: int) -> bool:
        try:
            with factory.begin() as session:
                sell(
                    session, product, place, 1, form_token=f"t{number}", today=NOW.date(), actor_id=1, now=NOW
                )
        except Conflict:
            return False
        return True

    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sold = sum(pool.map(try_it, range(AT_ONCE)))
    seconds = time.monotonic() - began
    return Line(
        f"{AT_ONCE} sales of the last piece at once", "1 sold, 49 told so", f"{sold} sold in {seconds:.1f} s",
        met=sold == 1,
    )  # fmt: skip


if __name__ == "__main__":
    show(main())
