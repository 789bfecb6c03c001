"""How words are compared: without case, accents and umlauts, and with typing errors forgiven. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

LONGEST_QUERY = 80  # characters
MOST_WORDS = 8  # of a query
SAME, BEGINNING, INSIDE, NEAR, ALIKE = 1.0, 0.9, 0.75, 0.6, 0.5
SHORTEST_INSIDE = 3  # letters; fewer stand in the middle of everything
LEAST_OF_SHORT = 0.5  # weight of a word that one or two letters may begin: names and tags, no stories
SHORTEST_NEAR = 4  # letters; of a shorter word one error leaves too little
SHORTEST_ALIKE = 5
FILLER = 3  # letters, at most, of a word that may fit nothing at all
ENOUGH_ALIKE = 80.0  # per cent, of the best matching stretch of a long word

WORD = re.compile(r"[^\W_]+")
UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
LETTERS = str.maketrans("øłđı", "oldi")  # letters that Unicode does not take apart

Found = dict[str, float]  # word of the vocabulary → how well it fits, 0 to 1


def fold(text: str) -> str:
    """Lower case without accents; ü, ue and u are one, so are ß and ss."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in apart if not unicodedata.combining(c)).translate(LETTERS)
    for digraph, vowel in UMLAUTS:
        plain = plain.replace(digraph, vowel)
    return plain


def split(text: str) -> list[str]:
    """The folded words of a text."""
    return WORD.findall(fold(text))


def asked(query: str) -> list[str]:
    """The words of what a person typed, each once."""
    return list(dict.fromkeys(split(query[:LONGEST_QUERY])))[:MOST_WORDS]


def weighed(texts: Iterable[tuple[str, float]]) -> Found:
    """Each word of some texts with the weight of the best text it stands in."""
    found: Found = {}
    for text, weight in texts:
        for word in split(text):
            if weight > found.get(word, 0.0):
                found[word] = weight
    return found


def fitting(word: str, vocabulary: Mapping[str, object]) -> Found:
    """Which words of a vocabulary may be meant: the same, longer ones, and only without these similar ones.

    So „Nase“ is not among what „Vase“ finds, but „Vsae“ finds the vase.
    """
    return _containing(word, vocabulary) or _near(word, vocabulary) or _alike(word, vocabulary)


def _containing(word: str, vocabulary: Mapping[str, object]) -> Found:
    inside = len(word) >= SHORTEST_INSIDE
    found = {
        own: BEGINNING if own.startswith(word) else INSIDE
        for own in vocabulary
        if own.startswith(word) or (inside and word in own)
    }
    if word in found:
        found[word] = SAME
    return found


def _near(word: str, vocabulary: Mapping[str, object]) -> Found:
    """Words that are few wrong, missing or swapped letters away; else words that begin nearly so."""
    if len(word) < SHORTEST_NEAR:  # only swapped letters: „vas“, but „vsa“
        letters = sorted(word) if len(word) >= SHORTEST_INSIDE else None
        return {own: ALIKE for own in vocabulary if sorted(own[: len(word)]) == letters}
    most = 1 if len(word) < 6 else 2
    whole = process.extract_iter(word, vocabulary.keys(), scorer=OSA.distance, score_cutoff=most)
    found = {own: NEAR - 0.05 * errors for own, errors, _ in whole}
    if found:
        return found
    return {own: ALIKE for own in vocabulary if OSA.distance(word, own[: len(word)], score_cutoff=1) <= 1}


def _alike(word: str, vocabulary: Mapping[str, object]) -> Found:
    """Words with a stretch like this one: „lmape“ in „tischlampe“."""
    if len(word) < SHORTEST_ALIKE:
        return {}
    rows = process.extract(
        word, vocabulary.keys(), scorer=fuzz.partial_ratio, score_cutoff=ENOUGH_ALIKE, limit=20
    )
    return {own: ALIKE * share / 100 for own, share, _ in rows if len(own) >= len(word)}
