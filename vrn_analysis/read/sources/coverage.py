"""Compute what a source covers from its files: its period and its Census geography."""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.read.files.periods import periods
from vrn_analysis.read.files.published import LEVELS, area_heading
from vrn_analysis.read.geography import vintages
from vrn_analysis.read.police import street

# headings of when, letters and digits only, and the contract's own that settings may map
WHEN = (
    "month", "recordedon", "arrivedat", "calledat", "financialyear", "timeperiod", "period",
    "years", "year", "date",
)  # fmt: skip
SHAPES = (".gpkg", ".geojson", ".shp")
MOST = 50_000  # different days or small areas of one file
CERTAIN = 100  # so many small areas, none of them new, are certainly of the older Census
_MONTHS = "|".join(calendar.month_name[1:])
_TIME = rf"(?:\d{{1,2}} )?(?:(?P<name>{_MONTHS}) )?(?P<year>(?:19|20)\d\d)(?:-(?P<month>[01]\d))?"
_TIME += r"(?:-\d\d|/\d\d)?"
_CENSUS = re.compile(
    r"(2011|2021) (?:small areas|areas|census|shapes|boundaries|codes)"
    r"|(?:small areas|areas|census|shapes|boundaries|codes) (?:of )?(2011|2021)|^(2011|2021)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Coverage:
    """The first and last month or year of some files, in words, and the vintages of areas."""

    first: pd.Period | None = None
    last: pd.Period | None = None
    words: str = ""
    vintages: tuple[tuple[str, str], ...] = ()

    @property
    def areas(self) -> str:
        """The vintages of areas in words: small areas of 2011, districts of 2021."""
        named = {"lsoa": "small areas", "msoa": "middle areas", "district": "districts"}
        years = {level: [y for at, y in self.vintages if at == level] for level in named}
        if years["lsoa"]:
            years.pop("msoa")  # of the same Census
        said = [f"{named[at]} of {' and '.join(found)}" for at, found in years.items() if found]
        return ", ".join(said)


def files_of(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a source; of a folder, such as one of months, those in it."""
    found = sorted(folder.glob(pattern))
    inside = (sorted(path.rglob("*")) if path.is_dir() else [path] for path in found)
    return [path for paths in inside for path in paths if path.is_file()]


def covers(
    folder: Path | None, settings: Settings, name: str, *, found: Coverage | None = None
) -> str:
    """
    Return in words what a source covers, from its files and then its settings.

    Parameters
    ----------
    folder, settings
        The data folder and the settings; without a folder, nothing is computed.
    name
        The source, as `[sources.…]` names it.
    found
        What was found in it by who read it, where that is known.

    Returns
    -------
    words
        "" where nothing can be computed and nothing is said.

    Raises
    ------
    SettingsError
        If `covers` or `title` in the settings names another period or Census than the files have.
    """
    source, found = settings.sources[name], found or _computed(folder, settings, name)
    said = str(source.get("covers", ""))
    for word in ("title", "covers"):
        if wrong := _contradiction(str(source.get(word, "")), found, exact=word == "covers"):
            raise SettingsError(
                f"{settings.file}: {word} under [sources.{name}] says {source[word]!r}, and its "
                f"files cover {wrong}. Remove it from {word}: it is computed from the files."
            )
    kept = "" if found.words and _times(said) else said
    areas = "" if any(year in said for _, year in found.vintages) else found.areas
    return "; ".join(filter(None, (found.words, areas, kept)))


def of_months(first: pd.Timestamp, last: pd.Timestamp) -> Coverage:
    """Return the coverage of dates: from the month of the first to the month of the last."""
    if pd.isna(first) or pd.isna(last):
        return Coverage()
    ends = [pd.Period(day, freq="M") for day in (first, last)]
    return Coverage(*ends, _span(*ends))


def _times(said: str) -> list[pd.Period]:
    months = {name: at for at, name in enumerate(calendar.month_name)}
    return [
        pd.Period(year=int(at["year"]), month=int(at["month"] or months[at["name"]]), freq="M")
        if at["name"] or at["month"]
        else pd.Period(at["year"], freq="Y")
        for at in re.finditer(_TIME, said)
    ]


def _differs(said: pd.Period, held: pd.Period) -> bool:
    """Return whether two times differ, by year where either is a year."""
    both = [said, held] if said.freqstr == held.freqstr == "M" else [said.year, held.year]
    return both[0] != both[1]


def _contradiction(said: str, found: Coverage, *, exact: bool) -> str:
    """Return the coverage of the files if the settings contradict it, else "".

    A single year is held against the period only where `exact`: in a title it may be of an edition.
    """
    census = {year for groups in _CENSUS.findall(said) for year in groups if year}
    held = {year for level, year in found.vintages if level == "lsoa"}
    if census and held and not census & held:
        return found.areas
    times = _times(said)
    if found.first is None or not times:
        return ""
    bare = re.sub(r"\(\?P<\w+>", "(?:", _TIME)
    if re.search(rf"{bare} (?:to|until|-|–) {bare}", said):
        wrong = _differs(times[0], found.first) or _differs(times[1], found.last)
    elif re.search(rf"\b(?:to|until|up to) {bare}", said):
        wrong = _differs(times[0], found.last)
    elif exact:
        years = {str(time.year) for time in times} - {year for _, year in found.vintages}
        wrong = any(not found.first.year <= int(year) <= found.last.year for year in years)
    else:
        wrong = False
    return found.words if wrong else ""


def _computed(folder: Path | None, settings: Settings, name: str) -> Coverage:
    source = settings.sources[name]
    if folder is None or "extract" in source:  # the reader of an extract reports its coverage
        return Coverage()
    if name == "street":
        return _of_street(sorted(folder.glob(source["path"])), settings)
    columns = tuple(sorted(source.get("columns", {}).items()))
    found = [
        _of_file(file, columns, file.stat().st_mtime_ns)
        for file in files_of(folder, source["path"])
    ]
    held = [one for one in found if one.first is not None]
    areas = tuple(sorted({pair for one in found for pair in one.vintages}))
    if not held:
        return Coverage(vintages=areas)
    # months and years together are compared by year
    first = min((one.first for one in held), key=lambda time: time.start_time)
    last = max((one.last for one in held), key=lambda time: time.end_time)
    words = held[0].words if len(held) == 1 else _span(first, last)
    return Coverage(first, last, words, areas)


def _span(first: pd.Period, last: pd.Period) -> str:
    ends = [
        str(time) if time.freqstr.startswith("Y") else f"{time.to_timestamp():%B %Y}"
        for time in (first, last)
    ]
    return " to ".join(dict.fromkeys(ends))


def _of_street(paths: list[Path], settings: Settings) -> Coverage:
    asked = {"force": settings.force, "period": settings.period}
    try:
        months, words = street.months_of(paths, **asked), street.covers(paths, **asked)
    except DataError:  # a zip cut short: its reader reports that
        return Coverage()
    if not len(months):
        return Coverage()
    return replace(of_months(months[0], months[-1]), words=words)


@lru_cache(maxsize=256)
def _of_file(file: Path, columns: tuple[tuple[str, str], ...], _stamp: int) -> Coverage:
    """Return the coverage of one file, read again only when it has changed."""
    kind = file.suffix.lower()
    if kind in SHAPES:
        import pyogrio

        try:
            headings = [heading for info in layers(file) for heading in info["fields"]]
        except pyogrio.errors.DataSourceError:
            return Coverage()
        return Coverage(vintages=_named_vintages(headings))
    if kind not in (".csv", ".parquet"):
        return Coverage()
    held = _of_table(file, dict(columns))
    named = re.search(r"mid-?(20\d\d)", file.name)  # residents have no column of dates
    if held.first is not None or not named:
        return held
    year = pd.Period(named[1], freq="Y")
    return replace(held, first=year, last=year, words=f"mid-{year}")


def layers(file: Path) -> Iterator[dict[str, Any]]:
    """Return what is known of each layer of a file of shapes, without reading the shapes."""
    import pyogrio

    for layer in pyogrio.list_layers(file)[:, 0]:
        yield pyogrio.read_info(file, layer=layer)


def opened(engine: Any, file: Path) -> Any:
    """Return a CSV or Parquet file as a relation of DuckDB, all text where it is a CSV."""
    if file.suffix.lower() == ".parquet":
        return engine.read_parquet(str(file))
    return engine.read_csv(str(file), all_varchar=True, header=True)


def _of_table(file: Path, columns: dict[str, str]) -> Coverage:
    import duckdb

    try:
        with duckdb.connect() as engine:
            table = opened(engine, file)
            headings = list(table.columns)
            at = _when(headings, columns)
            days = _distinct(table, at) if at else []
            areas = _named_vintages(headings) or _coded(table, headings, columns)
    except (duckdb.Error, UnicodeDecodeError):
        return Coverage()  # the reader of its content reports why
    return Coverage(**(_of_texts(days) | {"vintages": areas}))


def _distinct(table: Any, column: str) -> list[str]:
    """Return the different values of a column, of times the days; none where they are too many."""
    text = 'CAST("{}" AS VARCHAR)'.format(column.replace('"', '""'))
    day = f"CASE WHEN {text} SIMILAR TO '\\d{{4}}-\\d\\d-\\d\\d[ T].*' THEN substr({text}, 1, 10)"
    found = table.project(f"{day} ELSE {text} END AS one").distinct().limit(MOST + 1).fetchall()
    return [row[0] for row in found if row[0]] if len(found) <= MOST else []


def _when(headings: Iterable[str], columns: dict[str, str]) -> str:
    """Return the column of dates or periods, or ""."""
    ours = {theirs: name for name, theirs in columns.items()}
    plain = {
        re.sub(r"[^a-z0-9]", "", ours.get(heading, heading).lower()): heading
        for heading in headings
    }
    return next((plain[name] for name in WHEN if name in plain), "")


def _of_texts(texts: list[str]) -> dict[str, Any]:
    """Return first, last and words of times as written; nothing where they cannot be read."""
    # a revised or provisional year is marked in brackets; a text without a year is not a time
    texts = [re.sub(r" \(.*\)$", "", text) for text in texts if re.match(r"(mid-)?\d{4}", text)]
    days = pd.to_datetime(pd.Series(texts, dtype="str"), format="ISO8601", errors="coerce")
    if len(days) and days.notna().all() and not all(map(re.compile(r"\d{4}$").match, texts)):
        return vars(of_months(days.min(), days.max()))
    try:
        read = periods(pd.Series(texts, dtype="str"), where="")
    except DataError:
        return {}
    if read.empty:
        return {}
    first = min(int(re.search(r"\d{4}", text)[0]) for text in read["period"])
    ends = [pd.Period(str(year), freq="Y") for year in (first, read["year"].max())]
    one = set(read["period"])
    words = min(one) if len(one) == 1 else _span(*ends)
    return {"first": ends[0], "last": ends[1], "words": words}


def _named_vintages(headings: Iterable[str]) -> tuple[tuple[str, str], ...]:
    named = (area_heading(heading) for heading in headings)
    order = list(dict.fromkeys(LEVELS.values()))
    found = {at[:2] for at in named if at and at[1] and at[2] == "code"}
    return tuple(sorted(found, key=lambda pair: (order.index(pair[0]), pair[1])))


def _coded(table: Any, headings: list[str], columns: dict[str, str]) -> tuple:
    """Return the Census of small areas by their codes, where these leave no doubt."""
    named = [columns.get("lsoa_code", ""), "lsoa_code"]
    at = next((name for name in named if name in headings), "")
    codes = _distinct(table, at) if at else []
    census = vintages.census_of(codes)
    certain = census == "2021" or (census and len(codes) >= CERTAIN)
    return (("lsoa", census),) if certain else ()
