"""Correct for sites that did not report in every month."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods.rates import checks
from vrn_analysis.methods.rates.checks import numbers

FEWEST_MONTHS = 3
OF_TRUE = ["_added", "_low", "_high"]  # made of true counts


def site_reporting(reports: pd.DataFrame) -> pd.DataFrame:
    """
    Return which site reported in which month, for every site and month.

    Parameters
    ----------
    reports
        One row a site and month: `site_code, month, count`. A missing count, or a missing row,
        is a month not reported; a count of 0 is a report.

    Returns
    -------
    grid
        Every site in every month: `site_code, month, count, reported`, and `share_reporting` (of
        the sites, in that month).

    Raises
    ------
    DataError
        If a column is missing, a site and month repeat, or counts cannot be.
    """
    absent = [name for name in ("site_code", "month") if name not in reports]
    checks.refuse([f"column {name!r} is missing" for name in absent])
    checks.check(reports, whole=["count"])
    if (repeated := reports.duplicated(["site_code", "month"])).any():
        raise DataError(f"{int(repeated.sum())} of {len(reports)} rows repeat a site and month.")
    sites = np.sort(reports["site_code"].unique())
    months = pd.date_range(reports["month"].min(), reports["month"].max(), freq="MS")
    grid = pd.MultiIndex.from_product([sites, months], names=["site_code", "month"])
    found = reports.set_index(["site_code", "month"])["count"].reindex(grid).reset_index()
    reported = found["count"].notna()
    share = reported.groupby(found["month"]).transform("mean")
    return found.assign(
        count=found["count"].astype("Int64"), reported=reported, share_reporting=share
    )


def _expected(counts: np.ndarray) -> np.ndarray:
    """
    Return what each site would have in each month if sites and months multiply.

    The Poisson fit with a level a site and a level a month, by proportional fitting over the
    cells that were reported.
    """
    seen = ~np.isnan(counts)
    filled = np.where(seen, counts, 0.0)
    month = np.ones(counts.shape[1])
    for _ in range(1_000):
        site = filled.sum(axis=1) / np.maximum((seen * month).sum(axis=1), 1e-12)
        new = filled.sum(axis=0) / np.maximum((seen * site[:, None]).sum(axis=0), 1e-12)
        if np.allclose(new, month, rtol=1e-10, atol=1e-12):
            break
        month = new
    return site[:, None] * month


def _require_overlap(seen: np.ndarray) -> None:
    """Refuse reports from which the counts of a silent site cannot be estimated."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    few, silent = seen.sum(axis=1) < FEWEST_MONTHS, ~seen.any(axis=0)
    if few.any() or silent.any():
        raise DataError(
            f"{int(few.sum())} of {len(seen)} sites reported in fewer than {FEWEST_MONTHS} months "
            f"and in {int(silent.sum())} of {seen.shape[1]} months no site did, so what is missing "
            "cannot be worked out. Leave these sites or months out."
        )
    site, month = np.nonzero(seen)
    size = sum(seen.shape)
    linked = coo_array((np.ones(len(site)), (site, len(seen) + month)), shape=(size, size))
    apart, _ = connected_components(linked, directed=False)
    if apart > 1:
        raise DataError(
            f"{apart} groups of sites never report in the same month, so their levels cannot be "
            "compared. Leave the sites of one group out."
        )


def correct_for_sites(reports: pd.DataFrame) -> pd.DataFrame:
    """
    Return monthly counts as reported, of the sites that always reported, and corrected.

    Parameters
    ----------
    reports
        As for `site_reporting`.

    Returns
    -------
    months
        `month, sites, sites_reporting, count_reported, count_panel` (sites that reported in every
        month; missing where there is none), `count_corrected, lower_95_ci, upper_95_ci`: what
        was reported and what the missing sites are expected to have seen. Where all reported,
        the corrected count is the reported one. `method` says what was done.

    Raises
    ------
    DataError
        If a site reported in fewer than three months, no site did in some month, or some sites
        never reported in a month in which others did.

    Notes
    -----
    Expected: a level a site times a level a month (Poisson), from reported cells only. The
    interval is that of the added part, with the dispersion of the reported cells.
    """
    grid = site_reporting(reports)
    wide = grid.pivot(index="site_code", columns="month", values="count")
    counts = numbers(pd.DataFrame({"count": wide.to_numpy().ravel()}), "count").reshape(wide.shape)
    seen = ~np.isnan(counts)
    _require_overlap(seen)
    expected = _expected(counts)
    freedom = max(seen.sum() - sum(wide.shape) + 1, 1)
    pearson = np.where(seen, (np.where(seen, counts, 0) - expected) ** 2, 0)
    spread = max((pearson / np.maximum(expected, 1e-9)).sum() / freedom, 1.0)
    reported = np.where(seen, counts, 0).sum(axis=0)
    added = np.where(seen, 0, expected).sum(axis=0)
    known = np.where(seen, expected, 0).sum(axis=0)
    # of the counts themselves, and of the levels of month and site they are worked out from
    missing = np.where(seen, 0, expected)
    of_month = added**2 / np.maximum(known, 1e-9)
    of_site = missing**2 / np.maximum(np.where(seen, counts, 0).sum(axis=1), 1)[:, None]
    deviation = np.sqrt(spread * (added + of_month + of_site.sum(axis=0)))
    always = seen.all(axis=1)
    panel = counts[always].sum(axis=0) if always.any() else np.full(wide.shape[1], np.nan)
    reach = 1.959964 * deviation
    return pd.DataFrame(
        {
            "month": wide.columns,
            "sites": len(wide),
            "sites_reporting": seen.sum(axis=0),
            "count_reported": pd.array(reported, dtype="Int64"),
            "count_panel": pd.array(panel, dtype="Int64"),
            "count_corrected": reported + added,
            "lower_95_ci": reported + np.maximum(added - reach, 0),
            "upper_95_ci": reported + added + reach,
            "method": "reported, and sites not reporting at their level times the month's",
        }
    )


def corrected(reports: pd.DataFrame, protected: pd.DataFrame) -> pd.DataFrame:
    """
    Return the months of all sites, corrected for those that sent nothing: see `shown_correction`.

    `attrs["reported"]` is the true number of attendances reported, for a check.

    Parameters
    ----------
    reports
        As for `correct_for_sites`.
    protected
        As for `shown_correction`.

    Raises
    ------
    NotInThisRun
        If too few months were sent to work out what is missing.
    """
    try:
        true = correct_for_sites(reports)
    except DataError as reason:
        raise NotInThisRun(str(reason)) from None
    found = shown_correction(protected, true)
    found.attrs["reported"] = int(true["count_reported"].sum())
    return found


def shown_correction(protected: pd.DataFrame, corrected: pd.DataFrame) -> pd.DataFrame:
    """
    Return the corrected months computed from protected counts, so that no count is revealed.

    Parameters
    ----------
    protected
        `month, count, status, count_error`: what was reported, protected.
    corrected
        As `correct_for_sites` returns it.

    Returns
    -------
    months
        The rows of `protected` with `sites, sites_reporting, value` (the protected count and what
        the silent sites are expected to have seen, in whole attendances), `lower_95_ci,
        upper_95_ci` (the interval of what was added, widened by what rounding can have moved),
        `method`. Missing where the count is suppressed.
    """
    reported = corrected["count_reported"].astype(float)
    added = corrected[["month", "sites", "sites_reporting", "method"]].assign(
        _added=corrected["count_corrected"] - reported,
        _low=corrected["lower_95_ci"] - reported,
        _high=corrected["upper_95_ci"] - reported,
    )
    # the addition is a share of the reported count, and would reveal it
    reported = reported.set_axis(corrected["month"])
    table = protected.merge(added, on="month", how="left", validate="one_to_one")
    count, error = numbers(table, "count"), numbers(table, "count_error")
    true = np.maximum(table["month"].map(reported).to_numpy(dtype=float), 1)
    table[OF_TRUE] = table[OF_TRUE].div(true, axis=0)
    named = ["sites", "sites_reporting"]
    table[named] = table[named].where(table["status"] != "suppressed")
    return table.assign(
        value=(count * (1 + table["_added"])).round(),
        lower_95_ci=np.floor(np.maximum(count - error, 0) * (1 + table["_low"])),
        upper_95_ci=np.ceil((count + error) * (1 + table["_high"])),
    ).drop(columns=OF_TRUE)


def sent_and_corrected(months: pd.DataFrame) -> pd.DataFrame:
    """
    Return two series to draw: what was sent, and what is expected had every site sent.

    Parameters
    ----------
    months
        As `shown_correction` returns it.

    Returns
    -------
    series
        `name` ("As sent", "If every site had sent"), `month, value, lower_95_ci, upper_95_ci`,
        `status`; what was sent has no interval of its own here.
    """
    sent = months.assign(name="As sent", value=months["count"].astype("Float64").astype(float))
    sent = sent.assign(lower_95_ci=sent["value"], upper_95_ci=sent["value"])
    whole = months.assign(name="If every site had sent")
    columns = ["name", "month", "value", "lower_95_ci", "upper_95_ci", "status"]
    return pd.concat([sent, whole], ignore_index=True)[columns]


def with_corrected(months: pd.DataFrame, corrected: pd.DataFrame, *, source: str) -> pd.DataFrame:
    """
    Return the months of all sources, one of them corrected for its silent sites.

    Parameters
    ----------
    months
        Protected; `source, month, count, status, count_error`.
    corrected
        The months of that source as `shown_correction` returns them.
    source
        Its name.

    Returns
    -------
    months
        The same rows; the source's `count` is what is expected had every site sent, and its
        `count_error` reaches to the end of the interval of that.
    """
    whole = corrected.set_index("month")
    mine = (months["source"] == source) & months["month"].isin(whole.index)
    named = months.loc[mine, "month"].map(whole["value"])
    reach = months.loc[mine, "month"].map(whole["upper_95_ci"]) - named
    count, error = months["count"].astype("Int64"), months["count_error"].astype("Int64")
    count[mine] = named.round().astype("Int64")
    error[mine] = np.ceil(reach).astype("Int64")
    return months.assign(count=count, count_error=error)


def reporting_shares(reports: pd.DataFrame, *, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return which site reported in which of some months, as the chart of completeness takes it."""
    grid = site_reporting(reports)
    grid = grid[grid["month"].isin(months)].reset_index(drop=True)
    shares = grid.assign(field="Site " + grid["site_code"], value=grid["reported"].astype(float))
    return shares[["field", "month", "value", "site_code", "reported"]]
