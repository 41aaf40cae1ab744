"""Where offences happen: areas above the whole, the map, the gradient by deprivation."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.errors import NotEnoughError
from vrn_analysis.findings import words
from vrn_analysis.rates import compare_with_rest
from vrn_analysis.tables import ALL, NOT_LOCATED

MOST_NAMED = 5  # places in one sentence


def _above(rates: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame, pd.DataFrame]:
    """Return the row of the whole, the areas, and those above the rest, the highest first."""
    whole = rates.loc[rates["area_name"] == ALL].iloc[0]
    compared = compare_with_rest(rates, of="area_name")
    areas = compared[~rates["area_name"].isin([ALL, NOT_LOCATED])]
    above = areas[areas["beside_rest"] == "higher"].sort_values("value", ascending=False)
    return whole, areas, above


def highest_rates(
    rates: pd.DataFrame, *, measure: str, place: str = "district", per: str = words.PER
) -> Markdown:
    """
    Say which areas have a higher rate than the rest of the area, all comparisons allowed for.

    Parameters
    ----------
    rates
        `area_name, count, denominator, value, lower_95_ci, upper_95_ci` with a row "All";
        optionally `count_error, dispersion`.
    per
        What the rate is per: `run.per_residents`.
    """
    whole, areas, above = _above(rates)
    basis = (
        f"the rate of the rest of the area (whole area {words.rate(whole['value'])} {per}), each "
        f"compared with the rest and {len(areas)} comparisons allowed for"
    )
    if above.empty:
        return words.said(
            f"No {place}'s rate of {measure} is clearly above {basis}.", whole=whole["value"]
        )
    verb = "is" if len(above) == 1 else "are"
    shown = above.head(MOST_NAMED).to_dict("records")
    named = [_rate_said(row, first=not at) for at, row in enumerate(shown)]
    rest = f"; and {len(above) - MOST_NAMED} more" if len(above) > MOST_NAMED else ""
    return words.said(
        f"**{words.number(len(above))}** of {len(areas)} {place}s {verb} clearly above {basis}: "
        f"{'; '.join(named)}{rest}.",
        above=len(above),
        areas=len(areas),
        whole=whole["value"],
        **{
            f"{row['area_name']} {name}": row[name]
            for row in shown
            for name in words.interval(above.iloc[0])
        },
    )


def _rate_said(row: dict, *, first: bool) -> str:
    value, low, high = (words.rate(row[name]) for name in ("value", "lower_95_ci", "upper_95_ci"))
    return f"{row['area_name']} {value} ({'95% interval ' * first}{low} to {high})"


def highest_rates_title(rates: pd.DataFrame, *, place: str = "district") -> str:
    """Return a chart's title: how many areas are above the rest of the area."""
    _, areas, above = _above(rates)
    if above.empty:
        return f"No {place} is clearly above the rest of the area"
    verb = "is" if len(above) == 1 else "are"
    title = f"{words.number(len(above))} of {len(areas)} {place}s {verb} above the rest of the area"
    return words.Title(title, above=len(above), areas=len(areas))


def not_placed(areas: pd.DataFrame, *, place: str, kept: str = "") -> str:
    """
    Return the end of a caption: how many offences have no known place; "" where all have one.

    Parameters
    ----------
    areas
        Protected; `area_code, count`, with the row of offences not located.
    place
        What is not known of them, such as "district".
    kept
        Where they are counted all the same, such as "the rate of the whole area".
    """
    count = areas.loc[areas["area_code"] == NOT_LOCATED, "count"]
    if count.eq(0).fillna(False).all():
        return ""
    left = f"count in {kept} only" if kept else "are left out"
    return f". {words.sentence(words.count(count.iloc[0]))} offences without a known {place} {left}"


def map_title(rates: pd.DataFrame) -> str:
    """Return a map's title: in what share of small areas half of the shown offences are."""
    located = rates[rates["area_code"] != NOT_LOCATED]
    counts = located["count"].dropna().sort_values(ascending=False)
    if counts.sum() == 0:
        return "No small area has a count that can be shown"
    needed = int((counts.cumsum() < counts.sum() / 2).sum()) + 1
    share = 100 * needed / len(located)
    return words.Title(
        f"Half of the offences shown are in {share:.0f}% of small areas", share=share
    )


def gradient_title(quintiles: pd.DataFrame) -> str:
    """Return a chart's title: whether the ends of the deprivation gradient are apart."""
    known = quintiles.dropna(subset="value").sort_values("quintile")
    if len(known) < 2:
        raise NotEnoughError(f"{len(known)} of {len(quintiles)} fifths can be shown: no gradient.")
    ends = known.iloc[[0, -1]]
    most, least = ends.iloc[0], ends.iloc[1]
    if most["lower_95_ci"] > least["upper_95_ci"]:
        return "The rate is highest where deprivation is greatest"
    if most["upper_95_ci"] < least["lower_95_ci"]:
        return "The rate is lowest where deprivation is greatest"
    return "The most and the least deprived areas do not clearly differ"


def few_places(shares: pd.DataFrame, *, measure: str) -> Markdown:
    """
    Say in how few small areas half of the offences are.

    Parameters
    ----------
    shares
        One row with `share` of areas, `lower_95_ci`, `upper_95_ci`, in percent.
    """
    one = shares.iloc[0]
    return Markdown(
        f"Half of {measure} is in **{one['share']:.0f}%** of small areas (95% interval "
        f"{one['lower_95_ci']:.0f}% to {one['upper_95_ci']:.0f}%)."
    )
