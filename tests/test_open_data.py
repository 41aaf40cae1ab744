"""Back tests: real open data of one force area give the answers known from the files."""

import pandas as pd
import pytest
from scipy.stats import spearmanr

from vrn_analysis.count import assessment, tables
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import rates

pytestmark = pytest.mark.open_data


@pytest.fixture(scope="module")
def run(open_run):
    return open_run


@pytest.fixture(scope="module")
def by_small_area(run):
    return tables.count_by_area(run.counted(), run.lookup, level="lsoa")


def test_settings_come_from_the_shipped_example_for_the_force_in_the_data(run):
    assert run.settings.kind == "open"
    assert run.settings.force == "leicestershire"
    assert run.period == "December 2019 to December 2021"
    assert len(run.months) == 25


def test_every_row_is_read(run):
    assert run.published.count().execute() == 205_078


def test_share_without_a_location_is_2_17_per_cent_and_peaks_in_march_2020(run):
    table = run.published.mutate(nowhere=run.published.lsoa_code.isnull())
    monthly = table.group_by("month").aggregate(share=table.nowhere.mean()).to_pandas()
    overall = table.nowhere.mean().execute()
    assert round(100 * overall, 2) == 2.17
    peak = monthly.loc[monthly["share"].idxmax()]
    assert str(peak["month"])[:7] == "2020-03"
    assert round(100 * peak["share"], 1) == 14.2


def test_one_month_equals_an_independent_press_figure(run):
    monthly = tables.count(run.counted(), ["month"], levels={"month": run.months})
    assert monthly.set_index("month")["count"][pd.Timestamp("2020-09-01")] == 3_141


def test_population_and_small_areas(run):
    assert run.population["population"].sum() == 1_107_597
    young = run.population[run.population["age"] <= 24]
    assert young["population"].sum() == 348_945
    assert run.lookup.groupby("district_name").size().to_dict() == {
        "Leicester": 192,
        "Charnwood": 99,
        "Hinckley and Bosworth": 66,
        "Blaby": 60,
        "North West Leicestershire": 58,
        "Harborough": 47,
        "Oadby and Wigston": 36,
        "Melton": 30,
        "Rutland": 23,
    }


def test_every_record_is_in_one_small_area_or_not_located(run, by_small_area):
    assert by_small_area["count"].sum() == run.counted().count().execute() == 75_767
    assert len(tables.located(by_small_area)) == 611


def test_rates_by_national_deprivation_quintile(run, by_small_area):
    quintiles = tables.deprivation_quintiles(run.deprivation)
    table = (
        tables.count_by_quintile(by_small_area, quintiles)
        .merge(tables.residents_by_quintile(run.population, quintiles, years=run.years))
        .pipe(rates.crude_rate, per=1_000)
    )
    assert table["value"].round(1).tolist() == [63.9, 50.0, 30.7, 21.7, 15.6]


def test_rank_correlation_with_the_index_and_with_income(run, by_small_area):
    people = tables.residents(run.population, run.lookup, level="lsoa")
    table = (
        tables.located(by_small_area)
        .pipe(tables.join_denominator, people, years=run.years)
        .pipe(rates.crude_rate)
        .merge(run.deprivation, left_on="area_code", right_on="lsoa_code")
    )
    assert round(spearmanr(table["value"], table["index_score"]).statistic, 3) == 0.768
    assert round(spearmanr(table["value"], table["income_rate"]).statistic, 3) == 0.749


def test_share_of_the_category_that_the_definition_lists_is_29_8_per_cent(run):
    held = assessment.other_forces(run).attrs["listed"]
    assert held["listed"] == 8_300 - 70 - 821
    assert round(100 * held["listed"] / held["published"], 1) == 29.8


def test_deprivation_is_as_published(run):
    scores = run.deprivation["index_score"]
    assert (round(scores.mean(), 1), scores.max()) == (18.1, 72.55)
    most = run.deprivation[run.deprivation["decile"] == 1].merge(run.lookup)
    assert most.groupby("district_name").size().to_dict() == {
        "Leicester": 39,
        "Charnwood": 2,
        "North West Leicestershire": 2,
    }


def test_boundaries_belong_to_the_lookup(run):
    for level, column in (("lsoa", "lsoa_code"), ("district", "district_code")):
        shapes = run.areas(level)
        assert set(shapes["area_code"]) == set(run.lookup[column])
        assert shapes.crs.to_epsg() == 27700


@pytest.mark.parametrize("ask", ["offences", "persons", "definition"])
def test_what_open_data_cannot_say_is_refused_with_the_reason(run, ask):
    with pytest.raises(NotInThisRun, match="police extract"):
        getattr(run, ask)


def test_open_data_are_never_classified(run):
    with pytest.raises(NotInThisRun, match="no definition can be applied"):
        run.classified()


def test_stamp_names_what_is_counted_and_that_no_definition_is_applied(run):
    text = run.stamp().data
    assert "violence and sexual offences (as published)" in text
    assert "no definition can be applied" in text
    assert "SYNTHETIC" not in text
