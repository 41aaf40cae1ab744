"""Indicator values with the interval that their statistic and source allow."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.rates import intervals
from vrn_analysis.methods.rates.checks import numbers

DESCRIBED = ["name", "kind", "level", "age_from", "age_to", "statistic", "per", "unit", "polarity"]
NO_COUNT = "none: the source gives no count"
TOO_FEW = "none: fewer events than the indicator's minimum"


def described(table: pd.DataFrame, catalogue: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """
    Add columns of the catalogue to a table with `indicator_id`.

    Raises
    ------
    DataError
        If an indicator is not in the catalogue.
    """
    unknown = ~table["indicator_id"].isin(catalogue["indicator_id"])
    if unknown.any():
        names = ", ".join(repr(one) for one in table.loc[unknown, "indicator_id"].unique()[:5])
        raise DataError(
            f"{int(unknown.sum())} of {len(table)} rows are of indicators that are not in the "
            f"catalogue: {names}. Add them to data/reference/indicators.csv."
        )
    wanted = catalogue[["indicator_id", *columns]]
    return table.merge(wanted, on="indicator_id", how="left", validate="many_to_one")


def _with_parts(table: pd.DataFrame) -> pd.DataFrame:
    """Work out a missing count or denominator from the value and the other."""
    value, per = numbers(table, "value"), numbers(table, "per")
    count, denominator = numbers(table, "count"), numbers(table, "denominator")
    if "count" not in table:
        count = np.full(len(table), np.nan)
    if "denominator" not in table:
        denominator = np.full(len(table), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        derived = np.isnan(count) & ~np.isnan(denominator)
        # a published percentage has at least one decimal: what it stands for is off by at most this
        error = np.where(derived, np.ceil(0.05 * denominator / per), 0.0)
        count = np.where(derived, np.round(value / per * denominator), count)
        whole = np.where(value > 0, np.round(count / value * per), np.nan)
        denominator = np.where(np.isnan(denominator), whole, denominator)
    return table.assign(count=count, denominator=denominator, count_error=error)


def _limits(table: pd.DataFrame, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    count, error = table["count"].to_numpy(), table["count_error"].to_numpy()
    whole, per = table["denominator"].to_numpy(), numbers(table, "per")
    part = (table["statistic"] == "proportion").to_numpy()
    least, most = np.maximum(count - error, 0), count + error
    low, _ = intervals.wilson(np.minimum(least, whole), whole, confidence=confidence)
    _, high = intervals.wilson(np.minimum(most, whole), whole, confidence=confidence)
    lower, _ = intervals.poisson(least, confidence=confidence)
    _, upper = intervals.poisson(most, confidence=confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (np.where(part, low, lower / whole) * per, np.where(part, high, upper / whole) * per)


def _method(table: pd.DataFrame, counted: np.ndarray, published: np.ndarray) -> np.ndarray:
    small = table["count"].to_numpy() < intervals.EXACT_BELOW
    method = np.select(
        [
            table["value"].isna().to_numpy(),
            published,
            counted & (table["statistic"] == "proportion").to_numpy(),
            counted & small,
            counted,
        ],
        [
            "none: " + table["mark"].replace("", "no value").to_numpy(dtype=object),
            "as published",
            "Wilson",
            "exact Poisson",
            "Byar",
        ],
        default=NO_COUNT,
    )
    return np.where(counted & (table["count_error"] > 0), method + ", count worked out", method)


def values(table: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """
    Add what each indicator is and the interval that its statistic allows.

    Parameters
    ----------
    table
        `indicator_id, area_code, area_name, period, year, value`; optionally `count,
        denominator, published_lower, published_upper, mark`, as `sources.indicators` reads them.
    catalogue
        The indicator catalogue.

    Returns
    -------
    values
        The same rows and `name, kind, level, age_from, age_to, unit, polarity, lower_95_ci,
        upper_95_ci, lower_99_8_ci, upper_99_8_ci, statistic, method`. Proportions get Wilson's
        limits; rates Byar's, or exact Poisson ones below 10 events, since events can repeat; a
        published 95 % interval is kept. Where the source gives a value without a count there is
        no interval and `method` says so. Below the indicator's minimum count the value is
        missing.

    Raises
    ------
    DataError
        If an indicator is not in the catalogue, or a count is above its denominator.

    Notes
    -----
    Where the source gives a percentage and its denominator, the count is worked out and the
    interval widened by what the rounding of the percentage hides. Where it gives a value and a
    count, the denominator is worked out.
    """
    table = table.assign(mark=table["mark"].fillna("") if "mark" in table else "")
    full = described(table, catalogue, [*DESCRIBED, "minimum_count"])
    full = _with_parts(full)
    part = full["statistic"] == "proportion"
    above = part & (full["count"] - full["count_error"] > full["denominator"])
    if above.any():
        raise DataError(
            f"'count' is above 'denominator' in {int(above.sum())} of {len(full)} rows of "
            f"{', '.join(full.loc[above, 'indicator_id'].unique()[:5])}. Correct the source file."
        )
    few = (full["count"] < full["minimum_count"]).to_numpy()
    full = full.assign(value=full["value"].mask(few))
    known = full["count"].notna() & full["denominator"].gt(0) & full["value"].notna()
    counted = (known & full["statistic"].isin(["proportion", "crude rate"])).to_numpy()
    given = (
        ~np.isnan(numbers(full, "published_lower")) if "published_lower" in full else few & False
    )
    published = given & ~counted & full["value"].notna().to_numpy()
    limits = intervals.at_levels(lambda confidence: _limits(full, confidence))
    columns = {name: np.where(counted, limit, np.nan) for name, limit in limits.items()}
    for side in ("lower", "upper"):
        own = numbers(full, f"published_{side}")
        columns[f"{side}_95_ci"] = np.where(published, own, columns[f"{side}_95_ci"])
    method = np.where(few, TOO_FEW, _method(full, counted, published))
    full = full.assign(**columns, method=pd.Series(method, index=full.index, dtype="str"))
    full["count"] = full["count"].round().astype("Int64").mask(few)
    return full.drop(columns=["minimum_count"])
