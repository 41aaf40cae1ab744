"""Monthly series: whole, in order, one row a month."""

from collections.abc import Sequence

import pandas as pd

from vrn_analysis.errors import DataError
from vrn_analysis.rates import checks


def _gaps(months: pd.Series) -> list[pd.Timestamp]:
    every = pd.date_range(months.min(), months.max(), freq="MS")
    return list(every.difference(pd.DatetimeIndex(months)))


def _month_problems(table: pd.DataFrame, by: Sequence[str]) -> list[str]:
    months = table["month"]
    if not pd.api.types.is_datetime64_any_dtype(months):
        return ["'month' does not hold dates: pass it through pandas.to_datetime"]
    problems = []
    if missing := int(months.isna().sum()):
        problems.append(f"'month' is missing in {missing} of {len(table)} rows")
    if late := int((months.dt.normalize() != months.dt.to_period("M").dt.start_time).sum()):
        problems.append(f"'month' is not the first day of a month in {late} of {len(table)} rows")
    if twice := int(table.duplicated([*by, "month"]).sum()):
        problems.append(
            f"{twice} rows repeat a month: name the columns that tell series apart with by="
        )
    return problems


def series(table: pd.DataFrame, *, by: Sequence[str] = (), whole: bool = True) -> pd.DataFrame:
    """
    Return a monthly table in the order of its series and months, checked.

    Parameters
    ----------
    table
        `month` (first days), `count`, the columns of `by`; optionally `denominator`.
    by
        Columns that tell series apart.
    whole
        Whether a missing month is refused.

    Raises
    ------
    DataError
        If a column is missing, a month is missing, repeated or not a first day, or a count is
        negative or fractional; all of it at once.
    """
    absent = [name for name in (*by, "month") if name not in table]
    checks.refuse([f"column {name!r} is missing" for name in absent])
    checks.check(table, whole=["count"], real=["denominator"] if "denominator" in table else [])
    problems = ["the table has no rows"] if table.empty else _month_problems(table, by)
    checks.refuse(problems)
    groups = [((), table)] if not by else table.groupby(list(by), sort=False, dropna=False)
    gaps = [(key, gap) for key, rows in groups if (gap := _gaps(rows["month"]))] if whole else []
    if gaps:
        key, gap = gaps[0]
        shown = ", ".join(f"{month:%B %Y}" for month in gap[:5])
        where = f" in {len(gaps)} series, such as {key}" if by else ""
        raise DataError(
            f"{sum(len(gap) for _, gap in gaps)} months are missing{where} ({shown}). Complete "
            "the table: a month without offences is a 0, a month without data ends the series."
        )
    return table.sort_values([*by, "month"], kind="stable")
