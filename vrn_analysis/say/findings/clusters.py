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

HALF = "Share of places with half of offences"
SHARE = 0.05  # of the area: the score that a sentence is made of
SAME = 0.8  # of the densest cells shared: from here on two maps are told as one


def concentrated(table: pd.DataFrame, *, measure: str) -> Markdown:
    """Say from `places.concentration` in what share of the small areas half the offences are."""
    row = facts.of(table.set_index("measure", drop=False).loc[HALF])
    share, sure = f"{row['value']:.0%}", words.interval(row, "{:.0%}".format)
    return words.said(
        f"Half of {Label(measure)} is in **{share}** of small areas ({sure}).",
        title=f"Half of the offences are in {share} of small areas ({sure})",
        figure=[share, f"of small areas (LSOAs) have half of {Label(measure)}", f"{sure}."],
    )


def mapped(classes: pd.DataFrame, cells: "gpd.GeoDataFrame", *, who: str = "") -> Said:
    """
    Return a map's title: how much of the area its highest class is, and what that class has.

    Where the cells have `residents`, their share too: places where most people live are the
    densest by that alone.

    Parameters
    ----------
    classes, cells
        As `places.map_classes` returns them: of density or of a ratio.
    who
        Whom a ratio is per, such as "resident".
    """
    names = classes["map_class"].cat.categories
    is_ratio = names[-1] == places.RISK_CLASSES[-1]
    chosen = classes["map_class"] == names[-1] if is_ratio else classes["map_class"] > names[0]
    chosen = chosen.to_numpy()
    share = facts.made(share=100 * float(cells.area[chosen].sum() / cells.area.sum())).share
    if is_ratio:
        return _ratio_said(share, who=who)
    if chosen.any():
        return Said(f"The densest {share:.0f}% of the area has {_held(cells, chosen)}")
    return Said("There are too few offences to show where they are densest")


def _ratio_said(share: facts.Fact, *, who: str) -> Said:
    if not share:
        return Said(f"Nowhere are offences per {who} more than four times the area's average")
    return Said(
        f"On {share:.1f}% of the area there are more than four times as many offences per {who} as "
        "on average"
    )


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


def hotspot_places(ranked: pd.DataFrame) -> Markdown:
    """
    Say which hotspots have the highest rate beside their district's, and how sure the order is.

    Parameters
    ----------
    ranked
        As `places.rank_places` returns it.
    """
    if ranked.empty:
        none = "No hotspot has a rate above its district's"
        return words.said(f"{none}.", title=none)
    clear = int((ranked["beside_district"] == places.CLEARLY).sum())
    told = facts.made(clear=clear, ranked=len(ranked))
    first = next(iter(facts.rows(ranked)))
    said = "hotspots have a rate clearly above that of their district"
    if told.clear == 1:
        said = "hotspot has a rate clearly above that of its district"
    return words.said(
        f"**{words.number(told.clear)}** {said}, of {told.ranked} that we ranked. The highest is "
        f"{first['place']} in {first['district']}: {first['value']:.1f} times the rate of its "
        f"district ({words.interval(first, words.ratio)}).",
        title=f"{words.number(told.clear)} {said}",
    )


def side_by_side(shares: dict[str, float]) -> Said:
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


def area_clusters(classes: pd.DataFrame, moran: pd.DataFrame, *, measure: str) -> Markdown:
    """
    Say how many small areas are hotspots of a rate by Gi*, and whether neighbours are alike.

    Parameters
    ----------
    classes
        As `places.area_classes` returns them.
    moran
        As `hotspots.global_moran` returns it.
    """
    sizes = [int((classes["map_class"] == name).sum()) for name in places.AREA_CLASSES]
    told = facts.made(high=sizes[-1], low=sizes[0], areas=len(classes))
    said = "No small area's rate is clearly different from its surroundings."
    if told.high + told.low:
        said = (
            f"Allowing for their neighbours, {told.high} of {told.areas} small areas have "
            f"unusually high rates and {told.low or 'none'} unusually low (Gi* of empirical Bayes "
            "rates by residents, false discovery rate 5%)."
        )
    return words.said(f"{said} {_alike(moran.iloc[0], measure=measure)}")


def _alike(row: pd.Series, *, measure: str) -> str:
    """Return whether neighbouring areas have like rates."""
    if row["p_value"] >= 0.05:
        verdict = "are no more similar than chance would produce"
    else:
        verdict = "are similar" if row["value"] > row["expected"] else "differ more than by chance"
    told = facts.made(moran=round(row["value"], 2), p_value=row["p_value"])
    return (
        f"The rates of {Label(measure)} in neighbouring small areas {verdict} (Moran's I "
        f"{told.moran:.2f}, {Label(row['method'])}, p = {told.p_value:.3f})."
    )


def shared(share: float, *, who: str) -> Markdown:
    """Say how much of the densest cells of a part is among the densest of all offences."""
    who = f"{who[:1].lower()}{who[1:]}"
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
