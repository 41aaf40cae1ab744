"""Check and read indicators that a partner sends as a tidy table."""

from pathlib import Path

import pandas as pd

from vrn_analysis.read.files.files import read_csv, require_columns
from vrn_analysis.read.files.tables import refuse, row_problems, such_as
from vrn_analysis.read.sources.indicators import BESIDE, COLUMNS, measured

REQUIRED = ["indicator_id", "area_code", "period", "value", "unit"]


def _rules(
    table: pd.DataFrame, catalogue: pd.DataFrame, areas: pd.DataFrame
) -> dict[str, pd.Series]:
    unit = table["indicator_id"].map(catalogue.set_index("indicator_id")["unit"])
    unlisted, elsewhere = unit.isna(), ~table["area_code"].isin(areas["area_code"])
    other_unit = ~unlisted & (unit != table["unit"])
    keys = ["indicator_id", "area_code", "period"]
    return {
        f"have an unknown indicator_id, {such_as(table['indicator_id'], unlisted)}; add it to the "
        "catalogue first": unlisted,
        f"have an unknown area_code, {such_as(table['area_code'], elsewhere)}; use the codes of "
        "the areas of this assessment": elsewhere,
        f"have another unit than the catalogue, {such_as(table['unit'], other_unit)} for "
        f"{such_as(unit, other_unit)}; convert the values and the unit together": other_unit,
        f"repeat {' + '.join(keys)}; keep one each": table.duplicated(keys),
    }


def indicator_file(file: Path, catalogue: pd.DataFrame, *, areas: pd.DataFrame) -> pd.DataFrame:
    """
    Read a tidy file of indicators from a partner.

    Parameters
    ----------
    file
        CSV with `indicator_id, area_code, period, value, unit`; optionally `count, denominator,
        published_lower, published_upper`.
    catalogue
        The indicator catalogue, which must name every indicator of the file.
    areas
        `area_code, area_name` of every area the file may hold.

    Returns
    -------
    indicators
        The columns of `sources.indicators.indicators`.

    Raises
    ------
    DataError
        With every problem at once: unknown indicators, areas or units, repeated rows; then
        unknown periods, or values that are neither numbers nor known marks.
    """
    table = read_csv(file, text=[*REQUIRED, *BESIDE])
    require_columns(table.columns, REQUIRED, file=file)
    table = table.assign(unit=table["unit"].fillna(""))
    refuse(file, row_problems(_rules(table, catalogue, areas)))
    names = table["area_code"].map(areas.set_index("area_code")["area_name"])
    parts = [
        measured(part, where=str(file), percent=bool(percent))
        for percent, part in table.groupby(table["unit"] == "%")
    ]
    return pd.concat(parts).sort_index().assign(area_name=names).reindex(columns=COLUMNS)
