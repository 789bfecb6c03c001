"""A picture of a stranger's camera: drawn anew, kept for seconds, fetched by one only."""

import io
import threading

import pytest
from PIL import Image

from makerlab.fleet.camera import HEIGHT, KEPT_S, WIDTH, Camera, redrawn
from printers.errors import Unreachable

URL = "http://127.0.0.1/still"


def picture(width: int = 1600, height: int = 1200, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#884422").save(out, kind, comment=b"secret") if kind == "JPEG" else (
        Image.new("RGBA", (width, height), "#88442280").save(out, kind)
    )
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_drawn_anew_and_small(kind: str) -> None:
    drawn = redrawn(picture(kind=kind))
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.format == "JPEG"
        assert image.width <= WIDTH
        assert image.height <= HEIGHT
    assert b"secret" not in drawn


@pytest.mark.parametrize(
    "raw",
    [b"", b"<html>", b"\xff\xd8\xff", picture()[:300], b"GIF89a" + b"\0" * 50, b"%!PS-Adobe-3.0 EPSF-3.0\n"],
)
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="picture"):
        redrawn(raw)


def test_a_huge_picture_is_refused_before_it_is_read() -> None:
    out = io.BytesIO()
    Image.new("1", (6000, 6000)).save(out, "PNG")
    with pytest.raises(ValueError, match="pixels"):
        redrawn(out.getvalue())


def test_it_is_fetched_once_in_a_few_seconds() -> None:
    now, asked = [100.0], []
    camera = Camera(lambda: now[0])

    def fetch(url: str) -> bytes:
        asked.append(url)
        return picture(64, 48)

    first = camera.still(URL, fetch)
    assert camera.still(URL, fetch) is first
    now[0] += KEPT_S
    camera.still(URL, fetch)
    assert asked == [URL, URL]


def test_a_camera_that_fails_is_asked_again_only_later() -> None:
    now, asked = [100.0], []
    camera = Camera(lambda: now[0])

    def fetch(url: str) -> bytes:
        asked.append(url)
        raise Unreachable("no answer", sent=True)

    assert camera.still(URL, fetch) is None
    assert camera.still(URL, fetch) is None
    assert len(asked) == 1


def test_while_one_fetches_all_others_get_what_there_is() -> None:
    camera, begun, go_on = Camera(lambda: 100.0), threading.Event(), threading.Event()

    def slow(_url: str) -> bytes:
        begun.set()
        assert go_on.wait(20)
        return picture(64, 48)

    fetching = threading.Thread(target=camera.still, args=(URL, slow))
    fetching.start()
    assert begun.wait(20)
    assert camera.still(URL, slow) is None  # at once
    go_on.set()
    fetching.join()
    assert camera.still(URL, slow) is not None
