"""Decide whether the dates of a column are day first or month first, one way for all of them."""

from collections.abc import Sequence

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.core.contracts import Contract
from vrn_analysis.read.checks import parse
from vrn_analysis.read.checks.problems import STOPS, row

# helper columns: the text of a value that could not be read, and the form of a date
TEXT, FORM = "_text_", "_form_"
# of so many dates that prove an order, one that is in the other is a slip
SLIPS = 20
_MIXED = (
    "the column is in both orders, so the others cannot be told: export it as YYYY-MM-DD, each "
    "file in one order"
)


def _proofs(table: ibis.Table, columns: Sequence[str]) -> pd.DataFrame:
    """Count the dates in numbers of each column, and those that fit one order only."""
    sums = {}
    for name in columns:
        numeric = table[FORM + name] == "day first"
        sums |= {
            f"numeric|{name}": numeric.sum(),
            f"day|{name}": (numeric & (table[name].day() > 12)).sum(),
            f"month|{name}": table[TEXT + name].re_search(parse.MONTH_FIRST).sum(),
        }
    sums = {name: value.fill_null(0) for name, value in sums.items()}
    found = table.agg(of=_.count(), **sums).to_pandas().iloc[0].astype("int64")
    kinds = ("numeric", "day", "month")
    rows = [[found[f"{kind}|{name}"] for kind in kinds] for name in columns]
    return pd.DataFrame(rows, index=columns, columns=list(kinds)).assign(of=found["of"])


def _read_month_first(table: ibis.Table, name: str) -> ibis.Table:
    value, text, numeric = table[name], table[TEXT + name], table[FORM + name] == "day first"
    swapped = value.strftime("%Y-%d-%m %H:%M:%S").try_cast("timestamp")
    other = ibis.coalesce(swapped, parse.moment(text, ibis.literal("month first")))
    other = other.date() if value.type().is_date() else other
    read = ibis.ifelse(numeric, other, value)
    return table.mutate(
        **{
            name: read,
            TEXT + name: ibis.ifelse(read.isnull(), text, None),
            FORM + name: ibis.ifelse(numeric, "month first", table[FORM + name]),
        }
    )


def in_one_order(table: ibis.Table, contract: Contract) -> tuple[ibis.Table, list[dict]]:
    """
    Return a `typed` table with each column of dates read in one order, and rows of problems.

    A column is read day first unless its values prove otherwise: where some can only be month
    first and none only day first, all are month first. A column without a proof follows the other
    columns of its file. Where there are proofs of both, more than a slip or two, the file stops.
    """
    columns = [column.name for column in contract if FORM + column.name in table.columns]
    if not columns:
        return table, []
    proofs, rows = _proofs(table, columns), []
    for name, own in proofs.iterrows():
        found = own if own["day"] + own["month"] else proofs.sum()
        told, numbers = (contract.name, name), (int(own["numeric"]), int(own["of"]))
        if own["month"] * SLIPS > own["day"] > 0:
            words = f"{own['day']:,} can only be day first, {own['month']:,} only month first"
            rows.append(row(*told, f"dates in two orders: {words}", *numbers, remedy=_MIXED,
                            severity=STOPS))  # fmt: skip
        elif found["month"] and not found["day"] and found["numeric"] > 1 and own["numeric"]:
            table = _read_month_first(table, name)
            remedy = f"read so, as {found['month']:,} can be nothing else and none only day first; "
            remedy += "export the column as YYYY-MM-DD to be sure"
            rows.append(row(*told, "dates are written month before day", *numbers, remedy=remedy))
    return table, rows
