"""Numba's compiler with a type that mypy understands, and a cache that knows all sources of this package.

Numba keeps machine code by the date of one function's file and does not see when a function that it calls
changes in another file. So the directory is named after the content of all files here.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

config: Any = numba.config
F = TypeVar("F", bound=Callable[..., Any])
HERE = Path(__file__).parent


def compiled(function: F) -> F:
    """Compile at the first call, without the GIL; kept for later where there is a place to write."""
    folder = _folder()
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder or "")
    try:
        return cast(F, numba.njit(cache=folder is not None, nogil=True, error_model="numpy")(function))
    finally:
        config.CACHE_DIR = before


@cache
def _folder() -> Path | None:
    """The first place that can be written; None where there is none, and each process compiles anew."""
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    name = f"compiled-{hashlib.sha256(sources).hexdigest()[:16]}"
    return next((root / name for root in _places() if _writable(root / name)), None)


def _places() -> Iterator[Path]:
    """NUMBA_CACHE_DIR, beside the sources, the person's cache: never a place that others can write to, as
    what lies there is run."""
    if config.CACHE_DIR:
        yield Path(config.CACHE_DIR)
    yield HERE / "__pycache__"
    own = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("HOME") and Path.home() / ".cache")
    if own:
        yield Path(own) / "makerlab-designs"


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
