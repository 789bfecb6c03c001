"""Peers that the product does not need, in an environment of their own: made once, thrown away at will."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

PEERS = ("numpy", "matplotlib", "f3d")
INSTALL_S = 600


def home() -> Path:
    """Where the environment is."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "makerlab" / f"bench-peers-{sys.version_info.major}.{sys.version_info.minor}"


@cache
def peers_python() -> Path | None:
    """The interpreter that has all peers; None where they cannot be installed."""
    python = home() / "bin" / "python"
    if _has_all(python):
        return python
    print("   installing peers", flush=True)
    make = [sys.executable, "-m", "venv", str(home())]
    install = [str(python), "-m", "pip", "install", "--quiet", *PEERS]
    try:
        for words in (make, install):
            subprocess.run(words, check=True, capture_output=True, timeout=INSTALL_S)
    except (OSError, subprocess.SubprocessError):
        return None
    return python if _has_all(python) else None


def seconds_of(script: str, *words: str) -> float | None:
    """What a script prints last, a number, when run with the peers; None where it does not work."""
    python = peers_python()
    if python is None:
        return None
    try:
        done = subprocess.run(
            [str(python), "-c", script, *words], capture_output=True, text=True, check=True, timeout=INSTALL_S
        )
        return float(done.stdout.split()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None


def _has_all(python: Path) -> bool:
    if not python.is_file():
        return False
    words = [str(python), "-c", f"import {', '.join(PEERS)}"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0
