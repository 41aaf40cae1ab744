"""Count records, with a row for every combination."""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.classify import waterfall
from vrn_analysis.count.tables.privacy import IDENTIFIERS

ALL = "All"
NOT_LOCATED = "Not located in the area"
# a headline and what it could be at most, for tables protected together
OUTCOME_NESTING = {("outcome", "outcome"): dict.fromkeys(("IN", "UNKNOWN"), "IN + UNKNOWN")}


def count(
    records: ibis.Table | Mapping[str, ibis.Table],
    by: Sequence[str],
    *,
    levels: Mapping[str, Sequence[Any]] | None = None,
) -> pd.DataFrame:
    """
    Count records by their columns, with a row for every combination.

    Parameters
    ----------
    records
        Records in the engine, or those of several sources by their names.
    by
        Columns to count by; none gives the total.
    levels
        All values a column may take, in the order wanted, so that a value nobody has still gets
        its zero. A column not named here takes the values it has. A record whose value is missing,
        or is not one of the levels, is counted in a row where that column is missing.

    Returns
    -------
    table
        The `by` columns and `count` (Int64), of several sources with `source` before them. The
        counts sum to the records.

    Raises
    ------
    DataError
        If a column does not exist, or identifies single people or crimes.
    """
    if isinstance(records, Mapping):
        each = [count(one, by, levels=levels).assign(source=name) for name, one in records.items()]
        return pd.concat(each, ignore_index=True)[["source", *by, "count"]]
    absent = [column for column in by if column not in records.columns]
    if absent or IDENTIFIERS & set(by):
        raise DataError(
            f"Cannot count by {', '.join(by)}: not there: {absent or 'none'}; identifies single "
            f"people or crimes: {sorted(IDENTIFIERS & set(by)) or 'none'}."
        )
    groups = records.group_by(list(by)) if by else records
    table = groups.aggregate(count=ibis._.count()).to_pandas()
    for column in by:
        if levels and column in levels:
            table[column] = table[column].where(table[column].isin(list(levels[column])))
    return _complete(table, list(by), levels or {})


def _complete(
    table: pd.DataFrame, by: list[str], levels: Mapping[str, Sequence[Any]]
) -> pd.DataFrame:
    """Add rows for combinations with no records, and sort all rows."""
    if not by:
        return table.astype({"count": "Int64"})
    values = [_levels_of(table[column], levels.get(column)) for column in by]
    frame = pd.MultiIndex.from_product(values, names=by).to_frame(index=False)
    sums = table.groupby(by, dropna=False, as_index=False, sort=False)["count"].sum()
    complete = frame.merge(sums, on=by, how="left", validate="one_to_one")
    return complete.assign(count=complete["count"].fillna(0).astype("Int64"))


def _levels_of(column: pd.Series, named: Sequence[Any] | None) -> pd.Index:
    order = (
        pd.Index(named) if named is not None else pd.Index(column.dropna().unique()).sort_values()
    )
    order = order.astype(column.dtype) if column.dtype.kind == "M" else order
    return order.append(pd.Index([None], dtype=order.dtype)) if column.isna().any() else order


def count_missing(
    records: ibis.Table, columns: Sequence[str], *, by: str | None = None
) -> pd.DataFrame:
    """
    Count the records that lack a value, field by field.

    Returns
    -------
    table
        `field` (the column in words), `by`, `count` (records without a value), `denominator` (all
        records).
    """
    sums = {name: records[name].isnull().sum() for name in columns} | {
        "denominator": ibis._.count()
    }
    grouped = records.group_by(by).aggregate(**sums) if by else records.aggregate(**sums)
    keys = [by] if by else []
    tidy = grouped.to_pandas().melt(
        [*keys, "denominator"], list(columns), var_name="column", value_name="count"
    )
    words = tidy["column"].str.removesuffix("_code").str.replace("_", " ").str.capitalize()
    tidy = tidy.assign(field=words.replace({"Lsoa": "Small area"}))
    ordered = tidy.sort_values(keys, kind="stable", ignore_index=True) if by else tidy
    return ordered.astype({"count": "Int64"})[["field", *keys, "count", "denominator"]]


def count_by_area(
    records: ibis.Table,
    lookup: pd.DataFrame,
    *,
    level: str,
    by: Sequence[str] = (),
    levels: Mapping[str, Sequence[Any]] | None = None,
) -> pd.DataFrame:
    """
    Count records by area, zeros included.

    Parameters
    ----------
    records
        Records in the engine with `lsoa_code`.
    lookup
        Small areas and the larger areas they lie in (contract `LOOKUP`).
    level
        `lsoa`, `msoa` or `district`.
    by, levels
        Further columns, as in `count`.

    Returns
    -------
    table
        `area_code, area_name`, the `by` columns, `count`. Records with no small area, or with one
        outside the lookup, stand in rows named and coded "Not located in the area".
    """
    fine = count(
        records, ["lsoa_code", *by], levels={"lsoa_code": lookup["lsoa_code"], **(levels or {})}
    )
    places = lookup.set_index("lsoa_code", drop=False)
    coarse = fine.assign(
        area_code=fine["lsoa_code"].map(places[f"{level}_code"]).fillna(NOT_LOCATED),
        area_name=fine["lsoa_code"].map(places[f"{level}_name"]).fillna(NOT_LOCATED),
    )
    keys = ["area_code", "area_name", *by]
    return coarse.groupby(keys, dropna=False, as_index=False, sort=False)["count"].sum()


def waterfall_counts(classified: ibis.Table) -> pd.DataFrame:
    """
    Return the waterfall of a classification as a table of counts that can be protected.

    Returns
    -------
    steps
        `reason` (in words), `outcome`, `count`; the start is the row "All", and the others sum to
        it.
    """
    steps = waterfall(classified)
    start = steps["outcome"] == "START"
    named = {"reason": steps["label"], "outcome": steps["outcome"]}
    whole = {name: column.mask(start, ALL) for name, column in named.items()}
    return pd.DataFrame(whole | {"count": steps["records"]})


def located(table: pd.DataFrame, *, totals: bool = True) -> pd.DataFrame:
    """Return the rows of a table by area that are of an area, or of the whole if wanted."""
    other = [NOT_LOCATED] if totals else [NOT_LOCATED, ALL]
    return table[~table["area_code"].isin(other)].reset_index(drop=True)


def with_total(table: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """
    Add the rows that sum over one dimension, with "All" in it.

    Parameters
    ----------
    table
        Keys and `count`; a total over a count that is missing is missing.
    dimension
        The column to sum over; `area_name` takes `area_code` with it, both become "All".
    """
    summed = ["area_code", "area_name"] if dimension == "area_name" else [dimension]
    keys = [column for column in table.columns if column not in (*summed, "count")]
    if keys:
        groups = table.groupby(keys, dropna=False, as_index=False, sort=False)
        total = groups["count"].sum(skipna=False)
    else:
        whole = [table["count"].sum(skipna=False)]
        total = pd.DataFrame({"count": pd.array(whole, dtype="Int64")})
    total = total.assign(**dict.fromkeys(summed, ALL))
    return pd.concat([table, total], ignore_index=True)[table.columns]


def nesting(records: ibis.Table, part: str, whole: str) -> dict[tuple[str, str], dict[str, str]]:
    """
    Return the value of one column that contains each value of another.

    Raises
    ------
    DataError
        If a value of `part` lies in several of `whole`, or either is missing.
    """
    pairs = records.select(part, whole).distinct().to_pandas()
    if (torn := int(pairs[part].duplicated().sum())) or pairs.isna().any(axis=None):
        raise DataError(
            f"{torn} of {len(pairs)} values of {part} lie in several values of {whole}, or a value "
            "is missing: the one is not a part of the other."
        )
    return {(part, whole): dict(zip(pairs[part], pairs[whole], strict=True))}


def stacked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """
    Return tables of one shape as one, with the name of each as `area_type` before its rows.

    Parameters
    ----------
    tables
        By the title of a level, such as Districts.
    """
    named = [table.assign(area_type=title) for title, table in tables.items()]
    both = pd.concat(named, ignore_index=True)
    return both[["area_type", *(name for name in both if name != "area_type")]]
