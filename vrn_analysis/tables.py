"""
From records to counts: complete tables, with the denominators that belong to them.

Here records leave the engine. What comes out is aggregate: a row is a place, a period or a group,
never a person, and every combination is there, zeros included.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pandas as pd

from vrn_analysis.contracts import OFFENCES, PERSONS
from vrn_analysis.errors import DataError

ALL = "All"
NOT_LOCATED = "Not located in the area"
AGE_BANDS = {"0-9": (0, 9), "10-17": (10, 17), "18-24": (18, 24), "25+": (25, 120)}
# a count by one of these would be a list of people or crimes, not a table
IDENTIFIERS = frozenset({"offence_id", "incident_ref", "person_ref", "person_number"})


def count(
    records: ibis.Table,
    by: Sequence[str],
    *,
    levels: Mapping[str, Sequence[Any]] | None = None,
    unit: str | None = None,
) -> pd.DataFrame:
    """
    Count records by their columns, with a row for every combination.

    Parameters
    ----------
    records
        Records in the engine.
    by
        Columns to count by; none gives the total.
    levels
        All values a column may take, in the order wanted, so that a value nobody has still gets
        its zero. A column not named here takes the values it has. A record whose value is missing,
        or is not one of the levels, is counted in a row where that column is missing.
    unit
        Count the different values of this column (such as `incident_ref`) instead of the records.

    Returns
    -------
    table
        The `by` columns and `count` (Int64). Without `unit`, the counts sum to the records.

    Raises
    ------
    DataError
        If a column does not exist, or identifies single people or crimes.
    """
    absent = [column for column in by if column not in records.columns]
    if absent or IDENTIFIERS & set(by):
        raise DataError(
            f"Cannot count by {', '.join(by)}: not there: {absent or 'none'}; identifies single "
            f"people or crimes: {sorted(IDENTIFIERS & set(by)) or 'none'}."
        )
    size = records.count() if unit is None else records[unit].nunique()
    found = (
        records.group_by(list(by)).aggregate(count=size) if by else records.aggregate(count=size)
    )
    table = found.to_pandas()
    for column in by:
        if levels and column in levels:
            table[column] = table[column].where(table[column].isin(list(levels[column])))
    return _complete(table, list(by), levels or {})


def _complete(
    table: pd.DataFrame, by: list[str], levels: Mapping[str, Sequence[Any]]
) -> pd.DataFrame:
    """Add the rows that nobody fell in, and put all rows in order."""
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


def located(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table by area that are of an area: what a chart or a map can place."""
    return table[table["area_code"] != NOT_LOCATED].reset_index(drop=True)


def with_total(table: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """
    Add the rows that sum over one dimension, which holds "All" there.

    Parameters
    ----------
    table
        Keys and `count`.
    dimension
        The column to sum over; `area_name` takes `area_code` with it, both become "All".
    """
    summed = ["area_code", "area_name"] if dimension == "area_name" else [dimension]
    keys = [column for column in table.columns if column not in (*summed, "count")]
    if keys:
        total = table.groupby(keys, dropna=False, as_index=False, sort=False)["count"].sum()
    else:
        total = pd.DataFrame({"count": [table["count"].sum()]}).astype({"count": "Int64"})
    total = total.assign(**dict.fromkeys(summed, ALL))
    return pd.concat([table, total], ignore_index=True)[table.columns]


def residents(
    population: pd.DataFrame, lookup: pd.DataFrame, *, level: str, ages: tuple[int, int] = (0, 120)
) -> pd.DataFrame:
    """
    Return the residents of each area between two ages, both included.

    Returns
    -------
    residents
        `area_code, denominator`, and a row "All" for the whole area.

    Raises
    ------
    DataError
        If small areas of the lookup have no population.
    """
    chosen = population[population["age"].between(*ages)]
    by_small_area = chosen.groupby("lsoa_code")["population"].sum()
    without = ~lookup["lsoa_code"].isin(by_small_area.index)
    if without.any():
        raise DataError(
            f"{int(without.sum())} of {len(lookup)} small areas have no population, such as "
            f"{', '.join(lookup.loc[without, 'lsoa_code'].head(3))}. Are both files of one vintage?"
        )
    area = lookup.set_index("lsoa_code")[f"{level}_code"] if level != "lsoa" else None
    inside = by_small_area[by_small_area.index.isin(lookup["lsoa_code"])]
    sums = inside if area is None else inside.groupby(area.reindex(inside.index)).sum()
    table = sums.rename_axis("area_code").rename("denominator").reset_index()
    total = pd.DataFrame({"area_code": [ALL], "denominator": [table["denominator"].sum()]})
    return pd.concat([table, total], ignore_index=True)


def join_denominator(
    table: pd.DataFrame, denominators: pd.DataFrame, *, years: float = 1.0
) -> pd.DataFrame:
    """
    Add the person-years at risk to a table of counts by area.

    Parameters
    ----------
    table
        Counts with `area_code`; "All" for the total.
    denominators
        `area_code, denominator`, as `residents` returns them.
    years
        Length of the period counted, so that rates are per year.

    Returns
    -------
    table
        The same rows plus `denominator`; missing for records that were not located, which belong
        to no resident population.
    """
    of_area = denominators.set_index("area_code")["denominator"] * years
    code = table["area_code"]
    unknown = (code != NOT_LOCATED) & ~code.isin(of_area.index)
    if unknown.any():
        raise DataError(
            f"{int(unknown.sum())} of {len(table)} rows are of areas that have no denominator, such"
            f" as {', '.join(code[unknown].head(3))}. Are the areas of one level and vintage?"
        )
    return table.assign(denominator=code.map(of_area))


def deprivation_quintiles(deprivation: pd.DataFrame) -> pd.DataFrame:
    """
    Return the quintile of each small area: 1 is most deprived.

    National quintiles, two deciles each, where the source gives deciles; else quintiles of the
    areas at hand by income deprivation. The column `basis` says which.
    """
    if "decile" in deprivation and deprivation["decile"].notna().all():
        quintile, basis = (deprivation["decile"] + 1) // 2, "national quintiles of the index"
    else:
        rank = deprivation["income_rate"].rank(ascending=False, method="first")
        quintile = (5 * (rank - 1) // len(rank)) + 1
        basis = "local quintiles of income deprivation"
    return deprivation[["lsoa_code"]].assign(quintile=quintile.astype("int64"), basis=basis)


def count_by_quintile(by_small_area: pd.DataFrame, quintiles: pd.DataFrame) -> pd.DataFrame:
    """
    Add up counts of small areas by deprivation quintile; records not located are left out.

    Parameters
    ----------
    by_small_area
        `area_code` and `count`, before protection.
    quintiles
        `lsoa_code, quintile`, as `deprivation_quintiles` returns them.

    Returns
    -------
    table
        `quintile, count`, all five, most deprived first.
    """
    of_area = quintiles.set_index("lsoa_code")["quintile"]
    placed = located(by_small_area)
    without = ~placed["area_code"].isin(of_area.index)
    if without.any():
        raise DataError(
            f"{int(without.sum())} of {len(placed)} small areas have no deprivation, such as "
            f"{', '.join(placed.loc[without, 'area_code'].head(3))}. Are both of one vintage?"
        )
    sums = placed.groupby(placed["area_code"].map(of_area))["count"].sum()
    complete = sums.reindex(pd.RangeIndex(1, 6), fill_value=0).astype("Int64")
    return complete.rename_axis("quintile").reset_index()


def residents_by_quintile(
    population: pd.DataFrame, quintiles: pd.DataFrame, *, years: float = 1.0
) -> pd.DataFrame:
    """Return the person-years of each deprivation quintile: `quintile, denominator`."""
    of_area = quintiles.set_index("lsoa_code")["quintile"]
    sums = population.groupby(population["lsoa_code"].map(of_area))["population"].sum() * years
    return sums.rename_axis("quintile").rename("denominator").reset_index()


def person_columns(columns: Sequence[str]) -> list[str]:
    """Return the columns that must not leave the engine: they are about one crime or one person."""
    private = {c.name for c in (*OFFENCES, *PERSONS) if c.sensitivity in ("person", "special")}
    places = {"easting", "northing", "longitude", "latitude"}
    dimensions = {"role", "sex", "age", "age_band", "self_defined_ethnicity"}
    return sorted((private - dimensions | IDENTIFIERS | places) & set(columns))
