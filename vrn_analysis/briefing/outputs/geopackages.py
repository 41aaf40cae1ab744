"""What a GeoPackage in a briefing must never hold: a point, a record, a count that is hidden."""

import sqlite3
from contextlib import AbstractContextManager, closing
from pathlib import Path

AREAS = ("POLYGON", "MULTIPOLYGON")


def opened(file: Path) -> AbstractContextManager[sqlite3.Connection]:
    """Return a GeoPackage opened to be read only, whatever signs are in its path."""
    return closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True))


def _columns(database: sqlite3.Connection, layer: str) -> list[str]:
    return [row[1] for row in database.execute("SELECT * FROM pragma_table_info(?)", (layer,))]


def quoted(name: str) -> str:
    """Return the name of a layer or column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _layer_problems(database: sqlite3.Connection, layer: str, columns: list[str]) -> list[str]:
    if "count" not in columns:
        return []
    if "status" not in columns:
        return [f"layer {layer} has counts that were not protected"]
    numbers = [
        name for name in columns if name in ("count", "value") or name.endswith(("_95_ci", "_8_ci"))
    ]
    held = " OR ".join(f"{quoted(name)} IS NOT NULL" for name in numbers)
    query = f"SELECT count(*) FROM {quoted(layer)} WHERE status = 'suppressed' AND ({held})"
    leaks = database.execute(query).fetchone()[0]
    return [f"layer {layer} contains numbers of {leaks} suppressed areas"] if leaks else []


def disclosures(file: Path, *, identifiers: frozenset[str]) -> list[str]:
    """
    Return what a GeoPackage holds that must not be in a briefing.

    Parameters
    ----------
    identifiers
        Columns that point at one crime or one person.
    """
    found = []
    with opened(file) as database:
        query = "SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"
        for layer, kind in sorted(database.execute(query)):
            columns = _columns(database, layer)
            if kind.upper() not in AREAS:
                found.append(f"layer {layer} contains {kind.lower()}, not areas")
            found += [f"has the column {name!r}" for name in columns if name.lower() in identifiers]
            found += _layer_problems(database, layer, columns)
    return found
