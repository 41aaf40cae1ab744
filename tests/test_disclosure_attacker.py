"""The attacker against brute force, what is hidden against the optimum, and random tables."""

from functools import reduce
from itertools import product

import numpy as np
import pandas as pd
import pytest
from disclosure_tables import counted, crossed, least_hidden, random_counts
from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_analysis.core.errors import DisclosureError
from vrn_analysis.show import disclosure
from vrn_analysis.show.disclosure.profiles import rounded

QUICK = settings(max_examples=25, deadline=None, derandomize=True)
PROTECTING = ["nhs_round5", "lt5", "lt10"]


# an independent oracle: every world tried one by one


def possible_worlds(protected, rule, most):
    """Return every table of inner counts up to `most` that a reader of a crossing can imagine."""
    shown = protected.pivot(index="row", columns="column", values="count")
    rows = [name for name in shown.index if name != "All"]
    columns = [name for name in shown.columns if name != "All"]
    inner = np.array(list(product(range(most + 1), repeat=len(rows) * len(columns))))
    cubes = inner.reshape(-1, len(rows), len(columns))
    cells = {
        **{
            (r, c): cubes[:, i, j]
            for (i, r), (j, c) in product(enumerate(rows), enumerate(columns))
        },
        **{(r, "All"): cubes[:, i].sum(axis=1) for i, r in enumerate(rows)},
        **{("All", c): cubes[:, :, j].sum(axis=1) for j, c in enumerate(columns)},
        ("All", "All"): cubes.sum(axis=(1, 2)),
    }
    imaginable = reduce(
        np.logical_and, [allowed(cells[key], shown.loc[key], rule) for key in cells]
    )
    return {key: counts[imaginable] for key, counts in cells.items()}


def allowed(counts, shown, rule):
    """Whether each true count would be printed as what is shown, or hidden."""
    if pd.isna(shown):
        return counts >= 1
    if shown == 0:
        return counts == 0
    return (counts >= rule.threshold) & (abs(counts - shown) <= rule.error)


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["nhs_round5", "lt5"])
@pytest.mark.parametrize("seed", range(6))
def test_the_audit_finds_what_trying_every_world_finds(profile, seed):
    random = np.random.default_rng(seed)
    rule = disclosure.PROFILES[profile]
    table = crossed(random.integers(0, 14, size=(2, 2)))
    shown = rounded(table["count"].to_numpy(), rule)
    secret = table["count"].between(1, rule.threshold - 1) | (random.random(len(table)) < 0.2)
    secret &= table["count"] > 0
    protected = table.assign(count=pd.array(shown, dtype="Int64"))
    protected.loc[secret, "count"] = pd.NA
    audited = disclosure.audit(
        {"t": protected}, dimensions={"t": ["row", "column"]}, profile=profile, exact=True
    )
    most = 24
    worlds = possible_worlds(protected, rule, most)
    for found in audited.itertuples():
        key = tuple(protected.loc[found.row, ["row", "column"]])
        assert found.lower == worlds[key].min()
        if found.upper < most - 3:
            assert found.upper == worlds[key].max()
        else:
            assert worlds[key].max() >= most - 3


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["nhs_round5", "lt5"])
@pytest.mark.parametrize("seed", range(6))
def test_trying_every_world_leaves_a_small_count_its_whole_range(profile, seed):
    random = np.random.default_rng(100 + seed)
    rule = disclosure.PROFILES[profile]
    table = crossed(random.integers(0, 14, size=(2, 2)))
    protected = disclosure.protect(table, dimensions=["row", "column"], profile=profile)
    worlds = possible_worlds(protected, rule, 24)
    for row, true in zip(protected.itertuples(), table["count"], strict=True):
        if 1 <= true < rule.threshold:
            found = worlds[row.row, row.column]
            assert found.max() >= rule.threshold - 1
            parts = table[table["count"] > 0]
            if "All" not in (row.row, row.column):
                assert found.min() == 1
            else:
                assert found.min() <= len(parts)


# the least that can be hidden


FIVE_HUNDRED = [[7, 56, 92, 155], [2, 32, 58, 80], [0, 16, 26, 44], [0, 4, 8, 20]]


@pytest.mark.slow
@pytest.mark.parametrize("profile", PROTECTING)
def test_the_five_hundred_table_loses_at_most_half_more_than_it_must(profile):
    table = crossed(FIVE_HUNDRED)
    found = disclosure.protect(table, dimensions=["row", "column"], profile=profile)
    lost = table["count"][found["count"].isna()].sum()
    assert lost <= 1.5 * least_hidden(table, profile)


@pytest.mark.slow
@pytest.mark.parametrize("profile", PROTECTING)
@pytest.mark.parametrize("seed", range(8))
def test_small_tables_lose_at_most_half_more_than_they_must(profile, seed):
    random = np.random.default_rng(seed)
    table = crossed(random_counts(random, tuple(random.integers(2, 5, size=2))))
    found = disclosure.protect(table, dimensions=["row", "column"], profile=profile)
    assert table["count"][found["count"].isna()].sum() <= 1.5 * least_hidden(table, profile)


# random tables


def check(tables, protected, *, dimensions, profile, nesting=None):
    """Check what holds of every set of protected tables."""
    rule = disclosure.PROFILES[profile]
    for name, table in tables.items():
        found, true = protected[name], table["count"]
        assert found.drop(columns=["count", "status", "count_error"]).equals(
            table.drop(columns="count")
        )
        hidden = found["status"].eq("suppressed")
        assert found["count"].isna().equals(hidden)
        assert hidden[true.between(1, rule.threshold - 1)].all()
        assert found.loc[true == 0, "count"].eq(0).all()
        assert not found.loc[true > 0, "count"].eq(0).any()
        moved = (found["count"] - true)[~hidden].abs()
        assert moved.le(found["count_error"][~hidden]).all()
    audited = disclosure.audit(
        protected, dimensions=dimensions, profile=profile, nesting=nesting, exact=True
    )
    assert audited["safe"].all()
    for found in audited.itertuples():
        true = tables[found.table]["count"].iloc[found.row]
        assert found.lower <= true <= found.upper
        if true < rule.threshold:
            assert found.upper >= rule.threshold - 1
    quick = disclosure.audit(protected, dimensions=dimensions, profile=profile, nesting=nesting)
    assert quick["safe"].all()


@pytest.mark.slow
@QUICK
@given(seed=st.integers(0, 10**6), profile=st.sampled_from(PROTECTING))
def test_random_tables_with_margins_are_safe(seed, profile):
    random = np.random.default_rng(seed)
    table = crossed(random_counts(random, tuple(random.integers(1, 6, size=2))))
    tables, dimensions = {"t": table}, {"t": ["row", "column"]}
    found = disclosure.protect(table, dimensions=dimensions["t"], profile=profile)
    check(tables, {"t": found}, dimensions=dimensions, profile=profile)
    again = disclosure.protect(table, dimensions=dimensions["t"], profile=profile)
    pd.testing.assert_frame_equal(found, again)


def linked_set(random):
    """Return three tables of one set of records, their dimensions and what lies in what."""
    areas, groups = random.integers(4, 9), random.integers(2, 4)
    records = pd.DataFrame(
        product(range(areas), range(groups), ["under 25", "25 and over"]),
        columns=["lsoa_code", "crime_group", "age_focus"],
    )
    records["district_code"] = "D" + (records["lsoa_code"] // 3).astype(str)
    records[["lsoa_code", "crime_group"]] = records[["lsoa_code", "crime_group"]].astype(str)
    records["count"] = random_counts(random, len(records))
    nesting = {
        ("lsoa_code", "district_code"): dict(
            records[["lsoa_code", "district_code"]].drop_duplicates().itertuples(index=False)
        )
    }
    choices = [
        ["lsoa_code"], ["district_code"], ["lsoa_code", "age_focus"],
        ["district_code", "age_focus"], ["district_code", "crime_group"],
        ["crime_group", "age_focus"],
    ]  # fmt: skip
    chosen = random.choice(len(choices), size=3, replace=False)
    dimensions = {"_".join(choices[place]): choices[place] for place in sorted(chosen)}
    tables = {
        name: counted(records, found, totals=random.random() < 0.6)
        for name, found in dimensions.items()
    }
    return tables, dimensions, nesting


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_twenty_random_linked_sets_give_nothing_back(seed):
    random = np.random.default_rng(seed)
    tables, dimensions, nesting = linked_set(random)
    profile = PROTECTING[seed % 3]
    protected = disclosure.protect_together(
        tables, dimensions=dimensions, profile=profile, nesting=nesting
    )
    check(tables, protected, dimensions=dimensions, profile=profile, nesting=nesting)


@pytest.mark.slow
@QUICK
@given(seed=st.integers(0, 10**6), profile=st.sampled_from(["nhs_round5", "lt5"]))
def test_a_random_second_edition_is_safe_beside_the_first(seed, profile):
    random = np.random.default_rng(seed)
    tables, dimensions, nesting = linked_set(random)
    names = list(tables)
    first = disclosure.protect_together(
        {name: tables[name] for name in names[:2]},
        dimensions=dimensions,
        profile=profile,
        nesting=nesting,
    )
    try:
        later = disclosure.protect_together(
            {names[2]: tables[names[2]]},
            dimensions=dimensions,
            profile=profile,
            nesting=nesting,
            published=first,
        )
    except DisclosureError:
        return  # refused rather than leaked
    both = {**first, **later}
    audited = disclosure.audit(both, dimensions=dimensions, profile=profile, nesting=nesting)
    assert audited["safe"].all()
