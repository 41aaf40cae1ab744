"""Turn a delivery of another shape into tables with a row for each crime or person."""

import ast
import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files import workbooks
from vrn_analysis.read.files.documents import flat
from vrn_analysis.read.files.heading import (
    DECODING,
    LONGEST_CELL,
    Heading,
    heading_of,
    name_columns,
)

BATCH = 20_000
PARQUET = (".parquet", ".pq")
Rows = Iterable[Sequence[str]]


@dataclass(frozen=True)
class Shape:
    """
    What is done to a file before its columns are read. `files` is its name without the suffix.

    `sheets`: each sheet of a workbook becomes a file. `labels`: each line has its labels beside
    its values; `labels` and `values` are the places of these cells, counted from 1. `json`: cells
    of `columns` are JSON, and each of their members becomes a column. `facts`: each row is one
    fact; the facts of a `key` become one row, in columns named by the cells of `columns`, with
    what `value` says; `number` tells apart several persons of a crime. `only`: of rows for each
    change to a crime, those are kept whose first of `columns` says `value`. `join`: the columns
    of the file `other` are added where its `key` is the same; what several rows say is parted by
    `;`.
    """

    how: str
    files: str
    columns: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()
    values: tuple[int, ...] = ()
    key: str = ""
    number: str = ""
    value: str = ""
    other: str = ""


def text_rows(file: Path, heading: Heading) -> Iterator[list[str]]:
    """Yield the rows of a text file below its heading."""
    csv.field_size_limit(LONGEST_CELL)
    with file.open(encoding=DECODING[heading.encoding], errors="replace", newline="") as content:
        lines = islice(content, heading.lines, None)
        yield from csv.reader(lines, delimiter=heading.separator)


def _read(file: Path, lines: Sequence[int]) -> tuple[tuple[str, ...], Rows]:
    if file.suffix.lower() not in PARQUET:
        heading = heading_of(file, lines=lines)
        return heading.names, (row for row in text_rows(file, heading) if any(row))
    import pyarrow.parquet as pq

    held = pq.ParquetFile(file)
    batches = held.iter_batches(batch_size=BATCH)
    rows = (zip(*(column.to_pylist() for column in one), strict=True) for one in batches)
    names = tuple(held.schema_arrow.names)
    return names, ([str(cell or "") for cell in row] for batch in rows for row in batch)


def first_rows(file: Path, most: int) -> list[Sequence[str]]:
    """Return the first rows of a text file, the heading among them."""
    return [] if file.suffix in PARQUET else list(islice(_read(file, (0,))[1], most))


def _written(names: Sequence[str], rows: Rows, output: Path) -> Path:
    """Write rows as Parquet. A row with too many or too few cells is blank, to be counted."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in names])
    width, rows = len(names), iter(rows)
    with pq.ParquetWriter(output, schema) as writer:
        while batch := list(islice(rows, BATCH)):
            even = [row if len(row) == width else [""] * width for row in batch]
            columns = [pa.array(column, pa.string()) for column in zip(*even, strict=True)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    return output


def members(cell: str) -> Any:
    """Return what a cell of JSON, or of a Python list or dictionary, holds; None for any other."""
    for parse in (json.loads, ast.literal_eval) if cell[:1] in ("{", "[") else ():
        try:
            return parse(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return None


def _spread(row: Sequence[str], names: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, cell in zip(names, row, strict=False) if len(row) == len(names) else ():
        held = members(cell) if name in wanted else None
        found |= {name: cell} if held is None else dict(flat(name, held))
    return found


def _json(shape: Shape, file: Path, lines: Sequence[int], output: Path) -> Path:
    every: dict[str, None] = {}
    names, rows = _read(file, lines)
    for row in rows:
        every |= dict.fromkeys(_spread(row, names, shape.columns))
    spread = (_spread(row, names, shape.columns) for row in _read(file, lines)[1])
    return _written(list(every), ([row.get(name, "") for name in every] for row in spread), output)


def _labels(shape: Shape, file: Path, lines: Sequence[int], output: Path) -> Path:
    width = len(_read(file, (0,))[0])
    rows = [row for row in islice(_read(file, (0,))[1], BATCH) if len(row) == width]
    if max(*shape.labels, *shape.values) > width:
        raise DataError(f"{file.name}: its lines have {width} cells, fewer than labels names.")
    names = name_columns([[rows[0][at - 1].rstrip(" :") for at in shape.labels]], file=file.name)
    cells = (
        [row[at - 1] for at in shape.values] if len(row) == width else row
        for row in _read(file, (0,))[1]
    )
    return _written(names, cells, output)


def _only(shape: Shape, file: Path, lines: Sequence[int], output: Path) -> Path:
    names, rows = _read(file, lines)
    at = names.index(shape.columns[0])
    left = [place for place, name in enumerate(names) if name not in shape.columns]
    kept = (
        [row[place] for place in left] if len(row) == len(names) else row
        for row in rows
        if len(row) != len(names) or _holds(row[at], shape)
    )
    return _written([names[place] for place in left], kept, output)


def _holds(cell: str, shape: Shape) -> bool:
    return cell.strip() == shape.value


def _earlier(file: Path, shape: Shape, lines: Sequence[int]) -> tuple[int, int]:
    """Return how many rows of a history are left out, and how many there are."""
    names, rows = _read(file, lines)
    at = names.index(shape.columns[0])
    held = Counter(_holds(row[at], shape) for row in rows if len(row) == len(names))
    return held[False], held.total()


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str | Path) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _facts(shape: Shape, file: Path, lines: Sequence[int], output: Path) -> Path:
    import duckdb

    held = _text(_written(*_read(file, lines), output.with_suffix(".raw")))
    *whose, attribute = map(_name, shape.columns)
    key, number = _name(shape.key), _name(shape.number) if shape.number else "1"
    with duckdb.connect(config={"temp_directory": str(output.parent)}) as engine:
        engine.execute(
            f"CREATE TABLE facts AS SELECT {key} AS k, concat_ws(' ', {', '.join(whose or ['1'])}) "
            f"AS w, {number} AS n, {attribute} AS a, {_name(shape.value)} AS v, "
            f"row_number() OVER () AS place FROM read_parquet({held})"
        )
        engine.execute(
            "CREATE TABLE named AS SELECT k, v, place, trim(concat_ws(' ', w, "
            "CASE WHEN max(n) OVER (PARTITION BY w) > 1 THEN n END, a)) AS name FROM (SELECT * "
            "REPLACE (dense_rank() OVER (PARTITION BY k, w ORDER BY n) AS n) FROM facts)"
        )
        names = "SELECT name FROM named WHERE k <> '' GROUP BY name ORDER BY min(place)"
        listed = ", ".join(_text(name) for (name,) in engine.execute(names).fetchall())
        engine.execute(
            f"COPY (PIVOT (SELECT k AS {key}, name, v FROM named) ON name IN ({listed}) "
            f"USING string_agg(DISTINCT v, ';') GROUP BY {key}) TO {_text(output)} (FORMAT parquet)"
        )
    return output


def _join(shape: Shape, file: Path, other: Path, lines: Sequence[int], output: Path) -> Path:
    import duckdb

    mine, theirs = _read(file, lines), _read(other, lines)
    theirs = [shape.key if n.lower() == shape.key.lower() else n for n in theirs[0]], theirs[1]
    taken = {name.lower() for name in mine[0]}
    added = ", ".join(
        f"string_agg(DISTINCT nullif({_name(name)}, ''), ';') AS "
        f"{_name(f'{other.stem} {name}' if name.lower() in taken else name)}"
        for name in theirs[0] if name != shape.key
    )  # fmt: skip
    left = _text(_written(*mine, output.with_suffix(".left")))
    right = _text(_written(*theirs, output.with_suffix(".right")))
    key = _name(shape.key)
    with duckdb.connect(config={"temp_directory": str(output.parent)}) as engine:
        engine.execute(
            f"COPY (SELECT * FROM read_parquet({left}) LEFT JOIN (SELECT {key}, {added} FROM "
            f"read_parquet({right}) GROUP BY {key}) USING ({key})) TO {_text(output)} "
            "(FORMAT parquet)"
        )
    return output


def _sheets(file: Path, into: Path) -> list[Path]:
    made = []
    for sheet in workbooks.sheets_of(file)[0]:
        made.append(into / f"{sheet}.csv")
        with made[-1].open("w", encoding="utf-8", newline="") as output:
            csv.writer(output).writerows(workbooks.sheet_rows(file, sheet))
    return made


# what makes one table of another, and what takes or gives several files
OF_ROWS = {"only": _only, "json": _json, "labels": _labels, "facts": _facts}
HOWS = (*OF_ROWS, "join", "sheets")


def _called(files: Sequence[Path], stem: str) -> Path:
    for file in files:
        if file.stem == stem:
            return file
    names = ", ".join(file.stem for file in files)
    raise DataError(f"The mapping reshapes a file {stem!r}. The extract has: {names}.")


def shaped(
    files: Sequence[Path], shapes: Sequence[Shape], *, into: Path, lines: Sequence[int] = ()
) -> tuple[list[Path], dict[str, tuple[int, int]]]:
    """
    Reshape some of the files, one shape after the other.

    Parameters
    ----------
    files
        From `deliveries.open_delivery`.
    shapes
        What is done to them.
    into
        A folder that is removed after use.
    lines
        The lines of the heading of files as received; none: they are found.

    Returns
    -------
    files
        With those that were reshaped in their place.
    earlier
        For each history, how many of how many rows are earlier versions, which are left out.

    Raises
    ------
    DataError
        If a file that a shape names is not there, or cannot be read.
    """
    files, earlier = list(files), {}
    for number, shape in enumerate(shapes):
        file = _called(files, shape.files)
        folder = into / f"shape_{number}"
        folder.mkdir(parents=True, exist_ok=True)
        output = folder / f"{file.stem}.parquet"
        if shape.how == "sheets":
            made = _sheets(file, folder)
        elif shape.how == "join":
            other = _called(files, shape.other)
            files.remove(other)
            made = [_join(shape, file, other, lines, output)]
        else:
            made = [OF_ROWS[shape.how](shape, file, lines, output)]
        if shape.how == "only":
            earlier[file.name] = _earlier(file, shape, lines)
        place = files.index(file)
        files[place : place + 1] = made
    return files, earlier
