"""
The only door to a reader: every table and chart passes here, protected, stamped and captioned.

What is shown is also saved as a tidy CSV where the run has an output folder (`VRN_OUTPUT`).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis import disclosure
from vrn_analysis.assessment import Run
from vrn_analysis.errors import DisclosureError
from vrn_analysis.figures import Chart
from vrn_analysis.tables import NOT_LOCATED, person_columns

SUPPRESSED = "[c]"  # the Government Statistical Service's shorthand for confidential
MISSING = "[z]"  # and for not applicable: no denominator, or too few events to calculate
MOST_ROWS_SHOWN = 60  # a longer table is saved whole and shown in part
LABELS = {
    "area_name": "Area",
    "month": "Month",
    "period": "Period",
    "crime_group": "Crime group",
    "crime_type": "Category",
    "age_focus": "Age focus",
    "quintile": "Deprivation quintile",
    "count": "Count",
    "denominator": "Person-years",
    "value": "Value",
    "interval": "95% interval",
}
# columns a machine needs and a reader does not: they stay in the CSV
MACHINE = {
    "area_code",
    "status",
    "count_error",
    "statistic",
    "method",
    "lower_95_ci",
    "upper_95_ci",
    "lower_99_8_ci",
    "upper_99_8_ci",
}


@dataclass(frozen=True)
class Shown:
    """A table as a reader meets it: HTML with caption and scoped headers, and plain text."""

    html: str
    text: str
    caption: str
    csv: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple:
        about = {"text/html": {"caption": self.caption, "csv": self.csv}}
        return {"text/html": self.html, "text/plain": self.text}, about


def protect(table: pd.DataFrame, run: Run, *, dimensions: list[str]) -> pd.DataFrame:
    """
    Apply the run's disclosure profile to a table of counts, straight after the count.

    Parameters
    ----------
    table
        Keys and `count`; totals are rows that hold "All" in a dimension.
    dimensions
        The key columns.

    Returns
    -------
    table
        The same rows; `count` rounded or missing, `status` and `count_error` added: see
        `disclosure.protect`.
    """
    return disclosure.protect(table, dimensions=dimensions, profile=run.settings.disclosure_profile)


def protect_areas(
    tables: Mapping[str, pd.DataFrame], run: Run, *, by: list[str] | None = None
) -> dict[str, pd.DataFrame]:
    """
    Protect tables of the same records by areas that lie in each other, so none undoes another.

    Parameters
    ----------
    tables
        By level (`lsoa`, `msoa`, `district`), as `tables.count_by_area` makes them.
    by
        Further dimensions that every table has.

    Returns
    -------
    tables
        By level, each as `protect` returns it.
    """
    inside = dict.fromkeys((f"{level}_code" for level in tables), NOT_LOCATED)
    finest, *wider = inside
    places = pd.concat([run.lookup, pd.DataFrame([inside])])
    nesting = {
        (finest, whole): dict(zip(places[finest], places[whole], strict=True)) for whole in wider
    }
    named = {
        level: table.rename(columns={"area_code": f"{level}_code"})
        for level, table in tables.items()
    }
    protected = disclosure.protect_together(
        named,
        dimensions={level: [f"{level}_code", *(by or [])] for level in named},
        profile=run.settings.disclosure_profile,
        nesting=nesting,
    )
    return {
        level: table.rename(columns={f"{level}_code": "area_code"})
        for level, table in protected.items()
    }


def _refuse(table: pd.DataFrame) -> None:
    if found := person_columns(table.columns):
        raise DisclosureError(
            f"A table with {', '.join(found)} is about single people or crimes: {len(table)} rows "
            "refused. Count it first, with tables.count."
        )
    if "count" in table and "status" not in table:
        raise DisclosureError(
            f"A table of counts with {len(table)} rows has not been protected. Put "
            ".pipe(publish.protect, run, dimensions=[…]) straight after the count."
        )


def _decimals(values: pd.Series) -> int:
    return 1 if values.abs().max() >= 10 else 2


def _number(value: Any, *, decimals: int = 0, missing: str = MISSING) -> str:
    return missing if pd.isna(value) else f"{value:,.{decimals}f}"


def _text(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%B %Y}"
    return MISSING if pd.isna(value) else str(value)


def _reading(table: pd.DataFrame) -> pd.DataFrame:
    """Turn a table of numbers into the words a reader sees."""
    words = pd.DataFrame(index=table.index)
    for column in table.columns:
        values = table[column]
        if column == "count":
            hidden = table["status"] == "suppressed"
            words[column] = [
                _number(v, missing=SUPPRESSED if h else MISSING)
                for v, h in zip(values, hidden, strict=True)
            ]
        elif column in MACHINE:
            continue
        elif pd.api.types.is_float_dtype(values):
            places = 0 if column == "denominator" else _decimals(values)
            words[column] = [_number(v, decimals=places) for v in values]
        elif pd.api.types.is_integer_dtype(values) and column != "quintile":
            words[column] = [_number(v) for v in values]
        else:
            words[column] = [_text(v) for v in values]
    if {"lower_95_ci", "upper_95_ci"} <= set(table.columns):
        words["interval"] = _intervals(table)
    return words


def _intervals(table: pd.DataFrame) -> list[str]:
    places = _decimals(table["upper_95_ci"])
    return [
        MISSING if pd.isna(lower) else f"{lower:,.{places}f} to {upper:,.{places}f}"
        for lower, upper in zip(table["lower_95_ci"], table["upper_95_ci"], strict=True)
    ]


def _html(words: pd.DataFrame, *, caption: str, numeric: set[str]) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in words.columns)
    rows = []
    for row in words.itertuples(index=False):
        total = ' class="total"' if str(row[0]) == "All" else ""
        cells = [f'<th scope="row">{escape(row[0])}</th>'] + [
            f'<td class="{"number" if name in numeric else "words"}">{escape(value)}</td>'
            for name, value in zip(words.columns[1:], row[1:], strict=True)
        ]
        rows.append(f"<tr{total}>{''.join(cells)}</tr>")
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _safe(table: pd.DataFrame) -> pd.DataFrame:
    """Keep a spreadsheet from taking a text cell for a formula."""
    text = table.select_dtypes(include=["str", "object"]).columns
    risky = {column: table[column].astype("str").str.match(r"[=+\-@\t\r]") for column in text}
    return table.assign(
        **{
            c: table[c].where(~at.fillna(False), "'" + table[c].astype("str"))
            for c, at in risky.items()
        }
    )


def save(table: pd.DataFrame, run: Run, *, name: str) -> str:
    """
    Save a protected table as a tidy CSV in the run's output folder, if it has one.

    Parameters
    ----------
    name
        `NN_what_by_what`, where NN is the number of the notebook.

    Returns
    -------
    csv
        The file's name below the output folder, or "" where there is none.

    Raises
    ------
    DisclosureError
        If the table has not been protected, or is about single people or crimes.
    """
    _refuse(table)
    output = os.environ.get("VRN_OUTPUT")
    if not output:
        return ""
    folder = Path(output, "tables")
    folder.mkdir(parents=True, exist_ok=True)
    stamped = _safe(table).assign(stamp=run.credit)
    stamped.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", float_format="%.6g")
    return f"tables/{name}.csv"


def show(
    table: pd.DataFrame,
    run: Run,
    *,
    caption: str,
    name: str,
    labels: Mapping[str, str] | None = None,
) -> Shown:
    """
    Show a table to a reader, and save it.

    Parameters
    ----------
    table
        A protected table, or one that holds no count. An empty one is said to hold none.
    caption
        What the table holds, of where and when.
    name
        Name of its CSV: `NN_what_by_what`.
    labels
        Column headers that differ from the usual ones.

    Raises
    ------
    DisclosureError
        If the table has not been protected, or is about single people or crimes.
    """
    csv = save(table, run, name=name)
    if table.empty:
        nothing = f"{caption}: none."
        return Shown(f"<p>{escape(nothing)}</p>", nothing, caption, csv)
    shown = _reading(table.head(MOST_ROWS_SHOWN))
    numeric = {
        c for c in shown.columns if c == "interval" or pd.api.types.is_numeric_dtype(table[c])
    }
    headers = {c: c.replace("_", " ").capitalize() for c in shown.columns} | LABELS | (labels or {})
    rest = f" First {MOST_ROWS_SHOWN} of {len(table)} rows; all are in the CSV."
    caption = f"{caption}.{rest if len(table) > MOST_ROWS_SHOWN else ''} {run.credit}."
    shown = shown.rename(columns=headers)
    html = _html(shown, caption=caption, numeric={headers[column] for column in numeric})
    return Shown(html, f"{caption}\n{shown.to_string(index=False)}", caption, csv)


def chart(drawn: Chart, run: Run, *, caption: str) -> Chart:
    """
    Give a chart its caption and stamp; the figures themselves refuse unprotected tables.

    Parameters
    ----------
    caption
        The measure and how its interval is made; place, period and source are added.
    """
    return drawn.with_caption(f"{caption}. {run.credit}.", run.credit)
