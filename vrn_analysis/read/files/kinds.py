"""Recognise the kind of a file by its headings."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vrn_analysis.read.files.published import area_heading


@dataclass(frozen=True)
class Kind:
    """
    A kind of file that is not a police extract.

    `name` says in plain words what it is; `drafted` whether it holds a record an offence, which a
    mapping could read; `advice` which line of settings reads it, or why none does.
    """

    name: str
    advice: str
    drafted: bool = False


# headings in lower case, words apart by one space
STREET = {"month", "reported by", "falls within", "location", "crime type"}
OUTCOMES = {"crime id", "month", "reported by", "falls within", "outcome type"}
SEARCHES = (
    {"object of search", "legislation"},
    {"type", "date", "age range", "self defined ethnicity", "object of search"},
    {"type", "date", "legislation", "age range", "officer defined ethnicity"},
)
IMD = re.compile(r"\b(imd|index of multiple deprivation)\b.*\b(score|rank|decile)\b")
COUNT = re.compile(
    r"(number|no|count|total|sum) of( \w+){1,2}|n|counts?|(offence|crime|incident|record) count"
    r"|(offences|crimes|incidents|records)|total (offences|crimes|incidents|records)"
    r"|force outcomes .*|obs value|observation"
)
# words of headings that only a record has: what names it, when to the day, where to the metre, who
OF_A_RECORD = re.compile(
    r"\b(ids?|refs?|reference|urn|uid|key|number|no|nos|occurrence|easting|northing|latitude|lat"
    r"|longitude|lon|lng|long|x|y|postcode|address|street|time|dob|birth|surname|forename|mo|date"
    r"|start|end|committed|created|recorded|beat|log)\b"
)
OF_CRIME = re.compile(r"\b(offence|crime|victim|suspect|age|sex|weapon|injury|domestic)\b")
SHAPES = {"shape area", "shape length", "shape leng", "bng e", "bng n", "shape"}
FROM_SHAPES = re.compile(r"\.(geojson|shp|dbf|gpkg|kml)$")


def _words(heading: str) -> str:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(heading))
    return " ".join(re.findall(r"[a-z0-9+]+", apart.lower()))


def kind_of(names: Iterable[str], *, file: str) -> Kind | None:
    """
    Return what kind of file a table is, or None where it may be a police extract.

    Parameters
    ----------
    names
        The headings of the table.
    file
        The file's name, for the advice; a shapefile or GeoJSON is told by its ending, too.

    Returns
    -------
    kind
        None unless the headings leave no doubt: a police extract is never taken for another thing.
    """
    headings = [str(name) for name in names]
    words = [_words(heading) for heading in headings]
    for told in _TELLERS:
        if kind := told(headings, words, file):
            return kind
    return None


def _police_uk(headings: list[str], words: list[str], file: str) -> Kind | None:
    held = set(words)
    if set(words) >= STREET:
        shape = "" if "lsoa code" in held else ", older form without small areas"
        metres = ", places in metres" if {"easting", "northing"} <= held else ""
        return Kind(
            f"street-level crime of data.police.uk{shape}{metres}",
            'Open data need no mapping. In assessment.toml set kind = "open", force to the name '
            f'of the force, and under [sources.street] path = "{file}" (or the folder or zip of '
            "the months).",
            drafted=True,
        )
    if held >= OUTCOMES:
        return Kind(
            "outcomes of data.police.uk",
            "It has the outcomes of crimes, not the crimes. Leave it with the street files, "
            "which are read by [sources.street]; it is passed over there.",
        )
    if any(held >= needed for needed in SEARCHES):
        return Kind(
            "stop and search of data.police.uk",
            "It has searches of people, not crimes, and nothing here reads it. If it is "
            "beside street files, [sources.street] passes it over.",
        )
    return None


def _recorded_crime(headings: list[str], words: list[str], file: str) -> Kind | None:
    wanted = {
        "financial_year": {"financial year"},
        "force": {"force", "force name"},
        "offence_code": {"offence code"},
    }
    named = {ours: _first(words, theirs.__contains__) for ours, theirs in wanted.items()}
    named["offences"] = _first(words, COUNT.fullmatch)
    dated = named["financial_year"] is not None or "financial quarter" in words
    if not dated or None in (named["force"], named["offences"]) or _of_a_record(words):
        return None
    if any("outcome" in word for word in words):
        return Kind("police recorded crime open data table of outcomes", "Nothing here reads it.")
    columns = ", ".join(
        f'{ours} = "{headings[at]}"'
        for ours, at in named.items()
        if at is not None and headings[at] != ours
    )
    return Kind(
        "police recorded crime open data table: offences by force, quarter and offence code",
        "It has counts that compare forces. Name it under [sources.other_forces] "
        f'path = "{file}", form = "recorded_crime", columns = {{ {columns} }} and force = the '
        "name of your force as the table writes it.",
    )


def _first(words: list[str], fits: Callable[[str], object]) -> int | None:
    return next((at for at, word in enumerate(words) if fits(word)), None)


def _shapes(headings: list[str], words: list[str], file: str) -> Kind | None:
    areas = [at for heading in headings if (at := area_heading(heading))]
    drawn = set(words) & SHAPES or FROM_SHAPES.search(file.lower())
    if not areas or not drawn or _ages(words) or any(map(OF_CRIME.search, words)):
        return None
    level = areas[0][0]
    return Kind(
        f"boundaries of areas ({level})", f'Under [sources.boundaries_{level}] path = "{file}".'
    )


def _ages(words: list[str]) -> bool:
    years = {re.sub(r"^[fm] ?(?=\d)|( ?\+| and over)$", "", word) for word in words}
    return len(years & set(map(str, range(91)))) >= 50


def _people(headings: list[str], words: list[str], file: str) -> Kind | None:
    areas = any(area_heading(heading) for heading in headings)
    tidy = areas and {"age", "population"} <= set(words) and not _of_a_record(words)
    if not _ages(words) and not tidy:
        return None
    return Kind("residents by area and age", f'Under [sources.population] path = "{file}".')


def _deprivation(headings: list[str], words: list[str], file: str) -> Kind | None:
    if not any(IMD.search(word) for word in words) or _of_a_record(words):
        return None
    return Kind(
        "indices of deprivation by area",
        f'Under [sources.deprivation] path = "{file}", and columns = {{ income_rate = "the '
        'heading of the income score" }.',
    )


def _lookup(headings: list[str], words: list[str], file: str) -> Kind | None:
    areas = {at[:2] for heading in headings if (at := area_heading(heading)) and at[2] == "code"}
    more = any(COUNT.fullmatch(word) or OF_CRIME.search(word) for word in words)
    if len(areas) < 2 or more or _of_a_record(words):
        return None
    if len({year for level, year in areas if level == "lsoa"}) > 1:
        return Kind(
            "lookup between the small areas of two Censuses",
            f'Under [sources.small_area_change] path = "{file}".',
        )
    return Kind("lookup of small areas to larger areas", f'Under [sources.lookup] path = "{file}".')


def _of_a_record(words: list[str]) -> bool:
    # a lookup or published table numbers its own rows, and a count is not the number of a record
    own = {"fid", "object id", "global id"}
    return any(
        OF_A_RECORD.search(word) for word in words if word not in own and not COUNT.fullmatch(word)
    )


def _aggregate(headings: list[str], words: list[str], file: str) -> Kind | None:
    counted = [word for word in words if COUNT.fullmatch(word)]
    if not counted or _of_a_record(words):
        return None
    return Kind(
        "counts, not records",
        f"The column {headings[words.index(counted[0])]!r} counts and no column names a record, so "
        "no definition can be applied. Ask the force for records: vrn template police.",
    )


_TELLERS: tuple[Callable[[list[str], list[str], str], Kind | None], ...] = (
    _police_uk, _recorded_crime, _shapes, _people, _deprivation, _lookup, _aggregate,
)  # fmt: skip
