"""Things found by their words. Plain values; whoever keeps one sees to its lock."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from makerlab.catalog.wall import words
from makerlab.catalog.wall.words import Found

Key = TypeVar("Key", bound=Hashable)


class Lookup(Generic[Key]):
    """Which thing has which words, and how much a word counts there (0 to 1)."""

    def __init__(self) -> None:
        self._of: dict[Key, Mapping[str, float]] = {}
        self._with: dict[str, dict[Key, float]] = {}  # word → the things that have it
        self._meant: dict[str, Found] = {}  # what was asked before, until a word comes or goes

    def put(self, key: Key, own: Mapping[str, float]) -> None:
        """These are the words of this thing now."""
        self.drop(key)
        self._of[key] = own
        for word, weight in own.items():
            if word not in self._with:
                self._with[word] = {}
                self._meant.clear()
            self._with[word][key] = weight

    def drop(self, key: Key) -> None:
        for word in self._of.pop(key, ()):
            del self._with[word][key]
            if not self._with[word]:
                del self._with[word]
                self._meant.clear()

    def scores(self, word: str) -> dict[Key, float]:
        """The things that one folded word fits, the better the more."""
        if word not in self._meant:
            if len(self._meant) > 1000:
                self._meant.clear()
            self._meant[word] = words.fitting(word, self._with)
        found: dict[Key, float] = {}
        least = words.LEAST_OF_SHORT if len(word) < words.SHORTEST_INSIDE else 0.0
        for own, fit in self._meant[word].items():
            for key, weight in self._with[own].items():
                if weight >= least and fit * weight > found.get(key, 0.0):
                    found[key] = fit * weight
        return found

    def find(self, query: str) -> dict[Key, float]:
        """The things that every word of the query fits; nothing asked: none.

        A short word that fits nothing at all („ein“, „für“) does not spoil the others.
        """
        return together((word, self.scores(word)) for word in words.asked(query))


def together(each: Iterable[tuple[str, dict[Key, float]]]) -> dict[Key, float]:
    """What all words fit, with the mean of the scores of (word, scores)."""
    every = [scores for word, scores in each if scores or len(word) > words.FILLER]
    if not every:
        return {}
    first, *others = sorted(every, key=len)
    return {
        key: (score + sum(other[key] for other in others)) / len(every)
        for key, score in first.items()
        if all(key in other for other in others)
    }


def best(one: Mapping[Key, float], other: Mapping[Key, float]) -> dict[Key, float]:
    """The better of two scores for each thing."""
    return {**one, **{key: max(score, one.get(key, 0.0)) for key, score in other.items()}}
