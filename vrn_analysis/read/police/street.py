"""
Read street-level crime from data.police.uk: a zip, or folders, of monthly files.

The points are snapped and the categories are the site's own. "Violence and sexual offences" mixes
sexual offences, stalking, assault without injury and domestic abuse, with no age, hour, domestic
flag, weapon or kind of place: no serious violence definition can be applied to it.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.read.extracts.faults import fault, faults_table
from vrn_analysis.read.files.files import require_columns
from vrn_analysis.read.police.archives import MonthFile, chosen, gaps, in_words, period_in_words

MEMBER = re.compile(r"(?P<month>\d{4}-\d{2})-(?P<force>[a-z-]+?)-street\.csv$")
# files of the same site that are not crimes
BESIDE = {"-outcomes.csv": "outcomes", "-stop-and-search.csv": "stop and search"}
TEXT = {"Month": "month", "Crime type": "crime_type"}
CHANGED = "2013"
SINCE_2013 = {"Crime ID": "offence_id", "LSOA code": "lsoa_code"}  # some older files lack them
NUMBERS = {"Longitude": "longitude", "Latitude": "latitude"}
METRES = {"Easting": "easting", "Northing": "northing"}  # of older files, instead of degrees
# not in every archive, so it may be blank throughout
OUTCOME = {"Last outcome category": "last_outcome"}
COLUMNS = SINCE_2013 | TEXT | NUMBERS | OUTCOME
MOST_BYTES = 2**30  # one month of one force is about 2 MB, so a larger file is not a monthly file
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)
USUAL = 10  # in a category with so many a month, a month of zero is not chance


def _members(path: Path) -> list[str]:
    if path.is_dir():
        return sorted(file.relative_to(path).as_posix() for file in path.rglob("*.csv"))
    if path.suffix.lower() == ".csv":
        return [path.name]
    try:
        with zipfile.ZipFile(path) as archive:
            return sorted(archive.namelist())
    except zipfile.BadZipFile:
        raise DataError(
            f"{path} is not a readable zip file; it may be cut short. Download it again."
        ) from None


def _street_files(path: Path) -> dict[str, re.Match]:
    """Return the street-level files in a zip or folder, with the parts of their names."""
    found = {name: MEMBER.search(name) for name in _members(path)}
    return {name: match for name, match in found.items() if match}


def forces_in(folder: Path) -> frozenset[str]:
    """Return the forces whose street-level files lie in a data folder, zipped or not."""
    paths = [folder, *folder.rglob("*.zip")]
    return frozenset(named["force"] for path in paths for named in _street_files(path).values())


def months_of(
    paths: list[Path], *, force: str, period: Mapping[str, date] | None = None
) -> pd.DatetimeIndex:
    """Return the months that the files of a force are named after, those of the period."""
    every = (named for path in paths for named in _street_files(path).values())
    found = pd.DatetimeIndex(
        sorted({f"{named['month']}-01" for named in every if named["force"] == force})
    )
    first, last = (pd.Timestamp(period[end]) for end in ("from", "to")) if period else (None, None)
    return found[found.slice_indexer(first and first.replace(day=1), last)]


def covers(paths: list[Path], *, force: str, period: Mapping[str, date] | None = None) -> str:
    """Return in words the months in a force's files, and which other files are not read."""
    months = months_of(paths, force=force, period=period)
    if not len(months):
        return "no month"
    names = [name for path in paths for name in _members(path)]
    beside = [kind for end, kind in BESIDE.items() if any(name.endswith(end) for name in names)]
    other = f"; {' and '.join(beside)} files beside are not counted as crimes" * bool(beside)
    return period_in_words(months, gaps(months, period)) + other


def _content(file: MonthFile) -> bytes:
    path, name = file.path, file.name
    if path.suffix.lower() != ".zip":
        return (path / name if path.is_dir() else path).read_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(name).file_size > MOST_BYTES:
                raise DataError(f"{path}: {name} would unpack to more than 1 GiB; not read.")
            return archive.read(name)
    except DAMAGED as reason:
        raise DataError(f"{path}: {name} is damaged ({reason}). Download it again.") from None
    except RuntimeError as reason:  # a password, or a way of packing that Python does not know
        raise DataError(
            f"{path}: {name} cannot be unpacked ({reason}). Pack it again as a plain zip."
        ) from None


def _parse(file: MonthFile) -> pa.Table:
    content = _content(file)
    if not content.strip():
        raise DataError(f"{file} is empty. Download it again.")
    header = content.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace").strip().split(",")
    places = METRES if set(METRES) <= set(header) else NUMBERS
    needed = TEXT | places | ({} if file.month < CHANGED else SINCE_2013)
    require_columns(header, needed, file=str(file))
    wanted = SINCE_2013 | TEXT | places | OUTCOME
    options = pyarrow.csv.ConvertOptions(
        include_columns=list(wanted),
        include_missing_columns=True,
        column_types=dict.fromkeys(wanted, pa.string()) | dict.fromkeys(places, pa.float64()),
        strings_can_be_null=True,
    )
    try:
        table = pyarrow.csv.read_csv(io.BytesIO(content), convert_options=options)
    except pa.ArrowInvalid as reason:
        raise DataError(f"{file} cannot be read: {reason}. Download it again.") from None
    table = table.rename_columns(list(wanted.values()))
    table = _in_degrees(table) if places is METRES else table
    return _of_its_month(table.select(list(COLUMNS.values())), file)


def _in_degrees(table: pa.Table) -> pa.Table:
    from pyproj import Transformer  # heavy, and only older files need it

    metres = [table[name].to_numpy() for name in METRES.values()]
    degrees = Transformer.from_crs(27700, 4326, always_xy=True).transform(*metres)
    for name, values in zip(NUMBERS.values(), degrees, strict=True):
        at = pa.array(np.where(np.isfinite(values), values, np.nan), from_pandas=True)
        table = table.append_column(name, at)
    return table


def _of_its_month(table: pa.Table, file: MonthFile) -> pa.Table:
    """Give the rows the first day of the month that the file is named after."""
    named = pc.fill_null(pc.equal(table["month"], file.month), False)
    if strange := table.num_rows - (pc.sum(named).as_py() or 0):
        raise DataError(
            f"{file}: {strange} of {table.num_rows} rows are not of {file.month}, the month in its "
            "name. Was it renamed, or opened and saved by a spreadsheet? Download it again."
        )
    first = pa.array([date.fromisoformat(f"{file.month}-01")] * table.num_rows, pa.date32())
    return table.set_column(table.schema.get_field_index("month"), "month", first)


def _files(paths: list[Path], force: str) -> list[MonthFile]:
    found = []
    for path in paths:
        files = _street_files(path).items()
        months = {name: named["month"] for name, named in files if named["force"] == force}
        last = max(months.values(), default="")
        found += [MonthFile(path, name, month, last) for name, month in months.items()]
    if not found:
        raise DataError(
            f"{', '.join(map(str, paths))}: no file named YYYY-MM-{force}-street.csv is in it. "
            + _instead(paths)
        )
    return found


def _instead(paths: list[Path]) -> str:
    """Return what is there instead of the street files of the force."""
    if forces := sorted({one["force"] for path in paths for one in _street_files(path).values()}):
        more = " …" if len(forces) > 6 else ""
        return (
            f"It has those of {', '.join(forces[:6])}{more}. Write force in assessment.toml as the "
            "file names do."
        )
    names = [name for path in paths for name in _members(path)]
    for end, kind in BESIDE.items():
        if some := sum(name.endswith(end) for name in names):
            return f"It has {some} files of {kind}, which are no crimes. Add the street files."
    return "Is it empty?"


def read(
    paths: list[Path], *, force: str, period: Mapping[str, date] | None = None
) -> tuple[pa.Table, pd.DataFrame]:
    """
    Read every month of one force, each once.

    Parameters
    ----------
    paths
        Zip archives as downloaded, folders, or files of a month. Archives may overlap: a month
        that is in several is read from the one that ends latest, which holds what was revised
        since. Months may be missing: see `archives.gaps`.
    force
        The force's name as the file names write it, such as `leicestershire`.
    period
        `from` and `to`, the first and last day wanted; default: every month that is there.

    Returns
    -------
    street, problems
        One row a record as published: `offence_id, month` (first day), `lsoa_code, crime_type,
        longitude, latitude, last_outcome`. Anti-social behaviour carries no identifier, so its
        repeats are records, not errors. Files of before 2013 may lack identifiers and small areas,
        and give metres for degrees. Problems say how many rows were passed over, and why, and how
        many are of months without small areas, as `checks` gives them.

    Raises
    ------
    DataError
        If no file of that force is there, one month differs between archives that end alike, or a
        file is damaged, empty, lacks a column or holds another month than its name says.
    """
    inside, outside = _within(_files(paths, force), period, force=force)
    kept, again = chosen(inside, content=_content)
    months = [_parse(file) for file in kept]
    street = pa.concat_tables(months)
    over = {name: sum(_parse(file).num_rows for file in files)
            for name, files in (("again", again), ("outside", outside))}  # fmt: skip
    old = [one for file, one in zip(kept, months, strict=True) if file.month < CHANGED]
    bare = sum(one.num_rows for one in old if one["lsoa_code"].null_count == one.num_rows)
    return street, _problems(over | {"bare": bare}, of=street.num_rows + sum(over.values()))


def require_category(records: pa.Table, settings: Settings) -> None:
    """
    Refuse a headline category that no record, or none of a month, has: it would pass for a fall.

    The site named its categories anew in 2013, so that older months have none of today's.

    Raises
    ------
    SettingsError
        With the categories there are, or the months without it.
    """
    there = sorted(kind for kind in pc.unique(records["crime_type"]).to_pylist() if kind)
    if settings.headline_category not in there:
        raise SettingsError(
            f"{settings.file}: headline_category is {settings.headline_category!r}, and no record "
            f"is of that category. There are: {', '.join(there)}."
        )
    asked = pc.equal(records["crime_type"], settings.headline_category)
    held = pa.table({"month": records["month"], "n": pc.cast(asked, pa.int64())})
    monthly = held.group_by("month").aggregate([("n", "sum")]).to_pandas().set_index("month")
    none = monthly.index[monthly["n_sum"] == 0].sort_values()
    if len(none) and monthly["n_sum"][monthly["n_sum"] > 0].median() >= USUAL:
        raise SettingsError(
            f"{settings.file}: no record is of {settings.headline_category!r} in {len(none)} of "
            f"{len(monthly)} months ({in_words(pd.DatetimeIndex(none))}). The site renamed its "
            "categories in 2013: set a [period] of months that have it, or another "
            "headline_category."
        )


def _within(
    files: list[MonthFile], period: Mapping[str, date] | None, *, force: str
) -> tuple[list[MonthFile], list[MonthFile]]:
    if not period:
        return files, []
    first, last = (f"{period[end]:%Y-%m}" for end in ("from", "to"))
    inside = [file for file in files if first <= file.month <= last]
    if not inside:
        raise DataError(
            f"No file of {force} is of the period {first} to {last} that the settings ask for; "
            f"there are files of {min(f.month for f in files)} to {max(f.month for f in files)}."
        )
    return inside, [file for file in files if file not in inside]


def _problems(rows: Mapping[str, int], *, of: int) -> pd.DataFrame:
    said = (
        ("again", "month", "month that is in another archive too",
         "read once, from the archive that ends latest; the copy is not counted"),
        ("outside", "month", "month outside the period of the settings", "not counted"),
        ("bare", "lsoa_code", "month whose files give no small area",
         "counted for the whole area, and in no district or small area"),
    )  # fmt: skip
    return faults_table(
        [
            fault(("street", column), problem, records=rows[name], of=of, remedy=remedy)
            for name, column, problem, remedy in said
            if rows[name]
        ]
    )
