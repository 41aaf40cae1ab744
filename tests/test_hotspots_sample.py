"""The sample's planted hotspots are found, and hold for the following years."""

import geopandas as gpd
import pandas as pd
import pytest

from vrn_analysis import sample
from vrn_analysis.methods import hotspots

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = sample.write(tmp_path_factory.mktemp("sample"), rows=20_000)
    offences = pd.read_parquet(folder / "offences.parquet")
    public = offences["location_type"].ne("dwelling") & ~offences["domestic_flag"].eq(True)
    offences = offences[public.fillna(False)]
    points = gpd.GeoDataFrame(
        offences,
        geometry=gpd.points_from_xy(offences["easting"], offences["northing"]),
        crs=27700,
    )
    spots = pd.DataFrame(sample.truth(folder)["hotspots"])
    lasting = spots.loc[spots["kind"] == "persistent", "lsoa_code"].unique()
    areas = gpd.read_file(folder / "boundaries.gpkg", layer="lsoa")
    return areas, points, lasting


def test_planted_hotspots_are_found_on_a_grid(county):
    areas, points, lasting = county
    cells = hotspots.count_in_cells(hotspots.make_grid(areas, cell_size=500), points)
    assert (
        cells["count"].sum() + cells.attrs["points_outside"]
        == len(points) - (cells.attrs["points_without_location"])
    )
    found = hotspots.gi_star(cells)
    hot = found[found["hotspot_category"] == "hotspot"].union_all()
    planted = areas.set_index("lsoa_code").geometry[lasting]
    assert len(planted) == 3
    assert (planted.intersection(hot).area / planted.area).min() > 0.8
    # and they are no large part of the county
    assert hot.area / areas.area.sum() < 0.05


def test_what_was_hot_before_is_hot_after(county):
    areas, points, _ = county
    grid = hotspots.make_grid(areas, cell_size=500)
    early = points["occurred_from"] < "2022-04-01"
    cells = hotspots.gi_star(hotspots.count_in_cells(grid, points[early]))
    cells["next_count"] = hotspots.count_in_cells(grid, points[~early])["count"]
    cells["is_hotspot"] = cells["hotspot_category"] == "hotspot"
    table = hotspots.accuracy(cells, scores=["is_hotspot"]).set_index(["score", "measure"])
    assert table.loc[("is_hotspot", "pai"), "lower_95_ci"] > 5


def test_small_areas_with_counts_alone(county):
    areas, points, lasting = county
    counts = points["lsoa_code"].value_counts()
    areas = areas.assign(count=areas["lsoa_code"].map(counts).fillna(0).astype(int))
    found = hotspots.gi_star(areas).set_index("lsoa_code")
    # the third lies in a quiet town: many for it, not for the county
    assert (found.loc[lasting, "hotspot_category"] == "hotspot").sum() >= 2
    assert (found["hotspot_category"] == "hotspot").sum() < 30
    table = hotspots.concentration(areas).set_index("measure")
    assert 0.2 < table.loc["Gini", "value"] < 0.7
