"""Compare the latest period of a series with an earlier one."""

from collections.abc import Sequence

import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.trends.breaks import NOT_CHECKED
from vrn_analysis.methods.trends.change import change_between, smallest_detectable_change


def beside_earlier(
    table: pd.DataFrame,
    *,
    period: str,
    lag: int,
    note: str = NOT_CHECKED,
    by: Sequence[str] = (),
    dispersion: float = 1.0,
) -> pd.DataFrame:
    """
    Return the latest period of each series compared with an earlier one.

    Parameters
    ----------
    table
        Protected; one row a period and series: the column `period`, oldest first, `count`,
        `count_error`, and the columns of `by`.
    period
        The column of periods, all of one length.
    lag
        How many periods lie between the two: 4 for the same quarter of the year before.
    note
        What `breaks_between` says of the two periods: it goes wherever the change goes, and says
        so where no register was asked.
    by
        Columns that tell series apart.
    dispersion
        Variance over mean of the counts, where they vary more than independent events.

    Returns
    -------
    table
        One row a series: the columns of `by`, `period`, `earlier` (both in words), `count`,
        `count_before`, `value` (the ratio), `lower_95_ci, upper_95_ci`, `percent_change,
        percent_lower, percent_upper`, `smallest_fall, smallest_rise` (per cent), `note`. Missing
        where either count is, or the earlier is 0: from nothing there is no change in per cent.

    Raises
    ------
    DataError
        If there is no period so long before the latest, or a series is in one of the two only.

    Notes
    -----
    Counts are compared as they are: a leap day is about a hundredth of a quarter.
    """
    order = list(dict.fromkeys(table[period]))
    if len(order) <= lag:
        raise DataError(
            f"{len(order)} periods are too few: the latest and {lag} before are needed."
        )
    latest, earlier = order[-1], order[-1 - lag]
    columns = [*by, "count", "count_error", "status"]
    now = table.loc[table[period] == latest, columns]
    before = table.loc[table[period] == earlier, [*by, "count", "count_error"]]
    keys = list(by)
    if not keys:
        now, before, keys = now.assign(one=0), before.assign(one=0), ["one"]
    alone = pd.concat([now, before])[keys].drop_duplicates(keep=False)
    pairs = now.merge(before, on=keys, suffixes=("", "_before"), validate="one_to_one")
    if len(alone):
        raise DataError(
            f"{len(alone)} of {len(alone) + len(pairs)} series are in {earlier} or {latest} only, "
            f"such as {', '.join(alone.iloc[0].astype('str'))}: count with levels=."
        )
    shown = pairs["count"].notna() & (pairs["count_before"] > 0).fillna(False)
    a, b = (pairs[name].where(shown) for name in ("count_before", "count"))
    error = pairs[["count_error", "count_error_before"]].max(axis=1).fillna(0).to_numpy(dtype=float)
    change = change_between(a, 1, b, 1, dispersion=dispersion, count_error=error)
    least = smallest_detectable_change(a, dispersion=dispersion)
    wanted = ["value", "lower_95_ci", "upper_95_ci"]
    wanted += ["percent_change", "percent_lower", "percent_upper"]
    found = pd.concat([change[wanted], least[["smallest_fall", "smallest_rise"]]], axis=1)
    named = pairs.drop(columns=["count_error", "count_error_before", *({*keys} - {*by})])
    words = {"period": latest, "earlier": earlier, "note": note}
    return pd.concat([named.assign(**words), found], axis=1)
