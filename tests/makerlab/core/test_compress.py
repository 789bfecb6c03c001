"""What goes over the line is compressed where that is safe and worth it."""

import gzip
from pathlib import Path

import pytest
from flask import Flask, make_response

from makerlab.core.web import not_modified

TAKES = {"Accept-Encoding": "gzip, deflate"}
LONG = "<p>Bett ist frei</p>" * 100


@pytest.fixture
def pages(app: Flask, tmp_path: Path) -> Flask:
    """Start shows a long page; static/ holds a style with its `.gz`, and one without."""

    def start() -> object:
        return not_modified(LONG)

    start.access = None  # type: ignore[attr-defined]
    app.view_functions["people.start"] = start
    app.static_folder = str(tmp_path)
    (tmp_path / "app.css").write_text("p { color: red }")
    (tmp_path / "app.css.gz").write_bytes(gzip.compress(b"p { color: red }"))
    (tmp_path / "plain.css").write_text("p {}")
    return app


def test_a_long_page_comes_compressed_to_who_takes_it(pages: Flask) -> None:
    answer = pages.test_client().get("/", headers=TAKES)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(LONG) / 5
    assert gzip.decompress(answer.data).decode() == LONG
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept-Encoding": "br"},
        {"Accept-Encoding": "gzip;q=0"},
        {**TAKES, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_it_comes_plain_to_who_does_not_or_was_sent_by_a_foreign_page(
    pages: Flask, headers: dict[str, str]
) -> None:
    answer = pages.test_client().get("/", headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert answer.text == LONG


def test_a_short_answer_stays_as_it_is(pages: Flask) -> None:
    pages.view_functions["people.start"] = short = lambda: make_response("<p>42 %</p>")
    short.access = None  # type: ignore[attr-defined]
    assert "Content-Encoding" not in pages.test_client().get("/", headers=TAKES).headers


def test_polling_a_compressed_page_that_did_not_change_costs_no_body(pages: Flask) -> None:
    client = pages.test_client()
    tag = client.get("/", headers=TAKES).headers["ETag"]
    again = client.get("/", headers={**TAKES, "If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""
    assert "Content-Encoding" not in again.headers


def test_a_built_file_is_sent_as_it_was_compressed_at_build(pages: Flask) -> None:
    client = pages.test_client()
    packed = client.get("/static/app.css?v=1", headers=TAKES)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.mimetype == "text/css"
    assert gzip.decompress(packed.data) == client.get("/static/app.css").data == b"p { color: red }"
    assert "immutable" in packed.headers["Cache-Control"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["ETag"] != client.get("/static/app.css").headers["ETag"]


def test_a_file_without_its_compressed_twin_comes_plain_and_none_outside_is_given(pages: Flask) -> None:
    client = pages.test_client()
    assert client.get("/static/plain.css", headers=TAKES).data == b"p {}"
    (Path(pages.static_folder or "").parent / "secret.gz").write_bytes(b"secret")
    assert client.get("/static/../secret", headers=TAKES).status_code == 404
    assert client.get("/static/..%2fsecret", headers=TAKES).status_code == 404
