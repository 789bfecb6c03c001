"""Numba's compiler with a type that mypy understands, and a cache that knows all sources of this package.

Numba keeps machine code by the date of one function's file and does not see when a function that it calls
changes in another file. So the directory is named after the content of all files here.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

config: Any = numba.config
F = TypeVar("F", bound=Callable[..., Any])
HERE = Path(__file__).parent


def compiled(function: F) -> F:
    """Compile at the first call, without the GIL; kept for later where there is a place to write."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(_folder())
    try:
        return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # no writable place for the cache
        return cast(F, numba.njit(nogil=True, error_model="numpy")(function))
    finally:
        config.CACHE_DIR = before


@cache
def _folder() -> Path:
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    return HERE / "__pycache__" / f"compiled-{hashlib.sha256(sources).hexdigest()[:16]}"
