"""Read risk and protective factors from departments' files into one tidy table."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.files import read_csv, require_columns
from vrn_analysis.read.files.marks import numbers
from vrn_analysis.read.files.periods import periods
from vrn_analysis.read.files.tables import refuse, row_problems

# columns that a source may have besides the value
BESIDE = ["count", "denominator", "published_lower", "published_upper"]
COLUMNS = [
    "indicator_id", "area_code", "area_name", "period", "year", "value", *BESIDE, "mark",
]  # fmt: skip
KEYS = ["item", "area_code", "area_name", "period"]
# the columns of long files in our words
ELS = {
    "indicator": "item", "areacd": "area_code", "areanm": "area_name", "period": "period",
    "observation": "value", "status": "status", "lci_95": "published_lower",
    "uci_95": "published_upper",
}  # fmt: skip
LAIT = {
    "Short Desc": "item", "LA and Regions": "area_name", "Years": "period", "Values": "value",
}  # fmt: skip
NEET = [
    "time_period", "country_code", "country_name", "region_code", "region_name", "new_la_code",
    "la_name",
]  # fmt: skip


def _text(file: Path) -> pd.DataFrame:
    header = read_csv(file).columns
    return read_csv(file, text=list(header))


def _long(file: Path, columns: dict[str, str]) -> pd.DataFrame:
    table = _text(file)
    require_columns(table.columns, columns, file=file)
    return table.rename(columns=columns)[list(columns.values())]


def _wide(table: pd.DataFrame, rows: pd.DataFrame, keys: dict[str, Any]) -> pd.DataFrame:
    """Return a row an indicator and area of a file with a column a measure."""
    columns = {"value": "value_column", "count": "count_item", "denominator": "denominator_column"}
    return pd.concat(
        pd.DataFrame(
            {"item": row["indicator_id"], **keys}
            | {name: table[row[named]] for name, named in columns.items() if row[named]}
        )
        for _, row in rows.iterrows()
    )


def _named_columns(rows: pd.DataFrame) -> list[str]:
    named = rows[["value_column", "count_item", "denominator_column"]].to_numpy().ravel()
    return [name for name in named if name]


def _els(file: Path, rows: pd.DataFrame, areas: dict[str, str]) -> pd.DataFrame:
    """Read Explore Local Statistics: a row an area, period and indicator, with its interval."""
    cells = _long(file, ELS)
    wanted = cells[cells["item"].isin(rows["source_item"])]
    return wanted.assign(value=wanted["value"].fillna(wanted["status"]))


def _lait(file: Path, rows: pd.DataFrame, areas: dict[str, str]) -> pd.DataFrame:
    """Read the Local Authority Interactive Tool: a row an area, year and measure, areas by name."""
    cells = _long(file, LAIT)
    names = cells["area_name"].str.strip()
    unknown = ~names.isin(list(areas))
    without = "are of areas whose code is not known; pass their codes in areas"
    refuse(file, row_problems({without: unknown}, named=names))
    cells = cells.assign(area_name=names, area_code=names.map(areas))
    beside = cells[cells["item"].isin(rows["count_item"])]
    of_item = rows.loc[rows["count_item"] != ""].set_index("count_item")["source_item"]
    counts = beside.assign(item=beside["item"].map(of_item)).rename(columns={"value": "count"})
    wanted = cells[cells["item"].isin(rows["source_item"])]
    return wanted.merge(counts, on=KEYS, how="left", validate="one_to_one")


def _neet(file: Path, rows: pd.DataFrame, areas: dict[str, str]) -> pd.DataFrame:
    """Read the activity of 16 and 17 year olds: a row an area and year, a column a measure."""
    table = _text(file)
    require_columns(table.columns, [*NEET, *_named_columns(rows)], file=file)
    code = table["new_la_code"].fillna(table["region_code"]).fillna(table["country_code"])
    name = table["la_name"].fillna(table["region_name"]).fillna(table["country_name"])
    keys = {"area_code": code, "area_name": name, "period": table["time_period"]}
    return _wide(table, rows, keys)


def _year_in(file: Path) -> str:
    found = re.findall(r"20\d{2}", file.name)
    if not found:
        raise DataError(f"{file}: its name has no year, so its period is unknown. Rename it.")
    return found[-1]


def _small_areas(file: Path, rows: pd.DataFrame, areas: dict[str, str]) -> pd.DataFrame:
    """Read the indices of deprivation: a row a small area, a column an indicator."""
    table = _text(file)
    require_columns(table.columns, _named_columns(rows), file=file)
    code = table.iloc[:, 0]
    keys = {"area_code": code, "area_name": code.map(areas).fillna(""), "period": _year_in(file)}
    return _wide(table, rows, keys)


def _population(file: Path, rows: pd.DataFrame, areas: dict[str, str]) -> pd.DataFrame:
    """Read residents by single year of age: the share between two ages, such as 10:24."""
    table = read_csv(file)
    keys = {
        "area_code": table.filter(regex="_code$").iloc[:, 0],
        "area_name": table.filter(regex="_name$").iloc[:, 0],
        "period": f"mid-{_year_in(file)}",
    }
    frames = []
    for _, row in rows.iterrows():
        first, last = (int(age) for age in row["value_column"].split(":"))
        ages = [str(age) for age in range(first, last + 1)]
        require_columns(table.columns, [*ages, row["denominator_column"]], file=file)
        count, whole = table[ages].sum(axis=1), table[row["denominator_column"]]
        cells = {"value": count / whole * row["per"], "count": count, "denominator": whole}
        text = {name: values.astype("str") for name, values in cells.items()}
        frames.append(pd.DataFrame({"item": row["indicator_id"], **keys, **text}))
    return pd.concat(frames)


READERS: dict[str, Callable[[Path, pd.DataFrame, dict[str, str]], pd.DataFrame]] = {
    "els": _els,
    "lait": _lait,
    "neet": _neet,
    "small_areas": _small_areas,
    "population": _population,
}


def measured(cells: pd.DataFrame, *, where: str, percent: bool) -> pd.DataFrame:
    """
    Return cells as received with their periods, numbers and marks read.

    Parameters
    ----------
    cells
        `period`, `value` and what of `BESIDE` is given, as text.
    where
        The file, for an error.
    percent
        Whether the unit is per cent.

    Raises
    ------
    DataError
        If a period is not known, or a value is neither a number nor a known mark.
    """
    read = numbers(cells["value"], where=f"{where}: value", percent=percent)
    more = {
        name: numbers(cells[name], where=f"{where}: {name}")["value"]
        for name in BESIDE
        if name in cells
    }
    return cells.assign(**periods(cells["period"], where=where), **read, **more)


def _tidy(cells: pd.DataFrame, rows: pd.DataFrame, *, file: Path) -> pd.DataFrame:
    """Turn text cells into numbers, marks and periods, one indicator at a time."""
    key = rows["source_item"].where(rows["source_item"] != "", rows["indicator_id"])
    frames = []
    for item, row in zip(key, rows.to_dict("records"), strict=True):
        found = cells[cells["item"] == item].reset_index(drop=True)
        if found.empty:
            raise DataError(
                f"{file}: no row has {item!r}, which the catalogue names as source_item of "
                f"{row['indicator_id']}. Correct the catalogue, or ask for the whole file."
            )
        tidy = measured(found, where=f"{file}: {item}", percent=row["unit"] == "%")
        frames.append(tidy.assign(indicator_id=row["indicator_id"]).reindex(columns=COLUMNS))
    return pd.concat(frames, ignore_index=True)


def known_areas(folder: Path, catalogue: pd.DataFrame) -> dict[str, str]:
    """
    Return the codes of areas by name, from the files that have both.

    Parameters
    ----------
    folder
        The data folder.
    catalogue
        The indicator catalogue; its `els` and `neet` files are read.
    """
    found: dict[str, str] = {}
    for reader in ("neet", "els"):
        rows = catalogue[catalogue["reader"] == reader]
        for pattern in rows["source_file"].unique():
            of_file = rows[rows["source_file"] == pattern]
            for file in sorted(folder.glob(pattern)):
                cells = READERS[reader](file, of_file, {})
                # a police force area can have the name of the county within it
                cells = cells[~cells["area_code"].str.startswith("E23")]
                pairs = cells.drop_duplicates("area_code").set_index("area_name")["area_code"]
                found |= pairs.to_dict()
    return found


def indicators(
    folder: Path, catalogue: pd.DataFrame, *, areas: dict[str, str] | None = None
) -> pd.DataFrame:
    """
    Read every verified indicator of the catalogue whose file is in the folder.

    Parameters
    ----------
    folder
        The data folder; `source_file` of the catalogue is a pattern below it.
    catalogue
        The indicator catalogue (`sources.catalogue.catalogue`).
    areas
        Codes of areas by name, for files that hold names only; default: `known_areas`.

    Returns
    -------
    indicators
        One row an indicator, area and period: `indicator_id, area_code, area_name, period`,
        `year` (in which the period ends), `value` (in the catalogue's unit), `count,
        denominator, published_lower, published_upper` where the source gives them, and `mark`:
        why a value is missing ("suppressed", "not available", "not applicable" ...), else "".

    Raises
    ------
    DataError
        If no file is there, an item or column is missing, an area or period is unknown, or a
        value is neither a number nor a known mark.
    """
    rows = catalogue[(catalogue["verified"] == "yes") & catalogue["reader"].isin(list(READERS))]
    areas = known_areas(folder, catalogue) if areas is None else areas
    frames = [
        _tidy(READERS[reader](file, of_file, areas), of_file, file=file)
        for (reader, pattern), of_file in rows.groupby(["reader", "source_file"], sort=True)
        for file in sorted(folder.glob(pattern))
    ]
    if not frames:
        raise DataError(
            f"{folder} has none of the {rows['source_file'].nunique()} files that the catalogue "
            f"names, such as {', '.join(rows['source_file'].unique()[:3])}."
        )
    table = pd.concat(frames, ignore_index=True)
    return table.astype(dict.fromkeys(("area_code", "area_name", "period", "mark"), "str"))
