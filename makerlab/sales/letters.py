"""Which font has the letters of a text, and how letters of scripts that run from the right are set.

The fonts built into PDF know Western Europe. For all else DejaVu Sans is taken where the system has it
(Debian's fonts-dejavu-core): Turkish, Polish, Cyrillic, Greek, Arabic, Hebrew. The letters used are embedded.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

BUILT_IN = {True: "Helvetica-Bold", False: "Helvetica"}
_FOLDERS = ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/TTF", "/usr/share/fonts/dejavu-sans-fonts")
_FILES = {True: "DejaVuSans-Bold.ttf", False: "DejaVuSans.ttf"}

_RIGHT = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"  # letters of scripts that run from the right
_WORD = re.compile(rf"[^\W{_RIGHT}](?:[\w.,:/@+-]*[^\W{_RIGHT}])?")
_TURNED = re.compile(rf"[{_RIGHT}](?:[^A-Za-z]*[{_RIGHT}])?")  # what runs from the right between other words
_FORM_OF = {
    (False, False): "<isolated>",
    (False, True): "<initial>",
    (True, True): "<medial>",
    (True, False): "<final>",
}
_MIRRORED = str.maketrans("()[]<>«»", ")(][><»«")


def in_a_font(text: str, *, bold: bool) -> tuple[str, str]:
    """The text, letters joined, still in reading order, `?` for what no font has; and its font."""
    if _western(text) == text or (wide := _wide(bold)) is None:
        return _western(text), BUILT_IN[bold]
    glyphs = wide.face.charToGlyph
    return "".join(sign if ord(sign) in glyphs else "?" for sign in joined(text)), wide.fontName


def _western(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252")


@cache
def _wide(bold: bool) -> TTFont | None:
    """Read once, when a name first needs it (a tenth of a second)."""
    for folder in _FOLDERS:
        path = Path(folder) / _FILES[bold]
        try:
            font = TTFont(path.stem, str(path))
        except TTFError:  # not there
            continue
        registerFont(font)
        return font
    return None


@cache
def _forms() -> dict[tuple[str, str], str]:
    """(form, letters) → the sign of that form, as Unicode lists them for Arabic and Persian."""
    found = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE70, 0xFEFD)):
        form, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if form in _FORM_OF.values():
            found[form, "".join(chr(int(letter, 16)) for letter in letters)] = chr(code)
    return found


def joined(text: str) -> str:
    """Arabic letters in the form that their neighbours ask for; lam and alef are one sign."""
    units = re.findall("\u0644[\u0622\u0623\u0625\u0627]|.", text, re.DOTALL)
    solid = [number for number, unit in enumerate(units) if not unicodedata.combining(unit[0])]
    drawn = list(units)
    for before, here, after in zip([None, *solid], solid, [*solid[1:], None], strict=False):
        to_last = before is not None and _joins(units[before], units[here])
        to_next = after is not None and _joins(units[here], units[after])
        drawn[here] = _forms().get((_FORM_OF[to_last, to_next], units[here]), units[here])
    return "".join(drawn)


def _joins(first: str, second: str) -> bool:
    return ("<initial>", first) in _forms() and ("<final>", second) in _forms()


def in_drawing_order(line: str) -> str:
    """As it is drawn from left to right. The line runs as its first letter does; numbers run as ever."""
    first = re.search(r"[^\W\d_]", line)
    if first and re.match(f"[{_RIGHT}]", first[0]):
        return _turned(line)
    return _TURNED.sub(lambda run: _turned(run[0]), line)


def _turned(text: str) -> str:
    return _WORD.sub(lambda word: word[0][::-1], text[::-1].translate(_MIRRORED))
