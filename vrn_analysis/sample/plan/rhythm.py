"""Expected weights of the SYNTHETIC sample by day and hour."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.sample.plan.assumptions import Assumed

HOURS = 24
SETTINGS = ("private", "public")


def days(assumed: Assumed) -> pd.DatetimeIndex:
    """Return every day of the sample's period."""
    return pd.date_range(assumed["period"]["start"], assumed["period"]["end"], freq="D")


def settings(assumed: Assumed) -> np.ndarray:
    """Return for each context the number of its setting: 0 private, 1 public."""
    contexts = assumed["contexts"]
    return np.array([int(name in contexts["public"]) for name in contexts["order"]])


def is_term(calendar: pd.DatetimeIndex, *, terms: list[list[str]]) -> np.ndarray:
    """Return whether each day is in a school term; terms are the same every year."""
    month_day = calendar.strftime("%m-%d")
    inside = np.zeros(len(calendar), dtype=bool)
    for first, last in terms:
        inside |= (month_day >= first) & (month_day <= last)
    return inside


def hour_weights(assumed: Assumed) -> np.ndarray:
    """Return weights by context, weekday (Monday first) and hour; a mean of one each context."""
    weights = [
        _nights(assumed["night"])
        if context == "night_time"
        else np.outer(assumed["weekday"][context], _share(assumed["hour"][context]))
        for context in assumed["contexts"]["order"]
    ]
    return np.array([weight / weight.mean() for weight in weights])


def _share(values: list[float]) -> np.ndarray:
    return np.array(values, dtype=float) / np.sum(values)


def _nights(night: dict[str, Any]) -> np.ndarray:
    """Return the weights of nights by calendar day: after midnight it is the next day."""
    weights = np.zeros((7, HOURS))
    for weekday, size in enumerate(night["nights"]):
        for hour, share in night["hours"].items():
            next_day = int(hour) < HOURS / 2
            weights[(weekday + next_day) % 7, int(hour)] += size * share
    return weights


def day_weights(assumed: Assumed) -> np.ndarray:
    """
    Return the expected weight of every day by context.

    Weekday and school terms first, scaled to a mean of one over the period, so that a context's
    assumed share is its share; then seasonality, trend and the pandemic.
    """
    calendar = days(assumed)
    weekday = hour_weights(assumed).mean(axis=2)[:, calendar.day_of_week]
    term = is_term(calendar, terms=assumed["school_terms"])
    school = [name == "school_time" for name in assumed["contexts"]["order"]]
    weekday[school] *= term
    weekday /= weekday.mean(axis=1, keepdims=True)
    common = season(calendar, assumed=assumed) * _trend(calendar, assumed["trend"])
    return weekday * common * _pandemic(calendar, assumed["pandemic"])[settings(assumed)]


def season(calendar: pd.DatetimeIndex, *, assumed: Assumed) -> np.ndarray:
    """Return the planted seasonal factor of each day."""
    given = assumed["seasonality"]
    turn = 2 * np.pi * (calendar.day_of_year.to_numpy() - given["peak_day"]) / 365.25
    return 1 + given["amplitude"] * np.cos(turn)


def _trend(calendar: pd.DatetimeIndex, given: dict[str, float]) -> np.ndarray:
    years = (calendar - calendar[0]).days.to_numpy() / 365.25
    return given["yearly_ratio"] ** years


def _pandemic(calendar: pd.DatetimeIndex, spells: list[dict[str, Any]]) -> np.ndarray:
    """Return the factor of each day by setting: public places empty, homes do not."""
    factor = np.ones((len(SETTINGS), len(calendar)))
    for spell in spells:
        inside = within(calendar, spell["start"], spell["end"])
        for row, setting in enumerate(SETTINGS):
            factor[row, inside] = spell[setting]
    return factor


def within(calendar: pd.DatetimeIndex, start: date, end: date) -> np.ndarray:
    """Return whether each day is in a period, both ends included."""
    return (calendar >= pd.Timestamp(start)) & (calendar <= pd.Timestamp(end))
