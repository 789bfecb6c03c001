"""A stranger's picture becomes a JPEG of our own, or one sentence."""

import io

import pytest
from flask import Flask
from PIL import Image

from makerlab.core.errors import Invalid, MakerlabError, TooLarge, WrongKind
from makerlab.core.files import FileStore
from makerlab.core.photos import take_photo
from makerlab.core.settings import Settings

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (2400, 1200), exif: Image.Exif | None = None
) -> bytes:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    file = io.BytesIO()
    image.save(file, kind, exif=exif or Image.Exif())
    return file.getvalue()


def taken(data: bytes, settings: Settings) -> Image.Image:
    photo = take_photo(io.BytesIO(data), settings)
    image = Image.open(FileStore(settings.files_dir).path(photo.sha256))
    assert image.size == (photo.width, photo.height)
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_is_kept_as_a_small_jpeg(app: Flask, settings: Settings, kind: str) -> None:
    image = taken(picture(kind), settings)
    assert (image.format, image.size) == ("JPEG", (1600, 800))


def test_what_the_camera_wrote_is_dropped_and_the_picture_stands_upright(
    app: Flask, settings: Settings
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Somebody's phone"
    exif.get_ifd(GPS)[2] = (50.0, 46.0, 30.0)
    data = picture(exif=exif)
    assert b"Somebody" in data
    image = taken(data, settings)
    assert image.size == (800, 1600)
    assert image.getpixel((400, 100))[0] > 200, "red came to lie above"  # type: ignore[index]
    assert not image.getexif()
    assert (
        b"Somebody"
        not in FileStore(settings.files_dir).path(take_photo(io.BytesIO(data), settings).sha256).read_bytes()
    )


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", WrongKind),
        (b"<svg onload='x'/>", WrongKind),
        (b"GIF89a" + bytes(100), WrongKind),
        (picture()[:2000], Invalid),
        (b"\xff" * 26_000_000, TooLarge),
    ],
    ids=["empty", "svg", "gif", "cut off", "26 MB"],
)
def test_anything_else_is_refused_and_nothing_stays(
    app: Flask, settings: Settings, data: bytes, refusal: type[MakerlabError]
) -> None:
    with pytest.raises(refusal):
        take_photo(io.BytesIO(data), settings)
    assert not settings.files_dir.exists()
    assert list((settings.data_dir / "quarantine").iterdir()) == []


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked(app: Flask, settings: Settings) -> None:
    file = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(file, "PNG")
    with pytest.raises(TooLarge):
        take_photo(io.BytesIO(file.getvalue()), settings)
