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
    said = [f"**{words.sentence(name)}** {_latest(table)}." for name, table in tables.items()]
    return Markdown(" ".join(said))


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
    intervals = [f"{row['lower_95_ci']:.2f} to {row['upper_95_ci']:.2f}" for row in (last, before)]
    return Markdown(
        f"{name}: the rate of {last['period']}, {last['value']:.2f} (95% interval "
        f"{intervals[0]}), {said} that of {before['period']}, {before['value']:.2f} "
        f"({intervals[1]})."
    )


def _latest(table: pd.DataFrame) -> str:
    rows = table[table["period"] == table["period"].iloc[-1]]
    said = [_age_said(row, first=not at) for at, row in enumerate(rows.to_dict("records"))]
    whole = rows["statistic"].iloc[0] == "count"
    unit = rows["statistic"].iloc[0].removeprefix("crude rate ")
    lead = "" if whole else f", {unit} residents"
    return f"in {rows['period'].iloc[0]}{lead}: {words.joined(said)}"


def _age_said(row: dict, *, first: bool) -> str:
    group = "at all ages" if row["age_group"] == "All ages" else row["age_group"].lower()
    if pd.isna(row["value"]):
        return f"a suppressed number {group}"
    places = 0 if row["statistic"] == "count" else 2
    value, low, high = (
        f"{row[name]:,.{places}f}" for name in ("value", "lower_95_ci", "upper_95_ci")
    )
    return f"**{value}** {group} ({'95% interval ' * first}{low} to {high})"


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
        f"{by_count['crime_group']} holds most of the offences shown "
        f"({by_count['per_cent_of_offences']:.0f}%) and {_also(by_count, by_harm)} most of the "
        f"harm ({by_harm['per_cent_of_harm']:.0f}%), by the weights of {first['scheme']}, "
        f"{first['edition']}.{mark if first['illustrative'] == 'yes' else ''}"
    )


def _also(by_count: pd.Series, by_harm: pd.Series) -> str:
    same = by_count["crime_group"] == by_harm["crime_group"]
    return "also" if same else by_harm["crime_group"].lower()
