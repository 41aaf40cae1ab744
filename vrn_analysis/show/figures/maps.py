"""Maps of areas: named classes in one hue, district outlines and names, a scale bar."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from vrn_analysis.core.errors import DataError
from vrn_analysis.core.facts import Fact, Label
from vrn_analysis.show.figures.parts import checks, outlines, style, words
from vrn_analysis.show.figures.parts.chart import Chart
from vrn_analysis.show.figures.parts.checks import MISSING, SHOWN, SUPPRESSED

if TYPE_CHECKING:
    import geopandas

FIFTHS = ("Lowest fifth", "Second fifth", "Middle fifth", "Fourth fifth", "Highest fifth")
# of many areas the top class is smaller, or it would be a whole city; by the fewest areas for it,
# which leave at least five in it
TOPS = {100: "5%", 50: "10%"}
CLASS = "map_class"
KEYS = ("area_code", "cell_id")
MOST_OUTLINED = 150  # more, such as small areas or the cells of a grid, would be all outline


@style.styled
def plot_map(
    table: pd.DataFrame,
    *,
    areas: "geopandas.GeoDataFrame",
    title: str,
    measure: str,
    districts: "geopandas.GeoDataFrame | None" = None,
    assets: "geopandas.GeoDataFrame | None" = None,
) -> Chart:
    """
    Draw areas in five named classes of one hue; never the point of an offence.

    Parameters
    ----------
    table
        Protected: `area_code` (or `cell_id`), `value` (or `count`), or `map_class`, an ordered
        category of at most five classes that is drawn as it is. One row an area.
    areas
        The code and outlines, in metres (such as British National Grid). An area without a row is
        drawn as not available.
    title
        What the map shows.
    measure
        What is drawn and its unit.
    districts
        Outlines drawn over the areas, with their names in `area_name`, `district_name` or `name`.
    assets
        Points of community assets, such as youth clubs: never of people or offences.

    Returns
    -------
    chart
        Its data is the table to show beside the map: name, value, class and status, highest
        first. Suppressed areas are hatched and named in the legend, and hold no class.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, codes do not match, or outlines are not in metres.

    Notes
    -----
    Classes are fifths of the areas shown; of 50 areas or more, quarters, and the highest 10% (5%
    from 100 areas) apart. Equal values share a class, so classes may differ in size, and there are
    fewer of them where values tie. The legend has their limits.
    """
    key = shared_key(table, areas)
    shapes = outlines.checked(areas, key)
    drawn, names = classed(table, shapes, key)
    figure, axes = style.canvas(title, height=height_of(shapes, 5.2) + 0.9, dots=style.MAP_DOTS)
    looks = looks_of(names)
    draw_areas(axes, drawn, shapes, looks)
    strong = None if assets is None else outlines.assets(axes, assets, shapes)
    _legend(axes, looks, drawn["class"].value_counts(), measure, strong)
    figure.draw_without_rendering()
    taken = [outlines.scale_bar(axes)]
    if districts is not None:
        outlines.districts(axes, outlines.checked(districts, None, like=shapes), taken)
    off = int((~table[key].isin(shapes[key])).sum())
    rows = words.part(off, len(table))
    lost = f"{rows} rows have no outline and are not on the map." if off else ""
    style.notes(figure, "In brackets: the number of areas in each class.", lost)
    by_value = drawn.sort_values("value", ascending=False, na_position="last", kind="stable")
    strong = Fact(0 if assets is None else len(assets), "assets")
    marked = "" if assets is None else f"{strong} community assets are marked"
    alt = _alt(drawn, title, measure, f"{lost} {marked}".strip())
    return Chart(figure, title, alt, by_value.reset_index(drop=True))


def shared_key(table: pd.DataFrame, areas: pd.DataFrame) -> str:
    """Return the column by which a table and its outlines are joined."""
    return next((k for k in KEYS if k in table and k in areas), KEYS[0])


def height_of(shapes: "geopandas.GeoDataFrame", width: float) -> float:
    """Return how high a map is that is this wide, in inches; very flat or high ones are clipped."""
    left, low, right, high = shapes.total_bounds
    return float(np.clip(width * (high - low) / max(right - left, 1), width * 0.46, width * 1.34))


def draw_areas(
    axes: Axes, drawn: pd.DataFrame, shapes: "geopandas.GeoDataFrame", looks: dict
) -> None:
    """Fill the areas of every class, and frame them."""
    key = drawn.columns[0]
    for label, (colour, hatch) in looks.items():
        chosen = drawn.loc[drawn["class"] == label, key]
        same = shapes.loc[shapes[key].isin(chosen), "geometry"]
        outlines.fill(axes, same, colour, hatch, outlined=len(shapes) <= MOST_OUTLINED)
    outlines.frame(axes, shapes.total_bounds)


def _legend(axes: Axes, looks: dict, sizes: pd.Series, measure: str, strong: Artist | None) -> None:
    """Name every class that the map shows, the highest on top."""
    called = {k: f"{style.wrapped(k, 28, lines=2)} ({sizes[k]:,})" for k in looks if k in sizes}
    marks = [strong] if strong is not None else []
    axes.legend(
        handles=[*patches(looks, called), *marks], loc="upper left", bbox_to_anchor=(1.01, 1),
        title=style.wrapped(measure, 26), alignment="left", title_fontsize=style.SMALL,
        labelspacing=0.7, handleheight=1.4,
    )  # fmt: skip


def patches(looks: dict, called: Mapping[str, str]) -> list[Patch]:
    """Return what stands for classes in a legend: the highest on top, the hidden below."""
    handles = [
        Patch(facecolor=c, hatch=h, edgecolor=style.GREY, linewidth=0.5, label=called[name])
        for name, (c, h) in looks.items() if name in called
    ]  # fmt: skip
    hidden = [h for h in handles if h.get_hatch()]
    return [h for h in handles if not h.get_hatch()][::-1] + hidden


def classed(table: pd.DataFrame, shapes: pd.DataFrame, key: str) -> tuple[pd.DataFrame, list[str]]:
    """Return a row for every outline with its class, and the names of the classes in order."""
    value = next((name for name in ("value", "count") if name in table), None)
    if value is None and CLASS not in table:
        raise DataError("The table has none of the columns value, count, map_class.")
    drawn = checks.drawable(table, keys=[key], values=[value] if value else [], least=None)
    drawn = drawn.rename(columns={value: "value"}) if value else drawn.assign(value=np.nan)
    outlines.refuse_strangers(drawn, shapes, key)
    drawn = drawn[drawn[key].isin(shapes[key])]
    drawn, classes = _own_classes(drawn, table[CLASS]) if CLASS in table else _by_rank(drawn)
    every = shapes[[key]].merge(drawn, on=key, how="left").fillna({"status": MISSING})
    every["class"] = every["class"].where(
        every["status"] == SHOWN, every["status"].str.capitalize()
    )
    name = next((n for n in checks.NAMES if n in table or n in shapes), None)
    if name is not None:
        source = (table if name in table else shapes).drop_duplicates(key).set_index(key)[name]
        every.insert(1, "name", every[key].map(source))
    return pd.DataFrame(every), classes


def _own_classes(drawn: pd.DataFrame, classes: pd.Series) -> tuple[pd.DataFrame, list[str]]:
    if not isinstance(classes.dtype, pd.CategoricalDtype):
        raise DataError("map_class must be a category whose classes are in order (pd.Categorical).")
    names = [str(name) for name in classes.cat.categories]
    checks.refuse_too_many(len(names), most=5, what="classes", remedy="join some of them")
    own = classes.reset_index(drop=True).astype("str")[drawn.index]
    status = np.where(own.isna(), MISSING, SHOWN)
    status = np.where(drawn["status"] == SUPPRESSED, SUPPRESSED, status)
    return drawn.assign(**{"class": own, "status": status}), names


def _by_rank(drawn: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Put the values shown into classes, named with the lowest and highest value in each."""
    values = drawn["value"].to_numpy()
    known = values[~np.isnan(values)]
    if not known.size:
        return drawn.assign(**{"class": ""}), []
    cuts, ranks = _ranks(known.size)
    edges = np.unique(np.quantile(known, cuts, method="inverted_cdf"))
    group = np.searchsorted(edges, values)
    used = np.unique(group[~np.isnan(values)])
    places = style.decimals_for(known)
    names = {}
    for position, number in enumerate(used):
        inside = values[(group == number) & ~np.isnan(values)]
        low, high = (style.number(v, places) for v in (inside.min(), inside.max()))
        rank = ranks[number] if len(used) == 5 else _rank(position, len(used))
        names[number] = f"{rank}: {low if low == high else f'{low} to {high}'}"
    return drawn.assign(**{"class": [names.get(g, "") for g in group]}), list(names.values())


def _ranks(size: int) -> tuple[list[float], Sequence[str]]:
    """Return the shares of the areas at which classes end, and the names of the classes."""
    top = next((top for least, top in TOPS.items() if size >= least), "")
    if not top:
        return [0.2, 0.4, 0.6, 0.8], FIFTHS
    quarters = ("Lowest quarter", "Second quarter", "Third quarter", "Rest of the highest quarter")
    return [0.25, 0.5, 0.75, 1 - int(top[:-1]) / 100], (*quarters, f"Highest {top}")


def _rank(position: int, size: int) -> str:
    if size == 1:
        return "All alike"
    return "Lowest" if position == 0 else "Highest" if position == size - 1 else "Between"


def looks_of(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the colour and hatching of every class, the hidden ones last."""
    steps = np.linspace(0, 4, len(names)).round().astype(int) if len(names) > 1 else [2]
    looks = {name: (style.SEQUENCE[i], "") for name, i in zip(names, steps, strict=False)}
    return looks | {
        SUPPRESSED.capitalize(): ("white", "////"),
        MISSING.capitalize(): ("white", ".."),
    }


def _alt(drawn: pd.DataFrame, title: str, measure: str, lost: str) -> str:
    hidden = int((drawn["status"] == SUPPRESSED).sum())
    low, high = drawn["value"].min(), drawn["value"].max()
    sizes = drawn["class"].value_counts(sort=False)
    return words.alt_text(
        f"Map of {Fact(len(drawn), 'areas')} areas: {Label(measure)}",
        title,
        f"Values from {words.valued(low)} to {words.valued(high)}"
        if drawn["value"].notna().any()
        else "; ".join(
            f"{Label(label)}: {Fact(size, str(label))} areas" for label, size in sizes.items()
        ),
        f"Suppressed: {words.part(hidden, len(drawn))} areas"
        if hidden and drawn["value"].notna().any()
        else "",
        lost,
    )
