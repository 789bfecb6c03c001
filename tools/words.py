"""Collects the words of all screens into the .po files: new ones are added empty, gone ones removed.

`make words`; afterwards fill in what is empty. A test fails while something is missing.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "makerlab" / "translations"
KEYWORDS = {"_": None, "now_": None, "gettext": None, "lazy": None, "ngettext": (1, 2)}
LOCALES = {"de-simple": "de", "en": "en", "ar": "ar"}  # Babel knows their plurals
NOISE = ("#", '"POT-', '"PO-Rev', '"Last-', '"Generated', '"Report', '"Language-Team')
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)  # no time stamps: a file changes only when its words do


def collected() -> Catalog:
    """All words in the source, with where they stand."""
    catalog = Catalog(project="makerlab", charset="utf-8", creation_date=WRITTEN)
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT), method_map=methods, options_map=options, keywords=KEYWORDS)
    for name, _line, message, comments, context in found:
        catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def updated(code: str, words: Catalog) -> bytes:
    """The .po file of one language, brought up to date; what is translated stays."""
    locale = LOCALES[code]
    path = TRANSLATIONS / f"{code}.po"
    catalog = Catalog(locale=locale, project="makerlab", charset="utf-8", creation_date=WRITTEN)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=locale)
    catalog.update(words, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=False, no_location=True, sort_output=True)
    head, _, rest = out.getvalue().decode().partition("\n\n")
    kept = [line for line in head.splitlines() if not line.startswith(NOISE)]
    return ("\n".join(kept) + "\n\n" + rest).encode()


def main() -> None:
    words = collected()
    TRANSLATIONS.mkdir(exist_ok=True)
    for code in LOCALES:
        (TRANSLATIONS / f"{code}.po").write_bytes(updated(code, words))


if __name__ == "__main__":
    main()
