"""Find months without a report from a site, and breaks that shorten the baseline."""

import numpy as np
import pandas as pd

from vrn_analysis.methods.triangulate import site_reporting
from vrn_analysis.read.police import archives
from vrn_analysis.say.quality.measures import Found, measured

SITES = "Reporting by site"
BREAKS = "Breaks and baseline"
A_YEAR = 12
CHANCE = 0.001


def site_grid(reports: pd.DataFrame) -> pd.DataFrame:
    """
    Return which site was silent in which month.

    Parameters
    ----------
    reports
        `site_code, month, count`, as for `triangulate.site_reporting`.

    Returns
    -------
    grid
        Every site in every month: `site_code, month, reported`. A month without a row counts as
        silent only at a site so large that chance leaves it without an attendance in fewer than
        1 month in 1,000 (Poisson); a missing count always does.
    """
    grid = site_reporting(reports)
    usual = grid.groupby("site_code")["count"].transform("mean").astype(float).fillna(0)
    said = pd.MultiIndex.from_frame(reports[["site_code", "month"]])
    named = pd.MultiIndex.from_frame(grid[["site_code", "month"]]).isin(said)
    quiet = ~grid["reported"] & (named | (np.exp(-usual) < CHANCE))
    return grid.assign(reported=~quiet)[["site_code", "month", "reported"]]


def silent_sites(reports: pd.DataFrame) -> pd.DataFrame:
    """
    Return the sites that sent nothing in some month: fewer sites must not look like less violence.

    Parameters
    ----------
    reports
        `site_code, month, count`, as for `triangulate.site_reporting`; an optional `source` keeps
        several sources apart.

    Returns
    -------
    measures
        One row a source: site-months without a report, of all (see `site_grid`). `detail` names
        the sites.
    """
    named = reports if "source" in reports else reports.assign(source="Health sites")
    found = []
    for source, rows in named.groupby("source", sort=False):
        grid = site_grid(rows)
        silent = grid[~grid["reported"]]
        months = silent.groupby("site_code").size()
        words = "; ".join(f"{site}: {n} of {grid['month'].nunique()} months" for site, n in
                          months.items())  # fmt: skip
        found.append(Found(f"{source}: months a site is silent", len(silent), len(grid), words))
    return measured(SITES, found)


def break_faults(breaks: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """
    Return what the register of breaks means for comparisons over the period.

    Parameters
    ----------
    breaks
        Those that fall in the period: `date, until, label, verified`.
    months
        Every month of the period.

    Returns
    -------
    measures
        Breaks within the period and those not verified (of all in the period). Then the months
        that the data are short of a full year or, where they have one, that the longest stretch
        without a break is short of it.
    """
    unverified = breaks.loc[breaks["verified"] != "yes", "label"]
    found = [
        Found("Known breaks within the period", len(breaks), max(len(breaks), 1),
              "; ".join(breaks["label"])),
        Found("Breaks that are not verified", len(unverified), max(len(breaks), 1),
              "; ".join(unverified)),
    ]  # fmt: skip
    if (short := A_YEAR - len(months)) > 0:
        words = f"The data cover only {len(months)} months"
        found.append(Found("Months short of a full year of data", short, A_YEAR, words))
    elif len(breaks):
        short, where = max(A_YEAR - _longest_stretch(breaks, months), 0), _beside(breaks, months)
        found.append(Found("Months short of a year without a break", short, A_YEAR, where))
    return measured(BREAKS, found)


def _spans(breaks: pd.DataFrame) -> pd.DataFrame:
    start = breaks["date"].dt.to_period("M").dt.to_timestamp()
    end = breaks["until"].dt.to_period("M").dt.to_timestamp()
    return pd.DataFrame({"start": start, "end": end, "label": breaks["label"]})


def _longest_stretch(breaks: pd.DataFrame, months: pd.DatetimeIndex) -> int:
    longest = length = 0
    spans = _spans(breaks)
    begins = {part[0] for part in archives.stretches(months)}
    for month in months:
        length = 0 if month in begins else length
        # a lasting change begins a new stretch; a disruption is in none
        if ((spans["start"] <= month) & (spans["end"] >= month)).any():
            length = 0
        elif (spans["end"].isna() & (spans["start"] == month)).any():
            length = 1
        else:
            length += 1
        longest = max(longest, length)
    return longest


def _beside(breaks: pd.DataFrame, months: pd.DatetimeIndex) -> str:
    words = []
    for row in _spans(breaks).itertuples():
        before = int((months < row.start).sum())
        after = int((months > row.end).sum() if pd.notna(row.end) else (months >= row.start).sum())
        words.append(f"{row.label}: months before it {before}, after it {after}")
    return "; ".join(words)
