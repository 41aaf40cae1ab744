"""Indicators a partner sends, already one row an indicator, area and period: checked and read."""

from pathlib import Path

import pandas as pd

from vrn_analysis.errors import DataError
from vrn_analysis.sources.files import read_csv, require_columns
from vrn_analysis.sources.indicators import COLUMNS
from vrn_analysis.sources.marks import numbers
from vrn_analysis.sources.periods import periods

REQUIRED = ["indicator_id", "area_code", "period", "value", "unit"]
MEASURES = ["value", "count", "denominator", "published_lower", "published_upper"]


def _unknown(table: pd.DataFrame, column: str, known: pd.Series, remedy: str) -> list[str]:
    bad = ~table[column].isin(known)
    if not bad.any():
        return []
    examples = ", ".join(repr(word) for word in table.loc[bad, column].unique()[:5])
    return [
        f"{int(bad.sum())} of {len(table)} rows have an unknown {column}, such as {examples}; "
        f"{remedy}"
    ]


def _problems(table: pd.DataFrame, catalogue: pd.DataFrame, areas: pd.DataFrame) -> list[str]:
    problems = _unknown(
        table, "indicator_id", catalogue["indicator_id"], "add it to the catalogue first"
    )
    problems += _unknown(
        table, "area_code", areas["area_code"], "use the codes of the areas of this assessment"
    )
    unit = table["indicator_id"].map(catalogue.set_index("indicator_id")["unit"])
    wrong = unit.notna() & (unit != table["unit"])
    if wrong.any():
        row = wrong.idxmax()
        problems.append(
            f"{int(wrong.sum())} of {len(table)} rows have another unit than the catalogue, such "
            f"as {table['unit'][row]!r} for {table['indicator_id'][row]}, which is in "
            f"{unit[row]!r}; convert the values and the unit together"
        )
    repeated = table.duplicated(["indicator_id", "area_code", "period"])
    if repeated.any():
        problems.append(
            f"{int(repeated.sum())} of {len(table)} rows repeat an indicator, area and period; "
            "keep one each"
        )
    return problems


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
    table = read_csv(file, text=[*REQUIRED, *MEASURES])
    require_columns(table.columns, REQUIRED, file=file)
    table = table.assign(unit=table["unit"].fillna(""))
    if problems := _problems(table, catalogue, areas):
        raise DataError(f"{file} cannot be used:\n  - " + "\n  - ".join(problems) + ".")
    when = periods(table["period"], where=f"{file}: period")
    percent = table["unit"] == "%"
    read = pd.concat(
        numbers(part["value"], where=f"{file}: value", percent=bool(unit))
        for unit, part in table.groupby(percent)
    )
    more = {
        name: numbers(table[name], where=f"{file}: {name}")["value"]
        for name in MEASURES[1:]
        if name in table
    }
    names = table["area_code"].map(areas.set_index("area_code")["area_name"])
    tidy = table[["indicator_id", "area_code"]].assign(area_name=names, **when, **read, **more)
    return tidy.reindex(columns=COLUMNS)
