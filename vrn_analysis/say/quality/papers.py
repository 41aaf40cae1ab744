"""Write the data-quality statement in words, as markdown and as HTML."""

import pandas as pd

from vrn_analysis.core.config import template
from vrn_analysis.say.quality.ratings import GREEN, NO_FAULT, RATINGS, worst
from vrn_analysis.say.quality.statement import OF_NOBODY

TITLE = "Data-quality statement"
WORST_NAMED = 3
LEAST_SAID = 0.005
HEADERS = {
    "aspect": "Aspect", "rating": "Rating", "finding": "What was found", "why": "Why it matters",
    "action": "What to do", "rule": "Rule",
}  # fmt: skip


def said(row: pd.Series) -> str:
    """Return the result of a check in words: how many of how many, and where it stands out."""
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
    Return the statement for a Board: a row for each aspect, its worst check first.

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
    Return how many aspects are red, amber and green.

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
    """Return what there is to show, each table with its caption and with words as headings."""
    tables = {
        "What a reader should know": summary(rows),
        "Every check, with the rule it is rated by": in_words(rows),
        "Known breaks in the period": breaks_shown(breaks),
    }
    return [
        (caption, table.rename(columns=lambda name: HEADERS.get(name, name.capitalize())))
        for caption, table in tables.items()
        if len(table)
    ]


def page(rows: pd.DataFrame, breaks: pd.DataFrame, *, about: str, kind: str) -> str:
    """
    Return the statement as one text, of which a template is in `data/reference`.

    Parameters
    ----------
    rows, breaks
        As `statement` and `Run.breaks` return them.
    about
        What the run is about: its stamp.
    kind
        `html`, one page that needs nothing else; or `md`, markdown.
    """
    return template(f"quality_statement.{kind}.j2", autoescape=kind == "html").render(
        title=TITLE,
        about=about,
        headline=headline(rows),
        tables=_tables(rows, breaks),
        ratings=RATINGS,
    )
