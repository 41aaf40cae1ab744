"""
Street-level crime as data.police.uk publishes it: a zip, or folders, of monthly files.

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

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from vrn_analysis.config import Settings
from vrn_analysis.errors import DataError, SettingsError
from vrn_analysis.sources.archives import MonthFile, chosen, refuse_gaps
from vrn_analysis.sources.faults import fault, faults_table
from vrn_analysis.sources.files import require_columns

MEMBER = re.compile(r"(?P<month>\d{4}-\d{2})-(?P<force>[a-z-]+)-street\.csv$")
TEXT = {
    "Crime ID": "offence_id",
    "Month": "month",
    "LSOA code": "lsoa_code",
    "Crime type": "crime_type",
}
NUMBERS = {"Longitude": "longitude", "Latitude": "latitude"}
COLUMNS = TEXT | NUMBERS
# not in every archive, so it may be blank throughout
OUTCOME = {"Last outcome category": "last_outcome"}
MOST_BYTES = 2**30  # one month of one force is about 2 MB: more than this is no monthly file
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)


def _members(path: Path) -> list[str]:
    if path.is_dir():
        return sorted(str(file.relative_to(path)) for file in path.rglob("*-street.csv"))
    try:
        with zipfile.ZipFile(path) as archive:
            return sorted(name for name in archive.namelist() if MEMBER.search(name))
    except zipfile.BadZipFile:
        raise DataError(
            f"{path} is not a readable zip file; it may be cut short. Download it again."
        ) from None


def forces_in(folder: Path) -> frozenset[str]:
    """Return the forces whose street-level files lie in a data folder, zipped or not."""
    paths = [folder, *folder.rglob("*.zip")]
    found = (MEMBER.search(name) for path in paths for name in _members(path))
    return frozenset(match["force"] for match in found if match)


def _content(file: MonthFile) -> bytes:
    path, name = file.path, file.name
    if path.is_dir():
        return (path / name).read_bytes()
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
    require_columns(header, COLUMNS, file=str(file))
    options = pyarrow.csv.ConvertOptions(
        include_columns=list(COLUMNS | OUTCOME),
        include_missing_columns=True,
        column_types=dict.fromkeys(TEXT | OUTCOME, pa.string())
        | dict.fromkeys(NUMBERS, pa.float64()),
        strings_can_be_null=True,
    )
    try:
        table = pyarrow.csv.read_csv(io.BytesIO(content), convert_options=options)
    except pa.ArrowInvalid as reason:
        raise DataError(f"{file} cannot be read: {reason}. Download it again.") from None
    return _of_its_month(table.rename_columns(list((COLUMNS | OUTCOME).values())), file)


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
        matches = [(name, MEMBER.search(name)) for name in _members(path)]
        months = {name: m["month"] for name, m in matches if m and m["force"] == force}
        last = max(months.values(), default="")
        found += [MonthFile(path, name, month, last) for name, month in months.items()]
    if not found:
        raise DataError(
            f"{', '.join(map(str, paths))}: no file named YYYY-MM-{force}-street.csv is in it. "
            "Is it the archive of another force, or empty?"
        )
    return found


def read(
    paths: list[Path], *, force: str, period: Mapping[str, date] | None = None
) -> tuple[pa.Table, pd.DataFrame]:
    """
    Read every month of one force, each once.

    Parameters
    ----------
    paths
        Zip archives as downloaded, or folders. Archives may overlap: a month that is in several is
        read from the one that ends latest, which holds what was revised since.
    force
        The force's name as the file names write it, such as `leicestershire`.
    period
        `from` and `to`, the first and last day wanted; default: every month that is there.

    Returns
    -------
    street, problems
        One row a record as published: `offence_id, month` (first day), `lsoa_code, crime_type,
        longitude, latitude, last_outcome`. Anti-social behaviour carries no identifier, so its
        repeats are records, not errors. Problems say how many rows were passed over, and why, as
        `checks` gives them.

    Raises
    ------
    DataError
        If no file of that force is there, a month between others is missing, one month differs
        between archives that end alike, or a file is damaged, empty, lacks a column or holds
        another month than its name says.
    """
    inside, outside = _within(_files(paths, force), period, force=force)
    kept, again = chosen(inside, content=_content)
    refuse_gaps([file.month for file in kept], period, force=force)
    street = pa.concat_tables([_parse(file) for file in kept])
    over = {name: sum(_parse(file).num_rows for file in files)
            for name, files in (("again", again), ("outside", outside))}  # fmt: skip
    return street, _passed_over(over, of=street.num_rows + sum(over.values()))


def require_category(records: pa.Table, settings: Settings) -> None:
    """
    Refuse a headline category that is in no record: it would be counted as no crime at all.

    Raises
    ------
    SettingsError
        With the categories there are.
    """
    there = sorted(kind for kind in pc.unique(records["crime_type"]).to_pylist() if kind)
    if settings.headline_category not in there:
        raise SettingsError(
            f"{settings.file}: headline_category is {settings.headline_category!r}, and no record "
            f"is of that category. There are: {', '.join(there)}."
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


def _passed_over(rows: Mapping[str, int], *, of: int) -> pd.DataFrame:
    said = {
        "again": (
            "month that is in another archive too",
            "read once, from the archive that ends latest; the copy is not counted",
        ),
        "outside": ("month outside the period of the settings", "not counted"),
    }
    return faults_table(
        [
            fault(("street", "month"), problem, records=rows[name], of=of, remedy=remedy)
            for name, (problem, remedy) in said.items()
            if rows[name]
        ]
    )
