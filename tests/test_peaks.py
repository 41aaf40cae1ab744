"""Hotspots within districts: a village is found beside a town, and chance makes no place."""

from types import SimpleNamespace

import geopandas as gpd
import ibis
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from vrn_analysis.methods import hotspots, places
from vrn_analysis.say import findings

WEST, SOUTH, SIZE = 400_000, 300_000, 2_000
TOWN, VILLAGE = (404_250, 304_250), (416_250, 306_250)  # in the third and eighth row of areas


def run_of(points, *, people=1_000):
    """Return a run of two districts of 10 km, each of 25 small areas, with offences at points."""
    corners = [(east, north) for east in range(10) for north in range(5)]
    shapes = [box(e * SIZE, n * SIZE, (e + 1) * SIZE, (n + 1) * SIZE) for e, n in corners]
    codes = [f"L{e}{n}" for e, n in corners]
    areas = gpd.GeoDataFrame({"area_code": codes}, geometry=shapes, crs=27700)
    areas["geometry"] = areas.translate(WEST, SOUTH)
    lookup = pd.DataFrame({"lsoa_code": codes, "msoa_name": [f"Middle {code}" for code in codes]})
    lookup["district_name"] = ["Town" if east < 5 else "Shire" for east, _ in corners]
    population = pd.DataFrame({"lsoa_code": codes, "population": people})
    east, north = np.array(points, dtype=float).T
    records = ibis.memtable(pd.DataFrame({"easting": east, "northing": north}))
    return SimpleNamespace(
        areas=lambda level: areas, lookup=lookup, population=population, years=1.0,
        counted=lambda: records,
    )  # fmt: skip


def even(rng, number, *, district):
    west = WEST + 5 * SIZE * (district == "Shire")
    return rng.uniform([west, SOUTH], [west + 5 * SIZE, SOUTH + 5 * SIZE], size=(number, 2))


def around(rng, at, number):
    return rng.uniform(np.array(at) - 700, np.array(at) + 700, size=(number, 2))


def ranked_of(run):
    cells = places.count_in_cells(run.counted(), run.areas("lsoa"))
    placed, found = places.hotspot_places(cells, run)
    sums = found.assign(status="shown")
    whole = placed.groupby("district")["count"].sum()
    lived = 25 * run.population["population"].iloc[-1]
    rated = pd.DataFrame({"area_name": whole.index, "value": 1_000 * whole.to_numpy() / lived})
    return placed, found, places.rank_places(sums, rated.assign(dispersion=1.0))


@pytest.fixture(scope="module")
def planted():
    rng = np.random.default_rng(3)
    points = [even(rng, 600, district="Town"), around(rng, TOWN, 1_500)]
    points += [even(rng, 60, district="Shire"), around(rng, VILLAGE, 90)]
    return ranked_of(run_of(np.concatenate(points)))


def test_a_village_is_found_within_its_district_beside_a_town(planted):
    placed, _, ranked = planted
    assert list(ranked["district"].sort_values()) == ["Shire", "Town"]
    for at, district in ((TOWN, "Town"), (VILLAGE, "Shire")):
        hot = placed[placed["place"].isin(ranked.loc[ranked["district"] == district, "place"])]
        middle = gpd.points_from_xy(*[[axis] for axis in at])[0]
        assert hot.intersects(middle).any()
        assert (hot.distance(middle) < 2_500).all()
    assert (ranked["beside_district"] == places.CLEARLY).all()


def test_a_county_wide_test_does_not_find_the_village(planted):
    placed, _, _ = planted
    hot = hotspots.is_hotspot(placed.drop(columns="district"))
    assert hot.any()
    assert not hot[placed["district"] == "Shire"].any()


def test_a_table_of_places_has_an_interval_of_rate_and_rank_and_no_count(planted):
    ranked = planted[2]
    assert not {"count", "person_years", "denominator"} & set(ranked.columns)
    assert (ranked["lower_rank"] <= ranked["rank"]).all()
    assert (ranked["rank"] <= ranked["upper_rank"]).all()
    assert (ranked["lower_95_ci"] < ranked["value"]).all()
    assert (ranked["value"] < ranked["upper_95_ci"]).all()
    said = str(findings.hotspot_places(ranked).data)
    assert ranked["place"].iloc[0] in said
    assert "95% CI" in said


@pytest.mark.parametrize("of_people", [False, True])
def test_null_maps_flag_at_most_one_cell_in_twenty_and_seldom_a_clear_place(of_people):
    rng = np.random.default_rng(11)
    people = np.where(np.arange(50) % 7 == 3, 4_000, 500) if of_people else 1_000
    share, clear, cells = 0, 0, 0
    for _ in range(8):
        points = np.concatenate([even(rng, 500, district=name) for name in ("Town", "Shire")])
        if of_people:
            corners = np.array([(e, n) for e in range(10) for n in range(5)])
            chosen = rng.choice(50, size=1_000, p=people / people.sum())
            points = (corners[chosen] + rng.uniform(size=(1_000, 2))) * SIZE + [WEST, SOUTH]
        placed, found, _ = ranked_of(run := run_of(points, people=people))
        lived = run.population.set_index(run.lookup["district_name"])["population"]
        usual = placed.groupby("district")["count"].sum() / lived.groupby(level=0).sum() * 1_000
        rated = usual.rename("value").rename_axis("area_name").reset_index()
        ranked = places.rank_places(found, rated.assign(dispersion=1.0))
        clear += (ranked["beside_district"] == places.CLEARLY).any()
        # more offences where more people live is a hotspot of counts, and no high rate
        chosen = placed["place"].isin(ranked["place"]) if of_people else placed["place"].notna()
        share, cells = share + chosen.sum(), cells + len(placed)
    assert share / cells <= 0.05
    assert clear <= 1


def test_cells_without_residents_are_not_rated():
    people = np.where(np.arange(50) == 12, 0, 1_000)  # the small area at the middle of the town
    rng = np.random.default_rng(5)
    town = [even(rng, 400, district="Town"), around(rng, (405_000, 305_000), 400)]
    run = run_of(np.concatenate([*town, even(rng, 400, district="Shire")]), people=people)
    placed, _, _ = ranked_of(run)
    assert "L22" not in set(placed["area_code"])


def test_at_most_twenty_places_are_named():
    rows = pd.DataFrame({"place": [f"P{n}" for n in range(30)], "district": "D"})
    rows = rows.assign(count=range(100, 400, 10), person_years=1_000.0)
    usual = pd.DataFrame({"area_name": ["D"], "value": [50.0], "dispersion": [2.0]})
    ranked = places.rank_places(rows, usual)
    assert ranked["place"].tolist() == [f"P{n}" for n in range(29, 9, -1)]
    # neighbours in rank are 3% apart, and so uncertain
    assert (ranked["upper_rank"] > ranked["rank"]).any()


def test_suppressed_places_are_not_named():
    rows = pd.DataFrame({"place": ["A", "B"], "district": "D", "person_years": 1_000.0})
    rows = rows.assign(count=pd.array([None, 90], dtype="Int64"))
    usual = pd.DataFrame({"area_name": ["D"], "value": [50.0], "dispersion": [1.0]})
    assert places.rank_places(rows, usual)["place"].tolist() == ["B"]
    none = places.rank_places(rows.head(1), usual)
    assert none.empty
    assert "No hotspot" in str(findings.hotspot_places(none).data)
