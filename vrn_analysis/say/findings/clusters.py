"""Where offences cluster: concentration, hotspots, and whether they hold in the next year."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.methods import places
from vrn_analysis.say.findings import words

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


def smoothed_title(table: pd.DataFrame) -> Said:
    """Return a map's title: how many times the lowest rate the highest is, by empirical Bayes."""
    shown = table.dropna(subset="value")
    if len(shown) < 2 or not shown["value"].min() > 0:
        return Said("Allowing for chance, too few areas are shown to compare")
    times = facts.made(times=shown["value"].max() / shown["value"].min()).times
    return Said(f"Allowing for chance, the highest rate is {times:.0f} times the lowest")


def concentrated(table: pd.DataFrame, *, measure: str) -> Markdown:
    """Say from `hotspots.concentration` in what share of the small areas half the offences are."""
    row = facts.of(table.set_index("measure", drop=False).loc[HALF])
    share, sure = f"{row['value']:.0%}", words.interval(row, "{:.0%}".format)
    return words.said(
        f"Half of {Label(measure)} is in **{share}** of small areas ({sure}).",
        title=f"Half of the offences are in {share} of small areas ({sure})",
        figure=[share, f"of small areas (LSOAs) have half of {Label(measure)}", f"{sure}."],
    )


def _share(classes: pd.DataFrame, cells: "gpd.GeoDataFrame", name: str) -> float:
    chosen = (classes["map_class"] == name).to_numpy()
    return float(cells.area[chosen].sum() / cells.area.sum())


def dense_title(classes: pd.DataFrame, cells: "gpd.GeoDataFrame") -> Said:
    """
    Return a map's title: what share of the offences the densest places have.

    Where the cells have `residents`, their share too: places where most people live are the
    densest by that alone.
    """
    chosen = (classes["map_class"] > classes["map_class"].cat.categories[0]).to_numpy()
    if not chosen.any():
        return Said("There are too few offences to show where they are densest")
    area = facts.made(area=100 * cells.area[chosen].sum() / cells.area.sum()).area
    return Said(f"The densest {area:.0f}% of the area has {_held(cells, chosen)}")


def _held(cells: "gpd.GeoDataFrame", chosen: np.ndarray) -> str:
    """Return what share of offences, and of residents where they are known, some cells have."""
    known = {"offences": "count", "residents": "residents"}
    # of true counts: a share to all its digits would give the count back
    held = {
        name: round(100 * cells[column][chosen].sum() / cells[column].sum())
        for name, column in known.items()
        if column in cells
    }
    shares = vars(facts.made(**held))
    return " and ".join(f"{share}% of the {name}" for name, share in shares.items())


def risk_title(classes: pd.DataFrame, cells: "gpd.GeoDataFrame", *, who: str) -> Said:
    """Return a map's title: on what share of the area the risk is more than four times."""
    share = facts.made(share=100 * _share(classes, cells, places.RISK_CLASSES[-1])).share
    if not share:
        return Said(f"Nowhere are offences per {who} more than four times the area's average")
    return Said(
        f"On {share:.1f}% of the area there are more than four times as many offences per {who} as "
        "on average"
    )


def parts_title(shares: dict[str, float]) -> Said:
    """
    Return a title for maps side by side: the part whose map differs most from that of all.

    Parameters
    ----------
    shares
        By part: the share of its densest cells that are so for all offences (`places.shared`).
    """
    known = {name: share for name, share in shares.items() if not pd.isna(share)}
    if not known:
        return Said("Too few offences of any kind to show where they are densest")
    least = Label(min(known, key=known.get))
    if known[least] >= SAME:
        return Said("Each kind of offence is concentrated in the same places")
    share = facts.made(share=100 * known[least]).share
    return Said(
        f"{least} differs most: {share:.0f}% of its densest cells are among the densest of all "
        "offences"
    )


def area_clusters(classes: pd.DataFrame) -> Markdown:
    """Say how many small areas are hotspots of a rate by Gi*, and how many are cold."""
    sizes = [int((classes["map_class"] == name).sum()) for name in places.AREA_CLASSES]
    told = facts.made(high=sizes[-1], low=sizes[0], areas=len(classes))
    if not told.high + told.low:
        return words.said("No small area's rate is clearly different from its surroundings.")
    return words.said(
        f"Allowing for their neighbours, {told.high} of {told.areas} small areas have unusually "
        f"high rates and {told.low or 'none'} unusually low (Gi* of empirical Bayes rates by "
        "residents, false discovery rate 5%)."
    )


def alike(moran: pd.DataFrame, *, measure: str) -> Markdown:
    """Say whether neighbouring areas have like rates, from `hotspots.global_moran`."""
    row = moran.iloc[0]
    if row["p_value"] >= 0.05:
        verdict = "are no more similar than chance would produce"
    else:
        verdict = "are similar" if row["value"] > row["expected"] else "differ more than by chance"
    told = facts.made(moran=round(row["value"], 2), p_value=row["p_value"])
    return words.said(
        f"The rates of {Label(measure)} in neighbouring small areas {verdict} (Moran's I "
        f"{told.moran:.2f}, {Label(row['method'])}, p = {told.p_value:.3f})."
    )


def stable_title(classes: pd.DataFrame, cells: "gpd.GeoDataFrame") -> Said:
    """Return a map's title: how much of the area, and of what is in it, is in stable hotspots."""
    chosen = (classes["map_class"] == places.HOTSPOT_CLASSES[-1]).to_numpy()
    if not chosen.any():
        return Said("No cell is a stable hotspot")
    share = facts.made(share=100 * _share(classes, cells, places.HOTSPOT_CLASSES[-1])).share
    return Said(f"Stable hotspots are {share:.1f}% of the area, with {_held(cells, chosen)}")


def shared(share: float, *, who: str) -> Markdown:
    """Say how much of the densest cells of a part is among the densest of all offences."""
    if pd.isna(share):
        return words.said(f"Too few offences {who} to show where they are densest.")
    told = facts.made(share=100 * share).share
    if share >= SAME:
        return words.said(
            f"Offences {who} are concentrated in the same places as all offences ({told:.0f}% of "
            "the densest cells)."
        )
    return words.said(
        f"{told:.0f}% of the densest cells {who} are among the densest of all offences."
    )


def _at(scores: pd.DataFrame) -> pd.DataFrame:
    hits = scores[scores["measure"] == places.MEASURES["hit_rate"]]
    near = (hits["area_share"] - SHARE).abs()
    return hits.loc[near.groupby(hits["score"]).idxmin()].set_index("score")


def _said(row: pd.Series) -> str:
    return f"**{row['value']:.0%}** ({words.interval(row, '{:.0%}'.format)})"


def next_year(scores: pd.DataFrame) -> Markdown:
    """
    Say what share of the next year's offences the maps of one year catch.

    Parameters
    ----------
    scores
        As `places.next_year` returns it.
    """
    rows, names = _at(scores), places.SCORES
    dense, same, people = (facts.of(rows.loc[names[key]]) for key in ("kde", "count", "residents"))
    sides = {"above": "better than", "below": "less well than", "neither": "no better than"}
    better = words.beside(dense, people, **sides)
    title = f"Last year's offences predict next year's places {better} where people live"
    return words.said(
        f"The densest {dense['area_share']:.0%} of the area in one year had {_said(dense)} of the "
        f"next year's offences. The {people['area_share']:.0%} where most people live had "
        f"{_said(people)}. The cells with most offences the year before had {_said(same)}.",
        title=title,
    )
