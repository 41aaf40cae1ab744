"""Where offences happen: areas above the whole, the map, the gradient by deprivation."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.errors import NotEnoughError
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.count.tables import ALL, FEWEST_RESIDENTS, NOT_LOCATED
from vrn_analysis.methods.rates import compare_with_rest
from vrn_analysis.say.findings import words

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
    told = facts.made(above=len(above), areas=len(areas), further=len(above) - MOST_NAMED)
    usual = f"{words.rate(facts.of(whole)['value'])} {Label(per)}"
    basis = f"We allowed for {told.areas} comparisons. The rate of the whole area is {usual}."
    if above.empty:
        none = "is clearly above the rest of the area"
        return words.said(
            f"No {place}'s rate of {Label(measure)} {none}. {basis}", title=f"No {place} {none}"
        )
    named = [Label(row["area_name"]) for row in above.head(MOST_NAMED).to_dict("records")]
    each = [
        f"{words.rate(row['value'])}{'' if at else f' {Label(per)}'} "
        f"({words.interval(row, words.rate, lead=not at)})"
        for at, row in enumerate(facts.rows(above.head(MOST_NAMED)))
    ]
    more = [f"{told.further} more"] if told.further > 0 else []
    who = f"{words.number(told.above)} of {told.areas} {place}s"
    have, their, stand = "have", "Their rates are", f"{who} are"
    if told.above == 1:
        have, their, stand = "has", "Its rate is", f"{named[0]} is"
    return words.said(
        f"**{words.number(told.above)}** of {told.areas} {place}s {have} a rate clearly above the "
        f"rest of the area: {words.joined([*named, *more])}. {their} {words.joined(each)}. {basis}",
        title=f"{stand} clearly above the rest of the area",
    )


def not_placed(areas: pd.DataFrame, *, place: str, kept: str = "") -> Said:
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
    lost = areas[areas["area_code"] == NOT_LOCATED]
    if lost["count"].eq(0).fillna(False).all():
        return Said("")
    left = f"count in {kept} only" if kept else "are left out"
    count = words.count(facts.of(lost.iloc[0])["count"])
    capital = f"{count[:1].upper()}{count[1:]}"
    return Said(f". {capital} offences without a known {place} {left}")


def mapped(rates: pd.DataFrame) -> Said:
    """Return a map's title: in what share of small areas half of the shown offences are."""
    if rates["statistic"].str.contains("smoothed").any():
        return _smoothed(rates)
    located = rates[rates["area_code"] != NOT_LOCATED]
    counts = located["count"].dropna().sort_values(ascending=False)
    if counts.sum() == 0:
        return Said("No small area has a count that can be shown")
    needed = int((counts.cumsum() < counts.sum() / 2).sum()) + 1
    share = facts.made(share=100 * needed / len(located)).share
    return Said(f"Half of the offences shown are in {share:.0f}% of small areas")


def _smoothed(table: pd.DataFrame) -> Said:
    """Return the title of a map of smoothed rates: how many times the lowest the highest is."""
    shown = table.dropna(subset="value")
    if len(shown) < 2 or not shown["value"].min() > 0:
        return Said("Allowing for chance, too few areas are shown to compare")
    times = facts.made(times=shown["value"].max() / shown["value"].min()).times
    return Said(f"Allowing for chance, the highest rate is {times:.0f} times the lowest")


def gradient(quintiles: pd.DataFrame) -> Said:
    """Return a chart's title: whether the ends of the deprivation gradient are apart."""
    known = quintiles.dropna(subset="value").sort_values("quintile")
    if len(known) < 2:
        raise NotEnoughError(f"{len(known)} of {len(quintiles)} fifths can be shown: no gradient.")
    ends = known.iloc[[0, -1]]
    most, least = ends.iloc[0], ends.iloc[1]
    title = words.beside(
        most, least,
        above="The rate is highest in the most deprived areas",
        below="The rate is lowest in the most deprived areas",
        neither="The most and the least deprived areas do not clearly differ",
    )  # fmt: skip
    return Said(title)


def _compared(rated: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame, str]:
    """Return the force, those it is compared with, and what they are called."""
    own = rated[rated["group"] == "This force"].iloc[0]
    others = rated[rated["group"] != "This force"]
    if (others["group"] == "Most similar group").any():
        similar = others[others["group"] == "Most similar group"]
        return own, similar, "forces of its published most similar group"
    return own, others, "forces nearest in number of residents (not a published similar group)"


def _clear(own: pd.Series, others: pd.DataFrame) -> tuple[int, int]:
    above = int((own["lower_95_ci"] > others["upper_95_ci"]).sum())
    below = int((own["upper_95_ci"] < others["lower_95_ci"]).sum())
    return above, below


def benchmark(drawn: pd.DataFrame, others: pd.DataFrame) -> Markdown:
    """
    Say how the force compares with others: of when, by which codes, and whom it is compared with.

    Parameters
    ----------
    drawn
        The compared of `tables.comparable_forces`, with the rate of `rates.crude_rate` per 1,000.
    others
        Every force of the file, as `assessment.other_forces` returns them.
    """
    own, compared, called = _compared(drawn)
    above, below = _clear(own, compared)
    left = int((~(others["denominator"] >= FEWEST_RESIDENTS).fillna(False)).sum())
    told = facts.made(
        above=above, below=below, others=len(compared), forces=len(others), without_rate=left
    )
    row, covers = facts.of(own), Label(others.attrs.get("covers", ""))
    sentence = (
        f"Listed codes, before exclusions{', ' * bool(covers)}{covers}: {row['area_name']} had "
        f"**{row['value']:.1f}** per 1,000 residents ({words.interval(row, words.ratio)}). This "
        f"was clearly above {told.above} and clearly below {told.below} of {told.others} {called}."
    )
    if unused := others.attrs.get("definition"):
        sentence += f" The codes are those of “{Label(unused)}”, which we do not apply here."
    if left:
        are = "force is" if left == 1 else "forces are"
        sentence += (
            f" {words.number(told.without_rate)} of {told.forces} {are} left out because they have "
            "too few residents, or none, for a rate."
        )
    if residents := others.attrs.get("residents"):
        sentence += f" Residents are those of {Label(residents)}."
    if held := others.attrs.get("listed"):
        sentence += _of_category(held)
    return words.said(
        sentence,
        title=f"{row['area_name']} was clearly above {told.above} and below {told.below} of "
        f"{told.others} other forces{', ' * bool(covers)}{covers}",
    )


def _of_category(held: dict) -> str:
    """Say how much of the published category has a code of the definition."""
    counts = {name: held[name] for name in ("listed", "published")}
    told = facts.made(**counts, share=100 * held["listed"] / held["published"])
    rest = " Most of that category is not in the definition, even before its other rules."
    return (
        f" Of the violence and sexual offences it recorded in {Label(held['year'])}, "
        f"{told.share:.1f}% had a listed code ({told.listed:,} of {told.published:,})."
        f"{rest if told.share < 50 else ''}"
    )
