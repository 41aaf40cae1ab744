"""How grave it is: harm beside count, and the measures the Home Office set."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.findings import words


def measures_latest(tables: dict[str, pd.DataFrame]) -> Markdown:
    """
    Say the latest year of each Home Office measure, all ages and under 25.

    Parameters
    ----------
    tables
        By the name of the measure in words: `period, age_group, value, lower_95_ci, upper_95_ci`;
        `value` is a rate (`statistic` says of what) or a count.
    """
    said = [f"**{name}**, {_latest(table)}" for name, table in tables.items()]
    return Markdown(f"{'. '.join(map(words.sentence, said))}.")


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
        return Markdown("Too few years can be shown to compare.")
    before, last = known.iloc[-2], known.iloc[-1]
    if last["lower_95_ci"] > before["upper_95_ci"]:
        said = "lies above"
    elif last["upper_95_ci"] < before["lower_95_ci"]:
        said = "lies below"
    else:
        said = "does not clearly differ from"
    return Markdown(
        f"{name}: the rate of {last['period']} {said} that of {before['period']}, whose intervals "
        f"are {before['lower_95_ci']:.2f} to {before['upper_95_ci']:.2f} before and "
        f"{last['lower_95_ci']:.2f} to {last['upper_95_ci']:.2f} after."
    )


def _latest(table: pd.DataFrame) -> str:
    rows = table[table["period"] == table["period"].iloc[-1]]
    parts = []
    for row in rows.to_dict("records"):
        group = row["age_group"].lower()
        if pd.isna(row["value"]):
            parts.append(f"{group}: suppressed")
            continue
        whole = row["statistic"] == "count"
        value, low, high = (
            f"{row[name]:,.0f}" if whole else f"{row[name]:,.2f}"
            for name in ("value", "lower_95_ci", "upper_95_ci")
        )
        unit = "" if whole else f" {row['statistic'].removeprefix('crude rate ')} residents"
        parts.append(f"{group}: {value}{unit} (95% interval {low} to {high})")
    return f"{rows['period'].iloc[0]}: {'; '.join(parts)}"


def harm_beside_count(table: pd.DataFrame) -> Markdown:
    """
    Say which crime group holds most of the offences and which most of the harm.

    Parameters
    ----------
    table
        `crime_group, per_cent_of_offences, per_cent_of_harm, scheme, edition, illustrative`.
    """
    by_count = table.loc[table["per_cent_of_offences"].idxmax()]
    by_harm = table.loc[table["per_cent_of_harm"].idxmax()]
    first = table.iloc[0]
    mark = " **The weights are an illustration, invented to show the arithmetic.**"
    return Markdown(
        f"Most offences shown are {by_count['crime_group'].lower()} "
        f"({by_count['per_cent_of_offences']:.0f}%); most harm is {by_harm['crime_group'].lower()} "
        f"({by_harm['per_cent_of_harm']:.0f}%), by the weights of {first['scheme']}, "
        f"{first['edition']}.{mark if first['illustrative'] == 'yes' else ''}"
    )
