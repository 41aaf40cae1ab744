"""
Seconds of CPU to protect and to audit a briefing's tables, and information lost on small tables.

Run with `python benchmarks/disclosure.py`.
"""

import time
from itertools import combinations

import numpy as np
import pandas as pd

from vrn_analysis import disclosure

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
    return table.apply(lambda values: values.name[:2] + values.astype(str))


def nesting(records: pd.DataFrame) -> dict:
    """Return which small area lies in which larger one."""
    return {
        pair: dict(records[list(pair)].drop_duplicates().itertuples(index=False))
        for pair in NESTING_COLUMNS
    }


def counted(records: pd.DataFrame, dimensions: list[str]) -> pd.DataFrame:
    """Return complete counts over the dimensions, with every total."""
    full = [sorted(records[column].unique()) for column in dimensions]
    found = records.groupby(dimensions).size()
    index = pd.MultiIndex.from_product(full, names=dimensions)
    cells = found.reindex(index if len(full) > 1 else index.get_level_values(0), fill_value=0)
    cells = cells.rename("count").reset_index()
    tables = []
    for size in range(len(dimensions) + 1):
        for total in combinations(dimensions, size):
            whole = cells.assign(**dict.fromkeys(total, "All"))
            tables.append(whole.groupby(dimensions, as_index=False)["count"].sum())
    return pd.concat(tables, ignore_index=True).drop_duplicates(dimensions)


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


def main() -> None:
    """Print seconds of CPU and how many cells are hidden."""
    records = offences(seed=1, rows=8_000)
    tables, dimensions = briefing(records)
    links = nesting(records)
    for profile in ("nhs_round5",):
        start = time.process_time()
        protected = disclosure.protect_together(
            tables, dimensions=dimensions, profile=profile, nesting=links
        )
        middle = time.process_time()
        found = disclosure.audit(protected, dimensions=dimensions, profile=profile, nesting=links)
        end = time.process_time()
        rows = sum(len(table) for table in tables.values())
        hidden = sum((table["status"] == "suppressed").sum() for table in protected.values())
        print(
            f"{profile}: {len(tables)} tables, {rows} rows, {hidden} hidden rows "
            f"({len(found)} cells), protect {middle - start:.1f} s, audit {end - middle:.1f} s, "
            f"safe {bool(found['safe'].all())}"
        )


if __name__ == "__main__":
    main()
