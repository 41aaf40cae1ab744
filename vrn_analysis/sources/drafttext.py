"""A drafted mapping as the text of a TOML file, for the analyst to read, mend and keep."""

import json
from collections.abc import Iterator

from vrn_analysis.contracts import OFFENCES, PERSONS
from vrn_analysis.sources import labels, values
from vrn_analysis.sources.drafts import Draft
from vrn_analysis.sources.mapping import NUMBER, Origin, TableMapping
from vrn_analysis.sources.words import WORDED, meaning, plain

# what an assessment loses where no column gives these
MATTERS = {
    "offence_code": "the class of offence is read from its title only",
    "location_type": "no record can be told to be in public: most stay UNKNOWN",
    "domestic_flag": "domestic abuse is told by relationship and kind of place only",
    "sexual_flag": "a sexual element is told by the class of offence only",
    "lsoa_code": "records are placed in no small area, so there are no rates",
    "easting": "no hotspot by point",
    "recorded_on": "no recording delay, and no late arrivals",
    "injury_degree": "a definition that asks for injury leaves records UNKNOWN",
    "weapon": "no count by weapon",
    "status": "cancelled records cannot be told",
    "age": "no focus on young people",
}
SCALARS = (("files", "*"), ("repeats", "keep"), ("up_to", 0))


def _value(given: str | int) -> str:
    return str(given) if isinstance(given, int) else json.dumps(given, ensure_ascii=False)


def _origin(origin: Origin) -> str:
    plainly = Origin(column=origin.column)
    if origin == plainly:
        return _value(origin.column)
    said = {name: getattr(origin, name) for name in Origin.__dataclass_fields__}
    unusual = {
        name: text for name, text in said.items() if text != getattr(Origin(), name) and text
    }
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


def _counts(draft: Draft, column: str) -> dict[str, int]:
    """Return the labels of a column in every table that has it, most records first."""
    found: dict[str, int] = {}
    for name, table in draft.tables.items():
        origin = table.columns.get(column, Origin())
        if not origin.column:
            continue
        for number in range(1, table.up_to + 1) if NUMBER in origin.column else (0,):
            rows = draft.rows[name]
            shown = rows.select(
                label=values.value(rows, Origin(column=origin.column), number=number)
            )
            for label, records in labels.counts_of(shown, "label").items():
                found[label] = found.get(label, 0) + int(records)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _words(draft: Draft, column: str) -> Iterator[str]:
    counts = _counts(draft, column)
    if len(counts) > labels.MOST_LABELS:
        yield f"# {column}: more than {labels.MOST_LABELS:,} values; is it a category?\n"
        return
    known = {label: word for label in counts if (word := meaning(label, column)) is not None}
    odd = [label for label in counts if label not in known]
    told = {label: word for label, word in known.items() if plain(label) != plain(word)}
    if not (told or odd):
        return
    yield f"[words.{column}]"
    yield from (f"{_value(label)} = {_value(word)}" for label, word in told.items())
    # how many persons are of a sex or ethnic group is nobody's business in a settings file
    counted = column in OFFENCES.names
    for label in odd:
        touched = f"  # {counts[label]:,} records" if counted else ""
        yield f'# {_value(label)} = ""{touched}'
    yield ""


def _lacking(draft: Draft) -> list[str]:
    there = {column for table in draft.tables.values() for column in table.columns}
    questions = []
    for column in ("offence_id", "occurred_from"):
        if column not in there:
            questions.append(f"NEEDED: no heading names the {column}. Name it.")
    if not there & {"offence_code", "offence_title"}:
        questions.append("NEEDED: no heading names the offence_code or offence_title. Name one.")
    questions += [
        f"No column found for {column}: {without}."
        for column, without in MATTERS.items()
        if column not in there
    ]
    return questions


def questions(draft: Draft) -> list[str]:
    """Return everything that only the analyst can tell, what is needed first."""
    return sorted([*_lacking(draft), *draft.questions], key=lambda text: "NEEDED" not in text)


def text(draft: Draft, *, extract: str, heading: tuple[int, ...] = (1,)) -> str:
    """
    Return a drafted mapping as TOML.

    Parameters
    ----------
    draft
        From `drafts.draft`.
    extract
        What the extract is called, for the first line.
    heading
        The lines of the heading.
    """
    lines = [f"# How {extract} becomes offences and persons. Drafted by vrn map: read it through."]
    lines += [f"# ? {question}" for question in questions(draft)]
    if draft.unused:
        lines.append(f"# Not used: {', '.join(draft.unused)}")
    if heading != (1,):
        lines.append(f"heading = {list(heading)}")
    lines.append("")
    for table in draft.tables.values():
        lines += _table(table)
    lines += ['# What the labels mean; "" is not known. A label after # is not understood.']
    columns = [name for name in [*OFFENCES.names, *PERSONS.names] if name in WORDED]
    for column in columns:
        lines += _words(draft, column)
    return "\n".join(lines).rstrip() + "\n"
