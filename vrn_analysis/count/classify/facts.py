"""
Gather the facts about each offence before a definition is applied.

Spellings (codes, kinds of place, age bands) are read from the records once, understood in Python,
and joined back, so that every engine means the same by them.
"""

import re
from collections.abc import Sequence

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.core.contracts import FALLEN, OFFENCES
from vrn_analysis.core.definition import Definition, location_types
from vrn_analysis.count.classify.codes import STATUSES, class_row, resolve
from vrn_analysis.count.classify.columns import complete, join_spellings, spellings_of
from vrn_analysis.count.classify.people import add_persons

CODE_COLUMNS = ("offence_code", "offence_subcode", "offence_title")


# whether a definition lists the classes that an offence can be
NOT_LISTED, IS_LISTED, OPEN = range(3)


def _parted(definition: Definition) -> tuple[str, ...]:
    """Return the classes of which a definition counts some sub-codes only."""
    return definition.injury_classes if definition.injury_rule == "subcode" else ()


def listed_column(definition: Definition) -> str:
    """Return the name of the column that shows whether an offence is listed, or open."""
    lists = (definition.classes, definition.flagged_not_excluded, _parted(definition))
    return "_listed_" + "_".join(c for one in lists for c in sorted(one)).replace(".", "_")


def _common(rows: Sequence[dict[str, str]], field: str) -> str:
    """Return the value of a field if all rows agree, else ""."""
    said = {row.get(field, "") for row in rows}
    return said.pop() if len(said) == 1 else ""


def _listed(classes: Sequence[str], definition: Definition) -> int:
    """Return whether all classes are listed and treated alike, or none is; else it is open."""
    treated = {
        code in definition.classes
        and (
            class_row(code)["sexual"],
            code in definition.flagged_not_excluded,
            code in _parted(definition),
        )
        for code in classes
    }
    if len(treated) != 1:
        return OPEN
    return IS_LISTED if treated.pop() else NOT_LISTED


def _code_table(spellings: pd.DataFrame, definitions: Sequence[Definition]) -> pd.DataFrame:
    rows = []
    for spelling in spellings.to_dict("records"):
        found = resolve(*(spelling.get(column) or "" for column in CODE_COLUMNS))
        every = [class_row(code) for code in found.classes]
        rows.append(
            {f"{column}_key": spelling[column] for column in spellings.columns}
            | {
                # numbers, not words: millions of records are compared with them
                "_status": STATUSES.index(found.status),
                "_class": found.class_code,
                # if the rules treat all classes alike, any of them represents the others
                "_any_class": found.classes[0] if found.classes else "",
                "_subcode": found.subcode,
                "_code_flags": ";".join(found.flags),
                "_crime_group": _common(every, "crime_group"),
                "_offence_type": class_row(found.class_code).get("offence_type", ""),
                "_sexual_class": _common(every, "sexual") == "yes",
            }
            | {listed_column(one): _listed(found.classes, one) for one in definitions}
        )
    return pd.DataFrame(rows)


def add_codes(
    offences: ibis.Table, spellings: pd.DataFrame, *, definitions: Sequence[Definition]
) -> ibis.Table:
    """Add the facts from the list of codes for each spelling of the code columns."""
    return join_spellings(offences, _code_table(spellings.drop_duplicates(), definitions))


def normalise_place(text: str) -> str:
    """Return a kind of place as `location_types.csv` writes it: lower case, underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.strip().lower()).strip("_")


def add_places(offences: ibis.Table, spellings: pd.Series) -> ibis.Table:
    """Add the class of each spelling of a place, and whether the place is a domestic setting."""
    known = {row["location_type"]: row for row in location_types()}
    rows = []
    for spelling in spellings.drop_duplicates():
        row = known.get(normalise_place(spelling or ""), {})
        rows.append(
            {
                "location_type_key": spelling,
                "_place_type": row.get("location_type", ""),
                "_place_class": row.get("place_class", "unknown"),
                "_home": row.get("domestic_setting") == "yes",
            }
        )
    return join_spellings(offences, pd.DataFrame(rows))


def _ranked(offences: ibis.Table) -> ibis.Table:
    others = [name for name in OFFENCES.names if name not in ("offence_id", "recorded_on")]
    # joined extracts may have the extract of each record, outside the contract
    extracted = ["extracted_on"] if "extracted_on" in offences.columns else []
    order = [
        *(offences[name].desc(nulls_first=False) for name in extracted),
        offences.status.isin(FALLEN).fill_null(False).asc(),
        offences.recorded_on.desc(nulls_first=False),
        *(offences[name].asc(nulls_first=False) for name in others),
    ]
    same = ibis.window(group_by="offence_id")
    return offences.mutate(
        _repeat=ibis.row_number().over(ibis.window(group_by="offence_id", order_by=order)) > 0,
        _reclassified=_._class.min().over(same) != _._class.max().over(same),
    )


def repeated_ids(offences: ibis.Table) -> pd.DataFrame:
    """Return each `offence_id` that occurs more than once."""
    if "repeated_record" in offences.columns:
        return pd.DataFrame({"offence_id": []})
    counts = offences.group_by("offence_id").agg(_n=_.count())
    return counts.filter(_._n > 1).select("offence_id").to_pandas()


def mark_repeats(offences: ibis.Table, repeated: pd.DataFrame) -> ibis.Table:
    """
    Mark every record but the latest of those that share an `offence_id`.

    The latest is the one extracted last, where a column `extracted_on` says so, then one that still
    stands, then the one recorded last; any tie is broken by the other columns, so that every
    engine keeps the same record. A boolean column `repeated_record`, where the offences have one,
    is taken as it is and saves the search.
    """
    once = {"_repeat": ibis.literal(False), "_reclassified": ibis.literal(False)}
    if "repeated_record" in offences.columns:
        return offences.mutate(**once | {"_repeat": offences.repeated_record})
    if repeated.empty:
        return offences.mutate(**once)
    keys = ibis.memtable(repeated)
    alone = offences.anti_join(keys, "offence_id").mutate(**once)
    return alone.union(_ranked(offences.semi_join(keys, "offence_id")).select(alone.columns))


def gather(
    offences: ibis.Table, persons: ibis.Table | None, *, definitions: Sequence[Definition]
) -> ibis.Table:
    """
    Return the offences with every fact that a definition needs, in columns beginning with `_`.

    Parameters
    ----------
    offences, persons
        Tables that keep `contracts.OFFENCES` and `contracts.PERSONS`.
    definitions
        The definitions to be applied, for the offences and relationships they name.

    Raises
    ------
    DataError
        If a required column is missing or of a wrong type.
    """
    columns = [name for name in CODE_COLUMNS if name in offences.columns]
    table = complete(offences, OFFENCES)
    # one query for all of them: a text file is read again for every query
    spellings = spellings_of(table, [*columns, "location_type"])
    if spellings.empty:
        spellings = pd.DataFrame(dict.fromkeys([*columns, "location_type"], [None]))
    repeated = repeated_ids(table)  # before any join, which the query would repeat
    table = add_codes(table, spellings[columns], definitions=definitions)
    table = add_places(mark_repeats(table, repeated), spellings["location_type"])
    return add_persons(table, persons, definitions=definitions)
