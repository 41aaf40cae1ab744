"""What each chart draws, read back out of the figure."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from figure_tables import (
    BREAKS,
    CHARTS,
    MONTHS,
    ages,
    areas,
    bounds,
    districts,
    funnel,
    gradient,
    hours,
    mapped,
    matrix,
    multiples,
    protected,
    rates,
    spine,
    tornado,
    trend,
    waterfall,
    xmr,
)  # fmt: skip
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.dates import date2num
from shapely.geometry import Point

from vrn_analysis.core.errors import DataError
from vrn_analysis.show import figures
from vrn_analysis.show.figures.parts import style

TITLE = "A finding"


def texts(chart):
    axes = chart.figure.axes
    return [t.get_text().replace("\n", " ") for a in axes for t in a.texts if t.get_text()]


def labels(axes, which):
    return [t.get_text().replace("\n", " ") for t in getattr(axes, f"get_{which}ticklabels")()]


def bars(axes):
    """Return each bar as row, left and right end."""
    return {round(p.get_y() + p.get_height() / 2): (p.get_x(), p.get_x() + p.get_width())
            for p in axes.patches}  # fmt: skip


# -- trend ------------------------------------------------------------------------------------


def test_trend_draws_the_values_from_zero_and_breaks_at_a_suppressed_month():
    axes = figures.plot_trend(trend(), title=TITLE).figure.axes[0]
    drawn = axes.lines[0].get_ydata()
    expected = trend()["value"].astype(float).to_numpy(na_value=np.nan)
    np.testing.assert_array_equal(drawn, expected)
    assert np.isnan(drawn[30])
    assert axes.get_ylim()[0] == 0
    assert axes.get_yticks()[0] == 0


def test_trend_names_breaks_pandemic_and_suppressed_months():
    chart = figures.plot_trend(trend(), title=TITLE, breaks=BREAKS)
    assert {"New records system", "Counting changed", "Pandemic limits on contact"} <= set(
        texts(chart)
    )
    dotted = [line.get_xdata()[0] for line in chart.figure.axes[0].lines if line.get_ls() == ":"]
    assert [date2num(d) for d in dotted] == list(date2num(pd.to_datetime(BREAKS["date"])))
    assert "1 of 48 months (July 2021)" in chart.figure.get_supxlabel()
    assert "break in February 2020: New records system" in chart.alt


def test_a_stretch_of_time_is_shaded_under_its_own_name_and_the_pandemic_once():
    stretch = pd.DataFrame(
        {"date": ["2020-03-23", "2021-11-01"], "until": ["2021-07-19", None],
         "label": ["Pandemic restrictions", "Counting changed"]}
    )  # fmt: skip
    chart = figures.plot_trend(trend(), title=TITLE, breaks=stretch)
    assert [t for t in texts(chart) if "andemic" in t] == ["Pandemic restrictions"]
    assert "shaded: Pandemic restrictions, March 2020 to July 2021" in chart.alt
    assert sum(line.get_ls() == ":" for line in chart.figure.axes[0].lines) == 1


def test_trend_after_the_pandemic_names_no_pandemic_and_no_break():
    late = trend().assign(month=MONTHS + pd.DateOffset(years=4))
    assert not {"Pandemic limits on contact", "Counting changed"} & set(
        texts(figures.plot_trend(late, title=TITLE, breaks=BREAKS))
    )


def test_a_month_that_is_not_in_the_table_breaks_the_line():
    axes = figures.plot_trend(trend().drop(index=[5, 6]), title=TITLE).figure.axes[0]
    assert np.isnan(axes.lines[0].get_ydata()[[5, 6]]).all()
    assert len(axes.lines[0].get_ydata()) == 48


def test_more_lines_than_can_be_told_apart_are_refused():
    parts = [trend().assign(area_name=n) for n in ("North", "South", "East", "West", "Mid")]
    table = pd.concat(parts, ignore_index=True)
    with pytest.raises(DataError, match="5 lines cannot be read"):
        figures.plot_trend(table, title=TITLE)


def test_four_lines_differ_in_more_than_colour():
    parts = [trend().assign(area_name=n) for n in ("North", "South", "East", "West")]
    axes = figures.plot_trend(pd.concat(parts), title=TITLE).figure.axes[0]
    assert len({(str(line.get_linestyle()), line.get_marker()) for line in axes.lines[:4]}) == 4


def test_trend_without_intervals_says_so():
    chart = figures.plot_trend(trend()[["month", "count", "status"]], title=TITLE)
    assert "without intervals" in chart.figure.get_supxlabel()


def test_a_month_alone_between_gaps_has_its_interval_as_a_line():
    axes = figures.plot_trend(trend().iloc[[0]], title=TITLE).figure.axes[0]
    lines = [c for c in axes.collections if isinstance(c, LineCollection)]
    assert [s[:, 1].tolist() for c in lines for s in c.get_segments()] == [[80.0, 120.0]]


@pytest.mark.parametrize("breaks", [BREAKS[["date"]], BREAKS.assign(date="when")])
def test_breaks_that_cannot_be_placed_are_refused(breaks):
    with pytest.raises(DataError, match="breaks"):
        figures.plot_trend(trend(), title=TITLE, breaks=breaks)


def test_a_month_that_is_no_date_is_refused():
    with pytest.raises(DataError, match="no dates"):
        figures.plot_trend(trend().assign(month="spring"), title=TITLE)


# -- control chart ----------------------------------------------------------------------------


def test_xmr_marks_signals_with_shapes_and_draws_no_limit_below_zero():
    chart = figures.plot_xmr(xmr(), title=TITLE)
    axes = chart.figure.axes[0]
    marked = [line for line in axes.lines if line.get_markersize() == 8]
    assert [list(line.get_ydata()) for line in marked] == [[107.0], [160.0]]
    assert len({line.get_marker() for line in marked}) == 2
    assert [t.get_text() for t in axes.get_legend().get_texts()] == [
        "Near the lower limit", "Above the limits",
    ]  # fmt: skip
    assert chart.data["lower_limit"].eq(0).all()
    assert axes.get_ylim()[0] == 0


def test_xmr_takes_months_from_the_index_or_a_column():
    column = xmr().rename_axis("month").reset_index()
    by_index, by_column = (figures.plot_xmr(t, title=TITLE) for t in (xmr(), column))
    pd.testing.assert_frame_equal(by_index.data, by_column.data)


def test_small_multiples_share_their_axes():
    axes = figures.plot_small_multiples(multiples(), title=TITLE).figure.axes
    assert len({a.get_ylim() for a in axes}) == 1
    assert {a.get_ylim()[0] for a in axes} == {0}
    assert [a.get_title(loc="left") for a in axes] == list(multiples()["crime_group"].unique())


# -- rates ------------------------------------------------------------------------------------


def test_rates_are_sorted_and_compared_with_all_areas():
    chart = figures.plot_rates(rates(), title=TITLE)
    assert list(chart.data["area_name"]) == ["Ashby Vale", "Brook Heath", "Dunley", "Élan Bay"]
    assert list(chart.data["comparison"]) == ["higher", "similar", "lower", "not compared"]
    axes = chart.figure.axes[0]
    assert labels(axes, "y") == list(chart.data["area_name"])
    assert axes.get_xlim()[0] == 0
    assert "All areas 9" in texts(chart)
    assert "20.0  (16.0 to 24.0)" in texts(chart)


def test_rates_draw_no_dot_and_no_line_for_a_suppressed_area():
    chart = figures.plot_rates(rates(), title=TITLE)
    axes = chart.figure.axes[0]
    dots = [y for line in axes.lines if line.get_marker() != "None" for y in line.get_ydata()]
    assert sorted(dots) == [0, 1, 2]
    lines = [s for c in axes.collections if isinstance(c, LineCollection) for s in c.get_segments()]
    across = [s[0][1] for s in lines if s[0][1] == s[1][1]]
    assert sorted(across) == [0, 1, 2]
    # both ends of each interval are upright, and seen beside the dot
    assert sorted(s[:, 1].mean() for s in lines if s[0][0] == s[1][0]) == [0, 0, 1, 1, 2, 2]
    assert "suppressed" in texts(chart)
    assert "1 of 4 rows (Élan Bay)" in chart.alt


def test_rates_above_below_and_similar_differ_in_shape():
    axes = figures.plot_rates(rates(), title=TITLE).figure.axes[0]
    shapes = {line.get_marker() for line in axes.lines if len(line.get_ydata()) == 1}
    assert shapes == {"^", "o", "s"}


def test_more_areas_than_can_be_read_are_refused():
    names = [f"Place {i}" for i in range(80)]
    table = CHARTS["rates"][0]().iloc[[0] * 80].assign(area_name=names)
    with pytest.raises(DataError, match="80 areas cannot be read"):
        figures.plot_rates(table, title=TITLE)


# -- map --------------------------------------------------------------------------------------


def draw_map(table=None, **options):
    options = {"areas": areas(), "measure": "Offences", "districts": districts()} | options
    return figures.plot_map(mapped() if table is None else table, title=TITLE, **options)


def test_map_puts_areas_in_named_fifths_and_suppressed_ones_in_none():
    chart = draw_map()
    assert chart.data["class"].value_counts().to_dict() == {
        "Lowest fifth: 5 to 20": 4, "Second fifth: 25 to 45": 4, "Middle fifth: 50 to 65": 4,
        "Fourth fifth: 70 to 85": 4, "Highest fifth: 90 to 100": 3, "Suppressed": 1,
    }  # fmt: skip
    hidden = chart.data[chart.data["status"] == "suppressed"]
    assert list(hidden["area_code"]) == ["X07"]
    assert hidden["value"].isna().all()
    legend = [
        t.get_text().replace("\n", " ") for t in chart.figure.axes[0].get_legend().get_texts()
    ]
    assert legend[0] == "Highest fifth: 90 to 100 (3)"
    assert legend[-1] == "Suppressed (1)"


def test_map_draws_one_shape_an_area_in_one_hue_and_hatches_the_suppressed():
    axes = draw_map(districts=None).figure.axes[0]
    fills = [c for c in axes.collections if isinstance(c, PathCollection)]
    assert sum(len(c.get_paths()) for c in fills) == 20
    colours = {to_hex(c.get_facecolor()[0]).upper(): c.get_hatch() for c in fills}
    assert colours == dict.fromkeys(style.SEQUENCE) | {"#FFFFFF": "////"}


@pytest.mark.slow
def test_map_data_are_the_table_beside_highest_first():
    assert list(draw_map().data["value"][:3]) == [100, 95, 90]
    assert list(draw_map().data["name"][:2]) == ["Place 19", "Place 18"]


def test_map_names_districts_and_a_scale_of_round_length():
    said = texts(draw_map())
    assert {"West", "Middle", "East", "1 km"} <= set(said)


def test_an_area_without_a_row_is_not_available_and_a_row_without_an_area_is_counted():
    table = mapped().assign(area_code=lambda t: t["area_code"].replace("X03", "Elsewhere"))
    chart = draw_map(table)
    assert chart.data.set_index("area_code").loc["X03", "class"] == "Not available"
    assert "1 of 20 rows have no outline" in chart.figure.get_supxlabel()


def test_map_of_equal_values_has_one_class():
    table = mapped().assign(value=lambda t: t["value"] * 0 + 7)
    assert set(draw_map(table).data["class"]) == {"All alike: 7", "Suppressed"}


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"areas": areas().to_crs(4326)}, "needs metres"),
        ({"areas": areas().set_crs(None, allow_override=True)}, "needs metres"),
        ({"areas": areas().rename(columns={"area_code": "code"})}, "no column area_code"),
        ({"areas": pd.concat([areas(), areas()])}, "repeat a area_code"),
        ({"areas": areas().assign(area_code=lambda t: "Y" + t["area_code"])}, "None of the 20"),
        ({"areas": areas().iloc[:0]}, "no outlines"),
        ({"districts": districts().drop(columns="district_name")}, "no column of names"),
    ],
)
def test_map_refuses_outlines_it_cannot_draw(options, problem):
    with pytest.raises(DataError, match=problem):
        draw_map(**options)


def test_map_never_draws_points():
    points = gpd.GeoDataFrame(
        {"area_code": ["X00", "X01"]}, geometry=[Point(0, 0), Point(1, 1)], crs=27700
    )
    with pytest.raises(DataError, match="areas only"):
        draw_map(mapped().head(2), areas=points, districts=None)


def test_map_classes_must_be_an_ordered_category_of_at_most_five():
    table = pd.DataFrame({"area_code": ["X00"], "map_class": ["Hotspot"]})
    with pytest.raises(DataError, match="must be a category"):
        draw_map(table)
    table["map_class"] = pd.Categorical(["a"], list("abcdef"))
    with pytest.raises(DataError, match="6 classes"):
        draw_map(table)


# -- waterfall, bounds, tornado ---------------------------------------------------------------


def test_waterfall_steps_down_from_the_start_and_draws_no_suppressed_step():
    chart = figures.plot_waterfall(waterfall(), title=TITLE)
    assert bars(chart.figure.axes[0]) == {0: (0, 1000), 1: (400, 1000), 3: (250, 400), 4: (0, 200)}
    assert {"1,000", "−600", "−150", "200", "suppressed"} <= set(texts(chart))
    assert chart.figure.axes[0].get_xlim()[0] == 0
    assert "From 1,000 at the start to 200 counted" in chart.alt


def test_waterfall_without_a_start_begins_at_the_sum():
    table = protected({"label": ["Domestic", "Counted"], "outcome": ["OUT", "IN"]}, [60, 40])
    chart = figures.plot_waterfall(table, title=TITLE)
    assert bars(chart.figure.axes[0]) == {0: (0, 100), 1: (40, 100), 2: (0, 40)}


def test_waterfall_refuses_an_unknown_outcome():
    with pytest.raises(DataError, match="MAYBE"):
        figures.plot_waterfall(waterfall().replace({"UNKNOWN": "MAYBE"}), title=TITLE)


def test_bounds_add_the_unknown_only_where_both_are_shown():
    chart = figures.plot_bounds(bounds(), title=TITLE)
    widths = [p.get_width() for p in chart.figure.axes[0].patches]
    assert widths == [300, 60, 100]
    assert {"300 to 360", "100 or more (unknown: suppressed)", "suppressed"} <= set(texts(chart))
    assert list(chart.data["count_with_unknown"].dropna()) == [360]


def test_tornado_draws_changes_the_largest_first_and_names_no_effect():
    chart = figures.plot_tornado(tornado(), title=TITLE)
    assert list(chart.data["change"].dropna()) == [400, 300, -50, 0]
    assert {"+400 (+80%)", "−50 (−10%)", "no effect", "suppressed"} <= set(texts(chart))
    assert "−0" not in labels(chart.figure.axes[0], "x")


def boxes(*written):
    return [text.get_window_extent() for text in written if text.get_text()]


def test_numbers_left_of_tornado_bars_keep_clear_of_the_names_of_the_rules():
    names = ["As it is", "Homes counted", "Only with a knife or sharp object", "No robbery"]
    table = protected({"switch": names}, [5_450, 11_775, 620, 3_750])
    chart = figures.plot_tornado(table, title=TITLE)
    chart.figure.draw_without_rendering()
    axes = chart.figure.axes[0]
    ends = max(box.x1 for box in boxes(*axes.get_yticklabels()))
    assert min(box.x0 for box in boxes(*axes.texts)) > ends


def test_heads_of_a_spine_chart_do_not_lie_over_each_other():
    table = spine().replace("Child poverty", "Two-year-olds who take up a funded place")
    chart = figures.plot_spine(table, title=TITLE, area="City of Quillmouth")
    chart.figure.draw_without_rendering()
    axes = chart.figure.axes[0]
    heads = [t for t in axes.texts if t.get_text().startswith("City of")]
    [better] = boxes(axes.get_xticklabels()[-1])
    assert heads
    assert not any(box.overlaps(better) for box in boxes(*heads))


# -- gradient, grids, people ------------------------------------------------------------------


def test_gradient_line_goes_through_the_mean_at_the_middle_of_the_population():
    slope = pd.DataFrame(
        {
            "statistic": ["slope index"],
            "value": [50.0],
            "lower_95_ci": [40.0],
            "upper_95_ci": [60.0],
        }
    )
    chart = figures.plot_gradient(gradient(), title=TITLE, slope=slope)
    # mean 30; groups of a fifth lie at 0.1, 0.3 ... of the ranks: 30 + 50 × (0.5 − 0.1) = 50
    np.testing.assert_allclose(chart.data["on_line"], [50, 40, 30, 20, 10])
    assert "50 (40 to 60)" in chart.alt
    axes = chart.figure.axes[0]
    assert axes.get_ylim()[0] == 0
    assert labels(axes, "x") == ["1 most deprived", "2", "3", "4", "5 least deprived"]


def test_gradient_draws_no_line_where_a_group_is_suppressed():
    table = gradient()
    table.loc[4, ["count", "value", "lower_95_ci", "upper_95_ci"]] = pd.NA
    table.loc[4, "status"] = "suppressed"
    slope = pd.DataFrame(
        {
            "statistic": ["slope index"],
            "value": [50.0],
            "lower_95_ci": [40.0],
            "upper_95_ci": [60.0],
        }
    )
    chart = figures.plot_gradient(table, title=TITLE, slope=slope)
    assert "on_line" not in chart.data
    assert "not available" in chart.figure.get_supxlabel()


def test_hours_write_every_number_in_its_cell_and_c_where_suppressed():
    chart = figures.plot_hour_by_weekday(hours(), title=TITLE)
    axes = chart.figure.axes[0]
    cells = {t.get_position(): t.get_text() for t in axes.texts}
    assert len(cells) == 168
    assert cells[0, 3] == "c"  # Monday, 03:00
    assert cells[6, 23] == "145"  # Sunday, 23:00: 5 × (29 mod 30)
    assert labels(axes, "x")[:2] == ["Monday", "Tuesday"]


def test_weekdays_may_be_names_but_not_numbers_from_one():
    named = hours().assign(weekday=lambda t: t["weekday"].map(dict(enumerate(
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]))))  # fmt: skip
    one = figures.plot_hour_by_weekday(named, title=TITLE)
    assert {t.get_position(): t.get_text() for t in one.figure.axes[0].texts}[6, 23] == "145"
    with pytest.raises(DataError, match="weekday"):
        figures.plot_hour_by_weekday(
            hours().assign(weekday=lambda t: t["weekday"] + 1), title=TITLE
        )


def test_females_go_left_and_males_right_on_one_scale():
    axes = figures.plot_age_sex(ages(), title=TITLE).figure.axes[0]
    widths = [p.get_width() for p in axes.patches]
    assert widths == [10, -40, 60, -80, 120, -150, 140]
    assert axes.get_xlim()[0] == -axes.get_xlim()[1]
    assert not any("−" in label or "-" in label for label in labels(axes, "x"))


def test_other_sexes_are_named_and_roles_never_mixed():
    other = protected({"age_band": ["18-24"], "sex": ["other"]}, [15])
    chart = figures.plot_age_sex(pd.concat([ages(), other]), title=TITLE)
    assert "Sex other or not known: 15" in chart.figure.get_supxlabel()
    mixed = ages().assign(role=["victim", "suspect"] * 4)
    with pytest.raises(DataError, match="mixes victims and suspects"):
        figures.plot_age_sex(mixed, title=TITLE)


def test_completeness_above_one_is_a_percentage_and_refused():
    table = CHARTS["complete"][0]()
    with pytest.raises(DataError, match="shares from 0 to 1"):
        figures.plot_completeness(table.assign(value=table["value"] * 100), title=TITLE)


def test_completeness_names_the_lowest_month():
    chart = figures.plot_completeness(CHARTS["complete"][0](), title=TITLE)
    assert "lowest 25%, Jul 2019" in texts(chart)
    assert "25% (Victim's age, July 2019)" in chart.alt


# -- curves -----------------------------------------------------------------------------------


def test_lorenz_marks_the_share_of_places_with_half():
    # 1 − (1 − x)³ = ½ at x = 1 − ½^(1/3) = 0.206
    chart = figures.plot_lorenz(CHARTS["lorenz"][0](), title=TITLE)
    assert "Half of offences are in 21% of small areas" in texts(chart)


def test_lorenz_from_the_emptiest_place_is_turned_around():
    turned = (1 - CHARTS["lorenz"][0]())[::-1]
    one, other = (figures.plot_lorenz(t, title=TITLE) for t in (CHARTS["lorenz"][0](), turned))
    np.testing.assert_allclose(one.data["event_share"], other.data["event_share"], atol=1e-12)


@pytest.mark.parametrize("name", ["lorenz", "capture"])
def test_curves_of_percentages_are_refused(name):
    make, plot = CHARTS[name]
    with pytest.raises(DataError, match="above 1"):
        plot(make().assign(event_share=lambda t: t["event_share"] * 100), title=TITLE)


def test_capture_curve_says_what_each_score_captures():
    make, plot = CHARTS["capture"]
    assert "At 20% of the area: Hotspots 50%, Last year 48%, Population 30%" in (
        plot(make(), title=TITLE).alt
    )


# -- matrix, funnel, spine, effects -----------------------------------------------------------


def test_matrix_shows_empty_cells_of_levels_without_a_row():
    chart = figures.plot_matrix(matrix(), title=TITLE)
    assert labels(chart.figure.axes[0], "y") == [
        "Individual", "Relationship", "Community", "Societal",
    ]  # fmt: skip
    assert texts(chart).count("None found") == 8
    assert "4 names in 4 of 12 cells" in chart.alt


def test_funnel_names_areas_outside_only_where_it_may():
    chart = figures.plot_funnel(funnel(), title=TITLE)
    assert {"Place 3", "Place 8"} <= set(texts(chart))
    public = figures.plot_funnel(funnel(), title=TITLE, named=False)
    assert not any(t.startswith("Place") for t in texts(public))
    assert "Place 3" not in public.alt
    assert public.figure.axes[0].get_ylim()[0] == 0


def test_spine_turns_every_indicator_so_that_right_is_better():
    chart = figures.plot_spine(spine(), title=TITLE)
    assert list(chart.data["comparison"]) == ["worse", "better", "better", "similar", "different"]
    axes = chart.figure.axes[0]
    dots = {
        line.get_ydata()[0]: line.get_xdata()[0]
        for line in axes.lines
        if line.get_marker() != "None"
    }
    assert dots[0] < 0 < dots[1]
    assert dots[2] > 0


def test_spine_draws_what_was_not_tested_hollow_and_names_the_mark():
    table = spine()
    table.loc[0, ["lower_95_ci", "upper_95_ci"]] = np.nan
    chart = figures.plot_spine(table, title=TITLE)
    assert chart.data["comparison"].tolist()[0] == "not tested"
    assert "1 not tested" in chart.alt
    faces = {line.get_ydata()[0]: to_hex(line.get_markerfacecolor())
             for line in chart.figure.axes[0].lines if line.get_marker() == "o"}  # fmt: skip
    assert faces[0] == "#ffffff"
    assert faces[3] != "#ffffff"
    assert "not tested" in chart.figure.get_supxlabel().lower()
    tested = figures.plot_spine(spine(), title=TITLE).figure.get_supxlabel()
    assert "not tested" not in tested.lower()


def test_spine_keeps_indicators_without_a_direction_apart_from_worse_and_better():
    table = spine().iloc[[4, 0, 1, 2, 3]].reset_index(drop=True)
    chart = figures.plot_spine(table, title=TITLE)
    assert chart.data["name"].tolist()[-1] == "Ages known"
    axes = chart.figure.axes[0]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert rows[-1] == "Ages known"
    between = [text for text in axes.texts if text.get_text() in ("Lower", "Higher")]
    # their heads have a row for themselves, between the two parts
    assert {text.get_position()[1] for text in between} == {4}
    assert len(rows) == 6
    none = figures.plot_spine(table.iloc[1:], title=TITLE).figure.axes[0]
    assert not [text for text in none.texts if text.get_text() in ("Lower", "Higher")]


def test_spine_marks_an_interval_that_goes_on_beyond_the_edge():
    table = spine()
    assert "Arrow" not in figures.plot_spine(table, title=TITLE).figure.get_supxlabel()
    table.loc[1, "upper_95_ci"] = 9.0
    chart = figures.plot_spine(table, title=TITLE)
    arrows = [line for line in chart.figure.axes[0].lines if line.get_marker() in ("<", ">")]
    assert [(line.get_marker(), line.get_ydata()[0]) for line in arrows] == [(">", 1)]
    assert "Arrow" in chart.figure.get_supxlabel()


@pytest.mark.parametrize(("dispersion", "said"), [(8.7, True), (1.0, False)])
def test_a_funnel_says_that_its_limits_are_widened_only_where_they_are(dispersion, said):
    table = funnel().assign(dispersion=dispersion)
    note = figures.plot_funnel(table, title=TITLE).figure.get_supxlabel().replace("\n", " ")
    assert ("usual variation" in note, "chance alone" in note) == (said, not said)


def test_spine_reads_polarity_as_the_catalogue_writes_it():
    table = spine().assign(polarity=lambda t: t["polarity"].str.replace(" ", "_"))
    table["polarity"] = table["polarity"].replace("higher_is_better", "lower_is_worse")
    one, other = (figures.plot_spine(t, title=TITLE).data for t in (spine(), table))
    assert list(one["comparison"]) == list(other["comparison"])


def test_effects_not_above_zero_are_refused():
    table = CHARTS["effects"][0]()
    table.loc[0, "lower_95_ci"] = 0
    with pytest.raises(DataError, match="not above 0"):
        figures.plot_effects(table, title=TITLE)


# -- words and places -------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12), st.floats(0.5, 50)
)  # fmt: skip
def test_labels_are_spread_a_gap_apart_in_their_order(places, gap):
    moved = style.spread(places, gap)
    order = sorted(range(len(places)), key=lambda i: places[i])
    steps = np.diff([moved[i] for i in order])
    assert (steps >= gap - 1e-6).all()
    np.testing.assert_allclose(np.mean(moved), np.mean(places), atol=1e-6)


MANY = "10,000,000"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (12345, "12,345"), (12.345, "12.3"), (1.234, "1.23"), (-7.5, "−7.50"), (1e7, MANY)],
)
def test_numbers_are_written_in_full(value, said):
    assert style.number(value) == said


@pytest.mark.parametrize("letters", [20, 40, 76])
def test_a_title_never_ends_in_a_line_of_one_short_word(letters):
    words = "Violence peaks after school on weekdays and late on Friday and Saturday nights"
    lines = style.balanced(words, letters).split("\n")
    assert " ".join(lines) == words
    assert max(map(len, lines)) <= letters
    assert len(lines) == 1 or min(map(len, lines)) > letters / 4
