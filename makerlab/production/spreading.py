"""How an order's pieces are spread over beds, printers and machine models. Pure.

What is weighed: an order is ready earlier when more printers work on it at once, but each plate is a walk to
a printer, a bed to clear and a start, and each machine model a file to slice and to try. So a plate more has
to bring the end forward by ten minutes, and a model more by half an hour. All plates of a model have one
size, but for the last, which is no larger than needed: two arrangements a model are sliced at most.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from makerlab.production.rules import ready_in

PLATE_WORTH_S = 600.0  # what a person's walk to the printer has to bring
MODEL_WORTH_S = 1800.0
MOST_MODELS = 4  # looked at together: those with most printers


@dataclass(frozen=True, slots=True)
class Model:
    """The printers of one machine model that may work on the order. Times in seconds.

    `capacity`: pieces on a full bed; `free_in_s`: when each printer could begin; `plate_s`: heating and
    whatever else each plate takes beside its pieces.
    """

    key: str
    capacity: int
    free_in_s: tuple[float, ...]
    piece_s: float
    plate_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Plates of one model: the pieces on each. `end_s`: when the last is done, at the earliest."""

    model: Model
    sizes: tuple[int, ...]
    end_s: float


def split(pieces: int, capacity: int) -> list[int]:
    """Beds of `capacity` copies, the last one no larger than needed."""
    full, rest = divmod(pieces, capacity)
    return [capacity] * full + ([rest] if rest else [])


def spread(pieces: int, models: Sequence[Model]) -> list[Spread]:
    """The plates that are worth it, for each model that takes part; empty without a model."""
    usable = [model for model in models if model.capacity > 0 and model.free_in_s]
    usable = sorted(usable, key=lambda model: (-len(model.free_in_s), model.key))[:MOST_MODELS]
    if not usable or pieces < 1:
        return []
    return min((_together(pieces, chosen) for chosen in _choices(usable)), key=_price)


def _choices(models: Sequence[Model]) -> Iterator[tuple[Model, ...]]:
    """Each set of models that could work side by side, one model alone first."""
    for number in range(1, len(models) + 1):
        yield from combinations(models, number)


def _together(pieces: int, models: Sequence[Model]) -> list[Spread]:
    shares = _shares(pieces, models)
    return [_on(model, share) for model, share in zip(models, shares, strict=True) if share]


def _shares(pieces: int, models: Sequence[Model]) -> list[int]:
    """How many pieces each model takes: each piece goes where it would be done first."""
    shares = [0] * len(models)
    ends = [
        (_after(model, free, 0), number, 0) for number, model in enumerate(models) for free in model.free_in_s
    ]
    heapq.heapify(ends)
    for _ in range(pieces):
        end, number, made = heapq.heappop(ends)
        shares[number] += 1
        heapq.heappush(ends, (_after(models[number], end, made + 1), number, made + 1))
    return shares


def _after(model: Model, end_s: float, made: int) -> float:
    """When a printer that made `made` pieces until `end_s` would have made one more."""
    return end_s + model.piece_s + (model.plate_s if made % model.capacity == 0 else 0.0)


def _on(model: Model, pieces: int) -> Spread:
    """The size of plate that is worth most on this model; of two as good the larger."""
    sizes = [tuple(split(pieces, size)) for size in range(min(model.capacity, pieces), 0, -1)]
    return min((Spread(model, found, _end(model, found)) for found in sizes), key=lambda one: _price([one]))


def _end(model: Model, sizes: Sequence[int]) -> float:
    own = [model.plate_s + size * model.piece_s for size in sizes]
    return ready_in(model.free_in_s, [], own) or 0.0


def _price(spreads: Sequence[Spread]) -> tuple[float, int]:
    """Seconds until all is done and what the work of people is worth; then the fewest plates."""
    plates = sum(len(one.sizes) for one in spreads)
    end = max(one.end_s for one in spreads)
    return end + PLATE_WORTH_S * plates + MODEL_WORTH_S * (len(spreads) - 1), plates
