"""What one edition of the briefing is about: the place it is of, and the month it ends with."""

import pandas as pd

from vrn_analysis.core.errors import SettingsError
from vrn_analysis.count.assessment.needs import NotInThisRun
from vrn_analysis.count.assessment.run import Run
from vrn_analysis.read.police import archives

REST = "Rest of the area"
FEWEST = 15  # months: a quarter and the same quarter of the year before


def recent_months(run: Run) -> pd.DatetimeIndex:
    """
    Return the months of a quarterly pack, which end with the month that the settings name.

    They are all those before it, without one all the months of the run, back to the first without
    data.

    Raises
    ------
    SettingsError
        If the run has no such month.
    NotInThisRun
        If they are too few for a quarter and the same quarter of the year before.
    """
    months = run.months
    if run.settings.to:
        last = pd.Timestamp(run.settings.to)
        if last not in months:
            raise SettingsError(
                f"The quarterly pack was requested up to {last:%B %Y}, and this run counts "
                f"{run.period}. Give another month with --to."
            )
        months = months[months <= last]
    *before, latest = archives.stretches(months)
    if len(latest) < FEWEST:
        gap = f", and none for {archives.in_words(run.gaps)}" if before else ""
        raise NotInThisRun(
            f"A quarter and the same quarter of the year before need {FEWEST} months in a row; "
            f"there are data for {len(latest)}{gap}."
        )
    return latest


def require_two_years(run: Run, years: pd.DataFrame) -> None:
    """
    Refuse years that cannot be compared: there are not two, one after the other.

    Parameters
    ----------
    run
        The run.
    years
        As `times.whole_years` makes them: with `period`.

    Raises
    ------
    NotInThisRun
        With the months of which there are no data.
    """
    if years["period"].nunique() < 2:
        gap = f" There are none for {archives.in_words(run.gaps)}." if len(run.gaps) else ""
        raise NotInThisRun(
            "A year and the year before need 24 months in a row, each with data; there are data "
            f"for {len(run.months)}.{gap}"
        )


def chosen_area(run: Run) -> tuple[str, pd.DataFrame]:
    """
    Return the place that an area edition is of, and its lookup: see `lookup_by_place`.

    Without one, it is the first district by name.
    """
    name = run.settings.area or min(run.districts["area_name"])
    return name, lookup_by_place(run, name)


def small_areas_of(run: Run, name: str) -> list[str]:
    """
    Return the codes of the small areas that make up a district or custom area.

    Raises
    ------
    SettingsError
        If there is no such place.
    """
    for level in run.levels:
        inside = run.lookup[run.lookup[f"{level}_name"] == name]
        if len(inside):
            return inside["lsoa_code"].tolist()
    raise SettingsError(f"There is no district or custom area named {name!r}.")


def lookup_by_place(run: Run, name: str) -> pd.DataFrame:
    """
    Return the lookup with one more level, `place`: the named area, or the rest of the whole.

    Parameters
    ----------
    run
        The run.
    name
        A district or custom area.
    """
    within = run.lookup["lsoa_code"].isin(small_areas_of(run, name))
    place = within.map({True: name, False: REST})
    # the area comes first in every table
    marked = run.lookup.assign(place_code=place, place_name=place)
    return pd.concat([marked[within], marked[~within]], ignore_index=True)


def compared(changes: pd.DataFrame, *, what: str) -> pd.DataFrame:
    """
    Return the rows of a comparison that have a value.

    Parameters
    ----------
    changes
        With `value`.
    what
        What a row is of, such as "district".

    Raises
    ------
    NotInThisRun
        If none has: counts are suppressed, or the earlier ones are 0.
    """
    shown = changes.dropna(subset="value")
    if shown.empty:
        raise NotInThisRun(
            f"None of {len(changes)} comparisons by {what} has two counts that can be compared: "
            "they are suppressed, or the earlier one is 0."
        )
    return shown
