"""The injuries behind the SYNTHETIC records, and who went to which department."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from vrn_analysis.core.contracts import WEAPONS
from vrn_analysis.sample import papers
from vrn_analysis.sample.plan.assumptions import Assumed
from vrn_analysis.sample.plan.county import settlement_points
from vrn_analysis.sample.plan.pattern import SIZE, Pattern
from vrn_analysis.sample.plan.streams import draw, draw_one, stream
from vrn_analysis.sample.records.events import Ground, draw_events, place_types

CONFIDENCES = ("high", "medium", "low")


def injuries(pattern: Pattern, *, rows: int) -> Pattern:
    """
    Return the sample's pattern with the expected injuries, whoever was told, as its cells.

    The police know their part of them, in a sample of so many offences.
    """
    given, moved = pattern.assumed["hidden_injuries"], pattern.assumed["recording_break"]
    cells = rows * pattern.cells / pattern.cells.sum()
    codes = pattern.codes["offence_code"]
    # people are hurt as before when the police begin to write it down otherwise
    after = pattern.months >= pd.Timestamp(moved["start"])
    cells[np.ix_(after, (codes == moved["code"]).to_numpy())] /= moved["ratio"]
    cells[:, ~codes.isin(given["codes"]).to_numpy()] = 0
    return replace(pattern, cells=cells / given["known_to_police"])


def attendances(hurt: Pattern, places: Ground, *, seed: int) -> Iterator[pd.DataFrame]:
    """
    Yield the attendances of each month, all that happened, in the shape that departments send.

    Returns
    -------
    attendances
        What departments send, in the contract's names, and `reported`: whether the site sent that
        month.
    """
    share = hurt.assumed["attendances"]["share"]
    for month, expected in enumerate(hurt.by_month * share):
        name = f"attendances/{hurt.months[month]:%Y-%m}"
        size = int(stream(f"{name}/count", seed=seed).poisson(expected))
        for part, first in enumerate(range(0, size, SIZE)):
            rng = stream(f"{name}/{part}", seed=seed)
            some = min(SIZE, size - first)
            events = draw_events(rng, hurt, places, month=month, size=some)
            yield _written(rng, events, hurt, month)


def _written(rng: Generator, events: pd.DataFrame, pattern: Pattern, month: int) -> pd.DataFrame:
    given, size = pattern.assumed["attendances"], len(events)
    start = pattern.months[month]
    clock = events["hour"] * 60 + events["minute"]
    happened = pd.Series(pattern.calendar[events["day"]]) + pd.to_timedelta(clock, unit="min")
    # whoever comes after midnight on the last day is booked in before it: a month is whole
    wait = pd.to_timedelta(np.floor(rng.exponential(given["wait_minutes"], size)), unit="min")
    end = start + pd.offsets.MonthEnd(0)
    arrived = np.minimum(happened + wait, end + pd.Timedelta("23:59:00"))
    site = _sites(rng, events["area"].to_numpy(), pattern)
    located = rng.random(size) < given["located"]
    codes = pattern.small_areas["lsoa_code"].to_numpy()[events["area"]]
    table = pd.DataFrame(
        {
            "site_code": site,
            "reporting_from": f"{start:%Y-%m-%d}",
            "reporting_to": f"{end:%Y-%m-%d}",
            "arrived_at": arrived.dt.strftime("%Y-%m-%d %H:%M"),
            "assaulted_at": _or_blank(
                rng, happened.dt.strftime("%Y-%m-%d %H:%M"), given["assault_time"]
            ),
            **_described(rng, events, pattern),
            "lsoa_code": np.where(located, codes, ""),
            "location_confidence": np.where(
                located, np.array(CONFIDENCES)[draw_one(rng, [[0.5, 0.3, 0.2]], size)], ""
            ),
        }
    )
    table["suspects"] = _or_blank(
        rng, pd.Series(1 + rng.poisson(0.6, size)).astype("str"), given["suspects"]
    )
    quiet = silent_months(pattern.assumed)
    return table.assign(reported=[(one, f"{start:%Y-%m}") not in quiet for one in site])


def _or_blank(rng: Generator, text: pd.Series, share: float) -> pd.Series:
    return text.where(rng.random(len(text)) >= share, "")


def _described(rng: Generator, events: pd.DataFrame, pattern: Pattern) -> dict[str, pd.Series]:
    """Return the method and the place in the words of a department, some missing."""
    given, families = pattern.assumed["attendances"], pattern.codes["family"]
    weights = np.array([pattern.assumed["weapon"][family] for family in families], dtype=float)
    drawn = draw(rng, weights, events["code"].to_numpy())
    labels = papers.attendances(pattern.assumed)["labels"]["weapon"]
    methods = {ours: theirs for theirs, ours in labels.items()}
    method = pd.Series(np.array([methods[name] for name in WEAPONS])[drawn])
    kinds = np.array([name.replace("_", " ").title() for name in place_types(pattern)])
    place = pd.Series(kinds[events["place"]])
    other = rng.random(len(events)) < given["method_other"]
    worded = rng.random(len(events)) < given["free_text"]
    return {
        "weapon": _or_blank(rng, method, given["weapon"]),
        "method_text": pd.Series(np.where(other, "SYNTHETIC words on how", "")),
        "location_type": _or_blank(rng, place, given["location_type"]),
        "location_text": pd.Series(np.where(worded, "SYNTHETIC words on where", "")),
    }


def _sites(rng: Generator, area: np.ndarray, pattern: Pattern) -> np.ndarray:
    """Draw the site that each attends: the nearest, or one of all now and then."""
    given = pattern.assumed["attendance_sites"]
    points = settlement_points(pattern.assumed)[[one["settlement"] for one in given]]
    centre = pattern.small_areas[["centre_x", "centre_y"]].to_numpy()
    nearest = np.hypot(*(centre[:, None] - points).transpose(2, 0, 1)).argmin(axis=1)[area]
    away = rng.random(len(area)) < pattern.assumed["attendances"]["other_site"]
    chosen = np.where(away, rng.integers(0, len(given), len(area)), nearest)
    return np.array([one["site"] for one in given])[chosen]


def silent_months(assumed: Assumed) -> set[tuple[str, str]]:
    """Return the sites and months (2021-06) for which nothing is sent."""
    return {
        (one["site"], f"{month:%Y-%m}")
        for one in assumed["attendance_sites"]
        for first, last in one["silent"]
        for month in pd.date_range(first, last, freq="MS")
    }


def linkage(hurt: Pattern, attended: int, *, seed: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """
    Return what an exercise in linking the last months sends, and what was true.

    Parameters
    ----------
    hurt
        The injuries.
    attended
        Attendances reported in those months.

    Returns
    -------
    sent, truth
        `period, police, attendances, linked, found_low, found_high`; and the injuries, the true
        matches, and the share of them found.
    """
    rng = stream("linkage", seed=seed)
    given, months = hurt.assumed["linkage"], hurt.months
    known = hurt.assumed["hidden_injuries"]["known_to_police"]
    # those on neither list and those on one are drawn apart, so the lists are independent
    both = int(rng.binomial(attended, known))
    others = max(round(hurt.by_month[-given["months"] :].sum()) - attended, 0)
    police = both + int(rng.binomial(others, known))
    linked = int(rng.binomial(both, given["found"]))
    first, last = months[-given["months"]], months[-1]
    sent = {
        "period": f"{first:%B %Y} to {last:%B %Y}",
        "police": police,
        "attendances": attended,
        "linked": linked,
        "found_low": given["found_low"],
        "found_high": given["found_high"],
    }
    truth = {"injuries": attended + others, "both": both, "found": given["found"]}
    return pd.DataFrame([sent]), sent | truth
