"""Denominators of rates, and the deprivation of small areas."""

import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.tables.counts import ALL, NOT_LOCATED, located


def _refuse(without: pd.Series, codes: pd.Series, what: str, remedy: str) -> None:
    """Raise a DataError that counts the codes without a value and names three, if there are any."""
    if without.any():
        examples = ", ".join(codes[without].head(3))
        counted = f"{int(without.sum())} of {len(codes)} {what}"
        raise DataError(f"{counted}, such as {examples}. {remedy}")


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
        If small areas of the lookup have no population, or people are counted twice.
    """
    require_one_count(population)
    # the people of a workday are of all ages
    chosen = population[population["age"].between(*ages)] if "age" in population else population
    by_small_area = chosen.groupby("lsoa_code")["population"].sum()
    without = ~lookup["lsoa_code"].isin(by_small_area.index)
    remedy = "Are both files of one vintage?"
    _refuse(without, lookup["lsoa_code"], "small areas have no population", remedy)
    inside = by_small_area[by_small_area.index.isin(lookup["lsoa_code"])]
    area = lookup.set_index("lsoa_code", drop=False)[f"{level}_code"].reindex(inside.index)
    table = inside.groupby(area).sum().rename_axis("area_code").rename("denominator").reset_index()
    # the total includes small areas that are in no area of this level
    total = pd.DataFrame({"area_code": [ALL], "denominator": [inside.sum()]})
    return pd.concat([table, total], ignore_index=True)


def require_one_count(population: pd.DataFrame) -> None:
    """
    Refuse a population with rows of each sex and rows of both together.

    Raises
    ------
    DataError
        If it does: everybody would be counted twice.
    """
    sexes = set(population["sex"].str.lower()) if "sex" in population else set()
    if "persons" in sexes and len(sexes) > 1:
        raise DataError(
            f"The population has rows of {', '.join(sorted(sexes))}: people would be counted "
            "twice. Keep the rows of each sex, or those of persons."
        )


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
    remedy = "Are the areas of one level and vintage?"
    _refuse(unknown, code, "rows are of areas that have no denominator", remedy)
    return table.assign(denominator=code.map(of_area))


def deprivation_quintiles(deprivation: pd.DataFrame) -> pd.DataFrame:
    """
    Return the quintile of each small area: 1 is most deprived.

    National quintiles, two deciles each, where the source gives deciles; else quintiles of the
    areas at hand by income deprivation, of which those that are equal stand in the order of their
    codes. The column `basis` says which, and what was done where the deprivation is of another set
    of small areas.

    Raises
    ------
    DataError
        If small areas have neither.
    """
    if "decile" in deprivation and deprivation["decile"].notna().all():
        quintile, basis = (deprivation["decile"] + 1) // 2, "national quintiles of the index"
    else:
        bare, what = deprivation["income_rate"].isna(), "small areas have no income deprivation"
        _refuse(bare, deprivation["lsoa_code"], what, "Complete the file.")
        ordered = deprivation.sort_values("lsoa_code")["income_rate"]
        rank = ordered.rank(ascending=False, method="first").reindex(deprivation.index)
        quintile = (5 * (rank - 1) // len(rank)) + 1
        basis = "local quintiles of income deprivation"
    if "bridged" in deprivation.attrs:
        basis = f"{basis}, {deprivation.attrs['bridged']}"
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
        `quintile, count` (missing where that of a small area is), all five, most deprived first.
    """
    of_area = quintiles.set_index("lsoa_code")["quintile"]
    placed = located(by_small_area)
    without, remedy = ~placed["area_code"].isin(of_area.index), "Are both of one vintage?"
    _refuse(without, placed["area_code"], "small areas have no deprivation", remedy)
    sums = placed.groupby(placed["area_code"].map(of_area))["count"].sum(skipna=False)
    complete = sums.reindex(pd.RangeIndex(1, 6), fill_value=0).astype("Int64")
    return complete.rename_axis("quintile").reset_index()


def residents_by_quintile(
    population: pd.DataFrame, quintiles: pd.DataFrame, *, years: float = 1.0
) -> pd.DataFrame:
    """Return the person-years of each deprivation quintile: `quintile, denominator`."""
    of_area = quintiles.set_index("lsoa_code")["quintile"]
    sums = population.groupby(population["lsoa_code"].map(of_area))["population"].sum() * years
    return sums.rename_axis("quintile").rename("denominator").reset_index()
