"""Words as people type them: umlauts, beginnings, compounds, slips of the finger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makerlab.catalog.wall.lookup import Lookup
from makerlab.catalog.wall.words import fold, weighed

NAMES = {
    1: "Vase Welle", 2: "Tischlampe Plissee", 3: "Türhaken", 4: "Schale Dünung", 5: "Nase", 6: "Straßenbahn",
    7: "Café-Löffel",
}  # fmt: skip


@pytest.fixture
def lookup() -> Lookup[int]:
    found: Lookup[int] = Lookup()
    for key, name in NAMES.items():
        found.put(key, weighed([(name, 1.0)]))
    return found


def test_umlauts_and_their_spellings_are_one() -> None:
    assert fold("Grün") == fold("GRUEN") == fold("grun")
    assert fold("Straße") == fold("STRASSE")
    assert fold("Ørsted Łódź") == "orsted lodz"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("vase", {1}), ("Vsae", {1}), ("vas", {1}), ("welle vase", {1}), ("vase kreide", set()),
        ("lampe", {2}), ("lmape", {2}), ("tischlampee", {2}), ("tuerhaken", {3}), ("turhaken", {3}),
        ("dunung", {4}), ("DÜNUNG", {4}), ("strassen", {6}), ("cafe loffel", {7}), ("zzzz", set()),
        ("für vase", {1}), ("", set()), ("%", set()), ("*)(", set()),
    ],
)  # fmt: skip
def test_what_is_typed_finds_what_is_meant(lookup: Lookup[int], query: str, found: set[int]) -> None:
    assert set(lookup.find(query)) == found


def test_the_same_word_counts_more_than_a_longer_or_a_similar_one() -> None:
    lookup: Lookup[str] = Lookup()
    for key, word in (("same", "lampe"), ("longer", "lampenfuss"), ("inside", "tischlampe")):
        lookup.put(key, weighed([(word, 1.0)]))
    scores = lookup.find("lampe")
    assert scores["same"] > scores["longer"] > scores["inside"]


def test_a_name_counts_more_than_a_story() -> None:
    lookup: Lookup[str] = Lookup()
    lookup.put("name", weighed([("Welle", 1.0), ("Eine Vase", 0.3)]))
    lookup.put("story", weighed([("Vase", 1.0), ("Wie eine Welle", 0.3)]))
    scores = lookup.find("welle")
    assert scores["name"] > scores["story"]


def test_what_is_put_again_is_found_by_its_new_words_only(lookup: Lookup[int]) -> None:
    assert set(lookup.find("nase")) == {5}
    lookup.put(5, weighed([("Becher", 1.0)]))
    assert lookup.find("becher") == {5: 1.0}
    assert 5 not in lookup.find("nase")
    lookup.drop(5)
    assert lookup.find("becher") == {}


@given(st.text(max_size=200))
def test_whatever_is_typed_finds_some_of_what_there_is(query: str) -> None:
    lookup: Lookup[int] = Lookup()
    for key, name in NAMES.items():
        lookup.put(key, weighed([(name, 1.0)]))
    scores = lookup.find(query)
    assert set(scores) <= set(NAMES)
    assert all(0 < score <= 1 for score in scores.values())


@given(st.sampled_from(["Tischlampe", "Plissee", "Türhaken", "Straßenbahn"]), st.integers(0, 20))
def test_any_two_neighbours_may_be_swapped(word: str, at: int) -> None:
    lookup: Lookup[int] = Lookup()
    for key, name in NAMES.items():
        lookup.put(key, weighed([(name, 1.0)]))
    folded = fold(word)
    at %= len(folded) - 1
    typed = folded[:at] + folded[at + 1] + folded[at] + folded[at + 2 :]
    assert set(lookup.find(folded)) <= set(lookup.find(typed))
