"""Filters: what is left, and what each value would give, against a plain count."""

from hypothesis import given
from hypothesis import strategies as st

from makerlab.catalog.wall import rules

THINGS = st.lists(
    st.fixed_dictionaries({
        "tag": st.sets(st.sampled_from("abc"), max_size=3),
        "colour": st.sets(st.integers(1, 3), max_size=2),
        "size": st.sampled_from(["s", "l"]).map(lambda one: {one}),
    }), max_size=40,
)  # fmt: skip
CHOSEN = st.fixed_dictionaries({
    "tag": st.lists(st.sampled_from("abcz"), max_size=2, unique=True),
    "colour": st.lists(st.integers(1, 4), max_size=2, unique=True),
    "size": st.lists(st.sampled_from(["s", "l"]), max_size=1),
})  # fmt: skip
ALL_OF = frozenset({"tag"})


def holds(thing: dict[str, set[object]], chosen: dict[str, list[object]], *, but: str = "") -> bool:
    for name, values in chosen.items():
        if not values or name == but:
            continue
        fits = all if name in ALL_OF else any
        if not fits(value in thing[name] for value in values):
            return False
    return True


@given(THINGS, CHOSEN)
def test_sets_of_bits_count_as_a_plain_loop_does(
    things: list[dict[str, set[object]]], chosen: dict[str, list[object]]
) -> None:
    facets = {name: rules.facet([thing[name] for thing in things]) for name in ("tag", "colour", "size")}
    everything = rules.set_of(range(len(things)), len(things))
    left, counts = rules.narrowed(facets, chosen, ALL_OF, everything)
    fitting = [number for number, thing in enumerate(things) if holds(thing, chosen)]
    assert rules.members(left, list(range(len(things)))) == fitting
    assert rules.members(left, list(reversed(range(len(things))))) == fitting[::-1]
    for name, values in counts.items():
        but = "" if name in ALL_OF else name
        around = [thing for thing in things if holds(thing, chosen, but=but)]
        assert values == {value: sum(value in thing[name] for thing in around) for value in values}


def test_steps_of_size_time_and_stock() -> None:
    assert [rules.size_of(mm) for mm in (90, 91, 260, 261)] == ["hand", "tisch", "raum", "gross"]
    assert [rules.time_of(s) for s in (3600, 3601, None, 1e6)] == [("1",), ("3",), (), ("mehr",)]
    assert [rules.stock_of(pieces) for pieces in (-1, 0, 1, 3, 4)] == ["leer", "leer", "wenig", "wenig", "da"]
