"""Protect tables and audit them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DisclosureError
from vrn_analysis.show.disclosure import (
    attacker,
    editions,
    inputs,
    knowledge,
    profiles,
    suppression,
)
from vrn_analysis.show.disclosure.cells import Dimensions, Nesting, Tables
from vrn_analysis.show.disclosure.links import linked
from vrn_analysis.show.disclosure.profiles import Profile

PROTECTED = {"status", "count_error"}


def protect(
    table: pd.DataFrame,
    *,
    dimensions: Sequence[str],
    profile: str = "nhs_round5",
    nesting: Nesting | None = None,
) -> pd.DataFrame:
    """
    Hide the small counts of one table, and every count from which they could be worked out.

    Use `protect_together` for tables that count the same records in several ways.

    Parameters
    ----------
    table
        One row a combination of the `dimensions`, with `count` (whole, not negative). A row that
        is a total over a dimension holds `All` in it. Other columns are kept as they are: do not
        give columns that were computed from the count.
    dimensions
        The columns that say what a row counts.
    profile
        Name of a rule in `PROFILES`.
    nesting
        What is part of what: see `protect_together`.

    Returns
    -------
    protected
        The same rows with `count` rounded as the profile says, or missing where hidden; `status`
        (`shown` or `suppressed`, the same for small counts and for those hidden to screen them);
        and `count_error`, the most that rounding can have moved the count (missing where hidden).

    Raises
    ------
    SettingsError
        If there is no such profile.
    DataError
        If the table lacks a column, repeats a row, has counts that are missing, negative or
        fractional, or does not add up.
    DisclosureError
        If the table was protected already and is not safe.
    """
    return protect_together(
        {"table": table}, dimensions={"table": dimensions}, profile=profile, nesting=nesting
    )["table"]


def protect_together(
    tables: Tables,
    *,
    dimensions: Dimensions,
    profile: str = "nhs_round5",
    nesting: Nesting | None = None,
    published: Tables | None = None,
) -> dict[str, pd.DataFrame]:
    """
    Protect tables that count the same records, so that no table reveals another.

    Rows of different tables that count the same are hidden or shown alike. A dimension that a
    table lacks is a total over it; so tables that count different things (victims and suspects,
    two periods) must say so in a dimension. Tables that are protected already are audited and
    returned as they are.

    Parameters
    ----------
    tables
        Tables as for `protect`, by name.
    dimensions
        For each table, the columns that say what a row counts.
    profile
        Name of a rule in `PROFILES`.
    nesting
        What is part of what: for a pair of columns (part, whole), the whole that each part lies
        in, or a list of wholes. `{("lsoa_code", "district_code"): {"L1": "D1", "L2": "D1"}}`;
        `{("age_focus", "age_focus"): {"under 25": "All", "25 and over": "All"}}` where a table
        shows one part only; `{("month", "period"): {month: [rolling years it lies in]}}`.
    published
        Protected tables that readers have already, such as those of the last edition, under
        names of their own that `dimensions` knows. What they show cannot be hidden any more and
        what they hide stays hidden. A row whose count has been revised beyond its rounding is
        left out of account: it cannot be set against the new count.

    Returns
    -------
    protected
        The tables as `protect` returns them, by name.

    Raises
    ------
    SettingsError, DataError
        As `protect`, and if two tables count the same cell differently.
    DisclosureError
        If what is published already gives a hidden count away, whatever else is hidden.

    Notes
    -----
    Primary: counts from 1 to the threshold - 1. Secondary: until a reader who knows the
    threshold, that a hidden count is at least 1 and what rounding allows is left, for every
    hidden count and for every part that no table shows, an interval that holds 1 to the
    threshold - 1, or that lies above it (see `audit`). Choice by linear programming, cheapest
    by count; then every secondary cell that is not needed is shown again.

    Tables of three or more crossings that form a ring (area by age, area by sex, age by sex)
    bound each other a little more than their common totals say; that is not used.

    True zeros are shown: so a reader learns where all of a total falls in one cell. That is
    reported by `group_disclosures`, not hidden.
    """
    rule = profiles.named(profile)
    if tables and all(set(table.columns) >= PROTECTED for table in tables.values()):
        earlier = {**tables, **(published or {})}
        require_safe(earlier, dimensions=dimensions, profile=profile, nesting=nesting)
        return {name: table.copy() for name, table in tables.items()}
    earlier = dict(published or {})
    inputs.check_columns({**tables, **earlier}, dimensions)
    inputs.check_names(tables, earlier)
    inputs.check_counts(tables)
    inputs.check_sums(tables, dimensions, linked(tables, dimensions=dimensions, nesting=nesting))
    earlier = editions.unrevised(earlier, tables, dimensions=dimensions, nesting=nesting, rule=rule)
    cells = linked({**tables, **earlier}, dimensions=dimensions, nesting=nesting)
    counts = cells.counts(tables)
    shown = profiles.rounded(counts, rule)
    out = cells.within(earlier)
    shown[out] = cells.counts(earlier)[out]
    hidden = suppression.choose(cells, counts, shown, rule, published=out)
    return {
        name: _published(table, shown[cells.rows[name]], hidden[cells.rows[name]], rule)
        for name, table in tables.items()
    }


def _published(
    table: pd.DataFrame, shown: np.ndarray, hidden: np.ndarray, rule: Profile
) -> pd.DataFrame:
    count = pd.array(shown, dtype="Float64").astype("Int64")
    error = pd.array(np.where(shown > 0, rule.error, 0), dtype="Int64")
    count[hidden] = pd.NA
    error[hidden] = pd.NA
    status = pd.array(np.where(hidden, "suppressed", "shown"), dtype="str")
    return table.assign(count=count, status=status, count_error=error)


def audit(
    tables: Tables,
    *,
    dimensions: Dimensions,
    profile: str | Mapping[str, str] = "nhs_round5",
    nesting: Nesting | None = None,
    exact: bool = False,
) -> pd.DataFrame:
    """
    Return the interval that a reader can work out for every hidden count.

    The reader has every table, knows the profile, that counts are whole and that a hidden count
    is not zero, and solves by linear programming (HiGHS), block by block.

    Parameters
    ----------
    tables
        Protected tables, by name: `count`, missing where hidden.
    dimensions, nesting
        As for `protect_together`.
    profile
        The name of a rule, or one for each table, for a reader who has several editions: a count
        is then hidden if every table hides it, and safe by the laxest of the rules.
    exact
        Solve for both ends of every interval. Otherwise an interval that is shown to be wide
        enough is not followed to its ends: it is at least as wide as printed.

    Returns
    -------
    intervals
        One row a hidden cell; one for each part that no table shows and that is not safe; and
        one, not safe, for each shown count that the profile hides:
        `table, row` (the first table and the number of the row that shows it; missing for a part
        that no table shows), `cell`, `lower`, `upper` (infinite where nothing bounds it), `safe`.
        Safe is a cell that can be every count from 1 to the threshold - 1; one that cannot be
        small; one that may be small or not, within an interval as wide as that range (so hidden
        to screen another: `protect` leaves no small count in this case); and a part that is
        known to be 0. Where a hidden total is the sum of hidden counts, each at least 1, the
        range starts at the least such sum.
    """
    rules = _rules(tables, profile)
    laxest = min(rules.values(), key=lambda rule: rule.threshold, default=profiles.named("lt5"))
    inputs.check_columns(tables, dimensions)
    cells = linked(tables, dimensions=dimensions, nesting=nesting)
    seen = knowledge.views(cells, tables, rules)
    attack = attacker.Attack(cells.equations(), seen.lower, seen.upper)
    found = knowledge.findings(attack, seen.secret, laxest, exact=exact)
    listed = (found.numbers < cells.published) | ~found.safe
    shown_small, small_counts = knowledge.small_shown(cells, tables, rules)
    place = cells.places()
    numbers = np.concatenate([found.numbers[listed], shown_small])
    where = [place.get(int(number), ("", pd.NA)) for number in numbers]
    return pd.DataFrame(
        {
            "table": pd.array([name for name, _ in where], dtype="str"),
            "row": pd.array([row for _, row in where], dtype="Int64"),
            "cell": pd.array([cells.words(number) for number in numbers], dtype="str"),
            "lower": np.concatenate([found.lower[listed], small_counts]),
            "upper": np.concatenate([found.upper[listed], small_counts]),
            "safe": np.concatenate([found.safe[listed], np.zeros(len(shown_small), dtype=bool)]),
        }
    )


def _rules(tables: Tables, profile: str | Mapping[str, str]) -> dict[str, Profile]:
    names = dict.fromkeys(tables, profile) if isinstance(profile, str) else profile
    return {name: profiles.named(names[name]) for name in tables}


def require_safe(
    tables: Tables,
    *,
    dimensions: Dimensions,
    profile: str = "nhs_round5",
    nesting: Nesting | None = None,
) -> None:
    """
    Raise an error if a reader of these tables could work out a hidden count.

    Parameters
    ----------
    tables, dimensions, profile, nesting
        As for `audit`.

    Raises
    ------
    DisclosureError
        If any hidden count is not safe, or a shown count is one that the profile hides. The
        message names tables and rows, never a count.
    """
    problems = []
    found = audit(tables, dimensions=dimensions, profile=profile, nesting=nesting)
    unsafe = found[~found["safe"]]
    for name, rows in unsafe.groupby("table"):
        numbers = ", ".join(rows["row"].astype(str).head(inputs.EXAMPLES))
        problems.append(
            f"table {name!r}: {len(rows)} small counts are shown or can be worked out "
            f"(row {numbers})"
            if name
            else f"{len(rows)} counts that no table shows can be worked out by subtraction"
        )
    if problems:
        raise DisclosureError(
            f"These tables would disclose small counts under {profile}:\n  "
            + "\n  ".join(problems)
            + "\nProtect them together with disclosure.protect_together."
        )
