"""Summarise a classification: counts by reason, bounds and contradictions."""

from collections.abc import Sequence

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.core.definition import Definition, location_types
from vrn_analysis.count.classify.facts import gather, normalise_place
from vrn_analysis.count.classify.labels import label
from vrn_analysis.count.classify.reasons import CONTRADICTIONS, FLAGS, IN, OUT, REASONS, UNKNOWN
from vrn_analysis.count.classify.rules import conditions


def waterfall(classified: ibis.Table) -> pd.DataFrame:
    """
    Count records by the first reason that keeps them from counting.

    Parameters
    ----------
    classified
        What `classify` returned.

    Returns
    -------
    waterfall
        `step, reason, outcome, label, records, remaining`: all records, then those OUT by their
        first reason, then those UNKNOWN by theirs, then those IN. Records OUT, UNKNOWN and IN sum
        exactly to the start.
    """
    counts = classified.group_by("outcome", "first_reason").agg(records=_.count()).to_pandas()
    found = {
        (row.outcome, "" if pd.isna(row.first_reason) else row.first_reason): int(row.records)
        for row in counts.itertuples()
    }
    left = sum(found.values())
    rows = [("", "START", "All records", left, left)]
    for kind in (OUT, UNKNOWN):
        for reason in REASONS:
            if records := found.get((kind, reason.code), 0):
                left -= records
                rows.append((reason.code, kind, reason.label, records, left))
    rows.append(("", IN, "Counted as serious violence", found.get((IN, ""), 0), left))
    table = pd.DataFrame(rows, columns=["reason", "outcome", "label", "records", "remaining"])
    table.insert(0, "step", range(len(table)))
    return table.astype(
        {"reason": "str", "outcome": "str", "label": "str", "records": "Int64",
         "remaining": "Int64"}
    )  # fmt: skip


def bounds(classified: ibis.Table, by: Sequence[str] = ()) -> pd.DataFrame:
    """
    Return the headline count, and the count if every UNKNOWN record counted too.

    Parameters
    ----------
    classified
        What `classify` returned.
    by
        Columns to count by, such as `crime_group`; null is a group of its own.

    Returns
    -------
    bounds
        The columns of `by`, then `count` (IN), `unknown` and `count_with_unknown`.
    """
    keys = list(by)
    counts = {
        "count": (classified.outcome == IN).sum().fill_null(0),
        "unknown": (classified.outcome == UNKNOWN).sum().fill_null(0),
    }
    grouped = classified.group_by(keys).agg(**counts) if keys else classified.agg(**counts)
    table = grouped.to_pandas().astype({"count": "Int64", "unknown": "Int64"})
    if keys:
        table = table.sort_values(keys, ignore_index=True)
    return table.assign(count_with_unknown=table["count"] + table["unknown"])


def _flag_counts(classified: ibis.Table) -> pd.Series:
    counts = classified.group_by("flags", "outcome").agg(records=_.count()).to_pandas().dropna()
    spread = counts.assign(flag=counts["flags"].str.split(";")).explode("flag")
    return spread.groupby(["flag", "outcome"])["records"].sum()


def flagged(classified: ibis.Table) -> pd.DataFrame:
    """
    Count the records with each flag.

    Returns
    -------
    flagged
        `flag, label, records, records_in`: one row for each flag found, in the order of `FLAGS`.
    """
    counts = _flag_counts(classified).unstack("outcome", fill_value=0)
    rows = [
        (flag, words, int(counts.loc[flag].sum()), int(counts.loc[flag].get(IN, 0)))
        for flag, words in FLAGS.items()
        if flag in counts.index
    ]
    types = {"flag": "str", "label": "str", "records": "Int64", "records_in": "Int64"}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _persons_at_odds(persons: ibis.Table) -> int:
    both = (
        persons.filter(persons.person_ref.notnull())
        .group_by("offence_id", "person_ref")
        .agg(roles=_.role.nunique())
        .filter(_.roles > 1)
    )
    return int(both.count().to_pandas())


def contradictions(classified: ibis.Table, persons: ibis.Table | None = None) -> pd.DataFrame:
    """
    Count the records whose columns do not agree, by kind; never the records themselves.

    Returns
    -------
    contradictions
        `flag, label, records, records_in`: one row for each kind found. With `persons`, also
        those who are victim and suspect of one crime (counted, not a fault by itself).
    """
    table = flagged(classified)
    table = table[table["flag"].isin(CONTRADICTIONS)].reset_index(drop=True)
    if persons is None or "person_ref" not in persons.columns:
        return table
    if not (both := _persons_at_odds(persons)):
        return table
    words = "The same person is victim and suspect of one crime"
    row = pd.DataFrame([("victim_and_suspect", words, both, pd.NA)], columns=table.columns)
    return pd.concat([table, row.astype(table.dtypes)], ignore_index=True)


def unmapped(classified: ibis.Table) -> pd.DataFrame:
    """
    Return the codes, sub-codes and titles that leave the outcome open, with their counts.

    Returns
    -------
    unmapped
        `offence_code, offence_subcode, offence_title` (those the table has), `reason`, `records`;
        most frequent first.
    """
    names = ("offence_code", "offence_subcode", "offence_title")
    keys = [name for name in names if name in classified.columns]
    # an unknown class is not a fault if the definition treats all possible classes alike
    unknown = classified.filter(classified.all_reasons.contains("R3_code_"))
    reason = ibis.cases(
        *(
            (unknown.all_reasons.contains(reason.code), reason.code)
            for reason in REASONS
            if reason.code.startswith("R3_code_")
        ),
        else_=ibis.null("string"),
    )
    table = unknown.group_by(*keys, reason=reason).agg(records=_.count()).to_pandas()
    table = table.astype({"records": "Int64"})
    return table.sort_values(
        ["records", *keys], ascending=[False] + [True] * len(keys)
    ).reset_index(drop=True)


def unknown_places(classified: ibis.Table) -> pd.DataFrame:
    """
    Return the kinds of place that `location_types.csv` does not list, with their counts.

    Returns
    -------
    unknown_places
        `location_type` as the source writes it, `records`; most frequent first. A place that the
        list has, but as unknown, is not listed, nor is a blank.
    """
    known = {row["location_type"] for row in location_types()}
    if "location_type" not in classified.columns:
        return pd.DataFrame(
            {"location_type": pd.Series(dtype="str"), "records": pd.array([], "Int64")}
        )
    counts = classified.group_by("location_type").agg(records=_.count()).to_pandas()
    counts = counts.dropna(subset=["location_type"]).astype({"records": "Int64"})
    strange = ~counts["location_type"].map(normalise_place).isin({*known, ""}).astype(bool)
    return counts[strange].sort_values(
        ["records", "location_type"], ascending=[False, True], ignore_index=True
    )


def moved(
    offences: ibis.Table, persons: ibis.Table | None, a: Definition, b: Definition
) -> pd.DataFrame:
    """
    Count the records that two definitions treat differently, by the reasons of each.

    Parameters
    ----------
    offences, persons
        As for `classify`.
    a, b
        The two definitions.

    Returns
    -------
    moved
        `from_outcome, from_reason, to_outcome, to_reason, records`: only records whose outcome
        changes, most first. An empty reason is that of a record that counts.
    """
    facts = gather(offences, persons, definitions=[a, b])
    one = label(facts, conditions(facts, a), definition=a, keep=facts.columns)
    one = one.select(*facts.columns, from_outcome="outcome", from_reason="first_reason")
    two = label(one, conditions(one, b), definition=b, keep=["from_outcome", "from_reason"])
    table = (
        two.filter(two.from_outcome != two.outcome)
        .group_by(
            _.from_outcome,
            from_reason=_.from_reason.fill_null(""),
            to_outcome=_.outcome,
            to_reason=_.first_reason.fill_null(""),
        )
        .agg(records=_.count())
        .to_pandas()
    )
    keys = ["from_outcome", "from_reason", "to_outcome", "to_reason"]
    return (
        table.astype(dict.fromkeys(keys, "str") | {"records": "Int64"})
        .sort_values(["records", *keys], ascending=[False] + [True] * 4)
        .reset_index(drop=True)
    )
