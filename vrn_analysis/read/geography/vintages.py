"""Bridge small areas of one Census to another by the published lookup of changes."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from vrn_analysis.core.config import Settings
from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.published import area_heading
from vrn_analysis.read.files.tables import checked, read_source

SOURCE = "small_area_change"
OLDER, NEWER = "older_code", "newer_code"
# the last codes of the 2011 Census: later codes are of the 2021 Census
LAST_OF_2011 = {"E01": "E01033768", "W01": "W01001958"}


def small_area_change(folder: Path, settings: Settings) -> pd.DataFrame | None:
    """
    Return which small areas of the older set lie in which of the newer, None where no file does.

    Returns
    -------
    change
        `older_code, newer_code`, one row a pair: an area that was split has several rows, and so
        has one that others were merged into.

    Raises
    ------
    DataError
        If a column is missing, or a code is empty.
    """
    if SOURCE not in settings.sources:
        return None
    table, file = read_source(folder, settings, SOURCE)
    table = table.rename(columns=_by_vintage(table))
    pairs = table[[name for name in (OLDER, NEWER) if name in table]].drop_duplicates()
    return checked(pairs, CONTRACTS[SOURCE], file=file)


def _by_vintage(table: pd.DataFrame) -> dict[str, str]:
    """Return which published headings are the older and the newer codes: LSOA11CD, LSOA21CD."""
    named = {heading: area_heading(heading) for heading in table}
    years = {at[1]: heading for heading, at in named.items() if at and at[::2] == ("lsoa", "code")}
    if len(years) != 2 or "" in years or {OLDER, NEWER} & set(table):
        return {}
    return dict(zip([years[year] for year in sorted(years)], [OLDER, NEWER], strict=True))


def of_2021(codes: Iterable[str]) -> list[str]:
    """Return the codes of small areas that came with the Census of 2021, in order."""
    given = sorted({str(code) for code in codes})
    return [code for code in given if code > LAST_OF_2011.get(code[:3], code)]


def census_of(codes: Iterable[str]) -> str:
    """Return the Census that a set of small areas is of, "2011" or "2021", or "" for other codes.

    A set without a code of 2021 is taken as of 2011: an area that no change touched keeps its code.
    """
    given = {str(code) for code in codes}
    if not any(code[:3] in LAST_OF_2011 for code in given):
        return ""
    return "2021" if of_2021(given) else "2011"


def differing(given: Iterable[str], wanted: Iterable[str], *, what: str) -> str:
    """Return, as a sentence, that two sets of small areas are of two Censuses, or ""."""
    one, other = census_of(given), census_of(wanted)
    if not one or one == other:
        return ""
    return f" By their codes, {what} are small areas of {one} and the lookup's are of {other}."


def _examples(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes)[:3])


def refuse_mixed(codes: Iterable[str], change: pd.DataFrame, *, what: str) -> None:
    """
    Refuse small areas of which some are only in the older set, and some only in the newer.

    Raises
    ------
    DataError
        With how many of each.
    """
    given, older, newer = set(codes), set(change[OLDER]), set(change[NEWER])
    old, new = given & (older - newer), given & (newer - older)
    if old and new:
        raise DataError(
            f"{what} mixes two sets of small areas: {len(old)} of {len(given)} codes are only of "
            f"the older set, such as {_examples(old)}, and {len(new)} only of the newer, such as "
            f"{_examples(new)}. Ask for the file in one set."
        )


def _pairs(areas: set[str], given: set[str], change: pd.DataFrame, *, what: str) -> pd.DataFrame:
    """Return which area takes from which code of the table, whichever of the two is newer."""
    ways = []
    for mine, theirs in ((OLDER, NEWER), (NEWER, OLDER)):
        pairs = change[[mine, theirs]].set_axis(["area", "code"], axis=1)
        pairs = pairs[pairs["area"].isin(areas)]
        lost = areas - set(pairs["area"]) | set(pairs["code"]) - given
        ways.append((len(lost), lost, pairs))
    number, lost, pairs = min(ways, key=lambda way: way[0])
    if number:
        raise DataError(
            f"{what}: {len(areas - given)} of {len(areas)} small areas of the assessment have no "
            f"row, and [sources.{SOURCE}] does not lead to all of them: {number} codes are lacking "
            f"there or in the file, such as {_examples(lost)}."
        )
    return pairs


def bridge(
    table: pd.DataFrame,
    areas: Iterable[str],
    change: pd.DataFrame | None,
    *,
    what: str,
    counts: Iterable[str] = (),
) -> pd.DataFrame:
    """
    Return a table by small area in the set of small areas of the assessment.

    Parameters
    ----------
    table
        `lsoa_code`, further keys, and numbers.
    areas
        The small areas of the assessment.
    change
        As `small_area_change` returns it.
    what
        What the table is, for an error.
    counts
        Columns that are counts: what one area hands on is shared evenly among those that take from
        it, and added up. The numbers besides are scores and shares: an area takes the plain mean
        of those it takes from, a decile rounded, and a half to the more deprived.

    Returns
    -------
    table
        As given where it has every small area; else bridged, and `attrs["bridged"]` says so in
        words.

    Raises
    ------
    DataError
        If one set is mixed with the other, or small areas are lacking and no lookup leads to them.
    """
    wanted, given = set(areas), set(table["lsoa_code"])
    if change is not None:
        refuse_mixed(wanted, change, what="The lookup of small areas")
        refuse_mixed(given, change, what=what)
    if wanted <= given:
        return table
    if change is None:
        lacking = wanted - given
        raise DataError(
            f"{what}: {len(lacking)} of {len(wanted)} small areas of the assessment have no row, "
            f"such as {_examples(lacking)}.{differing(given, wanted, what='those of this file')} "
            f"If it is of another Census, name the lookup between the two sets under "
            f"[sources.{SOURCE}], with older_code and newer_code."
        )
    pairs = _pairs(wanted, given, change, what=what)
    made = _taken(table, pairs, counts=list(counts))
    made.attrs["bridged"] = _in_words(pairs, counts=bool(counts))
    return made


def replacements(areas: Iterable[str], change: pd.DataFrame) -> pd.DataFrame:
    """
    Return the codes that only the other set has, and the small area here that each is part of.

    Parameters
    ----------
    areas
        The small areas of the assessment.
    change
        As `small_area_change` returns it.

    Returns
    -------
    replacements
        `code, area`; `area` is missing for a code that lies in several areas, where nobody can
        say which.
    """
    wanted = set(areas)
    older, newer = set(change[OLDER]), set(change[NEWER])
    mine, theirs = (OLDER, NEWER) if wanted & (older - newer) else (NEWER, OLDER)
    own = {OLDER: older, NEWER: newer}[mine]
    lies_in = change[~change[theirs].isin(own)].groupby(theirs)[mine].agg(list)
    lies_in = lies_in[[bool(wanted & set(areas)) for areas in lies_in]]
    return pd.DataFrame(
        {
            "code": pd.array(lies_in.index, dtype="str"),
            "area": pd.array([x[0] if len(x) == 1 else None for x in lies_in], dtype="str"),
        }
    )


def _taken(table: pd.DataFrame, pairs: pd.DataFrame, *, counts: list[str]) -> pd.DataFrame:
    numbers = [c for c in table.select_dtypes("number") if c != "age"]
    keys = [c for c in table if c not in (*numbers, "lsoa_code")]
    joined = pairs.merge(table, left_on="code", right_on="lsoa_code", how="inner")
    takers = joined["code"].map(pairs["code"].value_counts())
    joined = joined.assign(**{name: joined[name] / takers for name in counts})
    how = {name: "sum" if name in counts else "mean" for name in numbers}
    made = joined.groupby(["area", *keys], as_index=False, sort=False).agg(how)
    if "decile" in made:
        made = made.assign(decile=np.ceil(made["decile"] - 0.5))
    return made.rename(columns={"area": "lsoa_code"})[table.columns]


def _in_words(pairs: pd.DataFrame, *, counts: bool) -> str:
    several = pairs.groupby("area").size() > 1
    shared = pairs["code"].map(pairs["code"].value_counts()).gt(1).groupby(pairs["area"]).any()
    rest = ~several & ~shared
    added, handed = ("the sum", "an even share") if counts else ("the mean", "the value")
    return (
        f"brought from another set of small areas: {int(rest.sum())} of {len(several)} are "
        f"unchanged, {int(several.sum())} take {added} of the parts they were split into or merged "
        f"from, {int((shared & ~several).sum())} take {handed} of the one they are part of"
    )
