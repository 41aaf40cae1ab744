"""A draft for the analyst: as a mapping, a table or a page, and what changed since an earlier."""

import json
import re
from collections.abc import Collection, Iterator
from collections.abc import Mapping as Lookup
from dataclasses import replace
from typing import Any

import pandas as pd

from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.drafting.draft import Draft
from vrn_analysis.drafting.evidence import Column
from vrn_analysis.drafting.origins import DATES
from vrn_analysis.drafting.tables import Group
from vrn_analysis.read.extracts.mapping import NUMBER, Mapping, Origin, TableMapping
from vrn_analysis.read.extracts.meanings import meaning
from vrn_analysis.read.extracts.vocabulary import WORDED
from vrn_analysis.read.files.shapes import Shape

# what an assessment loses without each column
MATTERS = {
    "location_type": "we cannot tell which offences were in public, so most stay undecided",
    "domestic_flag": "domestic abuse is identified from relationship and location type only",
    "age": "no results for people under 25",
    "easting": "no hotspots",
    "lsoa_code": "small-area rates need coordinates instead",
    "recorded_on": "no results on recording delay or late records",
    "status": "cancelled records cannot be excluded",
    "weapon": "no counts by weapon",
}
SEPARATORS = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
    "~": "tildes",
    "^": "carets",
}
SCALARS = (("files", "*"), ("sheet", ""), ("repeats", "keep"), ("up_to", 0), ("fill", ()))
SHOWN, LONGEST = 3, 26


def _value(given: str | int | tuple) -> str:
    return json.dumps(list(given) if isinstance(given, tuple) else given, ensure_ascii=False)


def _unusual(given: Origin | Shape, usual: Origin | Shape) -> dict[str, Any]:
    said = {name: getattr(given, name) for name in given.__dataclass_fields__}
    return {name: text for name, text in said.items() if text != getattr(usual, name)}


def _origin(origin: Origin) -> str:
    if origin == Origin(column=origin.column):
        return _value(origin.column)
    unusual = _unusual(origin, Origin())
    return "{ " + ", ".join(f"{name} = {_value(text)}" for name, text in unusual.items()) + " }"


def _table(table: TableMapping) -> Iterator[str]:
    yield f"[{table.name}]"
    for name, usual in SCALARS:
        if (given := getattr(table, name)) != usual:
            yield f"{name} = {_value(given)}"
    yield f"\n[{table.name}.columns]"
    for column, origin in table.columns.items():
        yield f"{column} = {_origin(origin)}"
    yield ""


def _words(draft: Draft, column: str, kept: Lookup[str, str]) -> Iterator[str]:
    said = {
        key.split(":", 2)[2]: word for key, word in draft.answers.items()
        if key.startswith(f"label:{column}:")
    }  # fmt: skip
    told = draft.labels.understood(column) | said | dict(kept)
    odd = [label for label in draft.labels.odd(column) if label not in told]
    if not (told or odd):
        return
    yield f"[words.{column}]"
    yield from (f"{_value(label)} = {_value(word)}" for label, word in told.items())
    # how many persons are of a sex or ethnic group is nobody's business in a settings file
    counts = draft.labels.counts.get(column, {}) if column in OFFENCES.names else {}
    for label in odd:
        touched = f"  # {counts[label]:,} records" if label in counts else ""
        yield f'# {_value(label)} = ""{touched}'
    yield ""


def toml(draft: Draft, *, extract: str, words: Lookup[str, Lookup[str, str]] | None = None) -> str:
    """
    Return a drafted mapping as TOML, for the analyst to read, correct and keep.

    Parameters
    ----------
    draft
        From `draft.draft`.
    extract
        What the extract is called, for the first line.
    words
        What labels mean by an earlier mapping, for each column: these are kept.
    """
    lines = [f"# How to read {extract}. Drafted by vrn map: check each line."]
    if draft.heading:
        lines.append(f"heading = {list(draft.heading)}")
    lines += [f"# {' '.join(text.split())}" for text in draft.others] + [""]
    for shape in draft.shapes:
        lines += ["[[reshape]]"]
        lines += [f"{name} = {_value(to)}" for name, to in _unusual(shape, Shape("", "")).items()]
        lines += [""]
    for table in draft.tables.values():
        lines += _table(table)
    lines += ['# What each label means; "" is unknown. Labels after # were not recognised.']
    for column in [name for name in [*OFFENCES.names, *PERSONS.names] if name in WORDED]:
        lines += _words(draft, column, (words or {}).get(column, {}))
    if draft.answers:
        lines += ["# Answers given to vrn map. vrn map --update keeps them.", "[answers]"]
        lines += [f"{_value(key)} = {_value(text)}" for key, text in draft.answers.items()]
    return "\n".join(lines).rstrip() + "\n"


def shape_of(value: str) -> str:
    """Return the shape of a value and nothing of what it says: 33N/000012/23 is ##A/######/##."""
    shape = re.sub(
        r"[a-z]", "a", re.sub(r"[^\W\d_]", lambda m: "A" if m[0].isupper() else "a", value)
    )
    shape = re.sub(r"\d", "#", shape)
    return shape if len(shape) <= LONGEST else shape[: LONGEST - 1] + "…"


def _examples(column: Column, field: str) -> str:
    if field in WORDED:
        told = [
            f"{label} = {word or 'not known'}" for label in column.said
            if (word := meaning(label, field)) is not None
        ]  # fmt: skip
        return "; ".join(told[:SHOWN])
    return "; ".join(dict.fromkeys(shape_of(value) for value in list(column.said)[:40]))


def columns_table(draft: Draft) -> pd.DataFrame:
    """
    Return what each column of the extract was read as.

    Returns
    -------
    table
        `file, column, read_as, confidence, examples`: examples are shapes (# a digit, A a letter)
        or, of a category, labels that are understood. A column that is not read has no example.
    """
    rows = []
    for group in draft.groups:
        found = {(one.column.name, one.column.how.part): one for one in group.found}
        for column in group.columns:
            one = found.get((column.name, column.how.part))
            whose = f"{one.party[:-1]} {one.number or ''}".strip() if one and one.party else ""
            rows.append({
                "file": group.parts[0].label,
                "column": column.name,
                "read_as": f"{whose} {one.field.replace('_', ' ')}".strip() if one else "not read",
                "confidence": one.confidence if one else "",
                "examples": "; ".join(_examples(column, one.field).split("; ")[:SHOWN])
                if one else "",
            })  # fmt: skip
    return pd.DataFrame(rows)


def _group_line(group: Group) -> str:
    heading = group.parts[0].heading
    on = " and ".join(map(str, heading.on))
    said = [f"heading on line{'s' if len(heading.on) > 1 else ''} {on}"]
    if heading.separator:
        said.append(f"separated by {SEPARATORS[heading.separator]} ({heading.encoding})")
    if unread := sum(part.unread for part in group.parts):
        said.append(f"{unread:,} other lines skipped")
    if not all(part.whole for part in group.parts):
        said.append("columns recognised from a sample")
    what = ", ".join(group.tables) or (
        "records that are NOT READ" if group.lost else "nothing (not offences or people)"
    )
    return f"{group.label}: {group.rows:,} rows, {'; '.join(said)}. Contains: {what}."


def lines(draft: Draft) -> list[str]:
    """Return a line for each table found, column missing and set of labels not recognised."""
    told = [
        f"{shape.files} is reshaped before it is read: {shape.how}. Check [[reshape]]."
        for shape in draft.shapes
    ]
    told += [_group_line(group) for group in draft.groups] + draft.others
    there = {name for table in draft.tables.values() for name in table.columns}
    there |= {"age"} & {name.removesuffix("_band") for name in there}
    told += [f"No {name}: {text}." for name, text in MATTERS.items() if name not in there]
    for column in WORDED:
        if odd := draft.labels.odd(column, draft.answers):
            shown = ", ".join(map(repr, list(odd)[:SHOWN])) if column in OFFENCES.names else ""
            told.append(
                f"{column}: labels not recognised, treated as unknown: {len(odd)}, in "
                f"{sum(odd.values()):,} rows{': ' + shown if shown else ''}."
            )
    return told


def page(draft: Draft, *, extract: str, questions: list[str]) -> str:
    """Return the report as one HTML page."""
    from html import escape

    body = columns_table(draft).to_html(index=False, border=0)
    asked = "".join(f"<li>{escape(text)}</li>" for text in questions)
    told = "".join(f"<li>{escape(text)}</li>" for text in lines(draft))
    title = f"How {escape(extract)} is read"
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
        "table{border-collapse:collapse}th,td{text-align:left;padding:.3em .8em;"
        "border-bottom:1px solid #bbb}</style></head>"
        f"<body><h1>{title}</h1><ul>{told}</ul><h2>Questions</h2>"
        f"<ol>{asked or '<li>None.</li>'}</ol><h2>Columns</h2>{body}</body></html>\n"
    )


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
