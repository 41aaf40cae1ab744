"""Who is hurt and who is suspected: victims and suspects apart, unknown values as bounds."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.findings import words
from vrn_analysis.tables import ALL, NOT_KNOWN, only

YOUNG = "UNDER_25"
TEENS_AND_AFTER = ("10 to 17", "18 to 24")


def under_25(shares: pd.DataFrame, *, measure: str) -> Markdown:
    """
    Say what share of victims, and of suspects, is under 25, with what the unknown could change.

    Parameters
    ----------
    shares
        `role, age_focus, value, lower_95_ci, upper_95_ci, bound_low, bound_high` in per cent, as
        `tables.join_known` and `rates.proportion` make them.
    """
    young = shares[shares["age_focus"] == YOUNG].dropna(subset="value")
    if young.empty:
        return Markdown(f"Too few people are shown to say how many in {measure} are under 25.")
    known = [
        f"**{row['value']:.0f}%** of {row['role'].lower()}s (95% interval "
        f"{row['lower_95_ci']:.0f}% to {row['upper_95_ci']:.0f}%)"
        for _, row in young.iterrows()
    ]
    bounds = [
        f"{row['bound_low']:.0f}% to {row['bound_high']:.0f}% of {row['role'].lower()}s"
        for _, row in young.iterrows()
    ]
    return Markdown(
        f"Where the age is known, {words.joined(known)} in {measure} are under 25. Allowing for "
        f"people whose age is not recorded, the share is {words.joined(bounds)}."
    )


def young_rates(rates: pd.DataFrame) -> Markdown:
    """
    Say how many victims there are for every thousand residents of 10 to 17 and of 18 to 24.

    Parameters
    ----------
    rates
        `age_group, value, lower_95_ci, upper_95_ci`, per 1,000 residents a year.
    """
    rows = only(rates, age_group=list(TEENS_AND_AFTER)).dropna(subset="value")
    if rows.empty:
        return Markdown("Too few victims are shown to say at which young ages people are hurt.")
    said = [
        f"**{row['value']:.1f}** at ages {row['age_group']} (95% interval "
        f"{row['lower_95_ci']:.1f} to {row['upper_95_ci']:.1f})"
        for _, row in rows.iterrows()
    ]
    return Markdown(
        f"Victims a year for every 1,000 residents of the same age: {words.joined(said)}."
    )


def highest_group_title(rates: pd.DataFrame, *, by: str, noun: str) -> str:
    """
    Return a chart's title: the group whose interval lies above every other, if one does.

    Parameters
    ----------
    rates
        The column `by`, `value, lower_95_ci, upper_95_ci`; rows "All" are left out.
    noun
        What the rate is of, such as "rate of victims".
    """
    shown = rates[rates[by] != ALL].dropna(subset="value")
    if shown.empty:
        return f"No {noun} can be shown"
    most = shown.loc[shown["value"].idxmax()]
    others = shown.drop(index=most.name)
    if (others["upper_95_ci"] < most["lower_95_ci"]).all():
        return f"The {noun} is highest at ages {most[by]}"
    return f"No age group has clearly the highest {noun}"


def sex_title(table: pd.DataFrame, *, who: str) -> str:
    """
    Return a chart's title: the share of males among those whose sex is shown.

    Parameters
    ----------
    table
        Protected; `sex, count` of one role, without totals.
    who
        Who is counted, such as "victims under 25".
    """
    sums = table.groupby("sex")["count"].sum()
    male, female = int(sums.get("Male", 0)), int(sums.get("Female", 0))
    if not male + female:
        return f"No number of {who} can be shown by sex"
    share = 100 * male / (male + female)
    return words.Title(f"About {share:.0f}% of {who} are male, of those shown", share=share)


def share_unknown(shares: pd.DataFrame, *, of: str, what: str) -> Markdown:
    """
    Say for how many a trait is not known, before anything is said of those for whom it is.

    Parameters
    ----------
    shares
        `role`, the column `of`, `value` in per cent, the unknown as "Not known".
    of
        The column.
    what
        The trait in words, such as "Self-defined ethnicity".
    """
    unknown = only(shares, **{of: NOT_KNOWN}).dropna(subset="value")
    if unknown.empty:
        return Markdown(f"For how many {what.lower()} is not known cannot be shown.")
    said = [
        f"**{row['value']:.0f}%** of {row['role'].lower()}s (95% interval "
        f"{row['lower_95_ci']:.0f}% to {row['upper_95_ci']:.0f}%)"
        for _, row in unknown.iterrows()
    ]
    return Markdown(
        f"{what} is not known for {words.joined(said)}. Shares are of those for whom it is known; "
        "the bounds beside them hold whatever the unknown are. A share says who is counted, not "
        "why, and no group is compared with its share of residents here."
    )


def again(repeats: pd.DataFrame, *, role: str = "Victim") -> Markdown:
    """
    Say what share of people come up more than once.

    Parameters
    ----------
    repeats
        Protected; `role, times, count` with rows "All" over `times`, as `tables.count_repeats`
        and `tables.with_total` make them.
    """
    rows = only(repeats, role=role).set_index("times")
    whole, once = rows.loc[ALL], rows.loc["Once"]
    if pd.isna(whole["count"]) or pd.isna(once["count"]) or not whole["count"]:
        return Markdown(f"How many {role.lower()}s come up more than once is suppressed.")
    loose = int(whole["count_error"] + once["count_error"])
    more = int(whole["count"] - once["count"])
    low, high = (100 * max(more + side * loose, 0) / int(whole["count"]) for side in (-1, 1))
    return words.said(
        f"Of {words.count(whole['count'])} different people who were {role.lower()}s, between "
        f"**{low:.1f}% and {high:.1f}%** came up in more than one incident of the period. People "
        "recorded under several references are counted as several, so this is at the least.",
        lowest=low, highest=high,
    )  # fmt: skip


def both_parts(overlap: pd.DataFrame) -> Markdown:
    """
    Say how many people were both victim and suspect.

    Parameters
    ----------
    overlap
        Protected; `part, count`, as `tables.count_overlap` makes it.
    """
    both = overlap.set_index("part").loc["Both victim and suspect", "count"]
    if pd.isna(both):
        return Markdown("How many were both victim and suspect is suppressed.")
    if both == 0:
        return Markdown("**Nobody** with a reference was both victim and suspect in these records.")
    return Markdown(
        f"**{words.count(both)}** people were both victim and suspect, in the same or different "
        "offences: the same young people may need protection and supervision."
    )
