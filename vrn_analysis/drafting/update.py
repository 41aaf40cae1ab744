"""An earlier mapping brought up to a new extract: what was settled stays, what is new is told."""

from collections.abc import Mapping as Lookup
from dataclasses import replace

from vrn_analysis.drafting.draft import Draft
from vrn_analysis.sources.mapping import NUMBER, Mapping, Origin


def _there(origin: Origin, names: set[str]) -> bool:
    return all(name.replace(NUMBER, "1") in names for name in origin.named)


def updated(draft: Draft, earlier: Mapping) -> tuple[Draft, list[str]]:
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
    """
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
                changes.append(f"{name}: {column} is now read from {now}; {was} is gone.")
            else:
                changes.append(f"{name}: {column} is no longer read, as {was} is gone.")
        left = [column for column in drafted if column not in table.columns]
        changes += [f"{name}: {column} was found too and is not read." for column in left]
        tables[name] = replace(new or table, columns=columns, repeats=table.repeats)
    changes += [
        f"{name}: a table the mapping does not have." for name in draft.tables.keys() - tables
    ]
    return replace(draft, tables=tables), changes + _new_labels(draft, earlier.words)


def _new_labels(draft: Draft, words: Lookup[str, Lookup[str, str]]) -> list[str]:
    told = []
    for column in draft.labels.counts:
        known = words.get(column, {})
        new = [label for label in draft.labels.understood(column) if label not in known]
        odd = [label for label in draft.labels.odd(column) if label not in known]
        if known and (new or odd):
            told.append(f"{column}: {len(new)} new labels understood, {len(odd)} not understood.")
    return told
