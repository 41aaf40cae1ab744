"""Translate labels outside a contract by their words, and count every one."""

import ibis
import pandas as pd

from vrn_analysis.core.contracts import UNCLEAR, Column, Contract
from vrn_analysis.core.definition import location_types
from vrn_analysis.read.checks.orders import TEXT
from vrn_analysis.read.checks.problems import NOT_ALLOWED, listed, row
from vrn_analysis.read.extracts.labels import counts_of
from vrn_analysis.read.extracts.meanings import meaning
from vrn_analysis.read.extracts.vocabulary import WORDED, plain

OUTSIDE = "labels outside the contract, understood by their words"
UNKNOWN = "labels that are not understood"
# the problems of labels, found here and by the tests of values
LABEL_PROBLEMS = (OUTSIDE, UNKNOWN, NOT_ALLOWED, "cannot be read")


def _worded(table: ibis.Table, contract: Contract) -> list[Column]:
    """Return the columns of labels; a flag that is a boolean in the file has none."""
    texts = [name for name, kind in table.schema().items() if kind.is_string()]
    return [
        column
        for column in contract
        if contract.name in ("offences", "persons")
        and column.name in WORDED
        and {column.name, TEXT + column.name}.intersection(texts)
    ]


def _is_known(label: str, column: Column) -> bool:
    """Return whether a label is the contract's own word."""
    word = plain(label).replace(" ", "_")
    if column.name == "location_type":
        return word in {place["location_type"] for place in location_types()}
    return word in column.allowed if column.allowed else meaning(label, column.name) == word


def _counts(table: ibis.Table, column: Column) -> pd.Series:
    """Return how many records have each label that the contract does not know, most first."""
    name = TEXT + column.name if TEXT + column.name in table.columns else column.name
    found = counts_of(table, name)
    return found[[not _is_known(label, column) for label in found.index]]


def _joined(table: ibis.Table, column: Column, words: dict[str, str]) -> ibis.Table:
    """Replace each label that is understood by its word."""
    beside = TEXT + column.name
    received = table[beside if beside in table.columns else column.name]
    pairs = pd.DataFrame({"_label": list(words), "_word": list(words.values())}, dtype="str")
    meant = ibis.memtable(pairs, schema={"_label": "string", "_word": "string"})
    joined = table.left_join(meant, received == meant["_label"])
    there, word = joined["_word"].notnull(), joined["_word"].nullif("")
    changed = {column.name: ibis.ifelse(there, _typed(word, column), joined[column.name])}
    if beside in table.columns:
        changed[beside] = ibis.ifelse(there, None, joined[beside])
    return joined.mutate(**changed).drop("_label", "_word")


def _typed(word: ibis.Value, column: Column) -> ibis.Value:
    if column.type != "boolean":
        return word
    return ibis.ifelse(word.isnull(), ibis.null("boolean"), word == "yes")


def understood(table: ibis.Table, contract: Contract) -> tuple[ibis.Table, list[dict]]:
    """
    Replace labels outside the contract by its words, and list all of them.

    Parameters
    ----------
    table
        As `typed.typed` returns it.
    contract
        Its contract.

    Returns
    -------
    table, rows
        A label that is not understood stays as it is, for the tests of values to find. `rows`
        are as in `problems`, a row a column for what was understood, and for kinds of place and
        outcomes, of which the contract names none, for what was not.
    """
    rows, total = [], int(table.count().to_pandas())
    for column in _worded(table, contract):
        counts = _counts(table, column)
        if counts.empty:
            continue
        shown = column.sensitivity in ("open", "record")
        found = {label: meaning(label, column.name) for label in counts.index}
        # where a record needs its value, a label for "not known" is one that is not allowed
        kept = (None,) if column.nullable else (None, "")
        words = {label: word for label, word in found.items() if word not in kept}
        if words:
            table = _joined(table, column, words)
            known = counts[list(words)]
            rows.append(row(
                contract.name, column.name, OUTSIDE, int(known.sum()), total,
                examples=listed(known.to_dict(), words) if shown else "",
                remedy=f"read so ({len(known)} in all): where one means another thing, say so in "
                "a mapping (vrn map)",
            ))  # fmt: skip
        # a role that is neither victim nor suspect, such as a witness, is not a row of the contract
        strange = counts[[found[label] is None for label in counts.index]]
        if strange.empty:
            continue
        if UNCLEAR in column.allowed:
            # it may decide whether a record counts, and null would hide that
            table = _joined(table, column, dict.fromkeys(strange.index, UNCLEAR))
        if (UNCLEAR in column.allowed or not column.allowed) and column.type == "string":
            rows.append(row(
                contract.name, column.name, UNKNOWN, int(strange.sum()), total,
                examples=listed(strange.to_dict()) if shown else "",
                remedy=f"taken as not known ({len(strange)} in all): say in a mapping (vrn map) "
                "what each means",
            ))  # fmt: skip
    return table, rows
