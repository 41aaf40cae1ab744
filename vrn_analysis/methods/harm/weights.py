"""Weight counts by the severity of each offence, one scheme and edition at a time."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.rates import checks, intervals
from vrn_analysis.methods.rates.checks import numbers

FEWEST = 10
COLUMNS = ("offence_code", "weight", "scheme", "edition", "unit", "illustrative", "source")


def check_weights(weights: pd.DataFrame) -> pd.DataFrame:
    """
    Return harm weights that can be used together.

    Parameters
    ----------
    weights
        One row an offence code: `offence_code, weight` (above 0), `scheme, edition, unit,
        illustrative` ("yes" or "no"), `source`.

    Raises
    ------
    DataError
        With every problem: a column is missing, no scheme or edition is named, several are
        mixed, codes repeat, or weights are not above 0.
    """
    problems = [f"column {name!r} is missing" for name in COLUMNS if name not in weights]
    checks.refuse(problems)
    for name in ("scheme", "edition", "unit", "source"):
        words = weights[name].fillna("").astype("str").str.strip()
        if (words == "").any():
            problems.append(f"{name!r} is empty in {int((words == '').sum())} rows")
        elif name != "source" and words.nunique() > 1:
            found = ", ".join(sorted(words.unique())[:4])
            problems.append(f"several of {name!r} are mixed ({found}): use one file each")
    if (repeated := weights["offence_code"].duplicated()).any():
        examples = ", ".join(weights.loc[repeated, "offence_code"].astype("str").head(5))
        problems.append(f"{int(repeated.sum())} codes repeat ({examples})")
    if not weights["illustrative"].isin(["yes", "no"]).all():
        problems.append("'illustrative' must be yes or no in every row")
    worth = pd.to_numeric(weights["weight"], errors="coerce").to_numpy(dtype=float)
    if (bad := ~((worth > 0) & np.isfinite(worth))).any():
        problems.append(f"'weight' is not a number above 0 in {int(bad.sum())} rows")
    checks.refuse(problems)
    return weights.assign(weight=worth)


def _mapped(table: pd.DataFrame, weights: pd.DataFrame) -> pd.Series:
    worth = table["offence_code"].map(weights.set_index("offence_code")["weight"])
    if (bare := worth.isna()).any():
        codes = table.loc[bare, "offence_code"].fillna("(no code)")
        offences = int(table.loc[bare, "count"].sum())
        raise DataError(
            f"{offences:,} of {int(table['count'].sum()):,} offences, of {codes.nunique()} codes "
            f"({', '.join(sorted(codes.unique())[:8])}), have no weight in "
            f"{weights['scheme'].iloc[0]}, {weights['edition'].iloc[0]}. Add their weights to the "
            "file: without one they would count as harmless."
        )
    return worth


def _limits(
    count: np.ndarray, total: np.ndarray, squares: np.ndarray, confidence: float, spread: float
) -> intervals.Limits:
    """Return limits of the weighted sum, scaled from those of the count (Dobson's method)."""
    lower, upper = intervals.poisson(count, confidence=confidence, dispersion=spread)
    scale = np.sqrt(squares / np.maximum(count, 1))
    few = count < FEWEST
    low = np.maximum(total - (count - lower) * scale, 0)
    return np.where(few, np.nan, low), np.where(few, np.nan, total + (upper - count) * scale)


def harm(
    counts: pd.DataFrame,
    weights: pd.DataFrame,
    *,
    by: Sequence[str] = ("crime_group",),
    dispersion: float = 1.0,
) -> pd.DataFrame:
    """
    Return count and harm side by side.

    Parameters
    ----------
    counts
        Exact counts: `offence_code`, the `by` columns, `count`. They go through disclosure
        control before they are shown, as any count: harm over few offences gives the count back.
    weights
        What the user's file holds; see `check_weights`.
    by
        Columns to sum within; none gives the whole.
    dispersion
        Variance over mean of the counts, 1 for independent events; offences of one incident come
        together: `rates.dispersion_of_incidents`.

    Returns
    -------
    table
        By columns, `count, share_of_count, harm, lower_95_ci, upper_95_ci, lower_99_8_ci,
        upper_99_8_ci, share_of_harm, harm_each` (per offence), `unit, scheme, edition,
        illustrative, method`.
        No interval below 10 offences, and `method` says so.

    Raises
    ------
    DataError
        If an offence has no weight, counts are missing or cannot be, or weights cannot be used.

    Notes
    -----
    The interval is that of a weighted sum of Poisson counts (Dobson and others 1991). Harm says
    nothing about offences nobody reported, and the weights are a judgement.
    """
    by = list(by)
    absent = [name for name in ("offence_code", *by) if name not in counts]
    checks.refuse([f"column {name!r} is missing" for name in absent])
    checks.check(counts, whole=["count"])
    if counts["count"].isna().any():
        raise DataError(
            f"{int(counts['count'].isna().sum())} of {len(counts)} counts are hidden: compute harm "
            "from exact counts and protect the result."
        )
    worth = check_weights(weights)
    each = _mapped(counts, worth).to_numpy(dtype=float)
    count = numbers(counts, "count")
    parts = counts[by].assign(count=count, harm=count * each, squares=count * each**2)
    sums = parts.groupby(by, dropna=False, sort=False).sum() if by else parts.sum().to_frame().T
    table = sums.reset_index(drop=not by)
    number, total = numbers(table, "count"), numbers(table, "harm")
    spread = checks.check_dispersion(dispersion)
    squares = numbers(table, "squares")
    limits = intervals.at_levels(lambda level: _limits(number, total, squares, level, spread))
    few = f"none: fewer than {FEWEST} offences"
    method = np.where(number < FEWEST, few, "weighted sum of Poisson counts")
    first = worth.iloc[0]
    return table.drop(columns="squares").assign(
        **limits,
        count=table["count"].astype("Int64"),
        share_of_count=table["count"] / max(number.sum(), 1),
        share_of_harm=table["harm"] / (total.sum() or np.nan),
        harm_each=table["harm"] / table["count"].where(table["count"] > 0),
        unit=str(first["unit"]),
        scheme=str(first["scheme"]),
        edition=str(first["edition"]),
        illustrative="yes" if (worth["illustrative"] == "yes").any() else "no",
        method=pd.Series(method, index=table.index, dtype="str"),
    )
