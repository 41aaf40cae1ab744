"""
Seconds of CPU to protect and to audit a briefing's tables, and information lost on small tables.

Run with `python benchmarks/disclosure.py`; with `--briefing`, for the audit of the sample's whole
briefing alone (its notebooks are run first, or taken from the cache).
"""

import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from vrn_analysis.briefing.guard import audit
from vrn_analysis.briefing.plan import notebooks
from vrn_analysis.briefing.plan.subject import open_subject
from vrn_analysis.briefing.run import runner
from vrn_analysis.core import config
from vrn_analysis.show import disclosure

# the optimum is the tests' own oracle
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from disclosure_tables import counted, crossed, least_hidden, random_counts

NESTING_COLUMNS = (("lsoa_code", "msoa_code"), ("msoa_code", "district_code"))


def offences(*, seed: int, rows: int) -> pd.DataFrame:
    """Return invented offences in 300 small areas over eight quarters."""
    random = np.random.default_rng(seed)
    area = random.choice(300, size=rows, p=random.dirichlet(np.full(300, 0.7)))
    share = {
        "quarter": np.full(8, 1 / 8),
        "crime_group": [0.45, 0.2, 0.15, 0.1, 0.07, 0.03],
        "age_focus": [0.4, 0.55, 0.05],
        "sex": [0.3, 0.65, 0.05],
        "weapon": [0.6, 0.25, 0.1, 0.05],
        "place": [0.4, 0.3, 0.2, 0.06, 0.04],
    }
    found = {"lsoa_code": area, "msoa_code": area // 5, "district_code": area // 35}
    for column, chances in share.items():
        found[column] = random.choice(len(chances), size=rows, p=chances)
    table = pd.DataFrame(found)
    return table.apply(lambda values: values.name[:2] + values.astype(str)).assign(count=1)


def nesting(records: pd.DataFrame) -> dict:
    """Return which small area lies in which larger one."""
    return {
        pair: dict(records[list(pair)].drop_duplicates().itertuples(index=False))
        for pair in NESTING_COLUMNS
    }


def briefing(records: pd.DataFrame) -> tuple[dict, dict]:
    """Return forty tables that count the same offences, and their dimensions."""
    others = ["quarter", "crime_group", "age_focus", "sex", "weapon", "place"]
    sets = [["lsoa_code"], ["msoa_code"], ["district_code"]]
    sets += [["msoa_code", "age_focus"], ["msoa_code", "crime_group"]]
    sets += [["district_code", column] for column in others]
    sets += [["district_code", *pair] for pair in combinations(others, 2)]
    sets += [[*pair] for pair in combinations(others, 2)]
    sets = sets[:40]
    names = ["_by_".join(dimensions) for dimensions in sets]
    tables = {name: counted(records, found) for name, found in zip(names, sets, strict=True)}
    return tables, dict(zip(names, sets, strict=True))


def time_briefing(profile: str, *, rows: int) -> None:
    """Print seconds of CPU to protect and audit the tables of a briefing."""
    records = offences(seed=1, rows=rows)
    tables, dimensions = briefing(records)
    links = nesting(records)
    start = time.process_time()
    protected = disclosure.protect_together(
        tables, dimensions=dimensions, profile=profile, nesting=links
    )
    middle = time.process_time()
    found = disclosure.audit(protected, dimensions=dimensions, profile=profile, nesting=links)
    end = time.process_time()
    small = disclosure.PROFILES[profile].threshold - 1
    print(
        f"{profile}: {rows} offences, {len(tables)} tables, {sum(map(len, tables.values()))} rows, "
        f"{sum(table['count'].between(1, small).sum() for table in tables.values())} small, "
        f"{sum(table['count'].isna().sum() for table in protected.values())} hidden; "
        f"protect {middle - start:.1f} s, audit {end - middle:.1f} s, safe {found['safe'].all()}"
    )


def time_sample() -> None:
    """Print seconds of CPU to attack everything that the sample's notebooks show together."""
    files = notebooks.find(config.resource("notebooks"), only=[])
    with tempfile.TemporaryDirectory() as work:
        runner.run(files, open_subject(None), work=Path(work), tell=lambda result: None)
        sets = audit.read(Path(work))
    start = time.process_time()
    found = audit.problems(sets)
    seconds = time.process_time() - start
    counts = [c for one in sets.values() for t in one["tables"].values() for c in t["count"]]
    print(
        f"sample: {len(sets)} sets of tables, {len(counts)} rows, {counts.count(None)} hidden, "
        f"{len(found)} given away; audit {seconds:.1f} s"
    )


def compare_losses(profile: str, *, tables: int) -> None:
    """Print the sum of hidden counts over the least possible, on small random tables."""
    random = np.random.default_rng(7)
    ratios = []
    for _ in range(tables):
        table = crossed(random_counts(random, tuple(random.integers(2, 6, size=2))))
        found = disclosure.protect(table, dimensions=["row", "column"], profile=profile)
        least = least_hidden(table, profile)
        if least:
            ratios.append(table["count"][found["count"].isna()].sum() / least)
    print(
        f"{profile}: {len(ratios)} tables, lost over least possible: mean {np.mean(ratios):.3f}, "
        f"highest {max(ratios):.2f}"
    )


def main() -> None:
    """Print seconds of CPU and the information lost."""
    time_sample()
    if "--briefing" in sys.argv:
        return
    for profile in ("nhs_round5", "lt5", "lt10"):
        for rows in (8_000, 13_000, 30_000):
            time_briefing(profile, rows=rows)
    for profile in ("nhs_round5", "lt5", "lt10"):
        compare_losses(profile, tables=100)


if __name__ == "__main__":
    main()
