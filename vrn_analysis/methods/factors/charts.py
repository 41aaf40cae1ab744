"""Prepare the rows of charts and tables of factors."""

import pandas as pd

from vrn_analysis.methods.factors.coverage import LEVELS, LIFE_STAGES

# what a reader is shown of a profile, and of the order of factors; the rest is in the CSV
RANK_WORDS = {
    "rank": "Rank",
    "name": "Name",
    "score": "Score",
    "rank_lower_95_ci": "By chance from",
    "rank_upper_95_ci": "to",
    "rank_best": "By weights from",
    "rank_worst": "to ",
}


def placed(catalogue: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """
    Return the measured factors where the matrix shows them: by level and life stage.

    Parameters
    ----------
    catalogue
        The indicator catalogue.
    values
        Indicator values of this assessment.

    Returns
    -------
    placed
        One row a factor, level and life stage: `level, life_stage` (categories, so that an empty
        cell is still there), `name, kind`. A factor of all ages stands at each.
    """
    known = values.loc[values["value"].notna(), "indicator_id"]
    measured = catalogue[
        catalogue["indicator_id"].isin(known) & catalogue["kind"].isin(["risk", "protective"])
    ]
    rows = [
        (row["level"], stage, row["name"], row["kind"])
        for row in measured.to_dict("records")
        for stage, (first, last) in LIFE_STAGES.items()
        if row["age_from"] <= last and row["age_to"] >= first
    ]
    table = pd.DataFrame(rows, columns=["level", "life_stage", "name", "kind"])
    return table.assign(
        level=pd.Categorical(table["level"], LEVELS),
        life_stage=pd.Categorical(table["life_stage"], list(LIFE_STAGES)),
    )


def spine_rows(profile: pd.DataFrame, values: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    """
    Return a profile as a spine chart draws it, those without a benchmark left out.

    Parameters
    ----------
    profile
        What `profile` returns.
    values
        What `values` returns.
    areas
        Codes of the areas whose range is drawn.

    Returns
    -------
    rows
        `name, period, value, lower_95_ci, upper_95_ci, benchmark, lowest, highest, polarity`.
    """
    others = values[values["area_code"].isin(areas)]
    span = others.groupby(["indicator_id", "period"])["value"].agg(lowest="min", highest="max")
    keys = ["indicator_id", "period"]
    rows = profile.merge(span.reset_index(), on=keys, how="left")
    known = rows[rows["benchmark_value"].notna()].rename(columns={"benchmark_value": "benchmark"})
    columns = ["name", "period", "value", "lower_95_ci", "upper_95_ci", "benchmark"]
    return known[[*columns, "lowest", "highest", "polarity"]].reset_index(drop=True)


def change_rows(changes: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """
    Return how indicators changed, as a reader is shown it, those of one period left out.

    Parameters
    ----------
    changes
        What `changes` returns, of one area.
    catalogue
        The indicator catalogue.

    Returns
    -------
    rows
        `name, first_period, first_value, last_period, last_value, unit, direction, note`, in the
        order of the catalogue.
    """
    names = catalogue[["indicator_id", "name", "unit"]]
    rows = names.merge(changes[changes["first_period"] != changes["last_period"]])
    columns = ["first_period", "first_value", "last_period", "last_value", "unit", "direction"]
    return rows[["name", *columns, "note"]].reset_index(drop=True)


def member_rows(profile: pd.DataFrame, values: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    """
    Return the values of several areas, in the periods of a profile.

    Parameters
    ----------
    profile
        What `profile` returns.
    values
        What `values` returns.
    areas
        Codes of the areas, in the order wanted.

    Returns
    -------
    rows
        `name, period, area_name, value, unit, lower_95_ci, upper_95_ci`, a row an indicator and
        area that has a value.
    """
    order = {code: number for number, code in enumerate(areas)}
    known = values[values["area_code"].isin(areas) & values["value"].notna()]
    keys = ["indicator_id", "period"]
    rows = (
        profile[[*keys, "name", "unit"]]
        .reset_index(names="at")
        .merge(
            known[[*keys, "area_code", "area_name", "value", "lower_95_ci", "upper_95_ci"]], on=keys
        )
    )
    rows = rows.assign(place=rows["area_code"].map(order)).sort_values(["at", "place"])
    shown = ["name", "period", "area_name", "value", "unit", "lower_95_ci", "upper_95_ci"]
    return rows[shown].reset_index(drop=True)
