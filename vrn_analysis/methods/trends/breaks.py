"""Breaks in a series: changes in recording or, for a time, in daily life."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.rates import checks

NOT_CHECKED = "not checked against a register of breaks"


def register(breaks: pd.DataFrame | None) -> pd.DataFrame:
    """
    Return the breaks as `date, until, label` in order; no rows without a register.

    Raises
    ------
    DataError
        If a column is missing, or a break has no date or ends in a month before it begins.
    """
    if breaks is None:
        breaks = pd.DataFrame({"date": pd.to_datetime([]), "label": []})
    checks.require(breaks, ("date", "label"), "register of breaks")
    given = breaks.reindex(columns=["date", "until", "label"]).reset_index(drop=True)
    known = given.assign(
        date=dates(given["date"]), until=dates(given["until"]), label=given["label"].astype("str")
    )
    for name, bad in (
        ("date", known["date"].isna()),
        ("until", known["until"].isna() & given["until"].notna()),
    ):
        if bad.any():
            raise DataError(
                f"{bad.sum()} of {len(known)} breaks have no readable date in {name!r}."
            )
    if (turned := known["until"].dt.to_period("M") < known["date"].dt.to_period("M")).any():
        raise DataError(
            f"{turned.sum()} of {len(known)} breaks end before they begin, such as "
            f"{known.loc[turned, 'label'].iloc[0]}: correct the register."
        )
    return known.sort_values("date", kind="stable", ignore_index=True)


def dates(column: pd.Series) -> pd.Series:
    """Return dates; a text must be one as 2024-03-31, which no reader takes for another day."""
    known = {} if column.dtype.kind == "M" else {"format": "ISO8601"}
    return pd.to_datetime(column, errors="coerce", **known).astype("datetime64[ns]")


def breaks_within(breaks: pd.DataFrame | None, months: pd.Series) -> pd.DataFrame:
    """
    Return the breaks that some of the months lie behind and others not.

    Parameters
    ----------
    breaks
        The register of breaks, those of other areas or offences taken out: `date` (first month
        of the change), `label`; optionally `until` (last month, missing where it lasts).
    months
        Every month of the series, or of the two periods that are compared: what happened and was
        over between them parts nothing.

    Returns
    -------
    inside
        `date, until, label`, by month.

    Raises
    ------
    DataError
        If a column is missing, or a break has no date or ends before it begins.
    """
    known = register(breaks)
    starts = {name: known[name].dt.to_period("M").dt.start_time for name in ("date", "until")}
    known = known.assign(**starts)
    behind = [_behind(row, months) for _, row in known.iterrows()]
    parted = np.array([some.any() and not some.all() for some in behind], dtype=bool)
    return known[parted].reset_index(drop=True)


def _behind(row: pd.Series, months: pd.Series | pd.DatetimeIndex) -> np.ndarray:
    """Return which months lie in a break: in its months, or from its first on."""
    within = (months >= row["date"]) & (pd.isna(row["until"]) | (months <= row["until"]))
    return np.asarray(within, dtype=bool)


def breaks_between(breaks: pd.DataFrame | None, periods: pd.DataFrame) -> str:
    """
    Return a note on the breaks between two periods, to show with the change.

    Parameters
    ----------
    breaks
        As for `breaks_within`; None where there is no register, and the note says so.
    periods
        One row a period: `first, last` (first days of months).
    """
    spans = zip(periods["first"], periods["last"], strict=True)
    months = [month for span in spans for month in pd.date_range(*span, freq="MS")]
    note = allow_breaks(breaks, pd.Series(months), across_breaks=True)
    return note.replace("within the series", "between the periods")


def allow_breaks(breaks: pd.DataFrame | None, months: pd.Series, *, across_breaks: bool) -> str:
    """
    Return a note on the breaks within a series; refuse them unless they are allowed.

    Parameters
    ----------
    breaks
        As for `breaks_within`; None where there is no register, and the note says so.
    months
        Every month of the series.
    across_breaks
        Whether the analyst has said to go on across them.

    Raises
    ------
    DataError
        If there are breaks within the series and they are not allowed.
    """
    if breaks is None:
        return NOT_CHECKED
    inside = breaks_within(breaks, months)
    if inside.empty:
        return "no registered break within the series"
    words = [f"{row['label']} ({_span(row)})" for _, row in inside.iterrows()]
    found = f"{len(inside)} registered break{'s' * (len(inside) > 1)}"
    if not across_breaks:
        raise DataError(
            f"Within the series: {found}: {'; '.join(words)}. Use the months on one side, or pass "
            "across_breaks=True, and the result states which breaks it crosses."
        )
    return f"across {found}: {'; '.join(words)}"


def _span(row: pd.Series) -> str:
    if pd.isna(row["until"]):
        return f"from {row['date']:%B %Y}"
    return f"{row['date']:%B %Y} to {row['until']:%B %Y}"


def break_terms(inside: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """
    Return a column of 0 and 1 for each break: 1 in its months, or from its first on.

    Breaks of the same months share a column, for nothing can tell them apart.
    """
    terms = pd.DataFrame(index=months)
    for _, rows in inside.groupby(["date", "until"], dropna=False, sort=True):
        within = _behind(rows.iloc[0], months)
        terms["step: " + " and ".join(rows["label"])] = within.astype(float)
    return terms
