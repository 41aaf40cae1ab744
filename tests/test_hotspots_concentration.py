"""Concentration: Gini by hand, generalised for few events, Weisburd's shares, Lorenz."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import hotspots


def places(*counts):
    return pd.DataFrame({"count": counts})


def measured(*counts):
    """Return the Gini coefficient, its generalised form, and the least shares with 25 and 50%."""
    return hotspots.concentration(places(*counts), draws=1)["value"].to_numpy()


@pytest.mark.parametrize(
    ("counts", "gini", "generalised"),
    [
        # the values of Bernasco and Steenbeek's own examples
        ([10, 8, 2, *[0] * 7], 0.78, 0.78),
        ([5, 2, 1, *[0] * 7], 0.80, 0.75),
        ([10, *[0] * 9], 0.90, 0.90),
        ([10, *[0] * 99], 0.99, 0.90),
        ([3, 3, 3, 3], 0.0, 0.0),
        # as even as two events on five places can be
        ([1, 1, 0, 0, 0], 0.6, 0.0),
    ],
)
def test_gini_by_hand(counts, gini, generalised):
    assert measured(*counts)[:2] == pytest.approx([gini, generalised], abs=1e-12)


def test_lorenz_by_hand():
    found = hotspots.lorenz(places(1, 6, 0, 3))
    expected = pd.DataFrame(
        {"place_share": [0, 0.25, 0.5, 0.75, 1], "event_share": [0, 0.6, 0.9, 1.0, 1.0]}
    )
    pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize(
    ("counts", "quarter", "half"),
    [
        ([4, 3, 2, 1], 0.25, 0.5),
        ([1, 1, 1, 1], 0.25, 0.5),
        ([0.1] * 20, 0.25, 0.5),  # sums that are not exact in binary
        ([9, 0, 0, 0], 0.25, 0.25),
    ],
)
def test_least_share_of_places(counts, quarter, half):
    assert measured(*counts)[2:] == pytest.approx([quarter, half])


counts = st.lists(st.integers(0, 500), min_size=2, max_size=60).filter(any)


@given(counts)
def test_gini_properties(values):
    gini, generalised = measured(*values)[:2]
    assert -1e-12 <= gini <= 1 - 1 / len(values) + 1e-12
    assert measured(*(v * 7 for v in values))[0] == pytest.approx(gini, abs=1e-9)
    assert measured(*values[::-1])[0] == pytest.approx(gini, abs=1e-9)
    curve = hotspots.lorenz(places(*values))
    # twice the area between the curve and the diagonal
    between = 2 * np.trapezoid(curve["event_share"], curve["place_share"]) - 1
    assert between == pytest.approx(gini, abs=1e-9)
    assert generalised <= gini + 1e-12


def test_table_from_small_areas_with_counts_alone():
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"lsoa_code": range(300), "count": rng.negative_binomial(0.6, 0.05, 300)})
    found = hotspots.concentration(table)
    assert found["measure"].tolist() == [
        "Gini",
        "generalised Gini",
        "share of places with 25% of events",
        "share of places with 50% of events",
    ]
    assert (found["lower_95_ci"] < found["value"]).all()
    assert (found["value"] < found["upper_95_ci"]).all()
    pd.testing.assert_frame_equal(found, hotspots.concentration(table))
    other = hotspots.concentration(table, seed=2)
    assert not found["lower_95_ci"].equals(other["lower_95_ci"])


def test_interval_covers_the_gini_of_the_population_it_was_drawn_from():
    # exponential counts: the Gini coefficient is one half
    rng = np.random.default_rng(3)
    covered = 0
    for seed in range(100):
        table = pd.DataFrame({"count": rng.exponential(50, 250)})
        row = hotspots.concentration(table, draws=200, seed=seed).iloc[0]
        covered += row["lower_95_ci"] <= 0.5 <= row["upper_95_ci"]
    assert covered >= 88


def test_the_order_of_places_does_not_move_the_interval():
    table = places(*range(30))
    pd.testing.assert_frame_equal(
        hotspots.concentration(table, draws=50), hotspots.concentration(table[::-1], draws=50)
    )


def test_one_event_in_all():
    found = hotspots.concentration(places(1, 0, 0, 0), draws=50)
    assert found["value"].tolist() == [0.75, 0.0, 0.25, 0.25]
    assert found.notna().all(axis=None)


@pytest.mark.parametrize(
    ("values", "match"),
    [([0, 0, 0], "nothing concentrates"), ([1, None], "missing"), ([1, -1], "negative"), ([], "0")],
)
def test_bad_input(values, match):
    table = pd.DataFrame({"count": pd.array(values, dtype="Int64")})
    for function in (hotspots.lorenz, hotspots.concentration):
        with pytest.raises(DataError, match=match):
            function(table)
