"""SYNTHETIC police records of offences, with the faults that real records have."""

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.random import Generator

from vrn_analysis.core.contracts import INJURIES, OFFENCES, WEAPONS
from vrn_analysis.sample.plan import columns
from vrn_analysis.sample.plan.assumptions import Assumed
from vrn_analysis.sample.plan.columns import Columns
from vrn_analysis.sample.plan.pattern import Pattern
from vrn_analysis.sample.plan.streams import draw
from vrn_analysis.sample.records.events import PRECISIONS, STATUSES, place_types

UNMAPPED = ("L01", "L02", "L03", "L04")
OUTSIDE = "SYNX0001"
# metres east and north of the true place, well beyond the county's edge
OUTSIDE_SHIFT = (60_000, 5_000)
DAY = np.timedelta64(1, "D")
MINUTE = np.timedelta64(1, "m")


def write_down(
    rng: Generator, events: pd.DataFrame, pattern: Pattern, *, prefix: str, first: int
) -> pa.Table:
    """
    Return the OFFENCES contract for a block of events, with missing and faulty values.

    Parameters
    ----------
    rng
        The stream of this block's records.
    events
        From `events.draw_events`.
    pattern
        The sample's pattern.
    prefix, first
        Identifiers are the prefix and a number that counts from `first`.
    """
    number = first + np.arange(len(events))
    return columns.table(
        OFFENCES,
        {
            "offence_id": columns.numbered(prefix, number),
            "incident_ref": columns.numbered(
                prefix.replace("SYN", "SYNI"), first + events["incident"].to_numpy()
            ),
            "recording_force": columns.text(
                np.zeros(len(events)), [pattern.assumed["names"]["force"]]
            ),
            "status": columns.text(events["status"], STATUSES),
        }
        | _offence(rng, events, pattern)
        | _times(rng, events, pattern)
        | _places(rng, events, pattern)
        | _flags(rng, events, pattern)
        | _gravity(rng, events, pattern),
    )


def _lost(rng: Generator, pattern: Pattern, column: str, size: int) -> np.ndarray:
    """Draw which values of a column are missing."""
    return rng.random(size) < pattern.assumed["missing"][column]


def _spellings(codes: list[str]) -> list[list[str]]:
    """Return the ways of writing each code that mean the same: plain first."""
    ways = (str, str.lower, lambda c: c if "." in c else c.zfill(4), " {}".format, "{} ".format)
    return [[way(code) for code in codes] for way in ways]


def _offence(rng: Generator, events: pd.DataFrame, pattern: Pattern) -> Columns:
    """Write code, sub-code and title: a few oddly spelt, of old lists, unknown, or title only."""
    wrong, size = pattern.assumed["wrong_code"], len(events)
    codes, code = pattern.codes["offence_code"].tolist(), events["code"].to_numpy()
    legacy = pattern.assumed["legacy_codes"]
    spellings = _spellings(codes)
    vocabulary = sum(spellings, []) + [legacy.get(c, c) for c in codes] + list(UNMAPPED)
    chance = rng.random(size)
    odd = np.where(chance < wrong["spelling"], rng.integers(1, len(spellings), size), 0)
    old = (rng.random(size) < wrong["legacy"]) & np.isin(np.array(codes)[code], list(legacy))
    unknown = rng.random(size) < wrong["unmapped"]
    no_code = (rng.random(size) < wrong["title_only"]) & ~unknown & ~old
    written = np.where(old, len(spellings), odd) * len(codes) + code
    unmapped = (len(spellings) + 1) * len(codes) + rng.integers(0, len(UNMAPPED), size)
    no_title = (_lost(rng, pattern, "offence_title", size) & ~no_code) | old | unknown
    return {
        "offence_code": columns.text(
            np.where(unknown, unmapped, written), vocabulary, missing=no_code
        ),
        "offence_subcode": _subcode(rng, code, codes, pattern.assumed["subcodes"], old | unknown),
        "offence_title": columns.text(
            code, pattern.codes["offence_title"].tolist(), missing=no_title
        ),
    }


def _subcode(
    rng: Generator,
    code: np.ndarray,
    codes: list[str],
    given: dict[str, dict[str, float]],
    without: np.ndarray,
) -> pa.Array:
    words = sorted({word for shares in given.values() for word in shares})
    weights = np.array([[given.get(c, {}).get(word, 0.0) for word in words] for c in codes])
    weights = np.column_stack([weights, 1 - weights.sum(axis=1)])
    drawn = draw(rng, weights, code)
    none = drawn == len(words)
    return columns.text(np.where(none, 0, drawn), words, missing=none | without)


def _times(rng: Generator, events: pd.DataFrame, pattern: Pattern) -> Columns:
    assumed, size = pattern.assumed, len(events)
    today = pattern.calendar.to_numpy().astype("datetime64[D]")[events["day"]]
    years = events["historic_years"].to_numpy()
    happened = today - (years * 365.25).astype(np.int64) * DAY
    kind = np.where(years > 0, PRECISIONS.index("month"), events["precision"])
    month = happened.astype("datetime64[M]")
    hour, minute = events["hour"].to_numpy(), events["minute"].to_numpy()
    noon = (kind == 0) & (rng.random(size) < assumed["noon"])
    hour, minute = np.where(noon, 12, hour), np.where(noon | (kind == 1), 0, minute)
    start = happened.astype("datetime64[m]") + (hour * 60 + minute) * MINUTE
    lasting = np.where(kind == 0, rng.integers(0, 90, size), 59)
    choices = [kind == PRECISIONS.index("day"), kind == PRECISIONS.index("month")]
    start = np.select(choices, [happened.astype(start.dtype), month.astype(start.dtype)], start)
    last = (month + np.timedelta64(1, "M")).astype("datetime64[D]") - DAY
    end_of_day = (24 * 60 - 1) * MINUTE
    end = np.select(choices, [start + end_of_day, last + end_of_day], start + lasting * MINUTE)
    open_end = (kind < 2) & (rng.random(size) < assumed["time_end_missing"])
    return {
        "occurred_from": pa.array(start.astype("datetime64[us]")),
        "occurred_to": pa.array(end.astype("datetime64[us]"), mask=open_end),
        "time_precision": columns.text(kind, PRECISIONS),
        "recorded_on": pa.array(_recorded(rng, events, today, assumed)),
    }


def _recorded(
    rng: Generator, events: pd.DataFrame, today: np.ndarray, assumed: Assumed
) -> np.ndarray:
    """Return the day of recording: mostly the same, never after the extract was drawn."""
    given, size = assumed["recording_delay"], len(events)
    mean = np.where(events["sexual"], given["sexual_mean_days"], given["mean_days"])
    wait = np.where(rng.random(size) < given["same_day"], 0, rng.geometric(1 / mean))
    wait = np.where(events["historic_years"] > 0, 0, wait)
    return np.minimum(today + wait * DAY, np.datetime64(assumed["period"]["extract"], "D"))


def _places(rng: Generator, events: pd.DataFrame, pattern: Pattern) -> Columns:
    size, area = len(events), events["area"].to_numpy()
    codes = [*pattern.small_areas["lsoa_code"], OUTSIDE]
    outside = rng.random(size) < pattern.assumed["outside"]
    stacked = ~outside & (rng.random(size) < pattern.assumed["default_point"])
    nowhere = _lost(rng, pattern, "coordinates", size)
    place = {}
    for axis, name in enumerate(("easting", "northing")):
        at = events[("x", "y")[axis]].to_numpy() + outside * OUTSIDE_SHIFT[axis]
        place[name] = pa.array(
            np.where(stacked, default_point(pattern)[axis], at).astype(float), mask=nowhere
        )
    return place | {
        "lsoa_code": columns.text(
            np.where(outside, len(codes) - 1, area),
            codes,
            missing=_lost(rng, pattern, "lsoa_code", size),
        ),
        "location_type": columns.text(
            events["place"],
            place_types(pattern),
            missing=_lost(rng, pattern, "location_type", size),
        ),
    }


def default_point(pattern: Pattern) -> tuple[int, int]:
    """Return the point that records without a place are stacked on: the city's police station."""
    city = pattern.small_areas[pattern.small_areas["is_city"]]
    station = city.geometry.iloc[len(city) // 2].representative_point()
    return round(station.x), round(station.y)


def _flags(rng: Generator, events: pd.DataFrame, pattern: Pattern) -> Columns:
    size = len(events)
    domestic = events["context"].to_numpy() == pattern.contexts.index("domestic")
    given = pattern.assumed["domestic_flag"]
    wrong = rng.random(size) < np.where(domestic, given["domestic_no"], given["other_yes"])
    sexual = events["sexual"].to_numpy()
    given = pattern.assumed["sexual_flag"]
    amiss = rng.random(size) < np.where(sexual, given["sexual_no"], given["other_yes"])
    return {
        "domestic_flag": pa.array(
            domestic ^ wrong, mask=_lost(rng, pattern, "domestic_flag", size)
        ),
        "sexual_flag": pa.array(sexual ^ amiss, mask=_lost(rng, pattern, "sexual_flag", size)),
    }


def _gravity(rng: Generator, events: pd.DataFrame, pattern: Pattern) -> Columns:
    """Write injury, weapon and the outcome of the investigation."""
    families, size = pattern.codes["family"].to_numpy(), len(events)
    code = events["code"].to_numpy()

    def drawn(name: str, words: tuple[str, ...], column: str) -> pa.Array:
        weights = np.array([pattern.assumed[name][family] for family in families], dtype=float)
        lost = _lost(rng, pattern, column, size)
        return columns.text(draw(rng, weights, code), words, missing=lost)

    return {
        "injury_degree": drawn("injury", INJURIES, "injury_degree"),
        "weapon": drawn("weapon", WEAPONS, "weapon"),
        "investigation_outcome": _outcome(rng, events, pattern.assumed["outcome"]),
    }


def _outcome(rng: Generator, events: pd.DataFrame, given: dict[str, dict[str, float]]) -> pa.Array:
    words = sorted(set(given["no_suspect"]) | set(given["suspect"]))
    weights = [[given[kind].get(word, 0) for word in words] for kind in ("no_suspect", "suspect")]
    row = events["has_suspect"].to_numpy().astype(np.int64)
    return columns.text(draw(rng, np.array(weights), row), words)
