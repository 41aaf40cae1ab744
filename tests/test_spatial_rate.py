"""Rates smoothed over neighbours: against brute force, on a planted surface, with hidden areas."""

import numpy as np
import pandas as pd
import pytest

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import rates
from vrn_analysis.methods.rates import spatial

SIDE = 7
CODES = np.array([f"a{number:02d}" for number in range(SIDE * SIDE)])


def near():
    square = CODES.reshape(SIDE, SIDE)
    pairs = [
        (square[:-1].ravel(), square[1:].ravel()),
        (square[:, :-1].ravel(), square[:, 1:].ravel()),
    ]
    both = [(a, b) for one, other in pairs for a, b in ((one, other), (other, one))]
    frames = [pd.DataFrame({"area_code": a, "neighbour_code": b}) for a, b in both]
    return pd.concat(frames, ignore_index=True)


def slope():
    """Return rates per head that rise from one side of the square to the other."""
    return 0.01 * np.exp(np.repeat(np.linspace(-1, 1, SIDE), SIDE))


def drawn(rng, rate, people=2_000):
    return pd.DataFrame(
        {"area_code": CODES, "count": rng.poisson(rate * people), "denominator": people}
    )


def test_the_mode_and_its_curve_are_those_of_brute_force():
    from scipy.optimize import minimize

    rng = np.random.default_rng(1)
    table = drawn(rng, slope())
    touching = spatial._touching(table["area_code"], near())
    count, people = table["count"].to_numpy(float), table["denominator"].to_numpy(float)
    way = np.array([1.0, 0.7])
    shared = 1 / (1 + np.exp(-0.7))
    prior = np.e * ((1 - shared) * np.eye(len(CODES)) + shared * touching.toarray())

    def lack(all_of):
        level, effect = all_of[0], all_of[1:]
        mean = people * np.exp(level + effect)
        return mean.sum() - count @ (level + effect) + effect @ prior @ effect / 2

    start = np.r_[np.log(0.01), np.zeros(len(CODES))]
    found = minimize(lack, start, method="BFGS", options={"gtol": 1e-6}).x
    fit = spatial._mode(count, people, touching, way)
    np.testing.assert_allclose(fit.level + fit.effect, found[0] + found[1:], atol=1e-4)
    # the standard deviations are those of the whole curvature, the level among the unknown
    mean = people * np.exp(fit.level + fit.effect)
    curve = np.block([[mean.sum(), mean[None, :]], [mean[:, None], prior + np.diag(mean)]])
    inverse = np.linalg.inv(curve)
    each = np.column_stack([np.ones(len(CODES)), np.eye(len(CODES))])
    wide = np.sqrt(np.diag(each @ inverse @ each.T))
    np.testing.assert_allclose(spatial._spread(fit, people), wide, rtol=1e-8)


def test_evidence_is_that_of_numerical_integration():
    pair = pd.DataFrame({"area_code": ["x", "y"], "neighbour_code": ["y", "x"]})
    touching = spatial._touching(pd.Series(["x", "y"]), pair)
    count, people = np.array([40.0, 60]), np.array([1_000.0, 1_000])
    at = np.linspace(-2.5, 2.5, 801)
    one, other = np.meshgrid(at, at)

    def exact(way, level):
        strength, shared = np.exp(way[0]), 1 / (1 + np.exp(-way[1]))
        prior = strength * ((1 - shared) * np.eye(2) + shared * touching.toarray())
        effects = np.stack([one.ravel(), other.ravel()])
        log = (count[:, None] * (level + effects) - people[:, None] * np.exp(level + effects)).sum(
            0
        )
        log += -(effects * (prior @ effects)).sum(0) / 2 + np.log(np.linalg.det(prior)) / 2
        top = log.max()
        return top + np.log(np.exp(log - top).sum() * (at[1] - at[0]) ** 2 / (2 * np.pi))

    for way in ([2.0, 0.5], [1.0, 2.0]):
        fit = spatial._mode(count, people, touching, np.array(way))
        assert fit.evidence == pytest.approx(exact(way, fit.level), abs=0.02)


@pytest.mark.slow
def test_neighbours_tell_more_of_a_small_area_than_all_areas_do_where_they_are_alike():
    rng = np.random.default_rng(2)
    error, held = np.zeros(2), 0.0
    for _ in range(12):
        table = drawn(rng, slope(), people=600)
        smooth = rates.spatial_rate(table, near(), per=1)
        plain = rates.empirical_bayes_rate(table, per=1)
        error += [((one["value"] - slope()) ** 2).sum() for one in (smooth, plain)]
        held += smooth["lower_95_ci"].le(slope()).mul(smooth["upper_95_ci"].ge(slope())).mean()
    assert error[0] < 0.6 * error[1]
    assert held / 12 >= 0.92


def test_where_areas_do_not_differ_all_have_the_rate_of_all():
    table = drawn(np.random.default_rng(3), np.full(len(CODES), 0.01))
    smooth = rates.spatial_rate(table, near(), per=1)
    assert smooth["value"].between(0.008, 0.012).all()
    assert smooth["lower_95_ci"].le(0.01).mul(smooth["upper_95_ci"].ge(0.01)).all()


@pytest.mark.slow
def test_the_order_of_rows_and_an_island_change_nothing_and_hidden_areas_come_from_the_total():
    table = drawn(np.random.default_rng(4), slope()).astype({"count": "Int64"})
    plain = rates.spatial_rate(table, near()).set_index("area_code")["value"]
    turned = rates.spatial_rate(table[::-1], near()).set_index("area_code")["value"]
    np.testing.assert_allclose(turned.loc[plain.index], plain, rtol=1e-3)
    island = pd.DataFrame({"area_code": ["b"], "count": [30], "denominator": [2_000]})
    alone = rates.spatial_rate(pd.concat([table, island]), near())
    assert np.isfinite(alone["value"]).all()
    whole = pd.DataFrame(
        {"area_code": ["All"], "count": [table["count"].sum()], "denominator": [2_000 * len(CODES)]}
    )
    hidden = table.assign(count=table["count"].mask(table["area_code"] == "a10"))
    done = rates.spatial_rate(pd.concat([hidden, whole]), near(), of="area_code")
    assert done["value"].isna().tolist() == [code == "a10" for code in CODES] + [True]
    # one hidden area: what the total holds beyond the others is its own count
    np.testing.assert_allclose(done["value"].dropna(), plain.drop("a10"), rtol=1e-6)


def test_events_that_come_together_make_the_interval_wider():
    table = drawn(np.random.default_rng(5), slope())
    plain, wide = (rates.spatial_rate(one, near()) for one in (table, table.assign(dispersion=2.0)))
    width = [(one["upper_95_ci"] / one["lower_95_ci"]).mean() for one in (plain, wide)]
    assert width[1] > 1.1 * width[0]


def test_faults_are_named():
    table = drawn(np.random.default_rng(6), slope())
    other = near().replace("a", "E", regex=True)
    with pytest.raises(DataError, match="No pair of neighbours"):
        rates.spatial_rate(table, other)
    with pytest.raises(DataError, match="All counts are 0"):
        rates.spatial_rate(table.assign(count=0), near())
    with pytest.raises(DataError, match="at least two"):
        rates.spatial_rate(table[:1], near())
