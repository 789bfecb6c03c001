"""Languages: German msgids in the source, Einfache Sprache as the first fallback of all others.

The `.po` files in makerlab/translations are read at start, so that nothing compiled is kept in git.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy, NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel

TRANSLATIONS = Path(__file__).parent.parent / "translations"

# code → (own name, Babel locale, direction). `de-simple`: *simple* is a registered BCP 47 variant.
LANGUAGES: dict[str, tuple[str, str, str]] = {
    "de": ("Deutsch", "de", "ltr"),
    "de-simple": ("Einfache Sprache", "de", "ltr"),
    "en": ("English", "en", "ltr"),
    "ar": ("العربية", "ar", "rtl"),
}

_spoken: ContextVar[str] = ContextVar("spoken", default="")


@cache
def catalog(code: str) -> NullTranslations:
    """The translations of one language; a message it lacks is looked up in Einfache Sprache, then German."""
    path = TRANSLATIONS / f"{code}.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=LANGUAGES[code][1])
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    translations = Translations(compiled)
    if code != "de-simple":
        translations.add_fallback(catalog("de-simple"))
    return translations


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Inside, all words are of this language, whoever asks: for messages to somebody else."""
    token = _spoken.set(code if code in LANGUAGES else "de")
    try:
        yield
    finally:
        _spoken.reset(token)


def current_code() -> str:
    """What `speaking` says, else of this request: chosen here, else the person's own, else the lab's."""
    if spoken := _spoken.get():
        return spoken
    if not has_request_context():
        return "de"
    if "language" not in g:
        g.language = _choose()
    code: str = g.language
    return code


def _choose() -> str:
    from flask import current_app
    from flask_security import current_user

    wanted = session.get("language") or (current_user.is_authenticated and current_user.language)
    default = current_app.config["SETTINGS"].default_language
    return wanted if wanted in LANGUAGES else default


def gettext(message: str, **values: Any) -> str:
    """Translate `message` into the language of this request and fill in `%(name)s` values."""
    text = catalog(current_code()).ugettext(message) if current_code() != "de" else message
    return text % values if values else text


def ngettext(singular: str, plural: str, number: int, **values: Any) -> str:
    code = current_code()
    if code == "de":
        text = singular if number == 1 else plural
    else:
        text = catalog(code).ungettext(singular, plural, number)
    return text % {"num": number, **values}


def lazy(message: str, **values: Any) -> Any:
    """Translate when shown, for words that stand in tables and forms."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


_ = gettext


def init_language(app: Flask) -> None:
    """Babel formats dates and numbers; templates get `_`, `ngettext`, `lang`, `text_dir`, `languages`."""
    settings = app.config["SETTINGS"]
    Babel(
        app,
        locale_selector=lambda: Locale.parse(LANGUAGES[current_code()][1]),
        timezone_selector=lambda: settings.timezone,
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = gettext
    app.context_processor(_words)


def _words() -> dict[str, Any]:
    code = current_code()
    return {
        "lang": code,
        "text_dir": LANGUAGES[code][2],
        "languages": [(key, value[0]) for key, value in LANGUAGES.items()],
        "here": request.full_path.rstrip("?"),
    }
