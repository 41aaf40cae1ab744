"""Count and harm side by side, and the three Home Office measures."""

import ibis
import numpy as np
import pandas as pd
import pytest

from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import harm
from vrn_analysis.read.sources import judgement

WEIGHTS = pd.DataFrame(
    {
        "offence_code": ["1", "8N", "34B"],
        "weight": [1000, 20, 70],
        "scheme": "test",
        "edition": "2026",
        "unit": "points",
        "illustrative": "no",
        "source": "test",
    }
)


def counts(**by_code):
    codes = {"murder": "1", "injury": "8N", "robbery": "34B", "other": "99Z"}
    groups = {"murder": "Homicide", "injury": "Violence with injury", "robbery": "Robbery"}
    return pd.DataFrame(
        {
            "offence_code": [codes[name] for name in by_code],
            "crime_group": [groups.get(name, "Other") for name in by_code],
            "count": list(by_code.values()),
        }
    ).astype({"count": "Int64"})


# -- harm -------------------------------------------------------------------------------------


def test_count_and_harm_side_by_side_by_hand():
    found = harm.harm(counts(murder=2, injury=100, robbery=40), WEIGHTS).set_index("crime_group")
    assert found["count"].tolist() == [2, 100, 40]
    assert found["harm"].tolist() == [2000, 2000, 2800]
    assert found["share_of_harm"].tolist() == pytest.approx([2000 / 6800, 2000 / 6800, 2800 / 6800])
    assert found["share_of_count"].tolist() == pytest.approx([2 / 142, 100 / 142, 40 / 142])
    assert found["harm_each"].tolist() == [1000, 20, 70]


def test_interval_of_one_weight_is_that_of_the_count():
    row = harm.harm(counts(injury=65), WEIGHTS).iloc[0]
    assert row["lower_95_ci"] == pytest.approx(50.163188 * 20)
    assert row["upper_95_ci"] == pytest.approx(82.849139 * 20)


def test_no_interval_below_ten_offences():
    row = harm.harm(counts(murder=9), WEIGHTS).iloc[0]
    assert np.isnan(row["lower_95_ci"])
    assert row["method"] == "none: fewer than 10 offences"


def covered(drawn, truth, **told):
    """Return the share of draws (injuries, robberies) whose interval includes the truth."""
    table = pd.DataFrame(drawn, columns=["8N", "34B"]).rename_axis("draw").reset_index()
    table = table.melt("draw", var_name="offence_code", value_name="count")
    found = harm.harm(table, WEIGHTS, by=("draw",), **told)
    return (found["lower_95_ci"].lt(truth) & found["upper_95_ci"].gt(truth)).mean()


def test_interval_covers_the_truth_in_about_95_per_cent():
    drawn = np.random.default_rng(1).poisson([100, 8], size=(1_000, 2))
    assert 0.93 <= covered(drawn, 100 * 20 + 8 * 70) <= 0.97


def test_interval_covers_the_truth_where_offences_cluster_only_if_told():
    # every incident brings three offences
    drawn = 3 * np.random.default_rng(2).poisson([40, 10], size=(1_000, 2))
    truth = 120 * 20 + 30 * 70
    assert covered(drawn, truth) < 0.8
    assert 0.93 <= covered(drawn, truth, dispersion=3) <= 0.97


def test_parts_sum_to_the_whole():
    table = counts(murder=2, injury=100, robbery=40)
    parts, whole = harm.harm(table, WEIGHTS), harm.harm(table, WEIGHTS, by=())
    assert parts["harm"].sum() == whole["harm"].iloc[0]
    assert parts["share_of_harm"].sum() == pytest.approx(1)


def test_unmapped_code_is_an_error_with_how_many():
    with pytest.raises(DataError, match=r"3 of 13 offences, of 1 codes \(99Z\), have no weight"):
        harm.harm(counts(injury=10, other=3), WEIGHTS)


def test_hidden_counts_are_refused():
    table = counts(injury=10, robbery=5)
    table.loc[0, "count"] = pd.NA
    with pytest.raises(DataError, match="1 of 2 counts are hidden"):
        harm.harm(table, WEIGHTS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"edition": ["2026", "2026", "2025"]}, "several of 'edition' are mixed"),
        ({"scheme": ["a", "b", "b"]}, "several of 'scheme' are mixed"),
        ({"unit": ["days", "points", "points"]}, "several of 'unit' are mixed"),
        ({"edition": ["2026", "", None]}, "'edition' is empty in 2 rows"),
        ({"weight": [1, 0, 3]}, "'weight' is not a number above 0 in 1 rows"),
        ({"weight": [1, "many", 3]}, "'weight' is not a number above 0 in 1 rows"),
        ({"offence_code": ["1", "1", "8N"]}, r"1 codes repeat \(1\)"),
        ({"illustrative": "perhaps"}, "'illustrative' must be yes or no"),
    ],
)
def test_weights_that_cannot_be_used(changes, words):
    with pytest.raises(DataError, match=words):
        harm.harm(counts(injury=10), WEIGHTS.assign(**changes))


def test_weights_without_an_edition_column_are_refused():
    with pytest.raises(DataError, match="column 'edition' is missing"):
        harm.harm(counts(injury=10), WEIGHTS.drop(columns="edition"))


def test_shipped_weights_are_marked_illustrative_and_no_published_figure():
    shipped = harm.check_weights(judgement.harm_weights())
    assert set(shipped["illustrative"]) == {"yes"}
    assert set(shipped["scheme"]) == {"illustration"}
    # press-only and derived figures, and the partial severity weights, that must not be shipped
    never = {5475, 730, 365, 273.75, 14050, 11320, 39360, 3_200_000, 746, 7979, 4663}
    assert not never & set(shipped["weight"])
    assert (shipped["weight"] % 10 == 0).all()
    assert harm.harm(counts(injury=10), shipped)["illustrative"].tolist() == ["yes"]


# -- the three measures -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def measures():
    return judgement.home_office_measures()


def yearly(years=("2020/21", "2021/22", "2022/23", "2023/24"), **more):
    table = pd.DataFrame(
        {
            "period": list(years) * 2,
            "age_group": ["All ages"] * len(years) + ["Under 25"] * len(years),
            "count": [5, 3, 4, 6][: len(years)] + [1, 0, 2, 1][: len(years)],
        }
    )
    return table.assign(**more)


@pytest.mark.parametrize(("name", "per"), [("admissions", 100_000), ("knife", 1_000)])
def test_rates_with_the_under_25_cut(measures, name, per):
    table = yearly(denominator=[1_000_000] * 4 + [300_000] * 4)
    found = harm.measure(table, measures, name=name)
    assert found["value"].iloc[3] == pytest.approx(6 / 1_000_000 * per)
    assert set(found["age_group"]) == {"All ages", "Under 25"}
    assert (found["lower_95_ci"] <= found["value"]).all()
    assert found["codes"].str.contains("to be confirmed").all()


def test_knife_measure_names_a_definition_that_ships(measures):
    from vrn_analysis.core import definition

    assert definition.load(measures["knife"]["definition"])


def test_homicide_is_one_count_over_three_years(measures):
    found = harm.homicide(yearly(), measures, audience="public")
    expected = pd.DataFrame(
        {
            "period": "2021/22 to 2023/24",
            "age_group": ["All ages", "Under 25"],
            "count": [13, 3],
        }
    )
    pd.testing.assert_frame_equal(found[expected.columns], expected, check_dtype=False)
    assert found["lower_95_ci"].tolist() == pytest.approx([6.9152, 0.6187], abs=1e-3)
    assert not {"denominator", "rate"} & set(found)
    assert set(found["statistic"]) == {"count"}


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_homicide_is_never_broken_down_outside_an_internal_edition(measures, audience):
    with pytest.raises(DataError, match="broken down by area_code, sex"):
        harm.homicide(yearly(area_code="A", sex="female"), measures, audience=audience)


def test_homicide_has_no_rate(measures):
    with pytest.raises(DataError, match="only ever a count"):
        harm.measure(yearly(denominator=1), measures, name="homicide")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (yearly(("2022/23", "2023/24")).assign(place=1), "2 years are too few"),
        (yearly().query("age_group == 'All ages'"), "no row of Under 25"),
        (yearly().replace("Under 25", "Young"), "age_group contains Young"),
        (yearly().drop(columns="count"), "column 'count' is missing"),
        (yearly().drop(index=7), "a year is missing in 1 groups"),
    ],
)
def test_homicide_that_cannot_be_shown(measures, table, words):
    with pytest.raises(DataError, match=words):
        harm.homicide(table, measures, audience="public")


def test_homicide_over_fewer_than_three_years_is_not_in_this_run(measures):
    with pytest.raises(NotInThisRun, match="2 years are too few"):
        harm.homicide(yearly(("2022/23", "2023/24")), measures, audience="public")


def test_measures_file_that_lacks_something_is_named(measures):
    with pytest.raises(SettingsError, match=r"has no \[knife\]"):
        harm.measure(yearly(denominator=1), {"homicide": {}}, name="knife")
    with pytest.raises(SettingsError, match=r"\[knife\] .*source"):
        harm.measure(yearly(denominator=1), {"knife": {"title": "x"}}, name="knife")


# -- admissions, by year and age --------------------------------------------------------------

MONTHS = pd.date_range("2022-01-01", "2024-03-01", freq="MS")


def admitted(**columns):
    return ibis.memtable(pd.DataFrame(columns))


def yearly_counts(events):
    table = harm.admission_years(events, months=MONTHS)
    return table.pivot(index="period", columns="age_focus", values="count").to_dict("index")


def test_admissions_of_whole_financial_years_for_a_sharp_object_only():
    events = admitted(
        month=pd.to_datetime(
            ["2022-03-01", "2022-04-01", "2023-03-01", "2024-03-01", "2024-03-01"]
        ),
        cause=["sharp_object"] * 4 + ["other_assault"],
        age=[20, 20, 40, None, 20],
    )
    none = {"UNDER_25": 0, "25_AND_OVER": 0, "UNKNOWN_AGE": 0}
    assert yearly_counts(events) == {
        "2022/23": none | {"UNDER_25": 1, "25_AND_OVER": 1, "All": 2},
        "2023/24": none | {"UNKNOWN_AGE": 1, "All": 1},
    }


def test_a_provider_that_sends_years_gives_the_same_table():
    events = admitted(
        period=["2022/23", "2022/23", "2023/24", "2021/22"],
        cause="sharp_object",
        age=[20, 40, None, 20],
    )
    found = yearly_counts(events)
    assert list(found) == ["2022/23", "2023/24"]
    assert (found["2022/23"]["All"], found["2023/24"]["All"]) == (2, 1)


def test_admissions_reach_the_measure_with_both_cuts(measures):
    events = admitted(
        month=pd.to_datetime(["2022-04-01"] * 3), cause="sharp_object",
        age=[20, 20, None],
    )  # fmt: skip
    cuts = harm.age_cuts(harm.admission_years(events, months=MONTHS), of="age_focus")
    table = harm.measure(cuts.assign(denominator=1_000), measures, name="admissions")
    first = table[table["period"] == "2022/23"].set_index("age_group")["value"]
    assert first.to_dict() == {"All ages": 300, "Under 25": 200}
    assert {"codes", "counts", "source", "lower_95_ci"} <= set(table)


def test_every_measure_has_its_definition_its_cut_and_what_may_be_public(measures):
    assert set(harm.MEASURES) <= set(measures)
    for name in harm.MEASURES:
        assert measures[name]["under_25"] is True
        assert measures[name]["counts"]
        assert measures[name]["codes"]
    assert measures["homicide"]["public"] == ["count"]
