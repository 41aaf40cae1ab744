"""Compare sources over the same places and the same months."""

from collections.abc import Mapping, Sequence

import pandas as pd

from vrn_analysis.core.errors import DataError, NotEnoughError

AGES = ("age", "age_band", "age_focus")
READING = (
    "The sources count different things: offences recorded by the police, attendances, call-outs "
    "and admissions. Do not add these figures together, or subtract one from another to estimate "
    "unreported violence."
)


def require_ages(table: pd.DataFrame, *, source: str) -> None:
    """
    Refuse an age cut of a source without ages.

    Parameters
    ----------
    table
        The source's records or counts.
    source
        Its name, for the error.

    Raises
    ------
    DataError
        If there is no column of ages, or it is empty. The national minimum data set of assaults
        seen in emergency departments (ISTV) holds none.
    """
    held = [name for name in AGES if name in table]
    filled = [name for name in held if table[name].notna().any()]
    if not filled:
        why = f"{held[0]!r} is empty" if held else f"none of {', '.join(AGES)} is a column"
        raise DataError(
            f"{source}: no ages are recorded ({why}), so it cannot be used for people under "
            "25. Show all ages, or ask the provider for ages."
        )


def _window(tables: Mapping[str, pd.DataFrame]) -> tuple[pd.Timestamp, pd.Timestamp]:
    first = max(table["month"].min() for table in tables.values())
    last = min(table["month"].max() for table in tables.values())
    if first > last:
        spans = "; ".join(
            f"{name} {table['month'].min():%Y-%m} to {table['month'].max():%Y-%m}"
            for name, table in tables.items()
        )
        raise DataError(f"The sources have no month in common: {spans}.")
    return first, last


def _checked(tables: Mapping[str, pd.DataFrame], by: Sequence[str]) -> None:
    problems = []
    if len(tables) < 2:
        problems.append("one source cannot be compared: pass two or more")
    for name, table in tables.items():
        absent = [column for column in ("month", "count", *by) if column not in table]
        if absent:
            problems.append(f"{name} has no column {', '.join(absent)}")
        elif not pd.api.types.is_datetime64_any_dtype(table["month"]):
            problems.append(f"{name}: month is not a date")
        elif table.duplicated(["month", *by]).any():
            problems.append(f"{name} repeats {int(table.duplicated(['month', *by]).sum())} rows")
    if problems:
        raise DataError("The sources cannot be compared: " + "; ".join(problems) + ".")


def _places(table: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Return the place of each row, and other cuts, as one value."""
    if not by:
        return pd.Series([()] * len(table), index=table.index)
    return pd.Series(list(table[by].itertuples(index=False, name=None)), index=table.index)


def side_by_side(
    tables: Mapping[str, pd.DataFrame], *, by: Sequence[str] = ("area_code",)
) -> pd.DataFrame:
    """
    Return counts of several sources side by side, for the same places and months.

    Parameters
    ----------
    tables
        Counts by the source's name ("police", "emergency departments", "ambulance",
        "admissions"): `month` (first day), the `by` columns, `count`.
    by
        Columns that name the place, and other cuts; none compares the months of the whole area.
        `age_focus` among them is refused for a source without ages.

    Returns
    -------
    table
        One row a source, month and place, over the months that all sources cover and the
        places that all have: `source, month`, by, `count, window` (in words), `left_out` (count
        of the source outside the common months and places), `reading`.

    Raises
    ------
    DataError
        If there are fewer than two sources, columns are missing, rows repeat, an age cut is
        asked of a source without ages, or nothing is in common.
    """
    by = list(by)
    for name, table in tables.items():
        if set(by) & set(AGES):
            require_ages(table, source=name)
    _checked(tables, by)
    first, last = _window(tables)
    places = {name: _places(table, by) for name, table in tables.items()}
    common = set.intersection(*(set(place) for place in places.values()))
    if empty := [name for name, place in places.items() if not len(place)]:
        raise NotEnoughError(f"No count in the common months from: {', '.join(map(str, empty))}.")
    if not common:
        raise DataError(
            f"The sources have no place in common by {', '.join(by)}: are their areas of one level "
            "and vintage?"
        )
    where = f", {len(common)} places" if by else ""
    window = f"{first:%B %Y} to {last:%B %Y}{where}"
    frames = []
    for name, table in tables.items():
        kept = table["month"].between(first, last) & places[name].isin(common)
        frames.append(
            table.loc[kept, ["month", *by, "count"]].assign(
                source=name,
                window=window,
                left_out=table["count"].sum() - table.loc[kept, "count"].sum(),
                reading=READING,
            )
        )
    joined = pd.concat(frames, ignore_index=True)
    return joined[["source", "month", *by, "count", "window", "left_out", "reading"]]
