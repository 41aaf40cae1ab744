"""Counts of areas protected for every way in which a reader can add small areas up."""

from collections.abc import Mapping
from contextlib import suppress

import pandas as pd

from vrn_analysis.assessment import NotInThisRun, Run
from vrn_analysis.publish.protection import QUINTILE, together
from vrn_analysis.tables import NOT_LOCATED, deprivation_quintiles

QUINTILES = ("deprivation", "income_deprivation")


def protect_areas(
    tables: Mapping[str, pd.DataFrame], run: Run, *, by: list[str] | None = None
) -> dict[str, pd.DataFrame]:
    """
    Protect tables of the same records by areas that lie in each other, so none undoes another.

    Small areas are protected for every way of adding them up that a reader can look up, whichever
    of them a notebook shows: so any two notebooks hide the same small areas.

    Parameters
    ----------
    tables
        By level (`lsoa`, `msoa`, `district`), as `tables.count_by_area` makes them.
    by
        Further dimensions that every table has.

    Returns
    -------
    tables
        By level, each as `protect` returns it; with small areas also `deprivation` and
        `income_deprivation`, by quintile, where the run has them.
    """
    own = {level: t.rename(columns={"area_code": f"{level}_code"}) for level, t in tables.items()}
    dimensions = {level: [f"{level}_code", *(by or [])] for level in own}
    finest, *wider = (f"{level}_code" for level in own)
    if finest == "lsoa_code":
        wider += [name for name in run.lookup if name.endswith("_code") and name not in wider][1:]
    nesting = {(finest, whole): _inside(run, finest, whole) for whole in wider}
    if finest == "lsoa_code":
        nesting |= {("lsoa_code", name): inside for name, inside in _quintiles(run).items()}
        for _, whole in nesting:
            if whole.removesuffix("_code") not in own:
                own[whole] = _added_up(own["lsoa"], nesting["lsoa_code", whole], whole, by or [])
                dimensions[whole] = [whole, *(by or [])]
    protected = together(own, run, dimensions=dimensions, nesting=nesting, about={})
    codes = {f"{level}_code": "area_code" for level in tables} | dict.fromkeys(QUINTILES, QUINTILE)
    return {
        level: table.rename(columns=codes)
        for level, table in protected.items()
        if level in tables or level in QUINTILES
    }


def _inside(run: Run, part: str, whole: str) -> dict:
    """Return which area of one level each area of a smaller one lies in."""
    places = run.lookup[[part, whole]].fillna(NOT_LOCATED)
    return dict(zip(places[part], places[whole], strict=True)) | {NOT_LOCATED: NOT_LOCATED}


def _quintiles(run: Run) -> dict[str, dict]:
    """Return which quintile each small area lies in, by each deprivation that the run has."""
    found = {}
    for name in QUINTILES:
        with suppress(NotInThisRun, AttributeError):
            known = deprivation_quintiles(getattr(run, name))
            found[name] = dict(zip(known["lsoa_code"], known["quintile"], strict=True))
    return found


def _added_up(small: pd.DataFrame, inside: dict, whole: str, by: list[str]) -> pd.DataFrame:
    """Return counts of small areas added up to those that they lie in."""
    placed = small.assign(**{whole: small["lsoa_code"].map(inside)}).dropna(subset=whole)
    return placed.groupby([whole, *by], observed=True)["count"].sum().reset_index()
