"""Maps side by side, and what is strong on a map: the same classes, every district named."""

import geopandas as gpd
import pandas as pd
import pytest
from figure_tables import areas, classed, districts, mapped
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from shapely.geometry import Point, box

from vrn_analysis.core.errors import DataError, DisclosureError
from vrn_analysis.show import figures
from vrn_analysis.show.figures.parts import style

TITLE = "Robbery is elsewhere"


def side_by_side(parts=None, **options):
    parts = parts or {"Robbery": classed(), "Violence with injury": classed()}
    options = {"areas": areas(), "measure": "Gi*", "districts": districts()} | options
    return figures.plot_maps(parts, title=TITLE, **options)


def colours(axes):
    fills = [c for c in axes.collections if isinstance(c, PathCollection)]
    # the districts' outlines have no filling
    fills = [c for c in fills if len(c.get_facecolor())]
    return {to_hex(c.get_facecolor()[0]).upper(): len(c.get_paths()) for c in fills}


def test_every_part_has_a_map_with_its_name_and_scale_and_the_first_names_the_districts():
    chart = side_by_side()
    first, second, below = chart.figure.axes[:3]
    assert [axes.get_title(loc="left") for axes in (first, second)] == [
        "Robbery",
        "Violence with injury",
    ]
    said = [{text.get_text() for text in axes.texts} for axes in (first, second)]
    assert {"West", "Middle", "East", "1 km"} <= said[0]
    assert said[1] == {"1 km"}
    assert [t.get_text() for t in below.get_legend().get_texts()] == [
        "Hotspot",
        "No hotspot",
        "Coldspot",
    ]


def test_a_class_has_one_colour_in_all_maps_even_where_a_map_lacks_some_class():
    fewer = classed()
    fewer["map_class"] = fewer["map_class"].where(fewer["map_class"] != "Coldspot", "Hotspot")
    chart = side_by_side({"All": classed(), "Night": fewer})
    first, second = (colours(axes) for axes in chart.figure.axes[:2])
    assert first == {style.SEQUENCE[0]: 7, style.SEQUENCE[2]: 7, style.SEQUENCE[4]: 6}
    assert second == {style.SEQUENCE[2]: 7, style.SEQUENCE[4]: 13}


def test_the_data_hold_every_area_of_every_map_and_the_words_say_the_finding():
    chart = side_by_side()
    assert chart.data.groupby("part").size().to_dict() == {
        "Robbery": 20,
        "Violence with injury": 20,
    }
    assert TITLE in chart.alt
    assert "Hotspot: Robbery 6, Violence with injury 6" in chart.alt


def test_three_maps_leave_the_fourth_place_empty():
    chart = side_by_side({name: classed() for name in "ABC"})
    assert [axes.axison for axes in chart.figure.axes] == [False] * 6
    assert not chart.figure.axes[3].collections
    assert chart.png()


def test_maps_without_classes_or_with_other_ones_are_refused():
    with pytest.raises(DisclosureError, match="not protected"):
        side_by_side({"A": classed(), "B": classed().assign(count=1)})
    with pytest.raises(DataError, match="B have no column map_class"):
        side_by_side({"A": classed(), "B": mapped()})
    other = classed().assign(map_class=classed()["map_class"].cat.rename_categories(str.upper))
    with pytest.raises(DataError, match="different classes"):
        side_by_side({"A": classed(), "B": other})


@pytest.mark.parametrize("size", [1, 7])
def test_one_map_and_seven_maps_are_refused(size):
    with pytest.raises(DataError, match=str(size)):
        side_by_side({str(number): classed() for number in range(size)})


def strong(points, crs=27700):
    return gpd.GeoDataFrame({"name": ["Youth club"] * len(points)}, geometry=points, crs=crs)


def test_what_is_strong_is_marked_named_in_the_legend_and_told():
    chart = figures.plot_map(
        mapped(), areas=areas(), title=TITLE, measure="Offences",
        assets=strong([Point(1_500, 2_500), Point(3_500, 500)]),
    )  # fmt: skip
    axes = chart.figure.axes[0]
    marks = next(line for line in axes.lines if line.get_marker() == "D")
    assert list(marks.get_xdata()) == [1_500, 3_500]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend[-1] == "Community assets (2)"
    assert "2 community assets are marked" in chart.alt


@pytest.mark.slow
def test_assets_in_degrees_land_where_they_are():
    here = gpd.GeoSeries([Point(400_000, 300_000)], crs=27700).to_crs(4326)
    far = areas().set_geometry(areas().translate(398_000, 298_000))
    table = pd.DataFrame({"area_code": far["area_code"], "map_class": classed()["map_class"]})
    chart = figures.plot_map(
        table, areas=far, title=TITLE, measure="Gi*", assets=strong(list(here), crs=4326)
    )
    marks = next(line for line in chart.figure.axes[0].lines if line.get_marker() == "D")
    assert abs(marks.get_xdata()[0] - 400_000) < 1


def test_an_asset_that_is_an_area_is_refused():
    with pytest.raises(DataError, match="Assets are points; these are Polygon"):
        figures.plot_map(
            mapped(), areas=areas(), title=TITLE, measure="x", assets=strong([box(0, 0, 1, 1)])
        )


def test_many_cells_of_a_class_are_drawn_as_one_shape_without_seams():
    side = 50
    cells = gpd.GeoDataFrame(
        {"cell_id": [f"s1_r{r}_c{c}" for r in range(side) for c in range(side)]},
        geometry=[box(c, r, c + 1, r + 1) for r in range(side) for c in range(side)],
        crs=27700,
    )
    names = ["Low", "High"]
    found = pd.Categorical.from_codes([int(i < 100) for i in range(side**2)], names, ordered=True)
    table = pd.DataFrame({"cell_id": cells["cell_id"], "map_class": found})
    chart = figures.plot_map(table, areas=cells, title=TITLE, measure="Density")
    assert set(colours(chart.figure.axes[0]).values()) == {1}
    assert chart.data["class"].value_counts().to_dict() == {"Low": 2_400, "High": 100}
