"""Counts of areas protected for every way in which a reader can add small areas up."""

from collections.abc import Mapping
from contextlib import suppress

import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NotInThisRun, Run
from vrn_analysis.count.tables import ALL, NOT_LOCATED, deprivation_quintiles
from vrn_analysis.show.publish.protection import QUINTILE, together
from vrn_analysis.show.publish.wholes import SHOWN

QUINTILES = ("deprivation", "income_deprivation")


def protect_areas(tables: Mapping[str, pd.DataFrame], run: Run) -> dict[str, pd.DataFrame]:
    """
    Protect tables of the same records by areas that lie in each other, so none undoes another.

    Small areas are protected for every way of adding them up that a reader can look up, whichever
    of them a notebook shows: so any two notebooks hide the same areas.

    Parameters
    ----------
    tables
        By level (`lsoa`, which is required, `msoa`, `district`), as `tables.count_by_area` makes
        them.

    Returns
    -------
    tables
        By level, each as `protect` returns it; also `deprivation` and `income_deprivation`, by
        quintile, where the run has them.

    Raises
    ------
    DataError
        If a table is not the sum of its small areas.
    NotEnoughError
        If the areas are safe only while their total, which the headline shows, is hidden.
    """
    small = tables["lsoa"].rename(columns={"area_code": "lsoa_code"})[["lsoa_code", "count"]]
    small = small[small["lsoa_code"] != ALL]
    cuts = _cuts(run)
    every = {"lsoa_code": small, ALL: pd.DataFrame({"count": [small["count"].sum()]})}
    every |= {name: _added_up(small, inside, name) for name, inside in cuts.items()}
    dimensions = {name: [name] for name in every} | {ALL: []}
    nesting = {("lsoa_code", name): inside for name, inside in cuts.items()}
    protected = together(every, run, dimensions=dimensions, nesting=nesting, about={})
    found = {
        level: _shown(table, every, protected, f"{level}_code") for level, table in tables.items()
    }
    quintiles = {name: protected[name] for name in QUINTILES if name in protected}
    return found | {name: t.rename(columns={name: QUINTILE}) for name, t in quintiles.items()}


def _inside(run: Run, part: str, whole: str) -> dict:
    """Return which area of one level each area of a smaller one lies in."""
    places = run.lookup[[part, whole]].fillna(NOT_LOCATED)
    return dict(zip(places[part], places[whole], strict=True)) | {NOT_LOCATED: NOT_LOCATED}


def _cuts(run: Run) -> dict[str, dict]:
    """Return by name what each small area lies in, for all that a reader can look up."""
    wider = [name for name in run.lookup if name.endswith("_code") and name != "lsoa_code"]
    found = {name: _inside(run, "lsoa_code", name) for name in wider}
    for name in QUINTILES:
        with suppress(NotInThisRun, AttributeError):
            known = deprivation_quintiles(getattr(run, name))
            found[name] = dict(zip(known["lsoa_code"], known["quintile"], strict=True))
    return found


def _added_up(small: pd.DataFrame, inside: dict, whole: str) -> pd.DataFrame:
    """Return counts of small areas added up to those that they lie in."""
    # a code that is in none has no number, which would turn all of them into fractions
    placed = small[small["lsoa_code"].isin(list(inside))]
    placed = placed.assign(**{whole: placed["lsoa_code"].map(inside)})
    return placed.groupby(whole)["count"].sum().reset_index()


def _shown(
    table: pd.DataFrame,
    every: Mapping[str, pd.DataFrame],
    protected: Mapping[str, pd.DataFrame],
    code: str,
) -> pd.DataFrame:
    """Return a table with what is shown of its areas."""

    def of_areas(tables: Mapping[str, pd.DataFrame], columns: list[str]) -> pd.DataFrame:
        areas = tables[code].set_index(code)[columns]
        whole = tables[ALL][columns].set_axis([ALL])
        return pd.concat([areas, whole]).reindex(table["area_code"]).set_axis(table.index)

    wrong = of_areas(every, ["count"])["count"].ne(table["count"]).fillna(True)
    if wrong.any():
        raise DataError(
            f"{int(wrong.sum())} of {len(table)} counts by {code} are not those of their small "
            f"areas, such as {table.loc[wrong, 'area_code'].iloc[0]}: count both from the same "
            "records."
        )
    return table.assign(**of_areas(protected, SHOWN))
