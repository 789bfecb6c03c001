"""All benchmarks in one table: one that breaks hides nothing, one that cannot run says so."""

import sys
from types import ModuleType

import pytest

from bench import __main__ as bench
from bench.table import Line


@pytest.fixture
def benches(monkeypatch: pytest.MonkeyPatch) -> None:
    """One reaches its goal, one misses it, one has no corpus, one breaks."""

    def broken() -> list[Line]:
        raise RuntimeError("the peer answered nonsense")

    works = {
        "good": lambda: [Line("speed", "≥ 1", "2", met=True)],
        "absent": lambda: [Line("errors", "≤ 1 %", "no corpus at /nowhere")],
        "broken": broken,
        "slow": lambda: [Line("wait", "≤ 1 s", "2 s", met=False)],
    }
    for name, work in works.items():
        module = ModuleType(f"bench.{name}")
        module.main = work  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, f"bench.{name}", module)
    monkeypatch.setattr(bench, "NAMES", tuple(works))


@pytest.mark.usefixtures("benches")
def test_a_benchmark_that_breaks_is_told_and_the_others_are_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.main([]) == 1
    said = capsys.readouterr().out
    assert "reached" in said
    assert "no corpus at /nowhere" in said
    assert "the peer answered nonsense" in said
    assert said.rstrip().endswith("broke: broken")


@pytest.mark.usefixtures("benches")
def test_missed_goals_are_named_and_are_no_breakage(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["slow", "absent"]) == 0
    assert "1 goals missed: wait" in capsys.readouterr().out


def test_an_unknown_name_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["speed"]) == 2
    assert "there are reading, checks" in capsys.readouterr().out
