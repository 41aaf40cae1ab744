"""Name and rank the places that are hotspots of their own district."""

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csgraph

from vrn_analysis.count.assessment import Run
from vrn_analysis.methods import rates
from vrn_analysis.methods.hotspots.neighbours import contiguity
from vrn_analysis.methods.places.cells import nearest_area
from vrn_analysis.methods.places.classes import HOTSPOT_CLASSES
from vrn_analysis.methods.places.maps import map_classes

MOST_PLACES = 20
DRAWS = 2_000
PEAK_CLASSES = (
    "Not a hotspot of its district",
    "Hotspot, rate not above its district",
    "Hotspot, rate above its district",
    "Hotspot, rate clearly above its district",
)
CLEARLY = "clearly higher"
LABELS = {
    "lower_rank": "Rank from",
    "upper_rank": "Rank to",
    "value": "Times the district's rate",
    "beside_district": "Compared with the district",
}


def hotspot_places(cells: gpd.GeoDataFrame, run: Run) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """
    Find hotspots within each district, and count the offences of each connected place.

    A county-wide test finds the largest town. Here Gi* compares each cell with its own district;
    the correction is over the cells of all districts together.

    Parameters
    ----------
    cells
        As `grid` returns them.

    Returns
    -------
    cells
        Those whose small area has residents, with `map_class` and `place`, which is missing outside
        stable hotspots.
    counts
        `place, district, count, person_years`: true counts, which have to be protected. A place
        is called by the middle-layer area with most of its offences.

    Notes
    -----
    Nobody knows where in a small area people live. All residents of every small area that a place
    touches are therefore counted (the middle of the area is in the place, or the middle of a
    cell is in the area), so that a rate is too low, if anything.
    """
    areas = run.areas("lsoa")
    homes = run.lookup.set_index("lsoa_code")
    people = run.population.groupby("lsoa_code")["population"].sum()
    code = areas["area_code"].to_numpy()[nearest_area(cells, areas)]
    names = homes.loc[code, ["district_name", "msoa_name"]].to_numpy().T
    placed = cells.assign(area_code=code, district=names[0], msoa=names[1])
    placed = placed[placed["area_code"].map(people).gt(0)].reset_index(drop=True)
    classes = map_classes(placed, run.counted(), of="hotspots")
    placed["map_class"], placed.attrs["error"] = classes["map_class"], classes.attrs["error"]
    placed["place"] = _connected(placed)
    middles = areas.set_geometry(areas.representative_point())
    inside = middles.sjoin(placed[["place", "geometry"]].dropna(), predicate="intersects")
    touched = pd.concat([placed, inside])[["place", "area_code"]].dropna().drop_duplicates()
    lived = people.reindex(touched["area_code"]).groupby(touched["place"].to_numpy()).sum()
    found = placed.groupby(["place", "district"], as_index=False)["count"].sum()
    return placed, found.assign(
        person_years=run.years * lived.reindex(found["place"]).to_numpy(dtype=float)
    )


def _connected(cells: gpd.GeoDataFrame) -> pd.Series:
    """Return the name of the place of each cell: stable hotspots of one district that touch."""
    hot = cells[cells["map_class"] == HOTSPOT_CLASSES[2]]
    if hot.empty:
        return pd.Series(pd.NA, index=cells.index, dtype="str")
    touch = contiguity(hot).tocoo()
    district = hot["district"].to_numpy()
    touch.data *= district[touch.row] == district[touch.col]
    group = csgraph.connected_components(touch.tocsr())[1]
    held = hot.groupby([group, "district", "msoa"])["count"].sum().rename_axis(["at", *"dm"])
    named = held.sort_values(kind="stable").reset_index().drop_duplicates("at", keep="last")
    again = named.groupby(["d", "m"]).cumcount(ascending=False)
    words = named["m"] + again.map(lambda n: f" ({n + 1})" if n else "")
    return pd.Series(words.set_axis(named["at"]).loc[group].to_numpy(), hot.index).reindex(
        cells.index
    )


def rank_places(counts: pd.DataFrame, districts: pd.DataFrame, *, seed: int = 1) -> pd.DataFrame:
    """
    Return the places whose rate is above that of their district, the highest first.

    Parameters
    ----------
    counts
        From `hotspot_places`, protected.
    districts
        Rates of the districts, per 1,000: `area_name, value, dispersion`.
    seed
        Of the random numbers.

    Returns
    -------
    table
        At most 20 rows: `rank, lower_rank, upper_rank` (95% of draws), `place, district`, and
        `value, lower_95_ci, upper_95_ci`: how many times as high as its district's the rate is, to
        one decimal; and `beside_district`: clearly higher, or not. It has no count.

    Notes
    -----
    Clearly higher: the lower limit of the 99.8% interval is above the district's rate, which allows
    for comparing fifty places. Draws of a rate are of the gamma distribution of its count over its
    dispersion. The district's rate is taken as known.
    """
    usual = districts[["area_name", "value", "dispersion"]].set_axis(
        ["district", "usual", "dispersion"], axis=1
    )
    rated = rates.crude_rate(
        counts.merge(usual).rename(columns={"person_years": "denominator"}), per=1_000
    )
    rated = rated[rated["value"] > rated["usual"]]
    limits = ["value", "lower_95_ci", "upper_95_ci"]
    times = rated.assign(**rated[limits].div(rated["usual"], axis=0))
    times = times.sort_values("value", ascending=False, kind="stable").head(MOST_PLACES)
    shape = (times["count"] / times["dispersion"]).to_numpy(dtype=float)
    drawn = np.random.default_rng(seed).gamma(shape, size=(DRAWS, len(times)))
    drawn *= (times["value"] / shape).to_numpy(dtype=float)
    ranks = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    lower, upper = np.percentile(ranks, [2.5, 97.5], axis=0, method="nearest")
    new = {"rank": range(1, len(times) + 1), "lower_rank": lower, "upper_rank": upper}
    clear = np.where(times["lower_99_8_ci"] > times["usual"], CLEARLY, "not clearly higher")
    found = times.assign(**new, beside_district=clear)
    found = found[[*new, "place", "district", *limits, "beside_district"]]
    found = found.round(dict.fromkeys(limits, 1)).reset_index(drop=True)
    found.attrs["labels"] = LABELS
    return found


def ranked_map(
    cells: gpd.GeoDataFrame,
    counts: pd.DataFrame,
    rated: pd.DataFrame,
    districts: gpd.GeoDataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, gpd.GeoDataFrame]:
    """
    Rank hotspots, and return what a map of them shows: the class of each cell, and names on it.

    Parameters
    ----------
    cells, counts
        From `hotspot_places`, the counts protected.
    rated, districts
        Rates of the districts for `rank_places`, and their outlines with `area_name`.

    Returns
    -------
    ranked
        From `rank_places`.
    classes
        `cell_id` and `map_class`: whether a cell is a hotspot, and of how high a rate.
    outlines
        `area_name` and outlines of the ranked places, called by their rank, and the districts.
    """
    ranked = rank_places(counts, rated)
    clear = ranked[ranked["beside_district"] == CLEARLY]
    higher = [cells["place"].isin(table["place"]) for table in (ranked, clear)]
    code = cells["place"].notna().astype(int) + higher[0] + higher[1]
    names = pd.Categorical.from_codes(code, PEAK_CLASSES, ordered=True)
    classes = pd.DataFrame({"cell_id": cells["cell_id"], "map_class": names})
    shapes = cells.merge(ranked[["place", "rank"]]).dissolve("rank").reset_index()
    shapes["area_name"] = shapes["rank"].astype("str")
    # a map writes the first names first, where they belong
    outlines = pd.concat([shapes[["area_name", "geometry"]], districts], ignore_index=True)
    return ranked, classes, outlines
