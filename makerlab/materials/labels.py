"""QR codes as SVG that may stand in a page: no inline style, no other host."""

import io

import segno
from markupsafe import Markup


def qr_svg(content: str) -> Markup:
    """The QR code of `content` with its quiet zone. The same stands beside it in letters."""
    picture = io.BytesIO()
    segno.make(content, error="m", micro=False).save(
        picture, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, light="#fff", dark="#000"
    )
    return Markup(picture.getvalue().decode())  # noqa: S704 (drawn by segno: paths only, no text of ours)
