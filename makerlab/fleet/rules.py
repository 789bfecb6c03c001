"""Questions about a printer's name and address, in plain values."""

from urllib.parse import urlsplit

LONGEST_NAME = 60
LONGEST_ADDRESS = 300
LONGEST_REASON = 200


def tidy(text: str) -> str:
    """What somebody typed, without control signs, on one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def tidy_address(text: str) -> str:
    """An address as it is stored: `octopi.local:5000/` becomes `http://octopi.local:5000`."""
    text = tidy(text)
    if text and "://" not in text:
        text = f"http://{text}"
    return text.rstrip("/")


def origin(url: str) -> str:
    """What stays on a screen of an address: scheme and host, lower case; empty when it is none.

    A key belongs to this origin: an address that leads elsewhere needs its key typed again.
    """
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
    except ValueError:
        return ""
