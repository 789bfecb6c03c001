"""In the limited child process: make of a stranger's picture one of our own. Imports nothing of ours.

Called as `python -I photo_child.py PICTURE TARGET`; prints one line of JSON.
"""

import json
import sys

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 60_000_000  # phones of today take 12 to 50 million; 180 MB as RGB
EDGE_PX = 1600
Image.MAX_IMAGE_PIXELS = None  # ours is asked before anything is unpacked


def made(source: str, target: str) -> dict[str, object]:
    """A JPEG of at most EDGE_PX, upright, without what the camera wrote into it: place, time, owner."""
    with Image.open(source, formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            return {"error": "too_large"}
        picture.draft("RGB", (EDGE_PX, EDGE_PX))  # JPEG alone: decode no finer than needed
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((EDGE_PX, EDGE_PX), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    bare.save(target, "JPEG", quality=82, optimize=True)
    return {"width": bare.width, "height": bare.height}


if __name__ == "__main__":
    try:
        answer = made(sys.argv[1], sys.argv[2])
    except UnidentifiedImageError:
        answer = {"error": "wrong_kind"}
    except Exception:  # noqa: BLE001 (whatever Pillow meets in a stranger's file)
        answer = {"error": "unreadable"}
    print(json.dumps(answer))  # noqa: T201
