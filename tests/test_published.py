"""Lookups, boundaries and lookups of changes are read as published, without naming a heading."""

import geopandas as gpd
import pandas as pd
import pytest
from context_files import settings
from shapely.geometry import box

from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.tables import read_table
from vrn_analysis.read.geography import boundaries, vintages

PLACES = pd.DataFrame(
    {
        "OA21CD": ["E00000001", "E00000002"],
        "LSOA21CD": ["E01000001", "E01033769"],
        "LSOA21NM": ["One", "Two"],
        "MSOA21CD": ["E02000001", "E02000001"],
        "MSOA21NM": ["Middle", "Middle"],
        "LAD23CD": ["E06000001", "E06000001"],
        "LAD23NM": ["District", "District"],
        "ObjectId": [1, 2],
    }
)


def test_a_lookup_is_read_by_its_published_headings(tmp_path):
    PLACES.to_csv(tmp_path / "lookup.csv", index=False)
    table = read_table(tmp_path, settings(lookup="lookup.csv"), "lookup")
    assert table["lsoa_code"].tolist() == ["E01000001", "E01033769"]
    assert table["msoa_name"].unique().tolist() == ["Middle"]
    assert table["district_name"].unique().tolist() == ["District"]


def test_two_vintages_in_one_lookup_are_not_guessed_between(tmp_path):
    PLACES.assign(LSOA11CD=["E01000001", "E01000002"]).to_csv(tmp_path / "l.csv", index=False)
    with pytest.raises(DataError, match=r"lsoa_code.*LSOA21CD"):
        read_table(tmp_path, settings(lookup="l.csv"), "lookup")
    named = {"path": "l.csv", "columns": {"lsoa_code": "LSOA21CD"}}
    table = read_table(tmp_path, settings(lookup=named), "lookup")
    assert table["lsoa_code"].tolist() == ["E01000001", "E01033769"]


@pytest.mark.parametrize("headings", [("LSOA11CD", "LSOA21CD"), ("lsoa11_code", "lsoa21_code")])
def test_the_lookup_of_changes_tells_older_from_newer_by_the_year(tmp_path, headings):
    older, newer = headings
    pairs = {newer: ["E01033769", "E01033770"], older: ["E01000001", "E01000001"]}
    pd.DataFrame(pairs).assign(CHGIND="S").to_csv(tmp_path / "c.csv", index=False)
    change = vintages.small_area_change(tmp_path, settings(small_area_change="c.csv"))
    assert change["older_code"].unique().tolist() == ["E01000001"]
    assert change["newer_code"].tolist() == ["E01033769", "E01033770"]


@pytest.mark.parametrize("name", ["areas.geojson", "areas.shp", "areas.gpkg"])
def test_boundaries_are_read_from_each_form_in_degrees_or_metres(tmp_path, name):
    squares = [box(400_000 + at, 300_000, 400_900 + at, 300_900) for at in (0, 1_000)]
    shapes = gpd.GeoDataFrame(PLACES[["LSOA21CD", "LSOA21NM"]], geometry=squares, crs=27700)
    degrees = shapes.to_crs(4326) if name.endswith("geojson") else shapes
    degrees.to_file(tmp_path / name)
    areas = boundaries.areas(tmp_path, settings(boundaries_lsoa=name), level="lsoa")
    assert areas["area_code"].tolist() == ["E01000001", "E01033769"]
    assert areas.crs.to_epsg() == 27700
    assert areas.geometry.area.round(-3).tolist() == [810_000, 810_000]
