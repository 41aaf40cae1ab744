"""Dispersion from months, incidents and areas, and intervals that hold the truth with it."""

import numpy as np
import pandas as pd
import pytest

from vrn_analysis.core.errors import DataError
from vrn_analysis.count import tables
from vrn_analysis.methods import hotspots, rates, trends

MONTHS = pd.date_range("2020-04-01", periods=48, freq="MS", name="month")


def panel(counts, codes="AB"):
    wide = pd.DataFrame(counts, MONTHS[: len(counts)], pd.Index(list(codes), name="area_code"))
    return wide.stack().rename("count").astype("Int64").reset_index()


def months_of(rng, level=80.0, *, spread=0.12, like=0.3, months=48):
    """Return months with a season and a trend, that vary together and resemble their neighbours."""
    noise = rng.normal(size=months)
    for at in range(1, months):
        noise[at] = like * noise[at - 1] + np.sqrt(1 - like**2) * noise[at]
    at = np.arange(months)
    mean = level * 1.04 ** (at / 12) * (1 + 0.15 * np.cos(2 * np.pi * at / 12))
    return rng.poisson(mean * np.exp(spread * noise - spread**2 / 2)), mean.sum()


def held(table, truth):
    """Return the share of rows whose interval includes the truth."""
    return (table["lower_95_ci"].le(truth) & table["upper_95_ci"].ge(truth)).mean()


def test_the_interval_of_a_rate_holds_the_truth_where_months_cluster_and_did_not_without():
    rng = np.random.default_rng(1)
    drawn, truth = zip(*(months_of(rng) for _ in range(400)), strict=True)
    table = pd.DataFrame({"count": np.sum(drawn, axis=1), "denominator": 1})
    spread = [rates.dispersion_of_series(pd.Series(counts)) for counts in drawn]
    assert held(rates.crude_rate(table, per=1), truth[0]) < 0.8
    assert held(rates.crude_rate(table.assign(dispersion=spread), per=1), truth[0]) >= 0.93
    # the pages use the same dispersion, rounded up
    months = pd.DataFrame({"month": MONTHS, "count": drawn[0]})
    told = rates.with_dispersion(table.head(1), months)["dispersion"].iloc[0]
    assert 0 <= told - spread[0] <= 0.1


def test_trend_and_season_are_no_dispersion_and_a_registered_break_is_none_either():
    rng = np.random.default_rng(2)
    at = np.arange(48)
    mean = 200 * 1.1 ** (at / 12) * (1 + 0.3 * np.sin(2 * np.pi * at / 12))
    plain = np.mean([rates.dispersion_of_series(pd.Series(rng.poisson(mean))) for _ in range(60)])
    assert plain < 2
    fallen = pd.Series(rng.poisson(np.where((at > 15) & (at < 24), 0.5, 1) * mean), MONTHS)
    register = pd.DataFrame({"date": ["2021-08-01"], "until": ["2022-03-01"], "label": ["x"]})
    assert rates.dispersion_of_series(fallen, breaks=register) < 3
    assert rates.dispersion_of_series(fallen) > 10
    lasting = pd.Series(rng.poisson(np.where(at > 15, 2, 1) * mean), MONTHS)
    assert rates.dispersion_of_series(lasting, breaks=register.assign(until=None)) < 3


def test_an_area_with_few_events_has_the_dispersion_of_all_areas_and_a_total_its_own():
    rng = np.random.default_rng(3)
    common = rng.gamma(4, 0.25, size=(48, 1))
    months = panel(rng.poisson(common * np.array([200, 40, 0.5])), "ABC")
    table = months.groupby("area_code", as_index=False)["count"].sum()
    done = tables.with_total(table, "area_code").pipe(rates.with_dispersion, months, by="area_code")
    spread = done.set_index("area_code")["dispersion"]
    assert spread["All"] > spread["A"] > spread["B"] >= spread["C"] > 1
    assert (spread * 10 % 1 < 1e-9).all()
    told = rates.with_dispersion(table, months, by="area_code", incidents=pd.Series([100]))
    assert (told["dispersion"] >= 100).all()


def test_where_no_dispersion_can_be_estimated_the_method_says_so():
    table = pd.DataFrame({"area_code": ["A", "B"], "count": [30, 4], "denominator": 1_000})
    short = panel(np.full((8, 2), 5))
    done = rates.with_dispersion(table, short, by="area_code").pipe(rates.crude_rate)
    assert done["method"].str.endswith("no dispersion could be estimated").all()
    np.testing.assert_allclose(done["lower_95_ci"], rates.crude_rate(table)["lower_95_ci"])
    known = rates.with_dispersion(table, short, by="area_code", incidents=pd.Series([1, 2]))
    assert rates.crude_rate(known)["method"].tolist() == [
        "Byar, dispersion 1.70",
        "exact Poisson, dispersion 1.70",
    ]
    with pytest.raises(DataError, match="1 areas have no monthly counts, such as B"):
        rates.with_dispersion(table, short.query("area_code == 'A'"), by="area_code")
    with pytest.raises(DataError, match="'dispersion' is below 1 or infinite in 1 of 2"):
        rates.crude_rate(table.assign(dispersion=[0.5, 2]))


def test_each_row_has_the_interval_of_its_own_dispersion():
    table = pd.DataFrame({"count": [50, 50, 5], "denominator": 100})
    own = rates.crude_rate(table.assign(dispersion=[1.0, 4.0, 2.0]))
    for at, spread in enumerate((1.0, 4.0, 2.0)):
        alone = rates.crude_rate(table.iloc[[at]], dispersion=spread)
        pd.testing.assert_frame_equal(own.iloc[[at]].drop(columns="dispersion"), alone)


def test_dispersion_of_areas_by_hand():
    # rate 2 of each 10 people: 20 expected of each area; squares 25 + 0 + 25, over 60, times 3 / 2
    areas = pd.DataFrame({"q": 1, "count": [15, 20, 25], "denominator": 10})
    from scipy.stats import t

    by_hand = 1.5 * 50 / 60 * (t.ppf(0.975, 2) / 1.959964) ** 2
    found = rates.dispersion_of_areas(areas, by="q")
    assert found["dispersion"].tolist() == [np.ceil(10 * by_hand) / 10]
    few = rates.dispersion_of_areas(areas.iloc[:2], by="q")
    assert few["dispersion"].isna().all()


def test_a_groups_interval_holds_the_rate_of_areas_like_these_only_if_areas_may_vary():
    rng = np.random.default_rng(4)
    people = rng.integers(1_000, 2_500, 40 * 600)
    counts = rng.poisson(people * 0.02 * rng.gamma(4, 0.25, len(people)))
    drawn = np.repeat(range(600), 40)  # one group for each draw
    areas = pd.DataFrame({"draw": drawn, "count": counts, "denominator": people})
    group = areas.groupby("draw", as_index=False).sum()
    told = group.merge(rates.dispersion_of_areas(areas, by="draw"))
    assert held(rates.crude_rate(group, per=1_000), 20) < 0.6
    assert 0.92 <= held(rates.crude_rate(told, per=1_000), 20) <= 0.98


# totals and the rest ---------------------------------------------------------------------------


def some_hidden():
    """Return four areas of which two are hidden, records of no area, and the total."""
    # 70 of 7,000 people in the areas, so the rate of all is 10; of those shown it is 12.86
    return pd.DataFrame(
        {
            "kind": ["a", "b", "c", "d", "no area", "All"],
            "count": pd.array([20, 25, None, None, 6, 76], dtype="Int64"),
            "denominator": [1_000, 2_500, 1_500, 2_000, np.nan, 7_000],
        }
    )


def test_the_rate_of_all_is_that_of_the_total_where_areas_are_hidden():
    assert rates.funnel_limits(some_hidden(), of="kind")["benchmark"].iloc[0] == 10
    smooth = rates.empirical_bayes_rate(some_hidden(), of="kind")
    weight = smooth["weight"].iloc[0]
    assert smooth["value"].iloc[0] == pytest.approx(weight * 20 + (1 - weight) * 10)
    assert smooth["value"].isna().tolist() == [False] * 2 + [True] * 4


def test_a_funnel_of_hidden_areas_without_a_total_is_refused():
    with pytest.raises(DataError, match="2 of 5 counts are hidden and no total is shown"):
        rates.funnel_limits(some_hidden().iloc[:5])
    assert rates.funnel_limits(some_hidden().iloc[:5], benchmark=10)["benchmark"].iloc[0] == 10


@pytest.mark.parametrize("column", ["kind", "area_name", "x"])
def test_a_total_is_known_by_the_column_that_is_named_and_never_guessed(column):
    areas = pd.DataFrame({column: list("abcdef"), "count": [40, 4, 200, 100, 90, 60]})
    whole = tables.with_total(areas, column).assign(
        denominator=[1e3, 1e2, 2e4, 9e3, 4e3, 3e3, 3.71e4]
    )
    crude = rates.crude_rate(whole)
    for function in (rates.funnel_limits, rates.empirical_bayes_rate):
        with pytest.raises(DataError, match=f"1 of 7 rows hold 'All' in .*{column}"):
            function(crude)
        done, alone = function(crude, of=column), function(crude.iloc[:6])
        pd.testing.assert_frame_equal(done.iloc[:6], alone, check_dtype=False)


def test_each_area_is_compared_with_the_rest_and_p_values_are_those_of_holm():
    from scipy.stats import binomtest

    table = some_hidden().iloc[[0, 1, 4]]
    table = pd.concat([table, pd.DataFrame({"kind": ["c", "All"], "count": [12, 63],
                                            "denominator": [1_500, 5_000]})])  # fmt: skip
    done = rates.compare_with_rest(table, of="kind").set_index("kind")
    # 57 are of an area: six of none are taken out of the total
    assert done.loc["a", "ratio_to_rest"] == pytest.approx((20 / 1_000) / (37 / 4_000))
    exact = {
        name: 2 * min(binomtest(n, 57, share, alternative=a).pvalue for a in ("less", "greater"))
        for name, n, share in (("a", 20, 0.2), ("b", 25, 0.5), ("c", 12, 0.3))
    }
    assert done.loc[list("abc"), "p_value"].tolist() == pytest.approx([exact[n] for n in "abc"])
    first, second, third = sorted(exact.values())
    holm = [3 * first, max(3 * first, 2 * second), max(3 * first, 2 * second, third)]
    assert sorted(done["adjusted_p_value"].dropna()) == pytest.approx(holm)
    assert done.loc[["no area", "All"], "beside_rest"].tolist() == ["not compared"] * 2
    assert done.loc["a", "beside_rest"] == "higher"


def test_rounding_and_clustering_make_a_comparison_less_sure():
    table = pd.DataFrame(
        {"n": ["a", "b", "All"], "count": [120, 80, 200], "denominator": [1, 1, 2]}
    )
    plain, loose, together = (
        rates.compare_with_rest(one, of="n")["p_value"]
        for one in (table, table.assign(count_error=2), table.assign(dispersion=2.0))
    )
    assert (loose[:2] > plain[:2]).all()
    assert (together[:2] > plain[:2]).all()
    with pytest.raises(DataError, match="0 rows are the total"):
        rates.compare_with_rest(table.iloc[:2], of="n")


def test_of_districts_that_do_not_differ_one_set_in_twenty_has_any_that_is_said_to():
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(150):
        counts = rng.poisson([300, 200, 150, 150, 100, 100, 80, 60, 40])
        people = [300, 200, 150, 150, 100, 100, 80, 60, 40]
        table = pd.DataFrame({"n": list("abcdefghi"), "count": counts, "denominator": people})
        whole = pd.DataFrame({"n": ["All"], "count": [counts.sum()], "denominator": [sum(people)]})
        found = rates.compare_with_rest(pd.concat([table, whole]), of="n")["beside_rest"]
        wrong += found.isin(["higher", "lower"]).any()
    assert wrong / 150 <= 0.09


# trends and scores -----------------------------------------------------------------------------


@pytest.mark.slow
def test_the_trend_holds_the_truth_where_neighbouring_months_are_alike():
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(100):
        counts, _ = months_of(rng, months=60)
        table = pd.DataFrame(
            {"month": pd.date_range("2019-04-01", periods=60, freq="MS"), "count": counts}
        )
        row = trends.fit_trend(table.astype({"count": "Int64"}), breaks=None).iloc[0]
        inside += row["lower_95_ci"] <= 1.04 <= row["upper_95_ci"]
    assert inside / 100 >= 0.9


@pytest.mark.slow
def test_the_score_of_a_map_holds_the_truth_where_offences_cluster_only_if_told():
    rng, sizes, chance = np.random.default_rng(7), np.array([1, 4]), np.array([0.8, 0.2])
    level = np.sort(rng.gamma(0.4, 8, 200))[::-1]
    inside, truth = np.zeros(2), level[:20].sum() / level.sum()
    spread = float(chance @ sizes**2 / (chance @ sizes))
    for _ in range(100):
        now = sizes @ rng.poisson(np.outer(chance, level) / (chance @ sizes))
        table = pd.DataFrame({"count": 1, "next_count": now, "flag": np.arange(200) < 20})
        for at, told in enumerate((1.0, spread)):
            found = hotspots.accuracy(table, scores=["flag"], dispersion=told)
            row = found[(found["score"] == "flag") & (found["measure"] == "hit_rate")].iloc[0]
            inside[at] += row["lower_95_ci"] <= truth <= row["upper_95_ci"]
    assert inside[0] / 100 < 0.85
    assert inside[1] / 100 >= 0.9
    with pytest.raises(DataError, match="1 or more"):
        hotspots.accuracy(table, scores=[], dispersion=0.5)
