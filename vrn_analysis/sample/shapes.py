"""Write the SYNTHETIC sample in the awkward shapes of real extracts."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vrn_analysis.core import config, scratch
from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.core.errors import DataError

WORDING = config.read_toml(config.resource("data", "reference", "sample_extract.toml"))
FLAGS = {True: "Y", False: "N"}
KEY = "Crime Number"
PARTIES = {"victim": "Victim", "suspect": "Suspect"}
SUSPECTS = 5


def _worded(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as a force would word it: local labels, dates day first, Y and N."""
    changed = {}
    for name in table.columns:
        column = table[name]
        if name in WORDING["labels"]:
            changed[name] = column.replace(WORDING["labels"][name])
        elif name in ("occurred_from", "occurred_to"):
            changed[name] = pd.to_datetime(column).dt.strftime("%d/%m/%Y %H:%M")
        elif name == "recorded_on":
            changed[name] = pd.to_datetime(column).dt.strftime("%d/%m/%Y")
        elif name in ("domestic_flag", "sexual_flag"):
            changed[name] = column.map(FLAGS)
        elif name in ("easting", "northing"):
            changed[name] = column.map(lambda metres: f"{metres:,.0f}", na_action="ignore")
        elif name in ("age", "person_number"):
            changed[name] = column.astype("Int64")
    return table.assign(**changed)


def _files(folder: Path) -> list[pq.ParquetFile]:
    files = [folder / f"{name}.parquet" for name in (OFFENCES.name, PERSONS.name)]
    if lacking := [file.name for file in files if not file.exists()]:
        raise DataError(f"{folder} is not a sample: it has no {', '.join(lacking)}.")
    return [pq.ParquetFile(file) for file in files]


def _empty(file: pq.ParquetFile) -> list[str]:
    """Return the columns in which no row of a file has a value."""
    groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
    return [
        name
        for place, name in enumerate(file.schema_arrow.names)
        if all(group.column(place).statistics.null_count == group.num_rows for group in groups)
    ]


def _blocks(folder: Path) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield offences and their persons as worded, block by block, as the sample was drawn."""
    offences, persons = _files(folder)
    empty = _empty(persons)
    for number in range(offences.num_row_groups):
        crimes, people = (
            _worded(file.read_row_group(number).to_pandas()) for file in (offences, persons)
        )
        yield crimes.rename(columns=WORDING["offences"]), people.drop(columns=empty)


def _most(folder: Path) -> dict[str, int]:
    """Return the largest number of persons of each role that a crime of the sample has."""
    _, persons = _files(folder)
    most = dict.fromkeys(PARTIES, 0)
    for number in range(persons.num_row_groups):
        rows = persons.read_row_group(number, columns=["role", "person_number"])
        for role in most:
            mine = rows.filter(pc.equal(rows["role"], role))["person_number"]
            most[role] = max(most[role], pc.max(mine).as_py() or 0)
    return most


def _party(persons: pd.DataFrame, role: str, prefix: str) -> pd.DataFrame:
    """Return the persons of one role with headings that begin with a prefix."""
    mine = persons[persons["role"] == role].drop(columns="role")
    if role == "victim":
        mine = mine.drop(columns="relationship_to_victim")
    headings = {name: f"{prefix}{words}" for name, words in WORDING["persons"].items()}
    return mine.rename(columns={"offence_id": KEY} | headings)


def _append(table: pd.DataFrame, file: Path) -> None:
    table.to_csv(file, mode="a", header=not file.exists(), index=False, lineterminator="\n")


def write_flat(folder: Path, file: Path) -> Path:
    """
    Write the sample as one CSV with a row for each crime × victim × suspect.

    Parameters
    ----------
    folder
        A sample, as `sample.write` makes it.
    file
        The CSV to write.
    """
    file.unlink(missing_ok=True)
    for table, persons in _blocks(folder):
        for role, prefix in PARTIES.items():
            table = table.merge(_party(persons, role, f"{prefix} "), how="left", on=KEY)
        _append(table, file)
    return file


def _side_by_side(persons: pd.DataFrame, role: str, most: int) -> pd.DataFrame:
    """Return one row a crime, and the columns of each person of a role side by side."""
    party = _party(persons, role, "")
    words = [name for name in party.columns if name not in (KEY, "No")]
    wide = party.set_index([KEY, "No"]).unstack("No")
    every = [(name, number) for name in words for number in range(1, most + 1)]
    wide = wide.reindex(columns=pd.MultiIndex.from_tuples(every))
    wide.columns = [
        f"{PARTIES[role]}{number}_{name.replace(' ', '')}" for name, number in wide.columns
    ]
    return wide.reset_index()


def write_numbered(folder: Path, file: Path) -> Path:
    """
    Write the sample as one CSV with a row a crime, and `Suspect1_Age … Suspect5_Age` columns.

    Raises
    ------
    DataError
        If a crime of the sample has more suspects than that.
    """
    most = _most(folder)
    if most["suspect"] > SUSPECTS:
        raise DataError(
            f"A crime of the sample has {most['suspect']} suspects; the shape holds {SUSPECTS}."
        )
    file.unlink(missing_ok=True)
    for table, persons in _blocks(folder):
        for role in PARTIES:
            wide = _side_by_side(persons, role, most[role])
            table = table.merge(wide, how="left", on=KEY)
        _append(table, file)
    return file


def write_months(folder: Path, file: Path) -> Path:
    """Write the sample as a zip of months of recording, each with three linked CSV files."""
    with scratch.folder("months", parent=file.parent) as aside:
        for crimes, persons in _blocks(folder):
            month = pd.to_datetime(crimes["Date Recorded"], dayfirst=True).dt.strftime("%Y-%m")
            month_of = pd.Series(month.to_numpy(), index=crimes[KEY])
            month_of = month_of[~month_of.index.duplicated()]
            parts = {"crimes": crimes} | {
                f"{role}s": _party(persons, role, f"{prefix} ") for role, prefix in PARTIES.items()
            }
            for name, table in parts.items():
                for when, rows in table.groupby(table[KEY].map(month_of)):
                    _append(rows, aside / f"{when}_{name}.csv")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for part in sorted(aside.iterdir()):
                packed.write(part, f"{part.name[:7]}/{part.name}")
    return file


SHAPES = {
    "flat": ("extract.csv", write_flat),
    "wide": ("extract.csv", write_numbered),
    "linked": ("extract.zip", write_months),
}


def reshape(folder: Path, shape: str) -> Path:
    """
    Replace the tidy offences and persons of a sample by an awkward extract.

    Parameters
    ----------
    folder
        A sample, as `sample.write` makes it; its settings then name the extract, and a mapping
        `mapping.toml` that is still to be drafted with `vrn map`.
    shape
        One of `SHAPES`: "flat" has a row for each crime × victim × suspect, "wide" has persons
        side by side, "linked" is a zip of months of three files.

    Returns
    -------
    extract
        The file that was written.

    Raises
    ------
    DataError
        If the shape is unknown, or the folder is no sample.
    """
    if shape not in SHAPES:
        raise DataError(f"Unknown shape {shape!r}: choose one of {', '.join(SHAPES)}.")
    name, write = SHAPES[shape]
    file = write(folder, folder / name)
    for tidy in (OFFENCES.name, PERSONS.name):
        (folder / f"{tidy}.parquet").unlink()
    settings = folder / config.SETTINGS_FILE
    named = f'path = "{name}"\nextract = "mapping.toml"'
    said = re.sub(r'path = "(offences|persons)\.parquet"', named, settings.read_text("utf-8"))
    settings.write_text(said, encoding="utf-8", newline="\n")
    return file
