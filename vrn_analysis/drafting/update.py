"""An earlier mapping, updated for a new extract. Settled choices stay; changes are listed."""

from collections.abc import Collection
from collections.abc import Mapping as Lookup
from dataclasses import replace

from vrn_analysis.drafting.draft import Draft
from vrn_analysis.drafting.origins import DATES
from vrn_analysis.read.extracts.mapping import NUMBER, Mapping, Origin


def _there(origin: Origin, names: set[str]) -> bool:
    return all(name.replace(NUMBER, "1") in names for name in origin.named)


def _answered(keys: Collection[str]) -> set[str]:
    """Return the columns that answers affect, by the keys of their questions."""
    named = {key.split(":")[1] for key in keys if ":" in key}
    dates = set(DATES) if "date_order" in keys else set()
    ages = {"age"} if any(key.startswith("zero:") for key in keys) else set()
    return named | dates | ages


def updated(
    draft: Draft, earlier: Mapping, *, answered: Collection[str] = ()
) -> tuple[Draft, list[str]]:
    """
    Return a draft that keeps an earlier mapping, and a line for each thing that changed.

    Columns stay as the mapping says while the extract has them; a column that is gone takes the
    place that the draft found for it. What the draft found and the mapping leaves out stays out.

    Parameters
    ----------
    draft
        Of the new extract.
    earlier
        The mapping to keep.
    answered
        Keys of the questions answered now: their columns are taken from the draft.
    """
    fresh = _answered(answered)
    names = {name for group in draft.groups for part in group.parts for name in part.heading.names}
    changes, tables = [], {}
    for name, table in earlier.tables.items():
        new = draft.tables.get(name)
        drafted = new.columns if new else {}
        columns: dict[str, Origin] = {}
        for column, origin in table.columns.items():
            if _there(origin, names):
                columns[column] = origin
                continue
            was = ", ".join(origin.named)
            if column in drafted:
                columns[column] = drafted[column]
                now = ", ".join(drafted[column].named)
                changes.append(
                    f"{name}: {column} is now read from {now}, because {was} is missing."
                )
            else:
                changes.append(f"{name}: {column} is no longer read, because {was} is missing.")
        columns |= {column: drafted[column] for column in fresh if column in drafted}
        left = [column for column in drafted if column not in columns]
        changes += [
            f"{name}: {column} was found, but the mapping does not read it." for column in left
        ]
        tables[name] = replace(new or table, columns=columns, repeats=table.repeats)
    changes += [
        f"{name}: found, but the mapping does not read this table."
        for name in draft.tables.keys() - tables
    ]
    return replace(draft, tables=tables), changes + _new_labels(draft, earlier.words)


def _new_labels(draft: Draft, words: Lookup[str, Lookup[str, str]]) -> list[str]:
    told = []
    for column in draft.labels.counts:
        known = words.get(column, {})
        new = [label for label in draft.labels.understood(column) if label not in known]
        odd = [label for label in draft.labels.odd(column, draft.answers) if label not in known]
        if known and (new or odd):
            told.append(f"{column}: {len(new)} new labels recognised, {len(odd)} not recognised.")
    return told
