"""Where offences cluster: concentration, hotspots, and whether they hold in the next year."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from IPython.display import Markdown

from vrn_analysis import places
from vrn_analysis.findings import words

if TYPE_CHECKING:
    import geopandas as gpd

HALF = "share of places with 50% of events"
CONCENTRATION = {
    "Gini": "Gini coefficient",
    "generalised Gini": "Generalised Gini coefficient",
    "share of places with 25% of events": "Share of places with a quarter of offences",
    HALF: "Share of places with half of offences",
}
SHARE = 0.05  # of the area: the score that a sentence is made of
SAME = 0.8  # of the densest cells shared: from here on two maps are told as one


def smoothed_title(table: pd.DataFrame) -> str:
    """Return a map's title: how many times the lowest rate the highest is, by empirical Bayes."""
    shown = table.dropna(subset="value")
    if len(shown) < 2 or not shown["value"].min() > 0:
        return "Allowing for chance, too few areas are shown to compare"
    times = shown["value"].max() / shown["value"].min()
    title = f"Allowing for chance, the highest rate is {times:.0f} times the lowest"
    return words.Title(title, times=times)


def concentration_title(table: pd.DataFrame) -> str:
    """Return a chart's title from `hotspots.concentration`: in what share of places half lies."""
    row = table.set_index("measure").loc[HALF]
    limits = f"{100 * row['lower_95_ci']:.0f}% to {100 * row['upper_95_ci']:.0f}%"
    return f"Half of the offences are in {100 * row['value']:.0f}% of small areas ({limits})"


def _share(classes: pd.DataFrame, cells: "gpd.GeoDataFrame", name: str) -> float:
    chosen = (classes["map_class"] == name).to_numpy()
    return float(cells.area[chosen].sum() / cells.area.sum())


def dense_title(classes: pd.DataFrame, cells: "gpd.GeoDataFrame") -> str:
    """
    Return a map's title: what share of the offences the densest places have.

    Where the cells have `residents`, their share too: places where most people live are the
    densest by that alone.
    """
    chosen = (classes["map_class"] > classes["map_class"].cat.categories[0]).to_numpy()
    if not chosen.any():
        return "Nowhere are there enough offences to show where they are densest"
    area = 100 * cells.area[chosen].sum() / cells.area.sum()
    said, held = _held(cells, chosen)
    return words.Title(f"The densest {area:.0f}% of the area has {said}", area=area, **held)


def _held(cells: "gpd.GeoDataFrame", chosen: np.ndarray) -> tuple[str, dict[str, int]]:
    """Return what share of offences, and of residents where they are known, some cells have."""
    known = {"offences": "count", "residents": "residents"}
    # of true counts: a share to all its digits would give the count back
    held = {
        name: round(100 * cells[column][chosen].sum() / cells[column].sum())
        for name, column in known.items()
        if column in cells
    }
    return " and ".join(f"{share}% of the {name}" for name, share in held.items()), held


def risk_title(classes: pd.DataFrame, cells: "gpd.GeoDataFrame", *, who: str) -> str:
    """Return a map's title: on what share of the area the risk is more than four times."""
    share = _share(classes, cells, places.RISK_CLASSES[-1])
    if share == 0:
        return f"Nowhere are offences per {who} shown to be more than four times the whole area's"
    return words.Title(
        f"On {100 * share:.1f}% of the area there are more than four times as many offences per "
        f"{who} as on the whole",
        share=100 * share,
    )


def parts_title(shares: dict[str, float]) -> str:
    """
    Return a title for maps side by side: the part whose map differs most from that of all.

    Parameters
    ----------
    shares
        By part: the share of its densest cells that are so for all offences (`places.shared`).
    """
    known = {name: share for name, share in shares.items() if not pd.isna(share)}
    if not known:
        return "Too few offences of any kind lie together to show where they are densest"
    least = min(known, key=known.get)
    share = f"{100 * known[least]:.0f}% of its densest cells are among the densest of all offences"
    title = f"The map of “{least}” differs most: {share}"
    if known[least] >= SAME:
        title = f"Each kind of offence is densest in the same places (“{least}”: {share})"
    return words.Title(title, share=100 * known[least])


def area_clusters(classes: pd.DataFrame) -> Markdown:
    """Say how many small areas are hotspots of a rate by Gi*, and how many are cold."""
    cold, _, hot = (int((classes["map_class"] == name).sum()) for name in places.AREA_CLASSES)
    if not hot + cold:
        return Markdown("No small area's rate, with its neighbours', stands out.")
    return words.said(
        f"With their neighbours, {hot} of {len(classes)} small areas stand out as high and "
        f"{cold or 'none'} as low (Gi* of empirical Bayes rates by residents, false discovery rate "
        "5%).",
        high=hot, low=cold, areas=len(classes),
    )  # fmt: skip


def alike(moran: pd.DataFrame, *, measure: str) -> Markdown:
    """Say whether neighbouring areas have like rates, from `hotspots.global_moran`."""
    row = moran.iloc[0]
    if row["p_value"] >= 0.05:
        verdict = "are no more alike than chance would have them"
    else:
        verdict = "are alike" if row["value"] > row["expected"] else "differ more than by chance"
    return words.said(
        f"The rates of {measure} of neighbouring small areas {verdict} (Moran's I "
        f"{row['value']:.2f}, {row['method']}, p = {row['p_value']:.3f}).",
        moran=round(row["value"], 2), p_value=row["p_value"],
    )  # fmt: skip


def stable_title(classes: pd.DataFrame, cells: "gpd.GeoDataFrame") -> str:
    """Return a map's title: how much of the area, and of what is in it, is in stable hotspots."""
    chosen = (classes["map_class"] == places.HOTSPOT_CLASSES[-1]).to_numpy()
    if not chosen.any():
        return "No cell is a stable hotspot"
    share = 100 * _share(classes, cells, places.HOTSPOT_CLASSES[-1])
    said, held = _held(cells, chosen)
    title = f"Stable hotspots are {share:.1f}% of the area, with {said}"
    return words.Title(title, share=share, **held)


def shared_title(share: float, *, who: str) -> str:
    """Return a map's title: how much of the densest cells of a part is so for all offences."""
    if pd.isna(share):
        return f"Too few offences {who} lie together to show where they are densest"
    return words.Title(
        f"{100 * share:.0f}% of the cells densest {who} are also among the densest of all offences",
        share=100 * share,
    )


def shared(share: float, *, who: str) -> Markdown:
    """Say how much of the densest cells of a part is among the densest of all offences."""
    return words.said(f"{shared_title(share, who=who)}.", share=100 * share)


def _at(scores: pd.DataFrame) -> pd.DataFrame:
    hits = scores[scores["measure"] == places.MEASURES["hit_rate"]]
    near = (hits["area_share"] - SHARE).abs()
    return hits.loc[near.groupby(hits["score"]).idxmin()].set_index("score")


def _said(row: pd.Series) -> str:
    low, high = 100 * row["lower_95_ci"], 100 * row["upper_95_ci"]
    return f"**{100 * row['value']:.0f}%** (95% interval {low:.0f}% to {high:.0f}%)"


def next_year(scores: pd.DataFrame) -> Markdown:
    """
    Say what share of the next year's offences the maps of one year catch.

    Parameters
    ----------
    scores
        As `places.next_year` returns it.
    """
    rows, names = _at(scores), places.SCORES
    dense, same, people = (rows.loc[names[key]] for key in ("kde", "count", "residents"))
    return words.said(
        f"The densest {dense['area_share']:.0%} of the area in one year had {_said(dense)} of the "
        f"next year's offences. The {people['area_share']:.0%} where most people live had "
        f"{_said(people)}, and the cells with most offences the year before {_said(same)}.",
        area=100 * dense["area_share"],
        **{
            f"{name} {key}": 100 * value
            for name, row in (("densest", dense), ("most before", same), ("residents", people))
            for key, value in words.interval(row).items()
        },
    )


def next_year_title(scores: pd.DataFrame) -> str:
    """Return a chart's title: whether the density beats where most people live, by intervals."""
    rows, names = _at(scores), places.SCORES
    dense, people = rows.loc[names["kde"]], rows.loc[names["residents"]]
    if dense["lower_95_ci"] > people["upper_95_ci"]:
        return "Last year's offences predict where the next are better than where people live"
    if dense["upper_95_ci"] < people["lower_95_ci"]:
        return (
            "Where people live predicts the next year's offences better than last year's offences"
        )
    return "Last year's offences predict where the next are no better than where people live"
