"""Fold rows that repeat a crime or a person into one."""

from collections.abc import Sequence

import ibis
from ibis import _

from vrn_analysis.core.contracts import INJURIES, NOT_KNOWN, UNCLEAR, Contract
from vrn_analysis.read.extracts.faults import fault
from vrn_analysis.read.extracts.mapping import TableMapping

# from the least serious; of a crime's victims the most serious counts
GRAVITY = {
    "injury_degree": INJURIES,
    "weapon": (
        "none", "body", "other", "blunt", "vehicle", "corrosive", "knife_or_sharp", "firearm",
    ),
}  # fmt: skip

RELATION = {"offence_id", "role", "person_number", "relationship_to_victim"}


def _valid(table: ibis.Table, mapping: TableMapping) -> ibis.Table:
    """Mark rows that have an identifier (and, of a person, a role)."""
    name = table.offence_id.fill_null("")
    total = name.lower().re_search(r"(^|\s|sub)totals?:?$")
    # where months were pasted below each other, the heading comes again
    heading = name == mapping.columns["offence_id"].column
    valid = name.re_search(r"\w") & name.lower().notin(NOT_KNOWN) & ~total & ~heading
    if mapping.kind != "offences":
        valid = valid & (table.role.notnull() | ~table._there)
    return table.mutate(_valid=valid, _total=total, _heading=heading)


def _own(table: ibis.Table) -> list[str]:
    return [name for name in table.columns if not name.startswith("_")]


def _crimes(table: ibis.Table) -> ibis.Table:
    """Return one row for the rows of a crime that differ only in injury and weapon."""
    graded = [name for name in GRAVITY if name in table.columns]
    keys = [name for name in _own(table) if name not in graded]
    ranked = {name: ibis.array(list(GRAVITY[name])) for name in graded}
    ranks = {name: words.index(table[name]).nullif(-1).max() for name, words in ranked.items()}
    folded = table.group_by(keys).agg(**ranks)
    words = {name: words[folded[name]] for name, words in ranked.items()}
    return folded.mutate(**words).select(*_own(table))


def _identity(table: ibis.Table) -> ibis.Value:
    """Return what distinguishes the persons of a crime: a number, a reference, else all columns."""
    everything = ibis.literal("|").join([table[name].fill_null("") for name in _own(table)])
    named = [table[name] for name in ("person_number", "person_ref") if name in table.columns]
    return ibis.coalesce(*named, everything)


def _persons(table: ibis.Table) -> ibis.Table:
    """Return one row a person, and `_differs` where that person's rows differ."""
    marked = table.mutate(_who=_identity(table))
    same = ["offence_id", "role", "_who"]
    others = [name for name in _own(table) if name not in same]
    said = ibis.struct({name: marked[name] for name in others})
    # missing values come last in the engine's order of structs
    folded = marked.group_by(same).agg(_first=said.min(), _last=said.max())
    return folded.select(
        **{
            name: folded["_first"][name] if name in others else folded[name] for name in _own(table)
        },
        _differs=~folded["_first"].identical_to(folded["_last"]),
    )


def _numbered(table: ibis.Table) -> ibis.Table:
    """Number the persons of each crime and role, where the source does not."""
    if "person_number" in table.columns:
        return table
    order = [table[name].asc(nulls_first=False) for name in _own(table)]
    place = ibis.row_number().over(ibis.window(group_by=["offence_id", "role"], order_by=order))
    return table.mutate(person_number=(place + 1).cast("string"))


def fold(table: ibis.Table, mapping: TableMapping) -> tuple[ibis.Table, dict[str, int], list[dict]]:
    """
    Return the rows that are used, and what became of every other.

    Parameters
    ----------
    table
        Columns of a contract as text, and `_there`: whether the row holds a person at all.
    mapping
        How the table is made; where its rows repeat they are folded.

    Returns
    -------
    used, account, faults
        `account` has `rows_in, rows_used, repeats_folded, no_person, rejected`.
    """
    persons = mapping.kind != "offences"
    marked = _valid(table, mapping)
    held = marked.filter(marked._valid & marked._there)
    used = held.select(*_own(table))
    if mapping.repeats == "fold":
        used = _persons(used) if persons else _crimes(used)
        # stored, because it is counted here and read again by the checks
        connection = ibis.get_backend(table)
        used = connection.create_table(ibis.util.gen_name("folded"), used, temp=True)
    counts = marked.agg(
        rows_in=_.count(),
        rejected=(~_._valid).sum(),
        totals=_._total.sum(),
        headings=_._heading.sum(),
        no_person=(_._valid & ~_._there).sum(),
    ).to_pandas().fillna(0).astype("int64").iloc[0]  # fmt: skip
    differs = int(used._differs.sum().fill_null(0).to_pandas()) if "_differs" in used.columns else 0
    used = used.select(*_own(used))
    number = int(used.count().to_pandas())
    account = {
        "rows_in": int(counts["rows_in"]),
        "rows_used": number,
        "repeats_folded": int(counts["rows_in"] - counts["rejected"] - counts["no_person"])
        - number,
        "no_person": int(counts["no_person"]),
        "rejected": int(counts["rejected"]),
    }
    odd = {name: int(counts[name]) for name in ("totals", "headings")} | {"differs": differs}
    faults = _faults(account, "persons" if persons else "offences", odd)
    return _numbered(used) if persons else used, account, faults


def _faults(account: dict[str, int], table: str, odd: dict[str, int]) -> list[dict]:
    blank = account["rejected"] - odd["totals"] - odd["headings"]
    kinds = (
        ("rows that repeat a crime or person", account["repeats_folded"],
         "folded into one: the file has a row for each victim and suspect of a crime"),
        ("rows of totals", odd["totals"], "rejected: a total is no record"),
        ("rows that repeat the heading", odd["headings"], "rejected: a heading is no record"),
        ("rows without an identifier or role", blank,
         "rejected: fill the column in at the source"),
        ("persons whose rows do not say the same", odd["differs"],
         "the first in the order of the alphabet is kept; ask for a number of each person"),
    )  # fmt: skip
    return [
        fault((table, ""), problem, records=records, of=account["rows_in"], remedy=remedy)
        for problem, records, remedy in kinds
        if records > 0
    ]


def _related(tables: Sequence[ibis.Table]) -> list[ibis.Table]:
    """
    Return persons of whom a table of relationships alone, one a crime, speaks.

    It adds a suspect only to a crime that has none.
    """
    alone = [table for table in tables if {*table.columns} <= RELATION]
    people = [table for table in tables if {*table.columns} - RELATION]
    if not alone or not people or not all("role" in table.columns for table in people):
        return list(tables)
    known = ibis.union(*alone) if len(alone) > 1 else alone[0]
    known = known.filter(_.relationship_to_victim.notnull())
    by_crime = known.group_by(_crime="offence_id").agg(
        _many=_.relationship_to_victim.nunique(), _relation=_.relationship_to_victim.min()
    )
    found = []
    for table in people:
        own = (
            table.relationship_to_victim if "relationship_to_victim" in table.columns
            else ibis.null("string")
        )  # fmt: skip
        known = known.anti_join(table.filter(table.role == "suspect"), "offence_id")
        joined = table.left_join(by_crime, table.offence_id == by_crime._crime)
        said = ibis.ifelse(joined._many > 1, UNCLEAR, joined._relation)
        said = ibis.coalesce(own, ibis.ifelse(joined.role == "suspect", said, None))
        found.append(
            joined.mutate(relationship_to_victim=said).drop("_crime", "_many", "_relation")
        )
    return [*found, known]


def together(tables: Sequence[ibis.Table], contract: Contract) -> ibis.Table:
    """Return tables one below the other, with every column of the contract that one of them has."""
    tables = _related(tables)
    names = [name for name in contract.names if any(name in table.columns for table in tables)]
    same = [
        table.select(
            **{
                name: table[name] if name in table.columns else ibis.null("string")
                for name in names
            }
        )
        for table in tables
    ]
    return ibis.union(*same) if len(same) > 1 else same[0]
