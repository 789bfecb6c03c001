"""Installs OctoPrint in an environment of its own: it pins an old Flask and must not meet ours."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VERSION = "1.11.8"
INSTALL_S = 600  # a slow line; measured on a fast one: 2 s

# netifaces needs a compiler; netifaces2 is the same for people without one.
_REQUIREMENTS = ("netifaces2", f"octoprint=={VERSION}")
_OVERRIDE = "netifaces ; sys_platform == 'never'\n"


def default_home() -> Path:
    """Where OctoPrint is kept unless told otherwise: one for all checkouts of a user."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "makerlab" / f"octoprint-{VERSION}"


def executable(home: Path) -> Path:
    """Where `install` puts the program."""
    return home / "venv" / "bin" / "octoprint"


def install(home: Path) -> Path:
    """Make sure OctoPrint is in `home`; gives its program. The second time takes no network and no time.

    Raises RuntimeError with the installer's own words when that fails.
    """
    home.mkdir(parents=True, exist_ok=True)
    complete = home / "complete"
    with _only_one(home):
        if not complete.exists():
            _build(home)
            complete.touch()
    return executable(home)


def _build(home: Path) -> None:
    uv, override = _uv(), home / "override.txt"
    override.write_text(_OVERRIDE)
    venv = home / "venv"
    _run([uv, "venv", "--clear", "--no-project", "--python", sys.executable, str(venv)])
    python = str(venv / "bin" / "python")
    _run([uv, "pip", "install", "--python", python, "--override", str(override), *_REQUIREMENTS])


def _uv() -> str:
    beside_us = Path(sys.executable).with_name("uv")
    found = str(beside_us) if beside_us.exists() else shutil.which("uv")
    if found is None:
        raise RuntimeError("uv is needed to install OctoPrint: pip install uv")
    return found


def _run(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_S, check=False)
    if ran.returncode:
        raise RuntimeError(f"OctoPrint could not be installed: {ran.stderr.strip()[-2000:]}")


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Two test runs at once must not install into each other."""
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
