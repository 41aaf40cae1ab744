"""What the records are good for, and what the definition makes of them."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.errors import NotEnoughError
from vrn_analysis.findings import words


def reach(abilities: pd.DataFrame, *, measure: str, period: str) -> Markdown:
    """
    Say what a run counts, and how much of an assessment its data can fill.

    Parameters
    ----------
    abilities
        One row an ability, with `in this run` "yes" or "no".
    """
    can = int((abilities["in this run"] == "yes").sum())
    rest = "all its sections" if can == len(abilities) else f"{can} of its {len(abilities)} parts"
    return words.said(
        f"This assessment counts **{measure}**, {period}. Its data can fill **{rest}**. Figures "
        "that chance moves have an interval, and small counts are suppressed.",
        can=can, parts=len(abilities),
    )  # fmt: skip


def least_complete(missing: pd.DataFrame) -> Markdown:
    """
    Name the field that most records lack.

    Parameters
    ----------
    missing
        Protected; `field, value, lower_95_ci, upper_95_ci` in per cent of records.
    """
    shown = missing.dropna(subset="value")
    if shown.empty:
        return Markdown("Too few records lack a value to show which field is least complete.")
    most = shown.loc[shown["value"].idxmax()]
    return Markdown(
        f"The field most often without a value is **{most['field'].lower()}**: "
        f"{most['value']:.1f}% of records (95% interval {most['lower_95_ci']:.1f}% to "
        f"{most['upper_95_ci']:.1f}%)."
    )


def completeness_title(missing: pd.DataFrame) -> str:
    """Return a chart's title: whether any field in any month is more than a tenth missing."""
    shown = missing.dropna(subset="value")
    poor = shown.loc[shown["lower_95_ci"] > 0.1, "field"].unique()
    if len(poor) == 0:
        return "No field is clearly more than a tenth empty in any month"
    fields = len(shown["field"].unique())
    if fields == 1:
        return f"{poor[0]}: more than a tenth empty in some month"
    return f"{words.number(len(poor))} of {fields} fields: more than a tenth empty in some month"


def largest_step(steps: pd.DataFrame) -> Markdown:
    """
    Say how many records count, and which reasons keep most out.

    Parameters
    ----------
    steps
        The waterfall, protected: `reason, outcome, count`.
    """
    of = steps.drop_duplicates("outcome").set_index("outcome")["count"]
    out = steps[steps["outcome"] == "OUT"].sort_values("count", ascending=False)
    reasons = [
        f"“{reason.lower()}” ({words.count(size)})"
        for reason, size in zip(out["reason"].head(2), out["count"].head(2), strict=True)
    ]
    return Markdown(
        f"Of {words.count(of['All'])} records, **{words.count(of['IN'])}** count. "
        + (f"The reasons that leave out most are {words.joined(reasons)}." if reasons else "")
    )


def waterfall_title(steps: pd.DataFrame) -> str:
    """Return a waterfall's title: what share of the records counts."""
    of = steps.drop_duplicates("outcome").set_index("outcome")["count"]
    share = 100 * of["IN"] / of["All"]
    return words.Title(f"About {share:.0f}% of the records read are counted", share=share)


def bounds_title(headline: pd.DataFrame) -> str:
    """
    Return a chart's title: by how much the unknown could raise the count at most.

    Parameters
    ----------
    headline
        Protected: `outcome` (IN, and IN + UNKNOWN) and `count`. Groups of it can be hidden, and
        what is left of them would add up to too little.
    """
    counts = headline.set_index("outcome")["count"]
    sure, most = counts["IN"], counts["IN + UNKNOWN"]
    if pd.isna(sure) or pd.isna(most) or not sure:
        return "By how much the unknown could raise the count cannot be shown"
    share = 100 * (most - sure) / sure
    return words.Title(f"What is unknown could add up to {share:.0f}%", share=share)


def sensitivity_title(effects: pd.DataFrame) -> str:
    """Return a chart's title: the rule that moves the count most."""
    change = (effects["count"] - effects["count"].iloc[0]).abs().astype("float")
    if change.isna().all():
        raise NotEnoughError("No effect of a changed rule can be shown: the counts are suppressed.")
    most = effects.loc[change.idxmax(), "switch"]
    return f"Largest effect: {most[:1].lower()}{most[1:]}"
