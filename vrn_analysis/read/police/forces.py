"""Other police forces to compare with: recorded crime, residents and similar forces."""

import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from vrn_analysis.core.config import Settings, resource
from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.read.files.files import read_csv, require_columns
from vrn_analysis.read.files.tables import checked, read_source, read_table, refuse, row_problems

SOURCE = "other_forces"


RESIDENTS = "force_residents"


SIMILAR = "similar_forces"


RECORDED = ["financial_year", "force", "offence_code", "offences"]


# what data.police.uk publishes as one category, violence and sexual offences
ONE_CATEGORY = ("Violence against the person", "Sexual offences")


def other_forces(folder: Path, settings: Settings, *, classes: Sequence[str] = ()) -> pd.DataFrame:
    """
    Return recorded offences of every force in the file that the settings name.

    Parameters
    ----------
    folder, settings
        The data folder, and the settings. `[sources.other_forces]` is a tidy file with `area_name,
        offences, denominator, is_similar`; or, with `form = "recorded_crime"`, the Home Office's
        open table by force, offence code and quarter, of which `year` (default: the latest) is
        read. Then `[sources.force_residents]` gives `area_name, population` (default: the Census
        of 2011), and `[sources.similar_forces]` lists `area_name` of the most similar group.
    classes
        The offence codes to add up in an open table. A published bucket of several codes, such as
        homicide, counts whole where it holds one of them.

    Returns
    -------
    forces
        `area_name, offences` (of the listed codes, before exclusions, in a year), `denominator`
        (residents; missing for a force without an area of its own), `is_similar` (whether of the
        most similar group).

    Raises
    ------
    DataError
        If columns are missing, a force repeats or is unknown, a listed code is in no row, or a
        number is missing or negative.
    """
    if settings.sources[SOURCE].get("form") == "recorded_crime":
        return _recorded_crime(folder, settings, classes)
    table = read_table(folder, settings, SOURCE)
    similar = table["is_similar"].astype("str").str.strip().str.lower().isin(["yes", "true", "1"])
    return table.assign(is_similar=similar)


def _of_year(folder: Path, settings: Settings) -> tuple[pd.DataFrame, str, Path]:
    """Return the rows of the year that is read of an open table, the year, and the file."""
    table, file = read_source(folder, settings, SOURCE, text=["offence_code"])
    require_columns(table.columns, RECORDED, file=file)
    year = settings.sources[SOURCE].get("year", table["financial_year"].max())
    return table[table["financial_year"] == year], year, file


def _is_listed(codes: pd.Series, classes: Sequence[str]) -> pd.Series:
    return codes.str.split("/").map(lambda parts: bool(set(classes) & set(parts)))


def listed_share(
    folder: Path, settings: Settings, *, classes: Sequence[str]
) -> dict[str, str | int] | None:
    """
    Return how much of violence and sexual offences, as published, has a code of the definition.

    Parameters
    ----------
    folder, settings
        As for `other_forces`; `force` under `[sources.other_forces]` names the run's own force.
    classes
        The offence codes of the definition.

    Returns
    -------
    share
        `year`, `listed` and `published` (offences of the force in that year, robbery in neither);
        None where the file is no open table with groups of offences, or does not name the force.
    """
    source = settings.sources[SOURCE]
    if source.get("form") != "recorded_crime" or "force" not in source:
        return None
    of_year, year, _ = _of_year(folder, settings)
    if "offence_group" not in of_year:
        return None
    own = of_year["force"] == source["force"]
    held = of_year[own & of_year["offence_group"].isin(ONE_CATEGORY)]
    listed = held.loc[_is_listed(held["offence_code"], classes), "offences"].sum()
    published = held["offences"].sum()
    if not 0 < listed <= published:
        return None
    return {"year": str(year), "listed": int(listed), "published": int(published)}


def _recorded_crime(folder: Path, settings: Settings, classes: Sequence[str]) -> pd.DataFrame:
    of_year, year, file = _of_year(folder, settings)
    listed = set(classes)
    wanted = _is_listed(of_year["offence_code"], classes)
    found = set(of_year["offence_code"].str.split("/").explode())
    if absent := sorted(listed - found):
        raise DataError(
            f"{file}: {len(absent)} of {len(listed)} listed codes are in no row of {year}: "
            f"{', '.join(absent)}. Is it the whole table, and is year a year in it?"
        )
    # quarters include corrections of earlier ones, which can be negative: only a year is a count
    sums = of_year[wanted].groupby("force")["offences"].sum()
    forces = sums.rename_axis("area_name").reset_index()
    negative = {f"have fewer than no offences in {year}": forces["offences"] < 0}
    refuse(file, row_problems(negative, named=forces["area_name"]))
    residents = _residents(folder, settings).set_index("area_name")["population"]
    return forces.assign(
        denominator=forces["area_name"].map(residents).astype("Float64"),
        is_similar=forces["area_name"].isin(_similar(folder, settings, forces["area_name"])),
    )


def residents_of(settings: Settings) -> str:
    """Return whose residents the rates of other forces are made with, in words."""
    if RESIDENTS in settings.sources:
        return str(settings.sources[RESIDENTS].get("covers", "a file of the partnership"))
    recorded = settings.sources.get(SOURCE, {}).get("form") == "recorded_crime"
    return "the Census of 2011, so places that grew since look a little high" if recorded else ""


def _residents(folder: Path, settings: Settings) -> pd.DataFrame:
    if RESIDENTS in settings.sources:
        return read_table(folder, settings, RESIDENTS)
    file = resource("data", "reference", "force_residents_2011.csv")
    return checked(pd.read_csv(file, comment="#"), CONTRACTS[RESIDENTS], file=file)


def _similar(folder: Path, settings: Settings, forces: pd.Series) -> list[str]:
    """No most similar group ships: it changes, and which it is is not the library's to say."""
    if SIMILAR not in settings.sources:
        return []
    table, file = read_source(folder, settings, SIMILAR)
    unknown = "are forces that are not in the table of recorded crime"
    similar = checked(
        table,
        CONTRACTS[SIMILAR],
        file=file,
        rules=lambda force: {unknown: ~force["area_name"].isin(forces)},
        named="area_name",
        remedy=f"Write them as it does: {', '.join(forces.head(4))} ….",
    )
    return similar["area_name"].tolist()


# words in the names of many forces, which do not distinguish them
_NO_NAME = r"\b(the|police|service|force|constabulary|of|heddlu|isle|wight|and(?= isle))\b"


def _plain(name: str) -> str:
    words = " ".join(re.findall(r"[a-z]+", name.lower().replace("&", " and ")))
    return " ".join(re.sub(_NO_NAME, " ", words).split())


def forces() -> dict[str, list[str]]:
    """Return every police force as data.police.uk writes it, with the names people give it."""
    table = read_csv(resource("data", "reference", "force_names.csv")).fillna("")
    return {
        row.force: [_plain(row.force.replace("-", " ")), *filter(None, row.other_names.split("; "))]
        for row in table.itertuples()
    }


def _shortens(short: str, long: str) -> bool:
    """Return whether a word abbreviates another: same first letter, letters in order."""
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)


def _fits(given: list[str], name: str, *, short: bool) -> bool:
    words = iter(name.split())
    like = _shortens if short else (lambda one, other: other.startswith(one))
    return all(any(like(one, other) for other in words) for one in given)


def _candidates(given: str, names: dict[str, list[str]]) -> Iterator[list[str]]:
    """Return the forces that a name fits: exactly, by its beginning, as a short form."""
    yield [force for force, called in names.items() if given in called]
    for short in (False, True):
        yield [
            force
            for force, called in names.items()
            if any(_fits(given.split(), name, short=short) for name in called)
        ]


def force_named(text: str) -> str:
    """
    Return a police force as data.police.uk writes it, from its name as people write it.

    Parameters
    ----------
    text
        Such as Leicestershire Police, West Mids, Met, Devon & Cornwall.

    Raises
    ------
    SettingsError
        If it is the name of no force, or of several, with those that are near.
    """
    names = forces()
    given = _plain(text)
    found = next((some for some in _candidates(given, names) if some), []) if given else []
    if len(found) == 1:
        return found[0]
    every = {name: force for force, called in names.items() for name in called}
    close = [every[name] for name in difflib.get_close_matches(given, every, 5, 0.5)]
    near = found or list(dict.fromkeys(close)) or list(names)
    what = "may be any of" if found else "is the name of no police force; near it are"
    raise SettingsError(f"{text!r} {what} {', '.join(near)}. Write one of them.")
