"""Areas of the partnership's own: each small area is in one, or said to be in none."""

import ibis
import pandas as pd
import pytest
from context_files import LOOKUP, polygons, settings, small_areas, write
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import box

from vrn_analysis.core.errors import DataError
from vrn_analysis.count import tables
from vrn_analysis.count.assessment.places import Places
from vrn_analysis.read.geography import custom_areas
from vrn_analysis.show import publish

BEATS = "lsoa_code,area_code,area_name\nL1,B1,North beat\nL2,B1,North beat\nL3,B2,South beat\n"
RECORDS = ["L1", "L1", "L2", "L3", "L4", None, "ELSEWHERE"]


def records(codes=RECORDS):
    return ibis.memtable({"lsoa_code": codes}, schema={"lsoa_code": "string"})


def places(folder, **sources):
    return Places(folder, settings(**small_areas(folder), **sources))


@pytest.fixture
def by_lookup(tmp_path):
    write(tmp_path, "beats.csv", BEATS)
    return places(tmp_path, custom_areas={"path": "beats.csv", "level_title": "Police beats"})


# ---------------------------------------------------------------- by a lookup


def test_counts_residents_and_shapes_of_a_lookup(by_lookup):
    assert by_lookup.levels == {"district": "Districts", "custom": "Police beats"}
    counted = tables.count_by_area(records(), by_lookup.lookup, level="custom")
    expected = pd.DataFrame(
        {
            "area_code": ["B1", "B2", tables.NOT_LOCATED],
            "area_name": ["North beat", "South beat", tables.NOT_LOCATED],
            # in no beat: the small area that the file leaves out, no small area, one elsewhere
            "count": pd.array([3, 1, 3], dtype="Int64"),
        }
    )
    assert_frame_equal(counted, expected)
    people = tables.residents(by_lookup.population, by_lookup.lookup, level="custom")
    assert dict(zip(people["area_code"], people["denominator"], strict=True)) == {
        "B1": 300, "B2": 300, tables.ALL: 1_000,
    }  # fmt: skip
    rated = tables.located(counted).pipe(tables.join_denominator, people, years=2)
    assert rated["denominator"].tolist() == [600, 600]
    shapes = by_lookup.areas("custom").set_index("area_code")
    assert shapes.area.to_dict() == {"B1": 2_000_000, "B2": 1_000_000}
    fit = by_lookup.fit_of("custom")["fit"].value_counts().to_dict()
    assert fit == {custom_areas.WHOLE: 3, custom_areas.NONE: 1}


@pytest.mark.slow
@hypothesis_settings(max_examples=25)
@given(st.lists(st.sampled_from([*LOOKUP["lsoa_code"], "ELSEWHERE"]), max_size=30))
def test_every_record_is_in_one_area_or_in_none(tmp_path_factory, codes):
    lookup = LOOKUP.assign(custom_code=["B1", "B1", "B2", None], custom_name=["N", "N", "S", None])
    by_level = {
        level: tables.count_by_area(records(codes), lookup, level=level)["count"].sum()
        for level in ("lsoa", "district", "custom")
    }
    assert set(by_level.values()) == {len(codes)}


def test_own_areas_are_protected_together_with_small_areas_and_districts(by_lookup):
    codes = ["L1"] * 12 + ["L2"] * 7 + ["L3"] * 20 + ["L4"] * 30 + [None] * 12
    by_level = {
        level: tables.count_by_area(records(codes), by_lookup.lookup, level=level)
        for level in ("lsoa", "district", "custom")
    }
    run = type("Run", (), {"settings": settings(), "lookup": by_lookup.lookup})
    safe = publish.protect_areas(by_level, run)
    shown = safe["custom"].set_index("area_code")["count"]
    assert shown["B1"] == 20  # 19, rounded to five
    assert shown[tables.NOT_LOCATED] == 40  # L4 is in no beat, and twelve have no place


def test_several_levels_have_names_of_their_own(tmp_path):
    write(tmp_path, "beats.csv", BEATS)
    write(tmp_path, "hubs.csv", "lsoa_code,area_code,area_name\nL1,H1,Hub\n")
    found = places(
        tmp_path,
        custom_areas_beat={"path": "beats.csv", "level_title": "Beats"},
        custom_areas_hub={"path": "hubs.csv", "level_title": "Hubs"},
    )
    assert list(found.levels) == ["district", "beat", "hub"]
    assert found.lookup["hub_name"].tolist()[:1] == ["Hub"]
    assert found.lookup["hub_name"].isna().sum() == 3


def test_a_small_area_in_two_areas_and_all_else_that_is_wrong_is_said_at_once(tmp_path):
    text = "lsoa_code,area_code,area_name\nX1,B1,North\nX1,B2,South\nX2,B2,Sooth\nX3,,\n"
    write(tmp_path, "beats.csv", text)
    with pytest.raises(DataError) as fault:
        _ = places(tmp_path, custom_areas="beats.csv").lookup
    said = str(fault.value)
    assert "1 of 4 rows repeat lsoa_code (such as X1)" in said
    assert "1 of 4 rows lack a value in area_code (such as X3)" in said
    assert "2 of 4 rows have an area_code with two names (such as X1, X2)" in said
    assert "4 of 4 rows are small areas that are not in the lookup" in said


# ---------------------------------------------------------------- by polygons


def test_polygons_take_the_small_areas_of_which_they_hold_most(tmp_path):
    # the first holds L1 and four fifths of L2, the second the rest of L2, L3 and 30% of L4
    polygons(tmp_path, {"P1": box(0, 0, 1_800, 1_000), "P2": box(1_800, 0, 3_300, 1_000)})
    found = places(tmp_path, custom_areas="areas.gpkg")
    placed = found.fit_of("custom")
    assert placed["area_code"].tolist()[:3] == ["P1", "P1", "P2"]
    assert placed["area_code"].isna().tolist() == [False, False, False, True]
    assert placed["fit"].tolist() == [
        custom_areas.WHOLE, custom_areas.CUT, custom_areas.WHOLE, custom_areas.NONE,
    ]  # fmt: skip
    counted = tables.count_by_area(records(), found.lookup, level="custom")
    assert counted.set_index("area_code")["count"].to_dict() == {
        "P1": 3, "P2": 1, tables.NOT_LOCATED: 3,
    }  # fmt: skip
    assert len(found.areas("custom")) == 2


def test_borders_that_wander_by_a_sliver_are_no_overlap_and_no_cut(tmp_path):
    polygons(tmp_path, {"P1": box(0, 0, 2_005, 1_000), "P2": box(2_000, 0, 4_000, 1_000)})
    placed = places(tmp_path, custom_areas="areas.gpkg").fit_of("custom")
    assert placed["area_code"].tolist() == ["P1", "P1", "P2", "P2"]
    assert set(placed["fit"]) == {custom_areas.WHOLE}


def test_polygons_that_overlap_are_refused_by_name(tmp_path):
    shapes = {"P1": box(0, 0, 2_500, 1_000), "P2": box(2_000, 0, 4_000, 1_000)}
    polygons(tmp_path, shapes | {"P3": box(9_000, 0, 9_500, 1_000)})
    with pytest.raises(
        DataError, match="1 pairs of its 3 areas overlap, such as Area P1 and Area P2"
    ):
        _ = places(tmp_path, custom_areas="areas.gpkg").lookup


def test_polygons_in_degrees_are_brought_to_the_national_grid(tmp_path):
    import geopandas as gpd

    file = polygons(tmp_path, {"P1": box(0, 0, 4_000, 1_000)})
    gpd.read_file(file).to_crs(4326).to_file(tmp_path / "degrees.geojson", driver="GeoJSON")
    placed = places(tmp_path, custom_areas="degrees.geojson").fit_of("custom")
    assert placed["area_code"].tolist() == ["P1"] * 4


def test_boundaries_of_another_census_than_the_lookup_are_refused(tmp_path):
    named = small_areas(tmp_path)
    LOOKUP.assign(lsoa_code=["L1", "L2", "N3", "N4"]).to_csv(tmp_path / "lookup.csv", index=False)
    with pytest.raises(DataError, match=r"2 of 4 areas have no shape .* such as N3, N4"):
        Places(tmp_path, settings(**named)).areas("lsoa")
