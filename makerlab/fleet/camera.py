"""The still picture of a printer: fetched by us, drawn anew, and kept for a few seconds for all who look."""

import io
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image, UnidentifiedImageError

from makerlab.core.logs import log
from makerlab.core.settings import Settings
from makerlab.fleet.models import Printer
from makerlab.fleet.rules import same_origin
from printers.camera import fetch_still
from printers.errors import HostError
from printers.network import networks

KEPT_S = 4.0
WIDTH, HEIGHT = 960, 720
MOST_PIXELS = 24_000_000
Fetch = Callable[[str], bytes]


@dataclass(slots=True)
class _Frame:
    """The last picture of one address, and who is fetching the next."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    jpeg: bytes | None = None
    at: float = -KEPT_S


class Camera:
    """Pictures by address. At most one thread fetches each; all others get what there is at once."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._frames: dict[str, _Frame] = {}
        self._monotonic = monotonic

    def still(self, url: str, fetch: Fetch) -> bytes | None:
        """A JPEG of our own making, or None where there is none (yet)."""
        frame = self._frames.setdefault(url, _Frame())
        if self._monotonic() - frame.at < KEPT_S or not frame.lock.acquire(blocking=False):
            return frame.jpeg
        try:
            frame.jpeg = _fetched(url, fetch)
            frame.at = self._monotonic()
        finally:
            frame.lock.release()
        return frame.jpeg


cameras = Camera()  # of this process


def still_of(printer: Printer, settings: Settings) -> bytes | None:
    """What the camera of `printer` sees; a certificate that a person trusted counts for its own origin."""
    within = networks(settings.printer_networks.split(","))
    certificate = printer.certificate if same_origin(printer.camera_url, printer.url) else ""
    return cameras.still(printer.camera_url, lambda url: fetch_still(url, within, certificate=certificate))


def _fetched(url: str, fetch: Fetch) -> bytes | None:
    try:
        return redrawn(fetch(url))
    except (HostError, ValueError) as error:
        log.info("no picture of a camera", words=str(error)[:200])
        return None


def redrawn(raw: bytes) -> bytes:
    """A small JPEG of what a stranger's file shows, and nothing else of it. Raises ValueError."""
    try:
        with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            image.draft("RGB", (WIDTH, HEIGHT))
            small = image.convert("RGB")
        small.thumbnail((WIDTH, HEIGHT))
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("not a picture") from error
    small.info.clear()  # comments and whatever else came along
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return out.getvalue()
