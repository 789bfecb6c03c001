"""The wheel, built from what git knows, installed in an empty environment, opened at its first page."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from printers.tether import tethered
from printers.virtual import free_port

ROOT = Path(__file__).parents[2]
UV = str(Path(sys.executable).with_name("uv"))
PATIENCE_S = 60.0


def run(*command: str, **more: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, **more})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel in it, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in run("git", "-C", str(ROOT), "ls-files", "-z").split("\0"):
        if name and (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    run(UV, "build", "--wheel", "--no-config", "--out-dir", str(folder), str(source))
    (wheel,) = folder.glob("*.whl")
    run(UV, "venv", "--no-project", "--python", sys.executable, str(folder / "venv"))
    run(UV, "pip", "install", "--python", str(folder / "venv" / "bin" / "python"), str(wheel))
    return folder / "venv" / "bin"


@pytest.fixture(scope="module")
def address(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("empty"), free_port()
    settings = {"MAKERLAB_DATA_DIR": str(folder / "data"), "MAKERLAB_PORT": str(port)}
    run(str(environment / "makerlab"), "migrate", **settings)
    command = tethered([str(environment / "makerlab"), "serve"])
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **settings})
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def opened(url: str) -> tuple[int, str]:
    """The page, waiting for the server to come up."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_the_first_page_opens_with_its_look(address: str) -> None:
    status, page = opened(address)
    assert status == 200
    assert "Makerlab" in page
    styles = re.findall(r'href="(/static/dist/app[^"]*\.css[^"]*)"', page)
    assert styles
    assert opened(address + styles[0])[0] == 200


def test_the_kiosk_opens_too(address: str) -> None:
    assert opened(f"{address}/kiosk")[0] == 200


def test_the_wheel_brings_its_front_end_and_no_foreign_top_level_package(environment: Path) -> None:
    (packages,) = (environment.parent / "lib").glob("python*/site-packages")
    assert (packages / "makerlab" / "static" / "dist" / "app.js").is_file()
    assert (packages / "makerlab" / "templates" / "error.html").is_file()
    assert not (packages / "templates").exists()
    assert not (packages / "tests").exists()
