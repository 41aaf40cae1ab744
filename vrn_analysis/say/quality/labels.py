"""Count values that no list knows: codes, kinds of place, small areas, unreadable values."""

from collections.abc import Collection

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.count import classify
from vrn_analysis.count.assessment.extracts import UNKNOWN
from vrn_analysis.say.quality.measures import Found, measured

LABELS = "Codes and labels"
READING = "Reading the files"
COLUMNS = "Columns received"
ABSENT = "column is missing"
# reported by a check of its own, or not a fault in a file with a row a person
SAID_ELSEWHERE = frozenset(
    {
        "the same identifier more than once",
        "recorded before it happened",
        "rows that repeat a crime or person",
        UNKNOWN,
    }
)
_CODES = {
    "R3_code_unmapped": "Offence code or title in no list",
    "R3_code_legacy": "Earlier offence code without a verified bridge",
    "R3_code_ambiguous": "Offence code with several possible classes",
    "R3_code_contradicted": "Offence code, sub-code and title that disagree",
    "R3_code_unverified": "Offence code whose meaning is not verified",
    "R3_code_spreadsheet_date": "Offence code turned into a date by a spreadsheet",
    "R3_code_missing": "Neither offence code nor title",
}


def unmapped_labels(classified: ibis.Table) -> pd.DataFrame:
    """
    Count the records whose code, or kind of place, no list knows, or is written in another way.

    Parameters
    ----------
    classified
        What `classify.classify` returned.

    Returns
    -------
    measures
        As `measured` returns them; `detail` names the commonest labels, which are no one's data.
    """
    of = int(classified.count().to_pandas())
    unmapped = classify.unmapped(classified)
    by_reason = unmapped.groupby("reason")["records"].sum()
    found = [
        Found(words, int(by_reason.get(reason, 0)), of, _commonest(unmapped, reason))
        for reason, words in _CODES.items()
    ]
    places = classify.unknown_places(classified)
    names = ", ".join(places["location_type"].head(3))
    found.append(Found("Kind of place in no list", int(places["records"].sum()), of, names))
    found.append(_odd_spellings(classified, of))
    return measured(LABELS, found)


def _commonest(unmapped: pd.DataFrame, reason: str) -> str:
    if "offence_code" not in unmapped:
        return ""
    codes = unmapped.loc[unmapped["reason"] == reason, "offence_code"].dropna()
    return ", ".join(dict.fromkeys(codes.str.strip().head(3)))


def _odd_spellings(classified: ibis.Table, of: int) -> Found:
    name = "Offence code written in another way, and understood"
    if "offence_code" not in classified.columns:
        return Found(name, 0, of)
    known = classified.filter(classified.class_code.notnull() & classified.offence_code.notnull())
    codes = known.group_by("offence_code").aggregate(n=_.count()).to_pandas()
    odd = codes["offence_code"] != codes["offence_code"].map(classify.normalise_code)
    return Found(name, int(codes.loc[odd, "n"].sum()), of)


def unknown_areas(records: ibis.Table, known: Collection[str]) -> pd.DataFrame:
    """
    Count the records whose small area is not one of those of the assessment.

    Parameters
    ----------
    records
        Records in the engine with `lsoa_code`.
    known
        The codes of the lookup.
    """
    strange = records.lsoa_code.notin(list(known)).fill_null(False)
    row = records.aggregate(n=strange.sum().fill_null(0), of=_.count()).to_pandas().iloc[0]
    name = "Small area that is not one of the area's"
    return measured(LABELS, [Found(name, int(row["n"]), int(row["of"]))])


def reading_faults(problems: pd.DataFrame, *, of: int) -> pd.DataFrame:
    """
    Return what the checks of the contracts found when the files were read.

    Parameters
    ----------
    problems
        `table, column, problem, count, of`, as a run gives them.
    of
        How many records were read, to say of how many none is at fault.

    Returns
    -------
    measures
        One row a problem, but for columns that are absent (see `absent_columns`); one row with a
        count of 0 where there is none.
    """
    told = problems[~problems["problem"].isin({*SAID_ELSEWHERE, ABSENT})]
    keys = ["table", "column", "problem"]
    told = told.groupby(keys, sort=False, as_index=False)[["count", "of"]].sum()
    found = []
    for row in told.rename(columns={"count": "size"}).itertuples():
        where = ", ".join(filter(None, (row.table, row.column))).replace("_", " ")
        found.append(Found(f"{where}: {row.problem}", int(row.size), int(row.of)))
    return measured(READING, found or [Found("Values that break their contract", 0, of)])


def absent_columns(problems: pd.DataFrame) -> pd.DataFrame:
    """
    Return how many columns each table lacks that its contract names.

    Parameters
    ----------
    problems
        As for `reading_faults`; tables without a problem are not in it.

    Returns
    -------
    measures
        One row a table with absent columns, of the columns of its contract; one row with a count
        of 0 where none is absent.
    """
    absent = problems[problems["problem"] == ABSENT]
    found = []
    for table, rows in absent.groupby("table", sort=False):
        size = len(CONTRACTS[table].names) if table in CONTRACTS else len(rows)
        names = ", ".join(rows["column"]).replace("_", " ")
        found.append(Found(f"{table}: columns it lacks", len(rows), max(size, len(rows)), names))
    return measured(COLUMNS, found or [Found("Columns that a table lacks", 0, 0)])
