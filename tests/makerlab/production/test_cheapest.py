"""The assignment of least cost, beside trying all of them."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from makerlab.production.cheapest import cheapest

tables = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(-9, 9), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0], max_size=shape[0],
    )
)  # fmt: skip


@given(tables)
def test_no_other_assignment_costs_less(rows: list[list[int]]) -> None:
    cost = np.array(rows, dtype=float)
    few, many = sorted(cost.shape)
    wide = cost if cost.shape[0] == few else cost.T
    least = min(
        sum(wide[row, column] for row, column in enumerate(way)) for way in permutations(range(many), few)
    )
    assert sum(cost[pair] for pair in cheapest(cost)) == least


@given(tables)
def test_each_gets_one_as_far_as_they_go_round(rows: list[list[int]]) -> None:
    pairs = cheapest(np.array(rows, dtype=float))
    assert len(pairs) == min(len(rows), len(rows[0]))
    assert all(len(set(side)) == len(pairs) for side in zip(*pairs, strict=True))
