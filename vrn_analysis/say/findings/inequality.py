"""Who carries the burden: by deprivation of the place, by sex and ethnic group."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.methods import trends
from vrn_analysis.say.findings import words


def slope(
    index: pd.DataFrame, gap: pd.DataFrame, *, measure: str, per: str = words.PER
) -> Markdown:
    """
    Say how much of a slope there is from the least to the most deprived areas.

    The ratio is that of the two ends as they are, since a straight line can reach 0 at the least
    deprived end, where the relative index has no upper limit.

    Parameters
    ----------
    index
        As `inequality.slope_index` returns it: the slope, then the relative index.
    gap
        As `inequality.relative_gap` returns it: the ratio of the ends, then their difference.
    per
        What the rate is per: `run.per_residents`.
    """
    steep, ratio = facts.of(index.iloc[0]), facts.of(gap.iloc[0])
    if pd.isna(steep["value"]) or pd.isna(ratio["value"]):
        return words.said(
            f"Too many counts are suppressed to say how {Label(measure)} relates to deprivation."
        )
    said = words.beside(
        steep, dict.fromkeys(words.LIMITS, 0), above="is higher in more deprived areas",
        below="is lower in more deprived areas", neither="shows no clear slope with deprivation",
    )  # fmt: skip
    return words.said(
        f"The most deprived fifth of areas has **{ratio['value']:.1f} times** the rate of the "
        f"least deprived fifth ({words.interval(ratio, words.ratio)}). "
        f"The rate of {Label(measure)} {said}. The slope index of inequality is "
        f"{steep['value']:.1f} {Label(per)} ({words.interval(steep, words.ratio, lead=False)}). "
        "Areas are where offences happened, not where people live."
    )


def disproportion(ratios: pd.DataFrame, *, what: str) -> Markdown:
    """
    Report which groups have a higher or lower rate, allowing for unknown values.

    Parameters
    ----------
    ratios
        `compared, result, unknown_share`, as `disproportionality.by_role` makes them.
    what
        The trait in words, such as "Self-defined ethnicity".
    """
    clear = ratios[ratios["result"] != "not clear"]
    told = facts.made(clear=len(clear), ratios=len(ratios))
    title = "No clear difference between groups once missing data are allowed for"
    if told.clear:
        verb = "group differs" if told.clear == 1 else "groups differ"
        title = f"{told.clear} of {told.ratios} {verb} even allowing for missing data"
    known = ratios.drop_duplicates("role").dropna(subset="unknown_share")
    shares = [f"{row['unknown_share']:.0%} of {row['role'].lower()}s" for row in facts.rows(known)]
    unknown = words.joined(shares or ["a number that is suppressed"])
    said = "Missing data mean we cannot say whether rates differ between groups."
    if len(clear):
        named = [
            _ratio_said(row, small=what == "Sex", first=not at)
            for at, row in enumerate(facts.rows(clear))
        ]
        said = f"These rates differ, even allowing for missing data: {'; '.join(named)}."
    return words.said(
        f"{said} {what} is not recorded for {unknown}. This shows who is recorded. It does not "
        "explain why.",
        title=title,
    )


def _ratio_said(row: pd.Series, *, small: bool, first: bool) -> str:
    role, groups = row["compared"].split(": ", 1)
    groups = Label(groups.lower() if small else groups)
    limits = words.interval(row, words.ratio, lead=first)
    return f"{role.lower()}, {groups}, **{row['value']:.1f} times** ({limits})"


def funnel(limits: pd.DataFrame) -> Said:
    """Return a chart's title: how many areas are unusual, and by which limits."""
    compared = limits[limits["funnel_result"] != "not compared"]
    found = [int(compared["funnel_result"].str.startswith(side).sum()) for side in ("high", "low")]
    told = facts.made(high=found[0], low=found[1], compared=len(compared))
    sides = [f"{n} unusually {side}" for n, side in ((told.high, "high"), (told.low, "low")) if n]
    # the limits are of chance alone only where areas vary by no more than that
    widened = ", after allowing for the usual variation between areas"
    widened *= bool((compared["dispersion"] > 1).any())
    return Said(
        f"Rates of {told.compared} areas: {' and '.join(sides) or 'none is unusual'}{widened}"
    )


def residence(table: pd.DataFrame) -> Markdown:
    """
    Say where clearly more victims are hurt than live.

    Parameters
    ----------
    table
        `area_name, hurt_here, live_here, more_hurt_than_live`, located districts only.
    """
    known = table.dropna(subset="more_hurt_than_live")
    if known.empty:
        return words.said("The numbers of victims by place of offence and home are suppressed.")
    ratios = trends.change_between(
        known["live_here"].astype("float"), 1.0, known["hurt_here"].astype("float"), 1.0
    ).set_index(known.index)
    clear = known[ratios["lower_95_ci"] > 1]
    if clear.empty:
        return words.said("In no district were clearly more victims hurt than live there.")
    most = facts.of(clear.sort_values("more_hurt_than_live", ascending=False).iloc[0])
    ratio = facts.of(ratios.loc[most.name])
    return words.said(
        f"In **{most['area_name']}**, {most['hurt_here']:,} victims were hurt and "
        f"{most['live_here']:,} victims are known to live there ({ratio['value']:.1f} times as "
        f"many; {words.interval(ratio, words.ratio)})."
    )
