"""
Street-level crime as data.police.uk publishes it: a zip, or folders, of monthly files.

The points are snapped and the categories are the site's own. "Violence and sexual offences" mixes
sexual offences, stalking, assault without injury and domestic abuse, with no age, hour, domestic
flag, weapon or kind of place: no serious violence definition can be applied to it.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from vrn_analysis.errors import DataError
from vrn_analysis.sources.files import require_columns

MEMBER = re.compile(r"(?P<month>\d{4}-\d{2})-(?P<force>[a-z-]+)-street\.csv$")
COLUMNS = {
    "Crime ID": "offence_id",
    "Month": "month",
    "LSOA code": "lsoa_code",
    "Crime type": "crime_type",
    "Longitude": "longitude",
    "Latitude": "latitude",
}
MOST_BYTES = 2**30  # one month of one force is about 2 MB: more than this is no monthly file


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


def _content(path: Path, name: str) -> bytes:
    if path.is_dir():
        return (path / name).read_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(name).file_size > MOST_BYTES:
                raise DataError(f"{path}: {name} would unpack to more than 1 GiB; not read.")
            return archive.read(name)
    except (zipfile.BadZipFile, EOFError, OSError) as fault:
        raise DataError(f"{path}: {name} is damaged ({fault}). Download it again.") from None


def _parse(content: bytes, *, file: str) -> pa.Table:
    if not content.strip():
        raise DataError(f"{file} is empty. Download it again.")
    header = content.split(b"\n", 1)[0].decode("utf-8-sig").strip().split(",")
    require_columns(header, COLUMNS, file=file)
    options = pyarrow.csv.ConvertOptions(
        include_columns=list(COLUMNS),
        column_types=dict.fromkeys(("Crime ID", "Month", "LSOA code", "Crime type"), pa.string())
        | dict.fromkeys(("Longitude", "Latitude"), pa.float64()),
        strings_can_be_null=True,
    )
    try:
        table = pyarrow.csv.read_csv(io.BytesIO(content), convert_options=options)
    except pa.ArrowInvalid as fault:
        raise DataError(f"{file} cannot be read: {fault}. Download it again.") from None
    return table.rename_columns(list(COLUMNS.values()))


def _tables(paths: list[Path], force: str) -> Iterator[pa.Table]:
    for path in paths:
        for name in _members(path):
            match = MEMBER.search(name)
            if match and match["force"] == force:
                yield _parse(_content(path, name), file=f"{path}: {name}")


def read(paths: list[Path], *, force: str) -> pa.Table:
    """
    Read every month of one force.

    Parameters
    ----------
    paths
        Zip archives as downloaded, or folders.
    force
        The force's name as the file names write it, such as `leicestershire`.

    Returns
    -------
    street
        One row a record as published: `offence_id, month` (first day), `lsoa_code, crime_type,
        longitude, latitude`. Anti-social behaviour carries no identifier, so its repeats are
        records, not errors.

    Raises
    ------
    DataError
        If no file of that force is there, or one is damaged, empty or lacks a column.
    """
    tables = list(_tables(paths, force))
    if not tables:
        raise DataError(
            f"{', '.join(map(str, paths))}: no file named YYYY-MM-{force}-street.csv is in it. "
            "Is it the archive of another force, or empty?"
        )
    street = pa.concat_tables(tables)
    month = pc.cast(pc.strptime(street["month"], format="%Y-%m", unit="s"), pa.date32())
    return street.set_column(street.schema.get_field_index("month"), "month", month)
