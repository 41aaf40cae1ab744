"""Indicator values, profile, coverage and priorities; the association has a file of its own."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from factor_tables import CATALOGUE, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import factors
from vrn_analysis.methods.factors.coverage import break_years
from vrn_analysis.read.sources import catalogue, indicators, judgement

WEIGHTS = {
    "edition": "test",
    "weights": {"gap": 3.0, "trend": 2.0, "evidence": 2.0, "early": 1.0},
}


def valued(*given):
    return factors.values(rows(*given), CATALOGUE)


# -- values -----------------------------------------------------------------------------------


def test_proportions_get_wilsons_limits():
    row = valued(("absence", "A", 2023, 65, 65, 100)).iloc[0]
    assert row["lower_95_ci"] == pytest.approx(55.2544, abs=1e-4)
    assert row["upper_95_ci"] == pytest.approx(73.6358, abs=1e-4)
    assert row["lower_99_8_ci"] == pytest.approx(49.5495, abs=1e-4)
    assert row["method"] == "Wilson"


def test_rates_get_exact_limits_below_ten_and_byars_from_ten():
    table = valued(
        ("entrants", "A", 2023, 9 / 50_000 * 1e5, 9, 50_000),
        ("entrants", "A", 2024, 65 / 100_000 * 1e5, 65, 100_000),
    )
    assert table["method"].tolist() == ["exact Poisson", "Byar"]
    assert table["lower_95_ci"].tolist() == pytest.approx([4.115373 * 2, 50.163188], rel=1e-6)
    assert table["upper_95_ci"].tolist() == pytest.approx([17.084803 * 2, 82.849139], rel=1e-6)


def test_a_value_without_a_count_has_no_interval_and_says_so():
    row = valued(("absence", "A", 2023, 12.5, None, None)).iloc[0]
    assert np.isnan(row["lower_95_ci"])
    assert row["method"] == "none: the source gives no count"


def test_a_mean_has_no_interval_of_a_proportion():
    row = valued(("score", "A", 2023, 45.5, None, 900)).iloc[0]
    assert np.isnan(row["lower_95_ci"])


def test_published_interval_is_kept():
    table = rows(("work", "A", 2023, 75.0, None, None)).assign(
        published_lower=72.0, published_upper=78.0
    )
    row = factors.values(table, CATALOGUE).iloc[0]
    assert (row["lower_95_ci"], row["upper_95_ci"]) == (72, 78)
    assert np.isnan(row["lower_99_8_ci"])
    assert row["method"] == "as published"


def test_count_worked_out_from_a_percentage_covers_what_rounding_hides():
    row = valued(("absence", "A", 2023, 6.9, None, 10_192)).iloc[0]
    low, _ = proportion_confint(round(0.0685 * 10_192), 10_192, method="wilson")
    _, high = proportion_confint(round(0.0695 * 10_192), 10_192, method="wilson")
    assert row["count"] == 703
    assert row["lower_95_ci"] <= low * 100
    assert row["upper_95_ci"] >= high * 100
    assert row["method"] == "Wilson, count worked out"


def test_denominator_is_worked_out_from_value_and_count():
    row = valued(("care", "A", 2025, 66, 595, None)).iloc[0]
    assert row["denominator"] == round(595 / 66 * 10_000)
    assert row["value"] == 66
    assert row["lower_95_ci"] < 66 < row["upper_95_ci"]


def test_below_the_minimum_count_the_value_goes_with_everything_that_gives_it_back():
    row = valued(("absence", "A", 2023, 4.0, 4, 100)).iloc[0]
    assert row[["value", "count", "lower_95_ci", "upper_95_ci", "upper_99_8_ci"]].isna().all()
    assert row["method"] == "none: fewer events than the indicator's minimum"


def test_missing_value_keeps_the_meaning_of_its_mark():
    table = rows(("absence", "A", 2023, None, None, None)).assign(mark="suppressed")
    assert factors.values(table, CATALOGUE)["method"].tolist() == ["none: suppressed"]


def test_unknown_indicator_is_refused():
    with pytest.raises(DataError, match=r"1 of 1 rows .* 'nobody_knows'"):
        valued(("nobody_knows", "A", 2023, 1, None, None))


def test_numerator_above_denominator_is_refused():
    with pytest.raises(DataError, match="'count' is above 'denominator' in 1 of 1 rows of absence"):
        valued(("absence", "A", 2023, 110, 110, 100))


def test_input_is_not_changed():
    table = rows(("absence", "A", 2023, 4.0, 4, 100))
    before = table.copy(deep=True)
    factors.values(table, CATALOGUE)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(st.integers(5, 500), st.integers(500, 5_000))
def test_interval_always_covers_the_value(count, whole):
    table = valued(("absence", "A", 2023, count / whole * 100, count, whole))
    row = table.iloc[0]
    limits = ["lower_99_8_ci", "lower_95_ci", "value", "upper_95_ci", "upper_99_8_ci"]
    assert row[limits].astype(float).is_monotonic_increasing


# -- benchmarks and profile -------------------------------------------------------------------

MEMBERS = pd.DataFrame({"benchmark_code": "E", "member_code": ["A", "B", "C"]})


def benchmark_table(value):
    return rows(
        ("entrants", "A", 2024, 196, None, None),
        ("entrants", "B", 2024, 75, None, None),
        ("entrants", "C", 2024, 120, None, None),
        ("entrants", "E", 2024, value, None, None),
    )


def test_a_sum_of_rates_is_no_benchmark():
    found = factors.benchmark_problems(benchmark_table(1258), members=MEMBERS)
    assert found["value"].tolist() == [1258]
    assert "is it a sum" in found["problem"].iloc[0]


@pytest.mark.parametrize(("value", "bad"), [(196, 0), (197, 1), (75, 0), (74, 1)])
def test_with_all_members_known_the_benchmark_lies_between_them(value, bad):
    found = factors.benchmark_problems(benchmark_table(value), members=MEMBERS, complete=True)
    assert len(found) == bad


def test_with_members_missing_a_benchmark_may_lie_a_little_outside():
    assert factors.benchmark_problems(benchmark_table(300), members=MEMBERS).empty


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.floats(1, 100), st.integers(1, 1000)), min_size=2, max_size=8))
def test_a_weighted_mean_of_its_members_is_always_plausible(parts):
    given = [("entrants", f"M{n}", 2024, value, None, None) for n, (value, _) in enumerate(parts)]
    mean = np.average([v for v, _ in parts], weights=[w for _, w in parts])
    table = rows(*given, ("entrants", "E", 2024, mean, None, None))
    codes = [f"M{n}" for n in range(len(parts))]
    members = pd.DataFrame({"benchmark_code": "E", "member_code": codes})
    assert factors.benchmark_problems(table, members=members, complete=True).empty


def profile_rows():
    return valued(
        ("absence", "A", 2023, 20, 200, 1000),
        ("absence", "E", 2023, 15, 150_000, 1_000_000),
        ("ready", "A", 2023, 60, 600, 1000),
        ("ready", "E", 2023, 70, 700_000, 1_000_000),
        ("care", "A", 2023, 90, 450, None),
        ("care", "E", 2023, 60, 60_000, None),
        ("score", "A", 2023, 40, None, None),
        ("score", "E", 2023, 46, None, None),
        ("entrants", "A", 2024, 196, 40, None),
        ("entrants", "E", 2024, 1258, 40_000, None),
    )


def test_profile_judges_by_the_interval_and_the_direction_of_the_indicator():
    members = pd.DataFrame({"benchmark_code": ["E"], "member_code": ["A"]})
    found = factors.profile(profile_rows(), area="A", benchmark="E", members=members)
    told = found.set_index("indicator_id")[["comparison", "judgement"]]
    expected = pd.DataFrame(
        {
            "comparison": ["higher", "lower", "higher", "no interval", "no benchmark"],
            "judgement": ["worse", "worse", "not judged", "not judged", "not judged"],
        },
        index=pd.Index(["absence", "ready", "care", "score", "entrants"], name="indicator_id"),
    ).astype("str")
    pd.testing.assert_frame_equal(told, expected, check_dtype=False)
    assert "is it a sum" in found.set_index("indicator_id").loc["entrants", "benchmark_note"]


def test_members_stand_side_by_side_in_the_periods_of_the_profile():
    older = valued(("absence", "A", 2022, 30, 300, 1000), ("absence", "E", 2022, 9, 90, 1000))
    values = pd.concat([older, profile_rows()], ignore_index=True)
    members = pd.DataFrame({"benchmark_code": ["E"], "member_code": ["A"]})
    made = factors.profile(values, area="A", benchmark="E", members=members)
    shown = factors.member_rows(made, values, ["E", "A"])
    assert len(shown) == 10
    absence = shown[shown["period"] == "2023"].head(2)
    assert absence["value"].tolist() == [15, 20]
    assert not (shown["period"] == "2022").any()


def test_profile_says_where_the_benchmark_was_not_tested():
    found = factors.profile(profile_rows(), area="A", benchmark="E")
    assert set(found["benchmark_note"]) == {"not tested for plausibility"}


def test_profile_compares_the_same_period_only():
    table = valued(("absence", "A", 2023, 20, 200, 1000), ("absence", "E", 2022, 15, 150, 1000))
    found = factors.profile(table, area="A", benchmark="E")
    assert found["benchmark_value"].isna().all()
    assert found["benchmark_note"].tolist() == ["no value in this period"]


def test_profile_of_an_unknown_area_or_benchmark_is_refused():
    with pytest.raises(DataError, match="The area 'Z' has no indicator values"):
        factors.profile(profile_rows(), area="Z", benchmark="E")
    with pytest.raises(DataError, match="The benchmark 'Z' has no indicator values"):
        factors.profile(profile_rows(), area="A", benchmark="Z")


def test_statistical_neighbours_are_a_median_of_enough_of_them():
    table = rows(*[("absence", f"N{n}", 2023, n, None, None) for n in range(1, 8)])
    pairs = pd.DataFrame({"area_code": "A", "neighbour_code": [f"N{n}" for n in range(1, 11)]})
    found = factors.neighbour_values(table, area="A", neighbours=pairs)
    assert found[["value", "members"]].to_numpy().tolist() == [[4, 7]]
    with pytest.raises(NotInThisRun, match=r"\b4 of the 10\b"):
        factors.neighbour_values(table[:4], area="A", neighbours=pairs)
    with pytest.raises(DataError, match="no rows for B"):
        factors.neighbour_values(table, area="B", neighbours=pairs)


def test_profile_beside_neighbours_is_by_the_interval_and_their_median():
    neighbours = [f"N{n}" for n in range(1, 7)]
    parts = [("absence", code, 2023, value, None, None)
             for code, value in zip(neighbours, (5, 6, 7, 9, 10, 11), strict=True)]  # fmt: skip
    table = valued(("absence", "A", 2023, 30, 300, 1_000), *parts)
    pairs = pd.DataFrame({"area_code": "A", "neighbour_code": neighbours})
    row = factors.beside_neighbours(table, area="A", neighbours=pairs).iloc[0]
    assert row["benchmark_value"] == 8
    assert row["comparison"] == "higher"
    assert row["benchmark_note"] == ""


# -- coverage and change ----------------------------------------------------------------------


def verified(listed):
    """Return a value of every indicator that was read from its source."""
    return listed[listed["verified"] == "yes"][["indicator_id"]].assign(value=1.0)


def test_matrix_shows_every_cell_and_the_empty_ones():
    matrix = factors.level_by_life_stage(CATALOGUE, verified(CATALOGUE))
    cell = matrix.set_index(["level", "life_stage"])
    assert len(matrix) == 20
    assert cell.loc[("individual", "0-4"), "protective"] == 1
    assert cell.loc[("community", "10-17"), "status"] == "empty"
    assert cell.loc[("relationship", "5-9"), "status"] == "measured"
    assert cell.loc[("societal", "0-4"), "status"] == "empty"  # an outcome is no factor


def test_matrix_of_a_run_counts_only_what_has_a_value():
    values = valued(("care", "A", 2023, None, None, None), ("absence", "A", 2023, 12, 12, 100))
    cell = factors.level_by_life_stage(CATALOGUE, values).set_index(["level", "life_stage"])
    assert cell.loc[("relationship", "10-17"), "status"] == "candidates only"
    assert cell.loc[("individual", "10-17"), ["risk", "candidates"]].tolist() == [1, 2]


def test_shipped_matrix_shows_how_little_is_open_at_the_relationship_level():
    matrix = factors.level_by_life_stage(catalogue.catalogue(), verified(catalogue.catalogue()))
    cell = matrix.set_index(["level", "life_stage"])
    assert cell.loc[("relationship", "10-17"), "protective"] == 0
    assert cell.loc[("individual", "18-24"), "status"] == "candidates only"


def series_rows(*changes):
    years = (2019, 2020, 2022, 2023)
    return valued(
        *[("absence", "A", y, v, v * 10, 1000) for y, v in zip(years, changes, strict=False)]
    )


def test_change_never_reads_across_a_break():
    found = factors.changes(series_rows(12, 12, 22, 30), CATALOGUE).iloc[0]
    assert (found["first_period"], found["last_period"]) == ("2022", "2023")
    assert found["direction"] == "rose"
    assert found["note"] == "begins at a break"


def test_change_within_overlapping_intervals_has_no_direction():
    found = factors.changes(series_rows(12, 12, 22, 23), CATALOGUE).iloc[0]
    assert found["direction"] == "no clear change"


def test_one_year_since_a_break_is_no_change():
    found = factors.changes(series_rows(12, 12, 22), CATALOGUE).iloc[0]
    assert found["direction"] == "no comparable period"


def test_changes_shown_are_those_of_two_periods_in_the_order_of_the_catalogue():
    found = factors.changes(series_rows(12, 12, 22, 30), CATALOGUE)
    shown = factors.change_rows(found, CATALOGUE)
    [row] = shown.to_dict("records")
    assert (row["first_value"], row["last_value"], row["direction"]) == (22, 30, "rose")
    alone = factors.changes(series_rows(12, 12, 22), CATALOGUE)
    assert factors.change_rows(alone, CATALOGUE).empty


def test_lines_stop_at_a_break():
    found = factors.series(series_rows(12, 12, 22, 23), CATALOGUE)
    assert found["segment"].tolist() == [0, 0, 1, 1]
    assert found["break_note"].tolist() == ["", "", "new definition", ""]


def test_badly_written_break_is_refused():
    with pytest.raises(DataError, match="'since 2019' is not written as"):
        break_years("2017: grades; since 2019")


def test_all_shipped_breaks_can_be_read():
    for words in catalogue.catalogue()["breaks"]:
        break_years(words)


# -- priorities -------------------------------------------------------------------------------


def criteria_table():
    table = valued(
        ("absence", "A", 2018, 10, 100, 1000),
        ("absence", "A", 2021, 20, 200, 1000),
        ("absence", "E", 2021, 10, 100_000, 1_000_000),
        ("ready", "A", 2021, 60, 600, 1000),
        ("ready", "E", 2021, 70, 700_000, 1_000_000),
        ("care", "A", 2021, 90, 450, None),
        ("care", "E", 2021, 60, 60_000, None),
        ("score", "A", 2021, 40, None, None),
        ("score", "E", 2021, 46, None, None),
    )
    profile = factors.profile(table, area="A", benchmark="E")
    return factors.criteria(profile, factors.changes(table, CATALOGUE), CATALOGUE)


def test_criteria_by_hand():
    table = criteria_table().set_index("indicator_id")
    assert list(table.index) == ["absence", "ready", "score"]  # an ambiguous one has no order
    assert table.loc["absence", ["gap", "trend", "evidence", "early"]].tolist() == [1, 1, 0.5, 0.5]
    assert table.loc["ready", "gap"] == pytest.approx(np.log(70 / 60) / np.log(2))
    assert table.loc["ready", "early"] == 1
    assert table.loc["ready", "unknown"] == "trend"


def test_score_and_rank_by_hand():
    found = factors.priorities(criteria_table(), WEIGHTS).set_index("indicator_id")
    assert found.loc["absence", "score"] == pytest.approx((3 + 2 + 1 + 0.5) / 8)
    assert found["rank"].tolist() == [1, 2, 3]
    assert found["edition"].unique().tolist() == ["test"]


def test_rank_interval_holds_the_rank_and_sensitivity_its_range():
    found = factors.priorities(criteria_table(), WEIGHTS)
    assert (found["rank_lower_95_ci"] <= found["rank"]).all()
    assert (found["rank_upper_95_ci"] >= found["rank"]).all()
    assert (found["rank_best"] <= found["rank_worst"]).all()
    assert found.set_index("indicator_id").loc["score", "note"].startswith("value without an int")


def test_equal_factors_cannot_be_told_apart():
    """Twenty factors with the same truth: each rank interval must be wide."""
    one = criteria_table().iloc[[1]].assign(gap_error=0.2, gap=0.5, gap_uncut=0.5)
    rng = np.random.default_rng(3)
    many = pd.concat([one] * 20, ignore_index=True)
    many["indicator_id"] = [f"i{n}" for n in range(20)]
    many["gap_uncut"] = 0.5 + rng.normal(size=20) * 0.2
    many["gap"] = many["gap_uncut"].clip(0, 1)
    found = factors.priorities(many, WEIGHTS)
    width = found["rank_upper_95_ci"] - found["rank_lower_95_ci"]
    assert width.median() >= 10


def test_dropping_a_criterion_moves_what_it_decided():
    found = factors.sensitivity(criteria_table(), WEIGHTS)
    none = found[(found["changed"] == "early") & (found["times"] == 0)].set_index("indicator_id")
    assert set(found["times"]) == {0.0, 0.5, 2.0}
    assert none.loc["absence", "rank"] == 1
    assert len(found) == 4 * 3 * 3


def test_the_same_table_gives_the_same_ranks():
    first, second = (factors.priorities(criteria_table(), WEIGHTS) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"weights": WEIGHTS["weights"]}, "names no edition"),
        ({"edition": " ", "weights": WEIGHTS["weights"]}, "names no edition"),
        ({"edition": "x", "weights": {"gap": 1}}, "weights missing: trend, evidence, early"),
        ({"edition": "x", "weights": WEIGHTS["weights"] | {"cost": 1}}, "unknown criteria: cost"),
        ({"edition": "x", "weights": WEIGHTS["weights"] | {"gap": -1}}, "not a number of 0 or"),
        ({"edition": "x", "weights": WEIGHTS["weights"] | {"gap": "3"}}, "not a number of 0 or"),
        ({"edition": "x", "weights": dict.fromkeys(WEIGHTS["weights"], 0)}, "all weights are 0"),
    ],
)
def test_weights_that_cannot_be_used(weights, words):
    with pytest.raises(SettingsError, match=words):
        factors.priorities(criteria_table(), weights)


def test_shipped_weights_can_be_used():
    assert not factors.priorities(criteria_table(), judgement.priority_weights()).empty


def test_an_outcome_is_refused_as_a_factor():
    table = valued(("hurt", "A", 2021, 9, 90, None), ("hurt", "E", 2021, 8, 8_000, None))
    profile = factors.profile(table, area="A", benchmark="E")
    with pytest.raises(DataError, match="Hurt|hurt: an outcome is never a factor"):
        factors.criteria(profile, factors.changes(table, CATALOGUE), CATALOGUE)


# -- the real values --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real():
    if "VRN_OPEN_DATA" not in os.environ:
        pytest.skip("VRN_OPEN_DATA does not name the folder of real open data")
    listed = catalogue.catalogue()
    read = indicators.indicators(Path(os.environ["VRN_OPEN_DATA"]), listed)
    return factors.values(read[~read["area_code"].str.startswith("E010")], listed)


REGION, ENGLAND = "E12000004", "E92000001"
AUTHORITIES = ["E06000016", "E10000018", "E06000017"]


@pytest.mark.slow
@pytest.mark.open_data
def test_the_england_rate_of_first_time_entrants_is_caught_and_nothing_else(real):
    members = pd.concat(
        [
            pd.DataFrame({"benchmark_code": ENGLAND, "member_code": [REGION, *AUTHORITIES]}),
            pd.DataFrame({"benchmark_code": REGION, "member_code": AUTHORITIES}),
        ]
    )
    found = factors.benchmark_problems(real, members=members)
    assert set(found["indicator_id"]) == {"first_time_entrants"}
    assert set(found["area_code"]) == {ENGLAND}
    assert 1258 in found["value"].tolist()
    profile = factors.profile(real, area="E06000016", benchmark=ENGLAND, members=members)
    row = profile.set_index("indicator_id").loc["first_time_entrants"]
    assert row["comparison"] == "no benchmark"
    region = factors.profile(real, area="E06000016", benchmark=REGION, members=members)
    assert region.set_index("indicator_id").loc["first_time_entrants", "benchmark_value"] == 98


@pytest.mark.open_data
def test_three_authorities_carry_no_association(real):
    upper = real[real["area_code"].isin(AUTHORITIES) & (real["indicator_id"] == "children_in_care")]
    with pytest.raises(DataError, match=r"refused: only small areas"):
        factors.require_areas(upper["area_code"].nunique(), level="upper tier")
    with pytest.raises(NotInThisRun, match="n = 3 areas is refused"):
        factors.require_areas(upper["area_code"].nunique(), level="msoa")


@pytest.mark.open_data
def test_persistent_absence_is_not_compared_across_its_break(real):
    found = factors.changes(real, catalogue.catalogue()).set_index(["indicator_id", "area_code"])
    row = found.loc[("persistent_absence_secondary", "E06000016")]
    assert row["first_period"] == "2022"


# -- imports ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_importing_stays_light():
    modules = "factors, triangulate, harm, evaluation, prevention, disproportionality"
    code = (
        f"import sys\nfrom vrn_analysis.methods import {modules}\n"
        "heavy = {'statsmodels', 'matplotlib', 'geopandas', 'seaborn', 'duckdb', 'scipy.stats'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
