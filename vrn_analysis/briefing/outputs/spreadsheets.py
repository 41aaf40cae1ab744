"""The published tables as one accessible workbook, and what every column of them is."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vrn_analysis.core.config import resource
from vrn_analysis.show.publish import reading

if TYPE_CHECKING:
    import gptables

FILE, WORKINGS = "tables.xlsx", "tables_for_analysts.xlsx"
DICTIONARY = "data_dictionary.csv"
NOT_DESCRIBED = "Not described"
LONGEST_NAME = 31  # of a sheet, in Excel
LARGEST_SHEET = 5_000  # rows; a longer table stays a CSV
# said in words on the sheet, or of use to a machine only
LEFT_OUT = frozenset({"stamp", "status", "count_error", "denominator_error", "statistic"})
LIMITS = {
    "lower_95_ci": "Lower 95% limit",
    "upper_95_ci": "Upper 95% limit",
    "lower_99_8_ci": "Lower 99.8% limit",
    "upper_99_8_ci": "Upper 99.8% limit",
}
SHORTHAND = (
    f"{reading.SUPPRESSED} is a number hidden to protect people, or because it would reveal a "
    f"hidden number. {reading.MISSING} is not available or not applicable."
)

INTERVALS = (
    "Lower and upper limits are of 95% and 99.8% confidence intervals. Where counts are rounded, "
    "the limits allow for every count that rounds to the same number."
)


ABOUT_WORKINGS = (
    "These tables are not printed in a chapter: the data behind charts, workings, and every number "
    f"in the text with its source. The other tables are in {FILE}."
)
FACTS = "_said"  # how the names of the tables of facts end
PART = re.compile(r" First [\d,]+ of [\d,]+ rows; all are in the CSV\.")  # a sheet has all rows


@dataclass(frozen=True)
class Sheet:
    """One table: what its sheet is called, what it shows, its stamp, its cells, its file's name."""

    label: str
    caption: str
    stamp: str
    cells: pd.DataFrame
    stem: str


def captions(notebooks: Iterable) -> dict[str, str]:
    """Return the caption under which each CSV was shown, from the outputs of notebooks."""
    found = {}
    for notebook in notebooks:
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                about = output.get("metadata", {}).get("text/html", {})
                if about.get("csv"):
                    found[Path(about["csv"]).stem] = about["caption"]
    return found


def _unescaped(values: pd.Series) -> pd.Series:
    """Take away the mark that keeps a CSV's text from being a formula: a text cell is none."""
    return values.str.replace(r"^'(?=[=+\-@\t\r])", "", regex=True)


def _worded(values: pd.Series) -> pd.Series:
    """Say signs that stand alone in words: a screen reader passes them over."""
    said = values.replace({"%": "per cent", "£": "pounds"})
    return said.mask(said.str.fullmatch(r"[^\w]+").fillna(False), reading.MISSING)


def _marked(values: pd.Series, hidden: pd.Series) -> pd.Series:
    """Return the values with the shorthand where there is none."""
    said = values.astype(object)
    absent = values.isna() | values.isin([np.inf, -np.inf])  # an interval without an end
    said[absent] = reading.MISSING
    said[absent & hidden] = reading.SUPPRESSED
    return said


def _headings(table: pd.DataFrame) -> dict[str, str]:
    """Return a heading of its own for each column."""
    said = reading.headers(table) | LIMITS
    plain = {name: said.get(name, name) for name in table if name not in LEFT_OUT}
    twice = pd.Series(plain).duplicated(keep=False)
    return {n: n.replace("_", " ").capitalize() if twice[n] else plain[n] for n in plain}


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    hidden = table.get("status", pd.Series("", index=table.index)).eq("suppressed")
    headings = _headings(table)
    shown = table[list(headings)]
    for name in shown.select_dtypes(include=["str", "object"]):
        shown = shown.assign(**{name: _worded(_unescaped(shown[name].astype("str")))})
    return shown.apply(_marked, hidden=hidden).astype(object).rename(columns=headings)


def _caption(stem: str, told: str, stamp: str) -> str:
    """Return one plain sentence on what a table shows."""
    words = stem[3:].replace("_", " ").capitalize()
    if told:
        return PART.sub("", told).removesuffix(f" {stamp}.")
    if stem.endswith(FACTS):
        return "Every number in the text and charts, with the table it comes from."
    return f"{words}: data behind a chart or a shorter table."


def sheet(file: Path, *, caption: str = "", chapter: str = "") -> Sheet:
    """
    Return a published CSV as a sheet.

    Parameters
    ----------
    file
        A table as `publish.save` writes it.
    caption
        What it shows; without one, the words of its name.
    chapter
        The title of its chapter.
    """
    table = pd.read_csv(file)
    stamp = str(table["stamp"].iloc[0]) if "stamp" in table and len(table) else ""
    number, words = str(int(file.stem[:2])), file.stem[3:].replace("_", " ").capitalize()
    name = "Facts in the text" if file.stem.endswith(FACTS) else words
    where = f"Chapter {number}{', ' * bool(chapter)}{chapter}."
    said = f"{where} {_caption(file.stem, caption, stamp)}"
    return Sheet(f"{number} {name}"[:LONGEST_NAME].strip(), said, stamp, _cells(table), file.stem)


def sheets(
    folder: Path, told: Mapping[str, str], chapters: Mapping[str, str] | None = None
) -> list[Sheet]:
    """
    Return every published table as a sheet, one a table, in the order of the notebooks.

    An empty table, and one longer than `LARGEST_SHEET` rows, stays a CSV.

    Parameters
    ----------
    folder
        The briefing's `tables`.
    told
        Captions, by the name of the CSV without its ending.
    chapters
        Titles of the chapters, by their two digits.
    """
    files = sorted(file for file in folder.glob("*.csv") if re.match(r"\d\d_", file.name))
    titles = chapters or {}
    made = [
        sheet(file, caption=told.get(file.stem, ""), chapter=titles.get(file.stem[:2], ""))
        for file in files
    ]
    kept = [one for one in made if 0 < len(one.cells) <= LARGEST_SHEET]
    # two long names may begin alike, and a workbook cannot hold two sheets of one name
    short = pd.Series([one.label.lower() for one in kept], dtype="str")
    again = short.groupby(short).cumcount()
    return [
        replace(one, label=f"{one.label[: LONGEST_NAME - 3]} {n + 1}") if n else one
        for one, n in zip(kept, again, strict=True)
    ]


def _table(one: Sheet) -> "gptables.GPTable":
    import gptables  # slow to import, and most of what imports this package writes no workbook

    limits = [name for name in LIMITS.values() if name in one.cells]
    return gptables.GPTable(
        one.cells,
        table_name=f"t_{one.stem}",
        title=f"{one.caption} $$shorthand$$",
        subtitles=[one.stamp] if one.stamp else [],
        instructions="This sheet contains one table.",
        table_notes=dict.fromkeys(limits, "$$intervals$$"),
    )


def _write(file: Path, made: list[Sheet], *, title: str, about: list[str]) -> None:
    import gptables

    notes = {"shorthand": SHORTHAND}
    if any(name in one.cells for one in made for name in LIMITS.values()):
        notes["intervals"] = INTERVALS
    workbook = gptables.produce_workbook(
        filename=file,
        sheets={one.label: _table(one) for one in made},
        cover=gptables.Cover(title=title, cover_label="Cover", about=about),
        contentsheet_options={"column_names": ["Sheet", "Chapter, and what the table shows"]},
        notes_table=pd.DataFrame(notes.items(), columns=["Note", "Text"]),
        workbook_options={
            "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True,
        },
    )  # fmt: skip
    workbook.set_properties({"title": title})
    workbook.close()


def write_workbooks(
    folder: Path,
    *,
    title: str,
    about: Iterable[str],
    told: Mapping[str, str],
    chapters: Mapping[str, str] | None = None,
) -> list[Path]:
    """
    Write the workbooks of a briefing: cover, contents, notes, and one table a sheet.

    One has the tables that chapters print, the other those that only analysts need. Made with
    gptables, after the Analysis Function's guidance on accessible spreadsheets. A text is never a
    formula, whatever it begins with.

    Parameters
    ----------
    folder
        The folder of the briefing; its `tables` are read.
    title
        Title of the assessment.
    about
        What is on the cover: stamp, definition, licence.
    told, chapters
        As for `sheets`.

    Returns
    -------
    files
        Those that have a table.
    """
    made, cover = sheets(folder / "tables", told, chapters), list(about)
    printed = [one for one in made if one.stem in told]
    workings = [one for one in made if one.stem not in told]
    written = {FILE: (printed, cover), WORKINGS: (workings, [*cover, ABOUT_WORKINGS])}
    written = {name: pair for name, pair in written.items() if pair[0]}
    for name, (tables, lines) in written.items():
        _write(folder / name, tables, title=title, about=lines)
    return [folder / name for name in written]


def explained() -> dict[str, str]:
    """Return what each column of a published table is, by its name."""
    file = resource("data", "reference", "published_columns.csv")
    with file.open(encoding="utf-8", newline="") as content:
        return {row["column"]: row["description"] for row in csv.DictReader(content)}


def write_dictionary(folder: Path, *, stamp: str) -> Path | None:
    """
    Write what every column of the published CSVs is, beside them: one row a column.

    A column of a notebook of the partnership's own may not be described.

    Parameters
    ----------
    folder
        The briefing's `tables`.
    stamp
        What the tables are about.
    """
    known, holders = explained(), {}
    for file in sorted(folder.glob("[0-9][0-9]_*.csv")):
        for name in pd.read_csv(file, nrows=0).columns:
            holders.setdefault(name, []).append(file.name)
    if not holders:
        return None
    rows = [(n, known.get(n, NOT_DESCRIBED), "; ".join(holders[n])) for n in sorted(holders)]
    written = pd.DataFrame(rows, columns=["column", "description", "tables"]).assign(stamp=stamp)
    written.to_csv(folder / DICTIONARY, index=False, lineterminator="\n")
    return folder / DICTIONARY
