"""Records of another Census's small areas, brought to those of the assessment, and counted."""

from collections.abc import Collection

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.read.checks import PROBLEM_COLUMNS
from vrn_analysis.read.geography import vintages

UNKNOWN = "small area that is not in the lookup of places"


def recode(
    records: ibis.Table, column: str, replacements: pd.DataFrame, *, table: str
) -> tuple[ibis.Table, pd.DataFrame]:
    """
    Return records with the small areas of the assessment, and how many had to be changed.

    Parameters
    ----------
    records
        Records in the engine.
    column
        The column that holds the small area.
    replacements
        `code, area`, as `sources.vintages.replacements` returns them.
    table
        The name of the records, for the problems.

    Returns
    -------
    records, problems
        A code that lies in one area becomes that area; one that lies in several is taken out, so
        that its record stands among those that are not located. Problems are as `checks` gives
        them, none where no record has such a code.
    """
    other = ibis.memtable(replacements.rename(columns={"code": "_code", "area": "_area"}))
    joined = records.left_join(other, records[column] == other._code)
    strange, placed = joined._code.notnull(), joined._area.notnull()
    sizes = joined.aggregate(
        taken=(strange & placed).sum().fill_null(0),
        lost=(strange & ~placed).sum().fill_null(0),
        of=joined.count(),
    ).to_pandas().iloc[0]  # fmt: skip
    found = [
        (int(sizes["taken"]), "a small area of another Census",
         "replaced by the current area that contains it, from the lookup of changes"),
        (int(sizes["lost"]), "a small area of another Census that is split between several areas",
         "counted as not located; ask for codes of the same Census as the lookup"),
    ]  # fmt: skip
    rows = [
        (table, column, problem, number, int(sizes["of"]), "", remedy, "reported")
        for number, problem, remedy in found
        if number
    ]
    problems = pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS))
    if not rows:
        return records, problems
    area = ibis.ifelse(strange, joined._area, joined[column])
    return joined.mutate(**{column: area}).drop("_code", "_area"), problems


def unknown(
    records: ibis.Table, column: str, known: Collection[str], *, table: str
) -> pd.DataFrame:
    """
    Return how many records have a small area that the lookup does not hold, and of which Census.

    Parameters
    ----------
    records
        Records in the engine, after `recode`.
    column
        The column that holds the small area.
    known
        The small areas of the lookup.
    table
        The name of the records, for the problem.

    Returns
    -------
    problems
        One row as `checks` gives it, or none.
    """
    strange = records.filter(records[column].notnull() & records[column].notin(list(known)))
    counts = strange.group_by(code=strange[column]).aggregate(records=_.count()).to_pandas()
    if counts.empty:
        return pd.DataFrame(columns=list(PROBLEM_COLUMNS))
    counts = counts.sort_values(["records", "code"], ascending=[False, True])
    row = (
        table, column, UNKNOWN, int(counts["records"].sum()), int(records.count().execute()),
        ", ".join(f"'{code}'" for code in counts["code"].head(3)), _remedy(counts, known),
        "reported",
    )  # fmt: skip
    return pd.DataFrame([row], columns=list(PROBLEM_COLUMNS))


def _remedy(counts: pd.DataFrame, known: Collection[str]) -> str:
    newer = counts["code"].isin(vintages.of_2021(counts["code"]))
    of = vintages.census_of(known)
    if newer.any() and of == "2011":
        number = int(counts.loc[newer, "records"].sum())
        return (
            f"not in the lookup: {number} have codes of the 2021 Census, the lookup is of 2011; "
            f"add the lookup between the two under [sources.{vintages.SOURCE}], or use a lookup, "
            "population, deprivation and boundaries of 2021"
        )
    older = "; some 2011 codes are not in a lookup of 2021"
    return (
        "not in the lookup; if the places are in the area, check that codes and lookup are of one "
        f"Census{older if of == '2021' else ''}"
    )
