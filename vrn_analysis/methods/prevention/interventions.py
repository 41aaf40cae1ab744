"""Map local interventions by level of prevention, life stage and level, with gaps."""

from collections.abc import Iterable
from itertools import product

import pandas as pd

from vrn_analysis.methods.factors.coverage import LEVELS, LIFE_STAGES
from vrn_analysis.methods.rates import checks
from vrn_analysis.read.sources.judgement import words_of

DAY = "%Y-%m-%d"
PREVENTION = ("primary", "secondary", "tertiary")
COLUMNS = (
    "intervention_id", "name", "prevention", "life_stage", "level", "indicators", "areas", "from",
    "to", "owner", "evidence",
)  # fmt: skip


def unknown_words(
    table: pd.DataFrame, column: str, allowed: Iterable[str], *, key: str
) -> list[str]:
    """
    Return the problem of cells with a word that is not allowed, if any.

    Parameters
    ----------
    table
        Text columns; a cell may hold several words parted by semicolons.
    column
        Column to look at.
    allowed
        Every word that may stand there.
    key
        Column that names the row in the message.
    """
    allowed = list(allowed)
    strange = {
        row[key]: bad
        for row in table.to_dict("records")
        if (bad := [word for word in words_of(row[column]) if word not in allowed])
    }
    if not strange:
        return []
    examples = "; ".join(f"{name}: {', '.join(bad)}" for name, bad in list(strange.items())[:5])
    shown = ", ".join(allowed[:8]) + (" …" if len(allowed) > 8 else "")
    return [f"{column} of {len(strange)} of {len(table)} rows is unknown ({examples}); use {shown}"]


def _period_problems(
    table: pd.DataFrame, first: pd.Timestamp | None, last: pd.Timestamp | None
) -> list[str]:
    begins = pd.to_datetime(table["from"], format=DAY, errors="coerce")
    given = table["to"] != ""
    ends = pd.to_datetime(table["to"].where(given), format=DAY, errors="coerce")
    kinds = {
        "have no date like 2022-10-01 in from or to": begins.isna() | (given & ends.isna()),
        "end before they begin": ends < begins,
    }
    late = begins > last if last is not None else given & False
    early = ends < first if first is not None else given & False
    kinds["are outside the period of the assessment"] = late | early
    names = table["intervention_id"]
    return [
        f"{int(bad.sum())} interventions ({', '.join(names[bad].head(5))}) {words}"
        for words, bad in kinds.items()
        if bad.any()
    ]


def check_interventions(
    table: pd.DataFrame,
    *,
    indicators: Iterable[str],
    areas: Iterable[str],
    first: pd.Timestamp | None = None,
    last: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """
    Return the interventions as given, once nothing is wrong with them.

    Parameters
    ----------
    table
        One row an intervention, text, nothing missing (`sources.judgement.judgement_table`):
        `intervention_id, name, prevention` (primary, secondary, tertiary), `life_stage, level,
        indicators, areas` (each may hold several, parted by semicolons; no areas: everywhere),
        `from, to, owner, evidence`.
    indicators
        Names of the catalogue's indicators.
    areas
        Codes of the areas of the assessment.
    first, last
        First and last day of the assessment.

    Raises
    ------
    DataError
        With every problem: unknown words, indicators or areas, dates reversed or outside the
        period, a missing owner, a repeated name.
    """
    checks.require(table, COLUMNS, "file of interventions")
    key = "intervention_id"
    problems = []
    for column, allowed in (
        ("prevention", PREVENTION),
        ("life_stage", LIFE_STAGES),
        ("level", LEVELS),
        ("indicators", indicators),
        ("areas", areas),
    ):
        problems += unknown_words(table, column, allowed, key=key)
    for column in ("intervention_id", "name", "prevention", "life_stage", "level", "owner"):
        if (empty := table[column] == "").any():
            problems.append(f"{column} is empty in {int(empty.sum())} of {len(table)} rows")
    if (repeated := table[key].duplicated()).any():
        names = ", ".join(table.loc[repeated, key].head(5))
        problems.append(f"{int(repeated.sum())} names repeat ({names})")
    problems += _period_problems(table, first, last)
    checks.refuse(problems, "The interventions cannot be used")
    return table.copy()


def matrix(interventions: pd.DataFrame) -> pd.DataFrame:
    """
    Return the prevention matrix with its empty cells.

    Parameters
    ----------
    interventions
        What `check_interventions` returns.

    Returns
    -------
    matrix
        One row a level of prevention, life stage and level, all sixty: `prevention, life_stage,
        level, interventions` (number), `names`. An intervention that spans several stages or
        levels stands in each.
    """
    rows = []
    for prevention, stage, level in product(PREVENTION, LIFE_STAGES, LEVELS):
        here = [
            row["name"]
            for row in interventions.to_dict("records")
            if prevention in words_of(row["prevention"])
            and stage in words_of(row["life_stage"])
            and level in words_of(row["level"])
        ]
        rows.append((prevention, stage, level, len(here), "; ".join(here)))
    columns = ["prevention", "life_stage", "level", "interventions", "names"]
    return pd.DataFrame(rows, columns=columns)


def placed(interventions: pd.DataFrame) -> pd.DataFrame:
    """
    Return the interventions where a matrix shows them: by level of prevention and life stage.

    Parameters
    ----------
    interventions
        What `check_interventions` returns.

    Returns
    -------
    placed
        One row an intervention, level of prevention and life stage: `prevention, life_stage`
        (categories, so that an empty cell is still there), `name` (with its level).
    """
    rows = [
        (prevention, stage, f"{row['name']} ({', '.join(words_of(row['level']))})")
        for row in interventions.to_dict("records")
        for prevention in words_of(row["prevention"])
        for stage in words_of(row["life_stage"])
    ]
    table = pd.DataFrame(rows, columns=["prevention", "life_stage", "name"])
    return table.assign(
        prevention=pd.Categorical(table["prevention"], PREVENTION),
        life_stage=pd.Categorical(table["life_stage"], list(LIFE_STAGES)),
    )


def gaps(
    interventions: pd.DataFrame, priorities: pd.DataFrame, *, first_ranks: int = 10
) -> pd.DataFrame:
    """
    Return what is done about each of the first factors, and what is not.

    Parameters
    ----------
    interventions
        What `check_interventions` returns.
    priorities
        What `factors.priorities` returns.
    first_ranks
        Ranks to look at, those that may belong to them by chance included.

    Returns
    -------
    gaps
        One row a factor: `rank, indicator_id, name, primary, secondary, tertiary` (interventions
        that name it), `gap`: "no intervention names it", "no primary prevention" or "".
    """
    near = priorities[priorities["rank_lower_95_ci"] <= first_ranks]
    given = interventions.to_dict("records")
    rows = []
    for factor in near.to_dict("records"):
        acting = [row for row in given if factor["indicator_id"] in words_of(row["indicators"])]
        number = {
            level: sum(level in words_of(row["prevention"]) for row in acting)
            for level in PREVENTION
        }
        words = "" if number["primary"] else "no primary prevention"
        rows.append(
            {name: factor[name] for name in ("rank", "indicator_id", "name")}
            | number
            | {"gap": words if acting else "no intervention names it"}
        )
    columns = ["rank", "indicator_id", "name", *PREVENTION, "gap"]
    return pd.DataFrame(rows, columns=columns)
