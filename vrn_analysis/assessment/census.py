"""Records of another Census's small areas, brought to those of the assessment, and counted."""

import ibis
import pandas as pd

from vrn_analysis.checks import PROBLEM_COLUMNS


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
         "taken to the one that it is part of here, by the lookup of changes"),
        (int(sizes["lost"]), "a small area of another Census that lies in several of this one",
         "counted as not located; ask for codes of the Census of the lookup"),
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
