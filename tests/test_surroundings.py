"""What lies around the sample's records can be read as a partnership's own files are."""

import pytest

from vrn_analysis.core import definition
from vrn_analysis.count import assessment, tables
from vrn_analysis.methods import factors, rates
from vrn_analysis.read.sources import catalogue


@pytest.fixture(scope="module")
def run(sample_run):
    return sample_run


def test_policing_areas_hold_every_small_area_once_and_cross_districts(run):
    assert run.levels["custom"] == "Policing areas"
    fits = assessment.area_fits(run).set_index("fit")["small_areas"]
    assert fits.to_dict() == {"in one area": 300, "cut by a border": 0, "in no area": 0}
    districts = run.lookup.groupby("custom_code")["district_code"].nunique()
    assert len(districts) == 5
    assert (districts > 1).all()


def test_counts_of_policing_areas_are_those_of_the_districts(run):
    counted = run.counted()
    totals = {
        level: tables.count_by_area(counted, run.lookup, level=level)["count"].sum()
        for level in run.levels
    }
    assert set(totals.values()) == {counted.count().execute()}


def test_people_come_to_the_towns_on_a_workday_and_nobody_is_lost(run):
    by_level = {
        name: tables.residents(run.population, run.lookup, level="msoa")
        if name == "live"
        else tables.residents(run.workday_population, run.lookup, level="msoa")
        for name in ("live", "there")
    }
    live, there = (table.set_index("area_code")["denominator"] for table in by_level.values())
    assert there[tables.ALL] == pytest.approx(live[tables.ALL], rel=0.001)
    share = (there / live).drop(tables.ALL)
    assert share.max() > 1.5
    assert share.min() < 0.8


def test_assets_lie_in_the_county(run):
    assert len(run.asset_points) == 24
    assert run.asset_points.attrs["outside"] == 0


def test_the_county_stands_among_other_forces_with_its_own_listed_offences(run):
    others = assessment.other_forces(run)
    rated = tables.comparable_forces(others)
    own = rated[rated["group"] == "This force"].pipe(rates.crude_rate, per=1_000).iloc[0]
    listed = list(definition.load(run.settings.definition).classes)
    records = run.records().filter(run.records().class_code.isin(listed)).count().execute()
    # the file is of a usual year, before what was planted on top
    assert own["count"] == pytest.approx(records / run.years, rel=0.1)
    assert (rated["group"] == "Most similar group").sum() == 4


def test_statistical_neighbours_have_values_and_give_a_benchmark(run):
    values = factors.values(assessment.indicator_table(run), catalogue.catalogue())
    beside = factors.beside_neighbours(
        values,
        area=assessment.compared_places(run)["area"],
        neighbours=assessment.neighbours(run),
    )
    assert beside["benchmark_value"].notna().sum() >= 20
    assert set(beside["judgement"]) >= {"worse", "similar"}
