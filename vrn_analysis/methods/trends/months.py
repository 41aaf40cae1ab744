"""Check that a monthly series is complete and in order."""

import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.rates import checks


def _month_problems(table: pd.DataFrame) -> list[str]:
    months = table["month"]
    if not pd.api.types.is_datetime64_any_dtype(months):
        return ["'month' does not contain dates: pass it through pandas.to_datetime"]
    problems = []
    if missing := int(months.isna().sum()):
        problems.append(f"'month' is missing in {missing} of {len(table)} rows")
    if late := int((months.dt.normalize() != months.dt.to_period("M").dt.start_time).sum()):
        problems.append(f"'month' is not the first day of a month in {late} of {len(table)} rows")
    if twice := int(months.duplicated().sum()):
        problems.append(f"{twice} rows repeat a month: pass one series")
    return problems


def series(table: pd.DataFrame, *, whole: bool = True) -> pd.DataFrame:
    """
    Return a monthly table in the order of its months, checked.

    Parameters
    ----------
    table
        `month` (first days), `count`; optionally `denominator`.
    whole
        Whether a missing month is refused.

    Raises
    ------
    DataError
        If a column is missing, a month is missing, repeated or not a first day, or a count is
        negative or fractional; all of it at once.
    """
    checks.refuse([] if "month" in table else ["column 'month' is missing"])
    checks.check(table, whole=["count"], real=["denominator"] if "denominator" in table else [])
    checks.refuse(["the table has no rows"] if table.empty else _month_problems(table))
    months = pd.DatetimeIndex(table["month"])
    gaps = pd.date_range(months.min(), months.max(), freq="MS").difference(months)
    if whole and len(gaps):
        shown = ", ".join(f"{month:%B %Y}" for month in gaps[:5])
        raise DataError(
            f"{len(gaps)} months are missing ({shown}). Complete the table: a month without "
            "offences is a 0, a month without data ends the series."
        )
    return table.sort_values("month", kind="stable")
