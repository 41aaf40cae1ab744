"""What health services see beside the police: sources set side by side, sites, the unknown."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.methods import trends
from vrn_analysis.methods.triangulate import unknown_band
from vrn_analysis.say.findings import words

YEAR = 12


def _counted(row: pd.Series, *, first: bool) -> str:
    if pd.isna(row["count"]):
        return f"{row['source']}: a suppressed number"
    limits = words.interval(row, "{:,.0f}".format, lead=first)
    return f"{row['source']}: **{row['count']:,}** ({limits})"


def beside(totals: pd.DataFrame, *, window: str, months: int) -> Markdown:
    """
    Return how many events each source recorded in the same months, with its limits.

    Parameters
    ----------
    totals
        Protected; `source, count, lower_95_ci, upper_95_ci`, the police first.
    window
        The months in words.
    months
        How many they are.
    """
    shown = totals.dropna(subset="count")
    monthly = vars(facts.made(**(shown.set_index("source")["count"] / months)))
    average = [f"{Label(source)} {count:,.0f}" for source, count in monthly.items()]
    title = "No source has a count that can be shown"
    if average:
        title = f"Events in an average month: {words.joined(average)}"
    said = [_counted(row, first=not at) for at, row in enumerate(facts.rows(totals))]
    return words.said(
        f"We compared assaults with injury by source, {Label(window)}. {'. '.join(said)}. The "
        "police figure is all assaults with injury, at home or in public: it is not part of the "
        "headline count. Do not add these figures together, or subtract one from another to "
        "estimate unreported violence.",
        title=title,
    )


def sites(months: pd.DataFrame) -> Said:
    """
    Return the title of the grid of sites: how many months were not sent.

    Parameters
    ----------
    months
        A row a site and month: `site_code`, and whether it `reported` its attendances.
    """
    silent = months[~months["reported"].astype(bool)]
    if silent.empty:
        return Said("Every department sent every month")
    codes = {"sites": silent["site_code"], "every": months["site_code"]}
    told = facts.made(silent=len(silent), **{name: rows.nunique() for name, rows in codes.items()})
    gaps = "month is" if told.silent == 1 else "months of data are"
    return Said(
        f"{told.silent} {gaps} missing, from {told.sites} of {told.every} emergency departments"
    )


def sites_corrected(months: pd.DataFrame) -> Markdown:
    """
    Say by how much attendances would be more if every site had sent every month.

    Parameters
    ----------
    months
        As `triangulate.shown_correction` returns it.
    """
    known = months.dropna(subset="value")
    silent = known[known["sites_reporting"] < known["sites"]]
    if silent.empty:
        text = "No month of attendances can be shown."
        if len(known):
            sites = facts.made(sites=known["sites"].iloc[0]).sites
            text = f"All {sites} sites sent every month shown."
        return words.said(text, title="Nothing is added: every site sent every month shown")
    sent = float(silent["count"].sum())
    more = {
        name: 100 * (float(silent[column].sum()) / sent - 1)
        for name, column in zip(("more", "lower", "upper"), ("value", *words.LIMITS), strict=True)
    }
    whole = float(known["value"].sum())
    more["share"] = 100 * (whole - float(known["count"].sum())) / whole
    told = facts.made(silent=len(silent), months=len(known), sent=sent, **more)
    return words.said(
        f"In **{told.silent} of {told.months}** months a site sent nothing. Attendances sent for "
        f"those months number {told.sent:,.0f}. If the missing sites had their usual number, there "
        f"would be about **{told.more:.0f}%** more ({told.lower:.0f}% to {told.upper:.0f}%, adding "
        "the months' 95% limits). Without this correction, a missing site looks like a fall in "
        "violence.",
        title=f"Missing data leave out about {told.share:.2g}% of attendances",
    )


def _step(rows: pd.DataFrame, at: pd.Timestamp) -> pd.Series | None:
    """Return the change from the twelve months before a date to the twelve from it on."""
    ordered = rows.sort_values("month")
    before = ordered[ordered["month"] < at].tail(YEAR)
    after = ordered[ordered["month"] >= at].head(YEAR)
    both = pd.concat([before, after])
    if len(both) < 2 * YEAR or both["count"].isna().any() or not before["count"].sum():
        return None
    error = max(before["count_error"].sum(), after["count_error"].sum())
    counts = [int(part["count"].sum()) for part in (before, after)]
    return trends.change_between(counts[0], 1, counts[1], 1, count_error=int(error)).iloc[0]


def at_break(months: pd.DataFrame, breaks: pd.DataFrame) -> Markdown:
    """
    Return, for each lasting change of recording, which sources changed with it.

    Parameters
    ----------
    months
        Protected; `source, month, count, count_error`, silent sites made good.
    breaks
        Known breaks, with `date, until, label`; those without an end are lasting.
    """
    said = []
    for one in breaks[breaks["until"].isna()].itertuples():
        at = one.date.to_period("M").to_timestamp()
        steps = {name: _step(rows, at) for name, rows in months.groupby("source", sort=False)}
        parts = [
            f"{Label(name)}: {words.change(facts.of(step))}"
            for name, step in steps.items()
            if step is not None
        ]
        if parts:
            said.append(f"**{Label(one.label)}**, {Label(f'{at:%B %Y}')}. {'. '.join(parts)}")
    if not said:
        return words.said(
            "No lasting change of recording has twelve months of every source on either side."
        )
    return words.said(
        "We compared the twelve months from each change of recording with the twelve before. "
        f"{'. '.join(said)}. Where one source changes and the others do not, check its recording "
        "first."
    )


def young(shares: pd.DataFrame) -> Said:
    """
    Return the title of the chart of shares under 25: whether the sources differ.

    Parameters
    ----------
    shares
        One row a source: `source, value, lower_95_ci, upper_95_ci` in per cent.
    """
    known = shares.dropna(subset="value")
    if known.empty:
        return Said("No share under 25 can be shown")
    most, least = (facts.of(known.loc[known["value"].agg(end)]) for end in ("idxmax", "idxmin"))
    if most["lower_95_ci"] <= least["upper_95_ci"]:
        return Said("Assaults with injury: the sources do not clearly differ in the share under 25")
    return Said(
        f"Assaults with injury: {most['value']:.0f}% are under 25 in {most['source'].lower()} "
        f"records, {least['value']:.0f}% in {least['source'].lower()} records"
    )


def ages_refused(held: pd.DataFrame) -> Markdown:
    """Name the sources without ages, of which nothing about people under 25 can be said."""
    without = [Label(name) for name in held.loc[held["ages"] == "no", "source"]]
    if not without:
        return words.said("Every source has ages.")
    return words.said(
        f"Without ages: **{words.joined(without)}**. We cannot give their shares under 25. "
        "The national minimum data set for assaults seen in emergency departments does not have "
        "them."
    )


def unknown(shares: pd.DataFrame, *, period: str) -> Markdown:
    """
    Say between what shares of attendances the police do not know: the band, without a point.

    Parameters
    ----------
    shares
        As `triangulate.unknown_to_police` returns them.
    period
        The months of the exercise, in words.
    """
    one, known = facts.of(unknown_band(shares).iloc[0]), shares.dropna(subset="value")
    title = "No share can be shown"
    if len(known):
        ends = facts.made(low=known["value"].min(), high=known["value"].max())
        title = f"{ends.low:.0f}% to {ends.high:.0f}% of attendances had no police record, "
        title += "depending on linkage quality"
    if pd.isna(one["lowest"]):
        none = "More was linked than any of the assumptions allows: no range is shown."
        return words.said(none, title=title)
    return words.said(
        f"Between **{one['lowest']:.0f}%** and **{one['highest']:.0f}%** of attendances had no "
        f"police record, {Label(period)}, if {one['linkage']}. The range depends on how many true "
        "matches the linkage found, which is unknown. Missed matches look like violence unknown to "
        "the police. We assume no false matches.",
        title=title,
    )
