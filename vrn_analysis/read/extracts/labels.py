"""Translate local labels (place, weapon, relationship) into the contracts' words."""

import re
from collections.abc import Mapping as Lookup

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.core.contracts import UNCLEAR, Column, Contract
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.extracts.meanings import explain, meaning
from vrn_analysis.read.extracts.vocabulary import WORDED, plain

UNMAPPED_COLUMNS = ("table", "column", "label", "records", "reason")
# with more labels a column is addresses or free text, not a category
MOST_LABELS = 5_000
_KEYWORD = re.compile(r"\b(enabled|crime|related|involved|used|marker|flag|offence)\b")


def counts_of(table: ibis.Table, column: str) -> pd.Series:
    """Return how many records have each label of a column, most first; blanks are left out."""
    found = (
        table.filter(table[column].notnull())
        .group_by(label=table[column])
        .agg(records=_.count())
        .order_by(_.records.desc(), _.label)
        .limit(MOST_LABELS + 1)
        .to_pandas()
    )
    return found.set_index("label")["records"]


def _understood(label: str, column: str, own: dict[str, str]) -> str | None:
    mine = own.get(plain(label))
    if mine is not None:
        return mine
    # an unknown role is null: only people who are neither victim nor suspect are left out
    unknown = column == "role" and meaning(label, "sex") == ""
    return None if unknown else meaning(label, column)


def _joined(table: ibis.Table, column: Column, words: dict[str, str | None]) -> ibis.Table:
    """Replace each label by its word; unknown labels are kept, unclear or null."""
    keep = column.type == "string" and not column.allowed
    # a label that could decide a record must stay undecided
    unclear = UNCLEAR if UNCLEAR in column.allowed else None
    fallback = (lambda label: label) if keep else (lambda label: unclear)
    pairs = pd.DataFrame(
        {
            "_label": list(words),
            "_word": [fallback(label) if word is None else word for label, word in words.items()],
        }
    )
    meant = ibis.memtable(pairs, schema={"_label": "string", "_word": "string"})
    joined = table.left_join(meant, table[column.name] == meant["_label"])
    changed = {column.name: joined["_word"].nullif("")}
    if column.name == "role":
        # a label that is understood as neither victim nor suspect, such as a witness
        changed["_there"] = joined["_there"] & (joined["_word"] != "").fill_null(True)
    return joined.mutate(**changed).drop("_label", "_word")


def understand(
    table: ibis.Table, contract: Contract, *, words: Lookup[str, Lookup[str, str]]
) -> tuple[ibis.Table, pd.DataFrame]:
    """
    Replace local labels by the contracts' words.

    Parameters
    ----------
    table
        Columns of the contract as text.
    contract
        `OFFENCES` or `PERSONS`.
    words
        For each column the word that a label means, "" for not known; they go before what
        `words.meaning` reads.

    Returns
    -------
    table, unmapped
        A label that is not understood becomes null; of a status or relationship
        "unclear", which leaves the record undecided; kinds of place and outcomes are kept as
        worded. `unmapped` has `table, column, label, records, reason`, most records first.

    Raises
    ------
    DataError
        If a column has too many labels to be a category.
    """
    rows, received = [], table
    for column in [column for column in contract if column.name in WORDED]:
        if column.name not in table.columns:
            continue
        counts = counts_of(received, column.name)
        if len(counts) > MOST_LABELS:
            raise DataError(
                f"The column named for {column.name} has more than {MOST_LABELS:,} different "
                "values, so it is free text or an address. Name another in the mapping."
            )
        own = {plain(label): word for label, word in words.get(column.name, {}).items()}
        meanings = {label: _understood(label, column.name, own) for label in counts.index}
        rows += [
            (contract.name, column.name, label, records, explain(label, column.name))
            for label, records in counts.items()
            if meanings[label] is None
        ]
        table = _joined(table, column, meanings)
    unmapped = pd.DataFrame(rows, columns=list(UNMAPPED_COLUMNS))
    unmapped = unmapped.sort_values("records", ascending=False, kind="stable")
    return table, unmapped.reset_index(drop=True)


def flags_in(text: str) -> dict[str, str]:
    """
    Return what a cell of keywords says of `domestic_flag`, `sexual_flag` and `weapon`.

    A keyword that is absent says nothing, and keywords that contradict one another say nothing.

    Parameters
    ----------
    text
        Such as `DOMESTIC ABUSE, KNIFE ENABLED`.
    """
    said: dict[str, set[str]] = {}
    for part in re.split(r"[,;|/\n]| - ", text):
        word = plain(part)
        flags = {column: meaning(word, column) or "" for column in ("domestic_flag", "sexual_flag")}
        # "Y" and "confirmed" are answers, which mean the same for any flag, and no keywords
        if len(word) > 1 and len({*flags.values()}) > 1:
            for column, means in flags.items():
                said.setdefault(column, set()).add(means)
        weapon = meaning(_KEYWORD.sub("", word), "weapon") if word else ""
        if weapon in ("knife_or_sharp", "firearm"):
            said.setdefault("weapon", set()).add(weapon)
    found = {column: values - {""} for column, values in said.items()}
    return {column: values.pop() for column, values in found.items() if len(values) == 1}
