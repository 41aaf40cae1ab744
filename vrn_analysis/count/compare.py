"""Compare two extracts: late arrivals, reclassified, cancelled and new crimes."""

from datetime import date

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.core.contracts import FALLEN
from vrn_analysis.core.errors import DataError
from vrn_analysis.count.classify.codes import normalise_code

PARTS = (
    "true_new", "late_arrivals", "restored", "reclassified_in", "reclassified_out", "cancelled",
    "removed",
)  # fmt: skip
NOT_GROUPED = "Not known"


def _spelt_alike(extract: ibis.Table) -> ibis.Table:
    """Return an extract with its codes in one spelling: from `008n` to `8N` is no change."""
    codes = extract.select("offence_code").distinct().to_pandas()["offence_code"].dropna()
    alike = {"_written": list(codes), "_code": [normalise_code(code) for code in codes]}
    spelling = ibis.memtable(
        pd.DataFrame(alike, dtype="str"), schema={"_written": "string", "_code": "string"}
    )
    joined = extract.left_join(spelling, extract.offence_code == spelling["_written"])
    return joined.mutate(offence_code=joined["_code"]).drop("_written", "_code")


def _latest(extract: ibis.Table, by: str) -> ibis.Table:
    """Return one row a crime: its latest record, its group, and whether it counts."""
    for name in ("offence_id", "occurred_from", by):
        if name not in extract.columns:
            raise DataError(f"The extract to compare has no column {name!r}.")
    if by == "offence_code":
        extract = _spelt_alike(extract)
    status = extract.status if "status" in extract.columns else ibis.null("string")
    recorded = extract.recorded_on if "recorded_on" in extract.columns else ibis.null("date")
    group = extract[by].cast("string").nullif("").fill_null(NOT_GROUPED)
    rows = extract.select(
        "offence_id",
        group=group,
        happened=extract.occurred_from.date(),
        stands=status.notin(FALLEN).fill_null(True),
        recorded=recorded,
    )
    order = [rows.stands.desc(), rows.recorded.desc(nulls_first=False), rows.happened, rows.group]
    rank = ibis.row_number().over(ibis.window(group_by="offence_id", order_by=order))
    return rows.mutate(rank=rank).filter(_.rank == 0).drop("rank", "recorded")


def _paired(old: ibis.Table, new: ibis.Table) -> ibis.Table:
    """Return one row a crime in either extract, with both versions."""
    before = old.rename(group_old="group", happened_old="happened", stands_old="stands")
    after = new.rename(group_new="group", happened_new="happened", stands_new="stands")
    pairs = before.outer_join(after, "offence_id")
    return pairs.select(
        "group_old", "group_new", "happened_new",
        in_old=pairs.group_old.notnull(),
        in_new=pairs.group_new.notnull(),
        was=pairs.stands_old.fill_null(False),
        is_now=pairs.stands_new.fill_null(False),
    )  # fmt: skip


def _moves(pairs: ibis.Table, until: date) -> ibis.Table:
    """Return one row for each crime and group in which it counts otherwise than before."""
    gained = pairs.filter(_.is_now & (~_.was | (_.group_old != _.group_new)))
    lost = pairs.filter(_.was & (~_.is_now | (_.group_old != _.group_new)))
    came = ibis.cases(
        (gained.was, "reclassified_in"),
        (gained.in_old, "restored"),
        (gained.happened_new > ibis.literal(until), "true_new"),
        else_="late_arrivals",
    )
    went = ibis.cases(
        (lost.is_now, "reclassified_out"), (lost.in_new, "cancelled"), else_="removed"
    )
    return gained.select(group=gained.group_new, part=came).union(
        lost.select(group=lost.group_old, part=went)
    )


def _counts(table: ibis.Table, name: str) -> pd.Series:
    return table.group_by("group").agg(n=_.count()).to_pandas().set_index("group")["n"].rename(name)


def compare(
    old: ibis.Table, new: ibis.Table, *, by: str = "offence_code", until: date | None = None
) -> pd.DataFrame:
    """
    Return the change between two extracts, split into its causes.

    A crime counts where its record stands: not cancelled, transferred or marked a duplicate. Of
    several records of a crime one that stands goes first, then the one recorded last.

    Parameters
    ----------
    old, new
        Tables with `offence_id, occurred_from`, the column `by`, and `status` and `recorded_on`
        where they have them.
    by
        Column whose groups are compared, such as `crime_group` or `outcome`.
    until
        Last day that the old extract covers: a crime of a later day is truly new, one of that day
        or before has arrived late; default: the last day on which a crime of the old happened.

    Returns
    -------
    changes
        `group, old, new, change`, then the parts: `true_new, late_arrivals, restored,
        reclassified_in` add, `reclassified_out, cancelled, removed` (gone without a word) take
        away and are negative. They sum to `change` in every row; the first row is `All`, in which
        re-classification sums to nothing.

    Raises
    ------
    DataError
        If a column is missing, or no crime of the old extract has a date.
    """
    before, after = _latest(old, by), _latest(new, by)
    until = until or before.happened.max().to_pandas()
    if pd.isna(until):
        raise DataError("No crime of the old extract has a date, so nothing can be called late.")
    moves = _moves(_paired(before, after), pd.Timestamp(until).date())
    parts = moves.group_by(["group", "part"]).agg(n=_.count()).to_pandas()
    split = [parts[parts["part"] == part].set_index("group")["n"].rename(part) for part in PARTS]
    totals = [
        _counts(table.filter(_.stands), name) for name, table in (("old", before), ("new", after))
    ]
    changes = pd.concat([*totals, *split], axis="columns")
    changes = changes.fillna(0).astype("int64")
    for name in ("reclassified_out", "cancelled", "removed"):
        changes[name] = -changes[name]
    changes.insert(2, "change", changes["new"] - changes["old"])
    whole = changes.sum().to_frame("All").T
    return (
        pd.concat([whole, changes.sort_index()])
        .rename_axis("group")
        .reset_index()
        .astype({"group": "str"})
    )
