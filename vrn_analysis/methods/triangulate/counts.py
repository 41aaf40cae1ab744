"""Count events of several sources in the same way."""

from collections.abc import Mapping

import ibis
import pandas as pd

from vrn_analysis.count.assessment import NotInThisRun, Run
from vrn_analysis.count.tables import NOT_LOCATED, count, count_by_area
from vrn_analysis.methods.triangulate.beside import side_by_side

# admissions are counted where people live, not where they were hurt
BY_RESIDENCE = ("Admissions",)
LEAST = 2


def _within(table: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    dated = table[table["month"].notna()].reset_index(drop=True)
    return dated.assign(month=pd.to_datetime(dated["month"]))[dated["month"].isin(months)]


def by_month(
    sources: Mapping[str, ibis.Table], months: pd.DatetimeIndex
) -> dict[str, pd.DataFrame]:
    """
    Count each source by month.

    Parameters
    ----------
    sources
        Events by the source's name; one that has no `month` is left out.
    months
        The months of the run; a source covers those between its first and its last event.

    Returns
    -------
    tables
        By source: `month, count`, zeros between the first and the last included.
    """
    tables = {}
    for name, events in sources.items():
        if "month" in events.columns:
            table = _within(count(events, ["month"], levels={"month": months}), months)
            tables[name] = _covered(table)
    return tables


def _covered(table: pd.DataFrame) -> pd.DataFrame:
    """Return the months from the first to the last with any events."""
    held = table.loc[table["count"] > 0, "month"]
    inside = table["month"].between(held.min(), held.max())
    return table[inside].reset_index(drop=True)


def by_place(
    sources: Mapping[str, ibis.Table], lookup: pd.DataFrame, months: pd.DatetimeIndex
) -> dict[str, pd.DataFrame]:
    """
    Count each source by month and district of where it happened.

    Parameters
    ----------
    sources
        Events by the source's name, with `lsoa_code` or the district as `area_code`; a source with
        neither, or counted by residence (`BY_RESIDENCE`), is left out.
    lookup
        Small areas in districts.
    months
        The months of the run.

    Returns
    -------
    tables
        By source: `month, area_code, area_name, count`; what has no place, or one elsewhere, is
        "Not located in the area".
    """
    tables = {}
    for name, events in sources.items():
        if name in BY_RESIDENCE or "month" not in events.columns:
            continue
        if "lsoa_code" in events.columns:
            found = count_by_area(
                events, lookup, level="district", by=["month"], levels={"month": months}
            )
        elif "area_code" in events.columns:
            found = _by_district(events, lookup, months)
        else:
            continue
        tables[name] = _every_place(_within(found, months), lookup, months)
    return tables


def _every_place(
    table: pd.DataFrame, lookup: pd.DataFrame, months: pd.DatetimeIndex
) -> pd.DataFrame:
    """Return a row for every district and for what is not located, in every month."""
    names = lookup.drop_duplicates("district_code").set_index("district_code")["district_name"]
    names = pd.concat([names, pd.Series({NOT_LOCATED: NOT_LOCATED})])
    frame = pd.MultiIndex.from_product([months, names.index], names=["month", "area_code"])
    counts = table.set_index(["month", "area_code"])["count"].reindex(frame, fill_value=0)
    every = counts.astype("Int64").reset_index()
    return every.assign(area_name=every["area_code"].map(names))


def _by_district(
    events: ibis.Table, lookup: pd.DataFrame, months: pd.DatetimeIndex
) -> pd.DataFrame:
    levels = {"area_code": lookup["district_code"].unique(), "month": months}
    table = count(events, ["area_code", "month"], levels=levels)
    return table.assign(area_code=table["area_code"].fillna(NOT_LOCATED))


def places_beside(places: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return `side_by_side` of `by_place`, or no row where fewer than two sources have places."""
    by = ["area_code", "area_name"]
    if len(places) < LEAST:
        return pd.DataFrame(columns=["source", "month", *by, "count"])
    return side_by_side(places, by=by)


def counts_beside(
    sources: Mapping[str, ibis.Table], run: Run
) -> dict[str, dict[str, pd.DataFrame]]:
    """
    Return the counts of each source over the same months and places, to protect by source.

    Parameters
    ----------
    sources
        Events by the source's name.

    Returns
    -------
    tables
        By source, then `months` (`month, count`), `period` (`period, first, last, count`) and,
        where the source has places, `places` (`area_code, area_name, count`).
    """
    beside = side_by_side(by_month(sources, run.months), by=[])
    places = places_beside(by_place(sources, run.lookup, run.months))
    return tables_of(beside, places)


def tables_of(beside: pd.DataFrame, places: pd.DataFrame) -> dict[str, dict[str, pd.DataFrame]]:
    """
    Return the counts of each source as `counts_beside` does.

    Parameters
    ----------
    beside
        `side_by_side` of `by_month`, by no place.
    places
        `places_beside` of `by_place`, of which only the months of `beside` are kept.
    """
    first, last = beside["month"].min(), beside["month"].max()
    period = {"period": f"{first:%B %Y} to {last:%B %Y}", "first": first, "last": last}
    places = places[places["month"].isin(beside["month"])]
    found = {}
    for name, rows in beside.groupby("source", sort=False):
        months = rows[["month", "count"]].reset_index(drop=True)
        whole = pd.DataFrame([period | {"count": months["count"].sum()}])
        found[name] = {"months": months, "period": whole.astype({"count": "Int64"})}
        here = places[places["source"] == name]
        if len(here):
            keys = ["area_code", "area_name"]
            found[name]["places"] = here.groupby(keys, as_index=False, sort=False)["count"].sum()
    return found


def stack(tables: Mapping[str, Mapping[str, pd.DataFrame]], part: str) -> pd.DataFrame:
    """
    Return one part of each source's tables, one below the other, with `source`.

    Raises
    ------
    NotInThisRun
        If no source has it.
    """
    frames = [parts[part].assign(source=name) for name, parts in tables.items() if part in parts]
    if not frames:
        raise NotInThisRun(f"Fewer than two sources have {part}, so they cannot be compared.")
    joined = pd.concat(frames, ignore_index=True)
    joined = joined.drop(columns=["first", "last"], errors="ignore")
    return joined[["source", *(name for name in joined if name != "source")]]


def arrivals(events: ibis.Table, months: pd.DatetimeIndex) -> ibis.Table:
    """
    Return attendances with the time of arrival, as offences have the time they happened.

    Parameters
    ----------
    events
        Attendances; one without a time of arrival has an hour that is not known.
    months
        Only attendances of these months are kept.

    Returns
    -------
    events
        Those rows with `occurred_from`, for `times.spread`.

    Raises
    ------
    NotInThisRun
        If no time of arrival is held: the source came as counts.
    """
    if "arrived_at" not in events.columns:
        raise NotInThisRun(
            "The attendances came as counts, without the time of arrival, so no hour is known."
        )
    first, last = months[0].date(), (months[-1] + pd.offsets.MonthEnd(0)).date()
    inside = events.month.between(ibis.date(first), ibis.date(last))
    return events.filter(inside).mutate(occurred_from=events.arrived_at)
