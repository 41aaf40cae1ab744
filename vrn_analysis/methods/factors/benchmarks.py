"""Compare an area with a benchmark that has been tested for plausibility."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods.rates.checks import numbers

FACTOR = 3.0
# what a reader is shown of a profile
SHOWN = ["name", "period", "value", "unit", "lower_95_ci", "upper_95_ci"]
SHOWN += ["benchmark_value", "judgement", "benchmark_note"]
NEIGHBOURS = "statistical neighbours"
FEWEST_NEIGHBOURS = 5


def benchmark_problems(
    table: pd.DataFrame, *, members: pd.DataFrame, complete: bool = False, factor: float = FACTOR
) -> pd.DataFrame:
    """
    Return the benchmark values that cannot be an average of their members.

    Parameters
    ----------
    table
        `indicator_id, area_code, period, value`.
    members
        `benchmark_code, member_code`: which areas a benchmark is made of, one row a pair.
    complete
        Whether every member of each benchmark is listed and has a value: then the benchmark must
        lie between the lowest and the highest. Otherwise it may lie outside by `factor`.
    factor
        How many times the highest, or what part of the lowest, member the benchmark may be when
        members are missing.

    Returns
    -------
    problems
        `indicator_id, area_code, period, value, members, lowest, highest, problem`; empty where
        every benchmark is plausible.

    Notes
    -----
    A rate or share of a whole is a weighted mean of its parts, so it lies between them. A sum of
    the parts does not: one published England rate of first-time entrants is such a sum.
    """
    parts = members.merge(table, left_on="member_code", right_on="area_code")
    parts = parts[parts["value"].notna()]
    keys = ["benchmark_code", "indicator_id", "period"]
    span = parts.groupby(keys, as_index=False).agg(
        members=("value", "size"), lowest=("value", "min"), highest=("value", "max")
    )
    whole = table[table["value"].notna()].merge(
        span, left_on=["area_code", "indicator_id", "period"], right_on=keys
    )
    loose = 1.0 if complete else factor
    # a small tolerance: percentages near the ends are rounded
    low, high = whole["lowest"] / loose, whole["highest"] * loose
    outside = (whole["value"] < low * (1 - 1e-9)) | (whole["value"] > high * (1 + 1e-9))
    bad = whole[outside]
    problem = [
        f"{value:g} is {'above' if value > most else 'below'} what its {size} known members allow "
        f"({least:g} to {most:g}): is it a sum, or in another unit?"
        for value, size, least, most in zip(
            bad["value"], bad["members"], bad["lowest"], bad["highest"], strict=True
        )
    ]
    columns = ["indicator_id", "area_code", "period", "value", "members", "lowest", "highest"]
    return bad[columns].assign(problem=pd.Series(problem, index=bad.index, dtype="str"))


def neighbour_values(table: pd.DataFrame, *, area: str, neighbours: pd.DataFrame) -> pd.DataFrame:
    """
    Return the median of an area's statistical neighbours as a benchmark.

    Parameters
    ----------
    table
        `indicator_id, area_code, period, year, value` of the neighbours too.
    area
        Code of the area.
    neighbours
        `area_code, neighbour_code`, as `assessment.neighbours` returns them.

    Returns
    -------
    table
        `indicator_id, area_code` ("statistical neighbours"), `area_name, period, year, value,
        members`.

    Raises
    ------
    DataError
        If the file names no neighbours of the area.
    NotInThisRun
        If no indicator has the values of enough of them.
    """
    own = neighbours.loc[neighbours["area_code"] == area, "neighbour_code"]
    if own.empty:
        raise DataError(f"The file of neighbours has no rows for {area}. Add them to the file.")
    keys = ["indicator_id", "period", "year"]
    found = table[table["area_code"].isin(own) & table["value"].notna()]
    middle = found.groupby(keys, as_index=False).agg(
        value=("value", "median"), members=("value", "size")
    )
    middle = middle[middle["members"] >= FEWEST_NEIGHBOURS]
    if middle.empty:
        most = int(found.groupby(keys).size().max()) if len(found) else 0
        raise NotInThisRun(
            f"The indicators supplied cover {most or 'none'} of the {len(own)} statistical "
            f"neighbours. A comparison needs {FEWEST_NEIGHBOURS}."
        )
    names = {"area_code": NEIGHBOURS, "area_name": "Statistical neighbours (median)"}
    return middle.assign(**names).reset_index(drop=True)


def beside_neighbours(table: pd.DataFrame, *, area: str, neighbours: pd.DataFrame) -> pd.DataFrame:
    """
    Return an area's latest values with the median of its statistical neighbours: a `profile`.

    Parameters
    ----------
    table
        What `values` returns, with rows of the neighbours.
    area
        Code of the area.
    neighbours
        `area_code, neighbour_code`, as `assessment.neighbours` returns them.

    Raises
    ------
    DataError, NotInThisRun
        As `neighbour_values`.
    """
    typical = neighbour_values(table, area=area, neighbours=neighbours)
    own = neighbours.loc[neighbours["area_code"] == area, "neighbour_code"]
    members = pd.DataFrame({"benchmark_code": NEIGHBOURS, "member_code": own})
    both = pd.concat([table, typical.drop(columns="members")], ignore_index=True)
    return profile(both, area=area, benchmark=NEIGHBOURS, members=members, complete=True)


def _comparison(table: pd.DataFrame) -> pd.Series:
    lower, upper = numbers(table, "lower_95_ci"), numbers(table, "upper_95_ci")
    mark = numbers(table, "benchmark_value")
    label = np.select(
        [np.isnan(mark), np.isnan(lower), lower > mark, upper < mark],
        ["no benchmark", "no interval", "higher", "lower"],
        default="similar",
    )
    return pd.Series(label, index=table.index, dtype="str")


def _judgement(table: pd.DataFrame) -> pd.Series:
    """Return better or worse where the indicator has a direction and the interval decides."""
    worse = table["polarity"].map({"higher_is_worse": "higher", "lower_is_worse": "lower"})
    label = np.select(
        [
            table["comparison"].isin(["no benchmark", "no interval"]),
            table["comparison"] == "similar",
            worse.isna(),
            table["comparison"] == worse,
        ],
        ["not judged", "similar", "not judged", "worse"],
        default="better",
    )
    return pd.Series(label, index=table.index, dtype="str")


def profile(
    table: pd.DataFrame,
    *,
    area: str,
    benchmark: str,
    members: pd.DataFrame | None = None,
    complete: bool = False,
) -> pd.DataFrame:
    """
    Return an area's latest values with a benchmark: the rows of a spine chart.

    Parameters
    ----------
    table
        What `values` returns, with the benchmark's rows (add those of `neighbour_values`).
    area, benchmark
        Area codes: an authority, and a region, England or "statistical neighbours".
    members
        `benchmark_code, member_code`, to test the benchmark; without it no test is made and
        `benchmark_note` says so.
    complete
        As in `benchmark_problems`.

    Returns
    -------
    profile
        One row an indicator, in the order given: the area's latest row, `benchmark_value` (same
        period; missing where there is none or it is implausible), `benchmark_note, ratio`
        (area over benchmark), `comparison` ("higher", "similar", "lower", "no interval", "no
        benchmark"), `judgement` ("better", "similar", "worse", "not judged": no interval, no
        benchmark, or an ambiguous indicator). A direction always comes from the interval.

    Raises
    ------
    DataError
        If the area or the benchmark has no rows.
    """
    for code, role in ((area, "area"), (benchmark, "benchmark")):
        if not (table["area_code"] == code).any():
            known = ", ".join(table["area_code"].unique()[:8])
            raise DataError(f"The {role} {code!r} has no indicator values. There are: {known} ….")
    own = table[(table["area_code"] == area) & table["value"].notna()]
    own = own.sort_values("year", kind="stable").drop_duplicates("indicator_id", keep="last")
    other = table.loc[table["area_code"] == benchmark, ["indicator_id", "period", "value"]]
    keys = ["indicator_id", "period"]
    beside = own.sort_index().merge(
        other.rename(columns={"value": "benchmark_value"}), on=keys, how="left"
    )
    note = np.where(beside["benchmark_value"].isna(), "no value in this period", "")
    if members is None:
        note = np.where(note == "", "not tested for plausibility", note)
    else:
        bad = benchmark_problems(table, members=members, complete=complete)
        bad = bad[bad["area_code"] == benchmark].set_index(keys)["problem"]
        found = pd.MultiIndex.from_frame(beside[keys]).map(bad)
        wrong = pd.Series(found).notna().to_numpy()
        note = np.where(wrong, found, note)
        beside = beside.assign(benchmark_value=beside["benchmark_value"].mask(wrong))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = beside["value"] / beside["benchmark_value"].where(beside["benchmark_value"] > 0)
    full = beside.assign(
        benchmark_code=benchmark,
        benchmark_note=pd.Series(note, index=beside.index, dtype="str"),
        ratio=ratio,
    )
    full = full.assign(comparison=_comparison(full))
    full = full.assign(judgement=_judgement(full))
    full.attrs["shown"] = SHOWN
    return full
