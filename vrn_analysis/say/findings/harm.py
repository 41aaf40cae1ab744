"""Harm compared with count, and the Home Office measures."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label
from vrn_analysis.say.findings import words


def measures_latest(tables: dict[str, pd.DataFrame]) -> Markdown:
    """
    Say the latest year of each Home Office measure, all ages and under 25.

    Parameters
    ----------
    tables
        By the name of the measure in words: `period, age_group, value, lower_95_ci, upper_95_ci`;
        `value` is a rate (`statistic` says of what) or a count.
    """
    said = [f"**{words.sentence(name)}** {_latest(table)}." for name, table in tables.items()]
    return words.said(" ".join(said))


def measure_change(table: pd.DataFrame, *, name: str) -> Markdown:
    """
    Say whether the latest year of a measure differs from the one before, by the intervals.

    Parameters
    ----------
    table
        `period, age_group, value, lower_95_ci, upper_95_ci`; all ages are told.
    name
        The measure in words.
    """
    known = table[table["age_group"] == "All ages"].dropna(subset="value")
    if len(known) < 2:
        return words.said("Too few years can be shown to compare.")
    before, last = (facts.of(known.iloc[at]) for at in (-2, -1))
    neither = "is not clearly different from"
    said = words.beside(last, before, above="is above", below="is below", neither=neither)
    write = "{:.2f}".format
    return words.said(
        f"{Label(name)}: the rate of {last['value']:.2f} in {last['period']} "
        f"({words.interval(last, write)}) {said} that of {before['value']:.2f} in "
        f"{before['period']} ({words.interval(before, write, lead=False)})."
    )


def _latest(table: pd.DataFrame) -> str:
    rows = table[table["period"] == table["period"].iloc[-1]]
    said = [_age_said(row, first=not at) for at, row in enumerate(facts.rows(rows))]
    whole = rows["statistic"].iloc[0] == "count"
    unit = rows["statistic"].iloc[0].removeprefix("crude rate ")
    lead = "" if whole else f", {Label(unit)} residents"
    return f"in {Label(rows['period'].iloc[0])}{lead}: {words.joined(said)}"


def _age_said(row: pd.Series, *, first: bool) -> str:
    group = "at all ages" if row["age_group"] == "All ages" else row["age_group"].lower()
    if pd.isna(row["value"]):
        return f"a suppressed number {group}"
    write = "{:,.0f}".format if row["statistic"] == "count" else "{:.2f}".format
    limits = words.interval(row, write, lead=first)
    return f"**{write(row['value'])}** {group} ({limits})"


def harm_beside_count(table: pd.DataFrame) -> Markdown:
    """
    Return which crime group has most of the offences, and which most of the harm.

    Parameters
    ----------
    table
        `crime_group, per_cent_of_offences, per_cent_of_harm, scheme, edition, illustrative`.
    """
    by_count, by_harm = (
        facts.of(table.loc[table[f"per_cent_of_{what}"].idxmax()]) for what in ("offences", "harm")
    )
    shares = [
        f"{row:.0f}%" for row in (by_count["per_cent_of_offences"], by_harm["per_cent_of_harm"])
    ]
    groups = [by_count["crime_group"], by_harm["crime_group"]]
    most = f"{groups[0]} accounts for most of the offences shown ({shares[0]})"
    also = "It also accounts" if groups[0] == groups[1] else f"{groups[1]} accounts"
    first = table.iloc[0]
    mark = " **The weights are an illustration, invented to show the arithmetic.**"
    return words.said(
        f"{most}. {also} for most of the harm ({shares[1]}), using the weights of "
        f"{Label(first['scheme'])}, {Label(first['edition'])}."
        f"{mark if first['illustrative'] == 'yes' else ''}"
    )
