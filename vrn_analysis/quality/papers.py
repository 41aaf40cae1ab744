"""The statement in words: for a Board, as markdown, as HTML; the same words everywhere."""

from html import escape

import pandas as pd

from vrn_analysis.quality.ratings import GREEN, NO_FAULT, RATINGS, worst
from vrn_analysis.quality.statement import OF_NOBODY

TITLE = "Data-quality statement"
WORST_NAMED = 3
LEAST_SAID = 0.005
HEADERS = {
    "aspect": "Aspect", "rating": "Rating", "finding": "What was found", "why": "Why it matters",
    "action": "What to do", "rule": "Rule",
}  # fmt: skip
_STYLE = (
    "body{font-family:Arial,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;"
    "line-height:1.4;color:#0b0c0c}table{border-collapse:collapse;margin:1em 0;width:100%}"
    "caption{text-align:left;font-weight:bold;padding:.5em 0}th,td{border:1px solid #b0b0b0;"
    "padding:.4em .6em;text-align:left;vertical-align:top}thead th{background:#ededed}"
    ".red{background:#801650;color:#fff}.amber{background:#f6c9a8}.green{background:#d3ece9}"
)


def said(row: pd.Series) -> str:
    """Return what a check found, in words: how many of how many, and where it stands out."""
    of = 0 if pd.isna(row["denominator"]) else int(row["denominator"])
    if row["status"] != "shown":
        number = f"too few to show, of {of:,}" if of else "too few to show"
    elif not of:
        number = "nothing to check"
    elif not row["count"]:
        number = f"none of {of:,}"
    else:
        # rounding may raise a count a little above what it is of
        number = f"{min(int(row['count']), of):,} of {of:,}"
        if row["aspect"] not in OF_NOBODY:
            share = f"{row['value']:.2f}%" if row["value"] >= LEAST_SAID else "under 0.01%"
            number = f"{share} ({number})"
    detail = f"; {row['detail']}" if row["detail"] else ""
    fine = f"; no fault: {row['why']}" if row["rule"] == NO_FAULT else ""
    return f"{row['check']}: {number}{detail}{fine}"


def _nothing_amiss(part: pd.DataFrame) -> str:
    words = f"{len(part)} check{'s' * (len(part) != 1)}, none above its threshold."
    most = part[part["value"] > 0].sort_values("value", ascending=False, kind="stable")
    named = [said(row) for _, row in most.head(WORST_NAMED).iterrows()]
    return f"{words} Most: {'. '.join(named)}." if named else words


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """
    Return the statement as a Board reads it: a row an aspect, with its worst check leading.

    Parameters
    ----------
    rows
        As `statement` returns them.

    Returns
    -------
    table
        `aspect, rating, finding` (the checks of that rating, the worst three by their share),
        `why, action` (of the first of them).
    """
    lines = []
    for aspect, part in rows.groupby("aspect", sort=False):
        rating = worst(part["rating"])
        led = part[part["rating"] == rating].sort_values(
            "value", ascending=False, kind="stable", na_position="last"
        )
        if rating == GREEN:
            finding, why, action = _nothing_amiss(part), "", ""
        else:
            more = len(led) - WORST_NAMED
            rest = f" And {more} more." if more > 0 else ""
            finding = ". ".join(said(row) for _, row in led.head(WORST_NAMED).iterrows()) + "."
            finding, why, action = finding + rest, led["why"].iloc[0], led["action"].iloc[0]
        lines.append((aspect, rating, finding, why, action))
    return pd.DataFrame(lines, columns=["aspect", "rating", "finding", "why", "action"]).astype(
        "str"
    )


def briefly(table: pd.DataFrame) -> pd.DataFrame:
    """
    Return the summary in three columns, for a page that has no room for five.

    Parameters
    ----------
    table
        As `summary` returns it.

    Returns
    -------
    table
        `aspect, rating, finding`: what was found, why it matters and what to do, one after another.
    """
    advice = (table["why"] + ". " + table["action"] + ".").where(table["why"] != "", "")
    finding = (table["finding"] + " " + advice).str.strip()
    return table[["aspect", "rating"]].assign(finding=finding)


def headline(rows: pd.DataFrame) -> str:
    """
    Say how many aspects are red, amber and green.

    Parameters
    ----------
    rows
        As `statement` returns them.
    """
    counts = summary(rows)["rating"].value_counts()
    parts = [f"{int(counts.get(rating, 0))} {rating.lower()}" for rating in reversed(RATINGS)]
    return f"{len(summary(rows))} aspects: {', '.join(parts)}."


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Return every check as a reader meets it: `aspect, rating, finding, rule`."""
    return pd.DataFrame(
        {
            "aspect": rows["aspect"],
            "rating": rows["rating"],
            "finding": [said(row) for _, row in rows.iterrows()],
            "rule": rows["rule"],
        }
    ).astype("str")


def breaks_shown(breaks: pd.DataFrame) -> pd.DataFrame:
    """Return the register's breaks of a run as a reader meets them."""
    until = breaks["until"].dt.strftime("%B %Y").fillna("lasting")
    shown = breaks.assign(date=breaks["date"].dt.strftime("%B %Y"), until=until)
    names = ["date", "until", "label", "affects", "effect", "verified", "source", "note"]
    return shown[names].fillna("").astype("str")


def _tables(rows: pd.DataFrame, breaks: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [
        ("What a reader should know", summary(rows)),
        ("Every check, with the rule it is rated by", in_words(rows)),
        ("Known breaks in the period", breaks_shown(breaks)),
    ]


def _named(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=lambda name: HEADERS.get(name, name.capitalize()))


def as_markdown(rows: pd.DataFrame, breaks: pd.DataFrame, *, about: str) -> str:
    """
    Return the statement as markdown.

    Parameters
    ----------
    rows, breaks
        As `statement` and `Run.breaks` return them.
    about
        What the run is about: its stamp.
    """
    lines = [f"# {TITLE}", "", about, "", headline(rows)]
    for caption, table in _tables(rows, breaks):
        if table.empty:
            continue
        cells = _named(table).map(lambda text: text.replace("|", "\\|"))
        lines += ["", f"## {caption}", "", "| " + " | ".join(cells.columns) + " |"]
        lines.append("|" + "---|" * len(cells.columns))
        lines += ["| " + " | ".join(row) + " |" for row in cells.itertuples(index=False)]
    return "\n".join(lines) + "\n"


def _html_table(caption: str, table: pd.DataFrame) -> str:
    named = _named(table)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in named.columns)
    body = []
    for row in named.itertuples(index=False):
        first = f'<th scope="row">{escape(row[0])}</th>'
        rest = "".join(
            f'<td class="{text.lower()}">{text}</td>' if text in RATINGS
            else f"<td>{escape(text)}</td>" for text in row[1:]
        )  # fmt: skip
        body.append(f"<tr>{first}{rest}</tr>")
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>"
        + "".join(body)
        + "</tbody></table>"
    )


def as_html(rows: pd.DataFrame, breaks: pd.DataFrame, *, about: str) -> str:
    """
    Return the statement as one HTML page that needs nothing else.

    Parameters
    ----------
    rows, breaks
        As `statement` and `Run.breaks` return them.
    about
        What the run is about: its stamp.
    """
    tables = "".join(_html_table(*pair) for pair in _tables(rows, breaks) if len(pair[1]))
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{TITLE}</h1><p>{escape(about)}</p>"
        f"<p><strong>{escape(headline(rows))}</strong></p>{tables}</main></body></html>\n"
    )
