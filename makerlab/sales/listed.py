"""A stock list as people keep it in a spreadsheet: which column is which, and what a row says. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process

from makerlab.core.money import cents_of
from makerlab.stock.rules import MOST_PIECES

# Our own heading first (the export writes it), then what people call it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("Typ", "code", "artikel", "artikelnummer", "produkt"),
    "design": ("Objekt", "name", "design", "bezeichnung", "modell"),
    "colour": ("Farbe", "colour", "color"),
    "place": ("Ort", "lager", "lagerort", "place", "wo"),
    "pieces": ("Stück", "stueck", "anzahl", "menge", "bestand", "pieces", "da"),
    "price": ("Preis", "vk", "verkaufspreis", "price"),
}
NEEDED = ("place", "pieces")


@dataclass(frozen=True, slots=True)
class Known:
    """What the lab has, by the words a list may use (folded by `key`)."""

    designs: Mapping[str, int]
    colours: Mapping[str, int]
    places: Mapping[str, int]
    products: Mapping[str, tuple[int, int]]  # code → design, colour
    shared: frozenset[str] = frozenset()  # names that several designs have: only a code tells them apart


@dataclass(frozen=True, slots=True)
class Row:
    """A row understood. `problems` are (code, word): then it cannot be booked."""

    line: int
    design_id: int | None = None
    colour_id: int | None = None
    place_id: int | None = None
    pieces: int | None = None
    cents: int | None = None
    problems: tuple[tuple[str, str], ...] = ()
    said: dict[str, str] = field(default_factory=dict)

    @property
    def product(self) -> tuple[int, int]:
        """Design and colour; of a row with a problem (0, 0) or a half of it."""
        return self.design_id or 0, self.colour_id or 0


def key(word: str) -> str:
    return " ".join(word.split()).casefold()


def columns_of(head: Sequence[str]) -> dict[str, int]:
    """Our name of a column → where it stands."""
    meant = {key(word): name for name, words in COLUMNS.items() for word in words}
    found: dict[str, int] = {}
    for index, word in enumerate(head):
        name = meant.get(key(word))
        if name and name not in found:
            found[name] = index
    return found


def missing_columns(found: Mapping[str, int]) -> list[str]:
    """Headings that a list must have and has not; a code stands for object and colour."""
    needed = [*NEEDED, *([] if "code" in found else ["design", "colour"])]
    return [COLUMNS[name][0] for name in needed if name not in found]


def understood(rows: Sequence[Sequence[str]], columns: Mapping[str, int], known: Known) -> list[Row]:
    """Each row with what it means or why it means nothing. The same product at the same place stands once."""
    result: list[Row] = []
    seen: dict[tuple[int | None, int | None, int | None], int] = {}
    for line, cells in enumerate(rows, 2):
        row = _row(line, {name: _cell(cells, index) for name, index in columns.items()}, known)
        where = (row.design_id, row.colour_id, row.place_id)
        if not row.problems and where in seen:
            row = Row(line, problems=(("twice", str(seen[where])),), said=row.said)
        seen.setdefault(where, line)
        result.append(row)
    return result


def _row(line: int, said: dict[str, str], known: Known) -> Row:
    problems: list[tuple[str, str]] = []

    def find(name: str, names: Mapping[str, int]) -> int | None:
        found = names.get(key(said.get(name, "")))
        if found is None:
            problems.append((f"no_{name}", nearest(said.get(name, ""), names)))
        return found

    design_id, colour_id = known.products.get(said.get("code", "").upper(), (None, None))
    if design_id is None and key(said.get("design", "")) in known.shared:
        problems.append(("shared_name", ""))
    elif design_id is None:
        design_id, colour_id = find("design", known.designs), find("colour", known.colours)
    place_id, pieces, cents = find("place", known.places), _pieces(said["pieces"]), None
    if pieces is None:
        problems.append(("no_pieces", said["pieces"]))
    if said.get("price"):
        cents = cents_of(said["price"])
        if cents is None:
            problems.append(("no_price", said["price"]))
    return Row(line, design_id, colour_id, place_id, pieces, cents, tuple(problems), said)


def _cell(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def _pieces(text: str) -> int | None:
    plain = text.replace("\u00a0", "").replace(" ", "")
    return int(plain) if plain.isascii() and plain.isdecimal() and int(plain) <= MOST_PIECES else None


def nearest(word: str, names: Mapping[str, int]) -> str:
    """What somebody may have meant; empty when nothing is near."""
    found = process.extractOne(key(word), names.keys(), score_cutoff=70) if word else None
    return str(found[0]) if found else ""
