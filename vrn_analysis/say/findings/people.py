"""Who is hurt and who is suspected: victims and suspects apart, unknown values as bounds."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.count.tables import ALL, NOT_KNOWN, only
from vrn_analysis.say.findings import words

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
        return words.said(
            f"Too few people are shown to say how many in {Label(measure)} are under 25."
        )
    known, bounds, figure = _shares(young), [], ()
    for row in facts.rows(young):
        low, high = (words.share(row[f"bound_{end}"]) for end in ("low", "high"))
        bounds.append(f"{low} to {high} of {row['role'].lower()}s")
        if row["role"] == "Victim":
            sure = f"{words.interval(row, words.share)}. With missing ages: {low} to {high}."
            figure = [words.share(row["value"]), "of victims of known age are under 25", sure]
    return words.said(
        f"Where age is recorded, {words.joined(known)} in {Label(measure)} were under 25. "
        f"Allowing for missing ages, the share is {words.joined(bounds)}.",
        figure=figure,
    )


def _shares(rows: pd.DataFrame) -> list[str]:
    """Return the share of each role with its interval."""
    return [
        f"**{words.share(row['value'])}** of {row['role'].lower()}s "
        f"({words.interval(row, words.share, lead=not at)})"
        for at, row in enumerate(facts.rows(rows))
    ]


def young_rates(rates: pd.DataFrame) -> Markdown:
    """
    Say how many victims there are for every thousand residents of 10 to 17 and of 18 to 24.

    Parameters
    ----------
    rates
        `age_group, value, lower_95_ci, upper_95_ci`, per 1,000 residents a year.
    """
    title = _highest(rates[rates["age_group"] != ALL].dropna(subset="value"))
    rows = only(rates, age_group=list(TEENS_AND_AFTER)).dropna(subset="value")
    if rows.empty:
        few = "Too few victims are shown to say at which young ages people are hurt."
        return words.said(few, title=title)
    said = [
        f"For every 1,000 residents aged {row['age_group']}, there are **{row['value']:.1f}** "
        f"victims a year ({words.interval(row, words.ratio, lead=not at)})."
        for at, row in enumerate(facts.rows(rows))
    ]
    return words.said(" ".join(said), title=title)


def _highest(shown: pd.DataFrame) -> str:
    """Return the age group whose interval is above every other, if one is."""
    if shown.empty:
        return "No rate of victims can be shown"
    most = facts.of(shown.loc[shown["value"].idxmax()])
    if (shown.drop(index=most.name)["upper_95_ci"] < most["lower_95_ci"]).all():
        return f"The rate of victims is highest at ages {most['age_group']}"
    return "No age group has clearly the highest rate of victims"


def by_sex(table: pd.DataFrame, *, who: str) -> Said:
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
        return Said(f"No number of {Label(who)} can be shown by sex")
    share = facts.made(share=100 * male / (male + female)).share
    return Said(f"About {share:.0f}% of {Label(who)} are male, where sex is shown")


def share_unknown(shares: pd.DataFrame, *, of: str, what: str) -> Markdown:
    """
    Return for how many people a trait is not recorded.

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
        return words.said(f"The share with {what.lower()} missing cannot be shown.")
    return words.said(
        f"{what} is not recorded for {words.joined(_shares(unknown))}. Shares are of people for "
        "whom it is recorded; the bounds allow for the rest. They describe recorded crime and "
        "do not explain it."
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
        return words.said(f"The number of {role.lower()}s recorded more than once is suppressed.")
    loose = int(whole["count_error"] + once["count_error"])
    more = int(whole["count"] - once["count"])
    ends = (100 * max(more + side * loose, 0) / int(whole["count"]) for side in (-1, 1))
    told = facts.made(**dict(zip(("lowest", "highest"), ends, strict=True)))
    return words.said(
        f"Of {words.count(facts.of(whole)['count'])} different people who were {role.lower()}s, "
        f"between **{told.lowest:.1f}% and {told.highest:.1f}%** were recorded in more than one "
        "incident. The true share may be higher, because some people have several references."
    )


def both_parts(overlap: pd.DataFrame) -> Markdown:
    """
    Say how many people were both victim and suspect.

    Parameters
    ----------
    overlap
        Protected; `part, count`, as `tables.count_overlap` makes it.
    """
    both = facts.of(overlap.set_index("part").loc["Both victim and suspect"])["count"]
    if pd.isna(both):
        return words.said("The number of people who were both victim and suspect is suppressed.")
    if both == 0:
        return words.said("**Nobody** with a reference was both victim and suspect.")
    return words.said(
        f"**{words.count(both)}** people were both victim and suspect, in the same or different "
        "offences. The same young people may need protection and supervision."
    )
