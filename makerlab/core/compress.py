"""Fewer bytes on the way: built files lie there compressed, pages are compressed when they are sent."""

import gzip
import mimetypes
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory

SMALLEST = 1000  # bytes; below this compressing gains nothing
KINDS = {"text/html", "application/json", "image/svg+xml"}
LEVEL = 5  # of 9: above, the time grows faster than the bytes shrink


def init_compression(app: Flask) -> None:
    app.view_functions["static"] = _static
    app.after_request(_compressed)


def _static(filename: str) -> Response:
    """A file of static/, or its `.gz` (frontend/build.mjs writes them) where the browser takes that."""
    folder = Path(current_app.static_folder or "")
    packed = f"{filename}.gz"
    if not (_takes_gzip() and (folder / packed).is_file()):
        return current_app.send_static_file(filename)
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    response = send_from_directory(folder, packed, mimetype=kind)
    response.content_encoding = "gzip"
    return response


def _compressed(response: Response) -> Response:
    if request.endpoint == "static" or response.mimetype in KINDS:
        response.vary.add("Accept-Encoding")
    if not _worth_it(response):
        return response
    response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.content_encoding = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same page in other bytes
    return response


def _worth_it(response: Response) -> bool:
    return (
        response.mimetype in KINDS
        and not response.direct_passthrough
        and not response.is_streamed
        and not response.content_encoding
        and response.status_code not in (204, 304)
        and len(response.get_data()) >= SMALLEST
        and _takes_gzip()
        and _asked_by_us()
    )


def _takes_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


def _asked_by_us() -> bool:
    """A foreign page that makes the browser ask could guess secrets from compressed lengths (BREACH)."""
    return request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
