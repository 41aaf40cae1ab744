"""Who carries the burden: by deprivation of the place, by sex and ethnic group."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis import trends
from vrn_analysis.findings import words

FIGURES = ("value", "lower_95_ci", "upper_95_ci")


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
    steep, ratio = index.iloc[0], gap.iloc[0]
    if pd.isna(steep["value"]) or pd.isna(ratio["value"]):
        return Markdown(f"Too many counts are suppressed to say how {measure} follows deprivation.")
    if steep["lower_95_ci"] > 0:
        said = "rises with the deprivation of the place"
    elif steep["upper_95_ci"] < 0:
        said = "falls with the deprivation of the place"
    else:
        said = "shows no clear slope with the deprivation of the place"
    return words.said(
        f"The rate of {measure} {said}: in the most deprived fifth of areas it is "
        f"**{ratio['value']:.1f} times** that in the least deprived fifth (95% interval "
        f"{ratio['lower_95_ci']:.1f} to {ratio['upper_95_ci']:.1f}). The slope index of inequality "
        f"is {steep['value']:.1f} {per} ({steep['lower_95_ci']:.1f} to "
        f"{steep['upper_95_ci']:.1f}). This is about places where offences happen, not about the "
        "people who live there.",
        **words.interval(ratio),
        **{f"slope_{key}": value for key, value in words.interval(steep).items()},
    )


def disproportion(ratios: pd.DataFrame, *, what: str) -> Markdown:
    """
    Say which groups are counted more or less often whatever the unknown are.

    Parameters
    ----------
    ratios
        `compared, result, unknown_share`, as `disproportionality.by_role` makes them.
    what
        The trait in words, such as "Self-defined ethnicity".
    """
    clear = ratios[ratios["result"] != "not clear"].to_dict("records")
    known = ratios.drop_duplicates("role")
    lacking = known.dropna(subset="unknown_share").set_index("role")["unknown_share"] * 100
    shares = [f"{share:.0f}% of {role.lower()}s" for role, share in lacking.items()]
    unknown = words.joined(shares or ["a number that is suppressed"])
    said = "No rate beside residents is clearly higher or lower once the unknown are allowed for."
    if clear:
        named = [
            _ratio_said(row, small=what == "Sex", first=not at) for at, row in enumerate(clear)
        ]
        said = f"Whatever the unknown are, these rates beside residents differ: {'; '.join(named)}."
    return words.said(
        f"{said} {what} is not known for {unknown}. A ratio says who is counted, not why.",
        **lacking,
        **{f"{row['compared']} {name}": row[name] for row in clear for name in FIGURES},
    )


def _ratio_said(row: dict, *, small: bool, first: bool) -> str:
    role, groups = row["compared"].split(": ", 1)
    groups = groups.lower() if small else groups
    limits = f"{'95% interval ' * first}{row['lower_95_ci']:.1f} to {row['upper_95_ci']:.1f}"
    return f"{role.lower()}, {groups}, **{row['value']:.1f} times** ({limits})"


def ratios_title(ratios: pd.DataFrame) -> str:
    """Return a chart's title: how many ratios differ from 1 whatever the unknown are."""
    clear = int((ratios["result"] != "not clear").sum())
    if not clear:
        return "No ratio differs from 1 whatever the unknown are"
    verb = "differs" if clear == 1 else "differ"
    title = f"{clear} of {len(ratios)} ratios {verb} from 1 whatever the unknown are"
    return words.Title(title, clear=clear, ratios=len(ratios))


def funnel_title(limits: pd.DataFrame) -> str:
    """Return a chart's title: how many areas are unusual, and by which limits."""
    compared = limits[limits["funnel_result"] != "not compared"]
    high, low = (int(compared["funnel_result"].str.startswith(n).sum()) for n in ("high", "low"))
    found = " and ".join(f"{n} unusually {side}" for n, side in ((high, "high"), (low, "low")) if n)
    title = f"Rates of {len(compared)} areas: {found or 'none is unusual'}"
    # the limits are of chance alone only where areas vary by no more than that
    widened = ", after allowing for the usual variation between areas"
    title += widened * bool((compared["dispersion"] > 1).any())
    return words.Title(title, high=high, low=low, compared=len(compared))


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
        return Markdown("Where victims are hurt and where they live is suppressed.")
    ratios = trends.change_between(
        known["live_here"].astype("float"), 1.0, known["hurt_here"].astype("float"), 1.0
    ).set_index(known.index)
    clear = known[ratios["lower_95_ci"] > 1]
    if clear.empty:
        return Markdown("In no district are clearly more victims hurt than live there.")
    most = clear.sort_values("more_hurt_than_live", ascending=False).iloc[0]
    ratio = ratios.loc[most.name]
    return words.said(
        f"The place and the home are different maps: in **{most['area_name']}** about "
        f"{most['hurt_here']:,} victims were hurt, and about {most['live_here']:,} victims are "
        f"known to live there ({ratio['value']:.1f} times as many, 95% interval "
        f"{ratio['lower_95_ci']:.1f} to {ratio['upper_95_ci']:.1f}).",
        **words.interval(ratio),
    )
