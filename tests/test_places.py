"""Cells of a grid: every record once, no location and no lonely offence reaches a reader."""

import datetime as dt
from types import SimpleNamespace

import geopandas as gpd
import ibis
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import hotspots, places

NIGHT = dt.datetime(2024, 3, 1, 22, 0)


def square(size=5_000, origin=(400_000, 300_000), crs=27700):
    west, south = origin
    return gpd.GeoDataFrame(
        {"area_code": ["A"]}, geometry=[box(west, south, west + size, south + size)], crs=crs
    )


def records(points, **more):
    east, north = zip(*points, strict=True)
    table = pd.DataFrame({"easting": east, "northing": north, **more}).astype(
        {"easting": "float64", "northing": "float64"}
    )
    return ibis.memtable(table)


def cluster(size=40, at=(402_250, 302_250), alone=(404_750, 304_750)):
    return [at] * size + [alone]


# -- what comes out -------------------------------------------------------------------------------


def test_every_record_is_in_one_cell_or_said_to_be_in_none():
    found = records([(400_100, 300_100), (400_100, 300_100), (None, None), (100, 100)])
    cells = places.count_in_cells(found, square())
    lost = cells.attrs["points_without_location"] + cells.attrs["points_outside"]
    assert (cells["count"].sum(), lost) == (2, 2)


def test_no_location_and_no_record_comes_out():
    cells = places.count_in_cells(records(cluster(), offence_id=range(41)), square())
    assert set(cells.columns) == {"cell_id", "row", "column", "geometry", "count"}
    assert set(cells.geom_type) == {"Polygon"}


def test_longitude_and_latitude_land_in_the_same_cell():
    metres = gpd.GeoSeries.from_xy([402_250.0], [302_250.0], crs=27700)
    degrees = metres.to_crs(4326)
    street = ibis.memtable(pd.DataFrame({"longitude": degrees.x, "latitude": degrees.y}))
    pd.testing.assert_series_equal(
        places.count_in_cells(street, square())["count"],
        places.count_in_cells(records([(402_250, 302_250)]), square())["count"],
    )


def test_records_without_any_location_are_not_in_this_run():
    with pytest.raises(NotInThisRun, match="no location"):
        places.count_in_cells(ibis.memtable(pd.DataFrame({"month": ["x"]})), square())


def test_residents_are_conserved_over_one_area():
    cells = places.count_in_cells(records(cluster()), square())
    people = pd.DataFrame({"lsoa_code": ["A", "A"], "population": [300, 200]})
    spread = places.add_residents(cells, square(), people)
    assert spread["residents"].sum() == pytest.approx(500)


def test_next_year_scores_every_map_and_shows_no_count():
    area, before, after = square(), records(cluster()), records(cluster(30))
    people = pd.DataFrame({"lsoa_code": ["A"], "population": [500]})
    cells = places.count_in_cells(before, area).pipe(places.add_next, after)
    cells = cells.pipe(places.add_density, before).pipe(places.add_residents, area, people)
    scored = places.scores(cells)
    assert list(scored["score"].unique()) == list(places.SCORES.values())
    assert not {"count", "events", "places"} & set(scored.columns)
    hits = scored[scored["measure"] == places.MEASURES["hit_rate"]]
    # the cell of the cluster holds 30 of 31, and is one of 100: too few for a second decimal
    same = hits[(hits["score"] == places.SCORES["count"]) & (hits["area_share"] == 0.01)]
    assert same["value"].tolist() == [1.0]


# -- classes --------------------------------------------------------------------------------------


def test_a_lonely_offence_is_in_the_lowest_class():
    cells = places.count_in_cells(records(cluster()), square())
    dense = cells.pipe(places.add_density, records(cluster())).pipe(places.density_classes)
    classes = dense.set_index("cell_id")["map_class"]
    lowest = classes.cat.categories[0]
    alone = cells.loc[cells["count"] == 1, "cell_id"].item()
    busy = cells.loc[cells["count"] == 40, "cell_id"].item()
    assert classes[alone] == lowest
    assert classes[busy] != lowest
    assert set(dense.columns) == {"cell_id", "map_class"}


@pytest.mark.parametrize(("size", "is_shown"), [(9, False), (10, True)])
def test_ten_offences_in_and_around_a_cell_are_the_least_that_is_shown(size, is_shown):
    found = records([(402_250, 302_250)] * size)
    cells = places.count_in_cells(found, square())
    dense = cells.pipe(places.add_density, found).pipe(places.density_classes)
    assert (dense["map_class"] > dense["map_class"].cat.categories[0]).any() == is_shown


def test_a_planted_hotspot_is_stable_and_the_rest_is_not():
    middles = [(402_250 + 500 * i, 302_250 + 500 * j) for i in range(3) for j in range(3)]
    found, area = records(middles * 10 + [(408_250, 308_250)]), square(10_000)
    cells = places.count_in_cells(found, area)
    classes = places.hotspot_classes(places.add_stability(cells, found, error=50, draws=10))
    stable = classes["map_class"] == places.HOTSPOT_CLASSES[2]
    near = cells.distance(gpd.points_from_xy([402_750], [302_750])[0]) < 1_500
    assert stable.any()
    assert not (stable & ~near).any()


def test_shared_is_one_for_one_map_and_missing_where_nothing_is_dense():
    cells = places.count_in_cells(records(cluster()), square())
    dense = cells.pipe(places.add_density, records(cluster())).pipe(places.density_classes)
    assert places.shared(dense, dense) == 1
    empty = dense.assign(map_class=dense["map_class"].cat.categories[0])
    empty = empty.assign(map_class=empty["map_class"].astype(dense["map_class"].dtype))
    assert np.isnan(places.shared(empty, dense))
    with pytest.raises(DataError, match="different cells"):
        places.shared(dense.head(5), dense)


# -- what a share may say -------------------------------------------------------------------------


def test_a_thinned_curve_has_even_steps_and_both_ends():
    curve = hotspots.lorenz(pd.DataFrame({"count": [5, 3, 1, 1]}))
    thin = places.thinned(curve, steps=4)
    assert thin["place_share"].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert thin["event_share"].tolist() == [0, 0.5, 0.8, 0.9, 1]


def test_rounded_leaves_no_total_beside_a_share():
    table = hotspots.concentration(pd.DataFrame({"count": [5, 3, 1, 1]}), draws=20)
    assert "events" in table
    thin = places.rounded(table)
    assert "events" not in thin
    assert (thin["value"] == thin["value"].round(3)).all()


# -- cuts -----------------------------------------------------------------------------------------


class Run:
    """As much of a run as the cuts need."""

    def __init__(self, table, missing=()):
        self.table, self.missing = table, missing

    def require(self, what):
        if what in self.missing:
            raise NotInThisRun(what)

    def counted(self):
        return self.table


def night_of(start, end=None, precision="minute"):
    table = pd.DataFrame(
        {"occurred_from": [start], "occurred_to": [end], "time_precision": [precision]}
    ).astype({"occurred_from": "datetime64[us]", "occurred_to": "datetime64[us]"})
    return int(places.at_night(Run(ibis.memtable(table))).count().execute())


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        (NIGHT, None, 1),
        (NIGHT - dt.timedelta(minutes=1), None, 0),
        (NIGHT + dt.timedelta(hours=8), None, 0),
        (NIGHT + dt.timedelta(hours=7, minutes=59), None, 1),
        (NIGHT, NIGHT + dt.timedelta(hours=8), 1),
        (NIGHT, NIGHT + dt.timedelta(hours=9), 0),
        (NIGHT, NIGHT + dt.timedelta(days=1), 0),
    ],
)
def test_a_night_is_from_22_until_6_and_the_whole_window_lies_in_it(start, end, inside):
    assert night_of(start, end) == inside


def test_an_offence_known_to_the_day_is_not_at_night():
    assert night_of(NIGHT, precision="day") == 0


def test_cuts_say_what_a_run_lacks():
    run = Run(None, missing=("hours", "people"))
    for cut in (places.at_night, places.under_25):
        with pytest.raises(NotInThisRun):
            cut(run)


def test_unknown_age_is_not_under_25():
    ages = ["UNDER_25", "25_AND_OVER", "UNKNOWN_AGE"]
    table = ibis.memtable(pd.DataFrame({"age_focus": ages}))
    assert places.under_25(Run(table)).count().execute() == 1


def test_two_years_are_the_last_ones_and_23_months_are_too_few():
    months = pd.date_range("2022-01-01", periods=25, freq="MS")
    earlier, later = places.two_years(months)
    assert (earlier[0], later[0], later[-1]) == (months[1], months[13], months[24])
    with pytest.raises(NotInThisRun, match="23 months"):
        places.two_years(months[:23])
    table = ibis.memtable(pd.DataFrame({"month": months}))
    assert places.of_months(table, later).count().execute() == 12


# -- people, groups, areas ------------------------------------------------------------------------


def two_towns():
    """Two clusters of 40 offences: ten times the people live around the first."""
    area = square(10_000)
    points = [(402_250, 302_250)] * 40 + [(407_750, 307_750)] * 40
    halves = gpd.GeoDataFrame(
        {"area_code": ["S0", "S1"]},
        geometry=[box(400_000, 300_000, 405_000, 310_000), box(405_000, 300_000, 410_000, 310_000)],
        crs=27700,
    )
    people = pd.DataFrame({"lsoa_code": ["S0", "S1"], "population": [100_000, 10_000]})
    return area, records(points), halves, people


def test_risk_is_the_ratio_of_densities_beside_the_whole():
    area, found, halves, people = two_towns()
    cells = places.count_in_cells(found, area)
    risk = places.add_risk(cells, found, halves, people)["risk"].to_numpy()
    peaks = [
        risk[(cells["row"] == r) & (cells["column"] == c)][0] for r, c in ((604, 804), (615, 815))
    ]
    # the same offences, a tenth of the people
    assert peaks[1] / peaks[0] == pytest.approx(10, rel=0.02)
    per_km2 = 40 * 3 / np.pi  # quartic of 1 km at its centre
    assert peaks[0] == pytest.approx(per_km2 / 2_000 / (80 / 110_000), rel=0.02)


def test_risk_classes_know_too_few_people_and_too_few_offences():
    area, found, halves, people = two_towns()
    cells = places.count_in_cells(found, area)
    named = places.risk_classes(places.add_risk(cells, found, halves, people))["map_class"]
    assert named[(cells["count"] == 40).to_numpy()].unique().tolist() == [places.RISK_CLASSES[-1]]
    assert (named[(cells["count"] == 0).to_numpy()] == places.RISK_CLASSES[0]).mean() > 0.9
    empty = places.add_risk(cells, found, halves, people.assign(population=[100_000, 4_000]))
    # 4,000 on 50 square kilometres are fewer than 100 a square kilometre
    assert np.isnan(empty["risk"].to_numpy()[(cells["column"] == 815).to_numpy()]).all()
    few = places.risk_classes(empty)["map_class"].to_numpy()[(cells["column"] == 815).to_numpy()]
    assert set(few) == {places.RISK_CLASSES[0]}


@pytest.mark.parametrize(("risk", "name"), [(1.0, 1), (1.01, 2), (2.0, 2), (4.0, 3), (4.01, 4)])
def test_limits_of_risk_classes_belong_to_the_class_below(risk, name):
    cells = places.count_in_cells(records(cluster(400)), square()).assign(risk=risk)
    near = (cells["count"] == 400).to_numpy()
    assert set(places.risk_classes(cells)["map_class"][near]) == {places.RISK_CLASSES[name]}


def strip(values, counts):
    shapes = [box(x * 1_000, 0, x * 1_000 + 1_000, 1_000) for x in range(len(values))]
    codes = [f"S{number:02d}" for number in range(len(values))]
    areas = gpd.GeoDataFrame({"area_code": codes}, geometry=shapes, crs=27700)
    return areas, pd.DataFrame({"area_code": codes[::-1], "count": counts, "value": values[::-1]})


def test_area_classes_find_the_end_that_is_high_whatever_the_order_of_rows():
    areas, rates = strip([1.0] * 36 + [40.0] * 4, [100] * 40)
    found = places.area_classes(rates, areas).set_index("area_code")["map_class"]
    assert set(found.index[found == "Hotspot"]) >= {"S37", "S38", "S39"}
    assert not (found[:"S30"] == "Hotspot").any()


def test_no_area_is_cold_where_counts_are_sparse():
    values = [20.0] * 36 + [0.5] * 4
    areas, rates = strip(values, [100] * 40)
    assert "Coldspot" in places.area_classes(rates, areas)["map_class"].to_numpy()
    areas, rates = strip(values, [4] * 40)
    assert "Coldspot" not in places.area_classes(rates, areas)["map_class"].cat.categories


def test_area_classes_refuse_areas_and_rates_of_two_vintages():
    areas, rates = strip([1.0, 2.0, 9.0, 4.0], [9] * 4)
    with pytest.raises(DataError, match="2 of 5 areas"):
        places.area_classes(rates.replace("S01", "E01"), areas)


def test_class_shares_are_of_the_whole_and_hold_no_count():
    cells = places.count_in_cells(records(cluster(98, alone=(400_250, 300_250))), square())
    dense = places.density_classes(places.add_density(cells, records(cluster(98))))
    beside = places.class_shares(dense, cells)
    assert beside["cells"].sum() == len(cells)
    assert beside["area_share"].sum() == pytest.approx(1, abs=0.02)
    # 98 lie together and one alone: with a second decimal a share would give the count back
    assert beside["event_share"].iloc[[0, -1]].tolist() == [1.0, 0.0]
    assert list(beside) == ["map_class", "cells", "area_share", "event_share"]
    with pytest.raises(DataError, match="other cells"):
        places.class_shares(dense[::-1].reset_index(drop=True), cells)


class OpenRun:
    """As much of an open run as crime groups need."""

    settings = SimpleNamespace(headline_category="Violence and sexual offences")

    def __init__(self, sizes):
        kinds = [kind for kind, size in sizes.items() for _ in range(size)]
        self.published = ibis.memtable({"crime_type": kinds})

    def can(self, what):
        return False


def test_crime_groups_are_the_listed_ones_largest_first_with_a_hundred_or_more():
    sizes = {"Robbery": 100, "Burglary": 500, "Possession of weapons": 99}
    run = OpenRun(sizes | {"Violence and sexual offences": 300})
    groups = places.by_crime_group(run)
    assert list(groups) == ["Violence and sexual offences", "Robbery"]
    assert groups["Robbery"].count().execute() == 100
    assert list(places.parts(run)) == list(groups)
    with pytest.raises(NotInThisRun, match="1 kind of offence"):
        places.parts(OpenRun(sizes))


class FullRun(OpenRun):
    """A run with hours and ages: as many of the offences are at night as are by day."""

    def __init__(self, night, young):
        when = [dt.datetime(2024, 3, 1, 23)] * night + [dt.datetime(2024, 3, 1, 12)] * 120
        focus = ["UNDER_25"] * young + ["NOT_UNDER_25"] * (len(when) - young)
        self.table = ibis.memtable(
            pd.DataFrame({"crime_group": "Robbery", "occurred_from": when, "age_focus": focus})
        )

    def can(self, what):
        return True

    def require(self, what):
        pass

    def counted(self):
        return self.table


@pytest.mark.parametrize(
    ("night", "young", "names"),
    [
        (100, 100, ["Robbery", "At night", "Involving under-25s"]),
        (100, 99, ["Robbery", "At night"]),
        (99, 100, ["Robbery", "Involving under-25s"]),
    ],
)
def test_night_and_young_have_a_map_with_a_hundred_offences_and_no_fewer(night, young, names):
    assert list(places.parts(FullRun(night, young))) == names


def test_areas_that_touch_are_paired_both_ways_and_an_island_is_in_no_pair():
    squares = [box(x, 0, x + 100, 100) for x in (0, 100, 500)]
    areas = gpd.GeoDataFrame({"area_code": ["a", "b", "c"]}, geometry=squares, crs=27700)
    pairs = places.touching(areas).sort_values("area_code")
    assert pairs.to_numpy().tolist() == [["a", "b"], ["b", "a"]]
