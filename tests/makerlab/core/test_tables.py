"""Lists come in from strangers' spreadsheets and go out to them."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makerlab.core.errors import Invalid, TooLarge
from makerlab.core.settings import Settings
from makerlab.core.tables import as_csv, as_xlsx, read_table

HEAD = ["Objekt", "Farbe", "Stück"]
ROWS = [["Vase Welle", "Moosgrün", 3], ["Türhaken", "=1+1", 0]]
TOLD = [["Vase Welle", "Moosgrün", "3"], ["Türhaken", "=1+1", "0"]]


@pytest.fixture
def here(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("data"))


def test_an_xlsx_comes_back_as_it_went_out(here: Settings) -> None:
    table = read_table(as_xlsx(HEAD, ROWS, name="Bestand"), here)
    assert (table.head, table.rows) == (HEAD, TOLD)


def test_what_looks_like_a_formula_is_text_in_a_csv(here: Settings) -> None:
    table = read_table(as_csv(HEAD, ROWS), here)
    assert table.head == HEAD
    assert table.rows[1] == ["Türhaken", "'=1+1", "0"]


def test_a_number_below_zero_is_no_formula() -> None:
    cells = ["-3,00", "+7", "-1.250,50", "7,5 %", "-3+4", "--1", "-cmd"]
    assert (
        as_csv(["x"] * 7, [cells]).decode("utf-8-sig").splitlines()[1]
        == "-3,00;+7;-1.250,50;7,5 %;'-3+4;'--1;'-cmd"
    )


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_spreadsheet_on_the_street_is_read(here: Settings, separator: str, encoding: str) -> None:
    text = "\r\n".join(separator.join(map(str, row)) for row in [HEAD, *ROWS])
    assert read_table(text.encode(encoding), here).rows == TOLD


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", Invalid),
        (b"\n\n;;\n", Invalid),
        (b"\x7fELF\0\0\0", Invalid),
        (b"PK\x03\x04 no archive", Invalid),
        (b"x" * 20_000_001, TooLarge),
        (b"a;b\n" * 20_002, TooLarge),
    ],
    ids=["nothing", "blank", "a program", "a broken archive", "too large", "too many rows"],
)
def test_a_bad_list_is_refused_in_a_sentence(here: Settings, data: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_table(data, here)


def test_an_archive_that_unpacks_to_a_flood_is_refused(here: Settings) -> None:
    with pytest.raises(TooLarge):
        read_table(bomb(), here)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=400))
def test_whatever_comes_is_rows_or_a_sentence(here: Settings, data: bytes) -> None:
    try:
        table = read_table(data, here)
    except (Invalid, TooLarge):
        return
    assert all(isinstance(cell, str) for row in [table.head, *table.rows] for cell in row)
