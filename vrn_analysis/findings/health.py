"""What health services see beside the police: sources set side by side, sites, the unknown."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis import trends
from vrn_analysis.findings import words
from vrn_analysis.findings.change import size
from vrn_analysis.triangulate import READING

YEAR = 12


def _counted(row: dict, *, first: bool) -> str:
    if pd.isna(row["count"]):
        return f"{row['source'].lower()} a suppressed number"
    low, high = (f"{row[f'{end}_95_ci']:,.0f}" for end in ("lower", "upper"))
    limits = f"{'95% interval ' * first}{low} to {high}"
    return f"{row['source'].lower()} **{row['count']:,.0f}** ({limits})"


def beside(totals: pd.DataFrame, *, window: str) -> Markdown:
    """
    Say how many events each source holds of the same months, and what that does not mean.

    Parameters
    ----------
    totals
        Protected; `source, count, lower_95_ci, upper_95_ci`, the police first.
    window
        The months in words.
    """
    said = [_counted(row, first=not at) for at, row in enumerate(totals.to_dict("records"))]
    return Markdown(
        f"Assaults with injury by source, {window}: {words.joined(said)}. The police figure counts "
        "all assaults with injury, at home or in public: it is not part of the headline count. "
        f"{READING}"
    )


def beside_title(totals: pd.DataFrame, *, months: int) -> str:
    """
    Return the title of the chart of sources by month: about how many each holds a month.

    Parameters
    ----------
    totals
        Protected; `source, count`.
    months
        How many months they cover.
    """
    shown = totals.dropna(subset="count")
    if shown.empty:
        return "No source has a count that can be shown"
    average = shown.set_index("source")["count"] / months
    said = [f"{source} {count:,.0f}" for source, count in average.items()]
    return words.Title(f"A month, on average: {words.joined(said)}", **average)


def sites_title(shares: pd.DataFrame) -> str:
    """
    Return the title of the grid of sites: how many months were not sent.

    Parameters
    ----------
    shares
        `field` (the site), `month`, `value` (1 sent, 0 not).
    """
    silent = shares[shares["value"] == 0]
    if silent.empty:
        return "Every department sent every month"
    sites, every = silent["field"].nunique(), shares["field"].nunique()
    gaps = "month is" if len(silent) == 1 else "months of data are"
    title = f"{len(silent)} {gaps} missing, from {sites} of {every} emergency departments"
    return words.Title(title, silent=len(silent), months=len(shares), sites=sites, every=every)


def sites_corrected(months: pd.DataFrame) -> Markdown:
    """
    Say by how much attendances would be more if every site had sent every month.

    Parameters
    ----------
    months
        As `triangulate.shown_correction` returns it.
    """
    known = months.dropna(subset="value")
    if known.empty:
        return Markdown("No month of attendances can be shown.")
    silent = known[known["sites_reporting"] < known["sites"]]
    if silent.empty:
        return Markdown(f"All {int(known['sites'].iloc[0])} sites sent every month shown.")
    count, value = float(silent["count"].sum()), float(silent["value"].sum())
    low, high = (float(silent[f"{end}_95_ci"].sum()) for end in ("lower", "upper"))
    return words.said(
        f"In **{len(silent)} of {len(known)}** months a site sent nothing. Those months hold "
        f"{count:,.0f} attendances as sent; if the silent sites saw what they usually see, about "
        f"**{100 * (value / count - 1):.0f}%** more ({100 * (low / count - 1):.0f}% to "
        f"{100 * (high / count - 1):.0f}%, adding the months' 95% limits). A line of "
        "what was sent shows sites that join or fall silent as if violence rose or fell.",
        silent=len(silent), months=len(known), sent=count, more=100 * (value / count - 1),
        lower=100 * (low / count - 1), upper=100 * (high / count - 1),
    )  # fmt: skip


def corrected_title(months: pd.DataFrame) -> str:
    """Return the title of the corrected line: about what share of attendances was not sent."""
    known = months.dropna(subset="value")
    whole = float(known["value"].sum())
    added = whole - float(known["count"].sum())
    if not added:
        return "Nothing is added: every site sent every month shown"
    share = 100 * added / whole
    return words.Title(
        f"Silent sites leave out about {share:.2g}% of what departments saw", share=share
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
    Say of each lasting change of recording which sources stepped with it.

    Parameters
    ----------
    months
        Protected; `source, month, count, count_error`, silent sites made good.
    breaks
        Known breaks, with `date, until, label`; those without an end are lasting.
    """
    said, figures = [], {}
    for one in breaks[breaks["until"].isna()].itertuples():
        at = one.date.to_period("M").to_timestamp()
        steps = {name: _step(rows, at) for name, rows in months.groupby("source", sort=False)}
        parts = [f"{name} {size(step)}" for name, step in steps.items() if step is not None]
        for name, step in steps.items():
            changed = {} if step is None else words.changed(step)
            figures |= {f"{one.label} {name} {key}": value for key, value in changed.items()}
        if parts:
            said.append(f"**{one.label}**, {at:%B %Y}: {words.joined(parts)}")
    if not said:
        return Markdown(
            "No lasting change of recording has twelve months of every source on either side."
        )
    return words.said(
        f"The twelve months from a change of recording against the twelve before. "
        f"{'. '.join(said)}. Where one source steps and the others do not, look to its recording "
        "first.",
        **figures,
    )


def young_title(shares: pd.DataFrame) -> str:
    """
    Return the title of the chart of shares under 25: whether the sources differ.

    Parameters
    ----------
    shares
        One row a source: `source, value, lower_95_ci, upper_95_ci` in per cent.
    """
    known = shares.dropna(subset="value")
    if known.empty:
        return "No share under 25 can be shown"
    most, least = known.loc[known["value"].idxmax()], known.loc[known["value"].idxmin()]
    if most["lower_95_ci"] <= least["upper_95_ci"]:
        return "Assaults with injury: the sources do not clearly differ in the share under 25"
    return (
        f"Assaults with injury: {most['value']:.0f}% are under 25 in {most['source'].lower()} "
        f"records, {least['value']:.0f}% in {least['source'].lower()} records"
    )


def ages_refused(held: pd.DataFrame) -> Markdown:
    """Name the sources without ages, of which nothing about people under 25 can be said."""
    without = held.loc[held["ages"] == "no", "source"].tolist()
    if not without:
        return Markdown("Every source holds ages.")
    return Markdown(
        f"**{words.joined(without)}**: no ages are held, so no share of people under 25 is made of "
        "it. The national minimum data set of assaults seen in emergency departments has none."
    )


def unknown(band: pd.DataFrame, *, period: str) -> Markdown:
    """
    Say between what shares of attendances the police do not know: the band, without a point.

    Parameters
    ----------
    band
        One row, as `triangulate.unknown_band` returns it.
    period
        The months of the exercise, in words.
    """
    one = band.iloc[0]
    if pd.isna(one["lowest"]):
        return Markdown("More was linked than any of the assumptions allows: no band is shown.")
    return words.said(
        f"Between **{one['lowest']:.0f}%** and **{one['highest']:.0f}%** of attendances had no "
        f"police record, {period}, if {one['linkage']}. {one['reading']}",
        lowest=one["lowest"],
        highest=one["highest"],
    )


def unknown_title(table: pd.DataFrame) -> str:
    """Return the title of the chart of shares by linkage: how far the assumption moves them."""
    known = table.dropna(subset="value")
    if known.empty:
        return "No share can be shown"
    low, high = known["value"].min(), known["value"].max()
    title = f"{low:.0f}% to {high:.0f}% of attendances had no police record, by quality of linkage"
    return words.Title(title, low=low, high=high)
