"""
Speed of crude rates and proportions with intervals, beside phstatsmethods.

    python benchmarks/rates.py --reference /tmp/reference/bin/python

`--reference` is a Python that has phstatsmethods. It is under the GPL and never a dependency: put
it in an environment of its own, `python -m venv /tmp/reference` and
`/tmp/reference/bin/pip install phstatsmethods==0.1.16`. Without it only our times are printed.
Both see the same rows; none has a count of 0, for which phstatsmethods stops with an error.
"""

import argparse
import json
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from vrn_analysis.methods import rates

REPEATS = 20
REFERENCE = """
import json, sys, time, warnings
import numpy as np, pandas as pd
warnings.simplefilter("ignore")
import PHStatsMethods as ph
rng = np.random.default_rng(1)
rows = int(sys.argv[1])
count, rest = rng.integers(1, 200, rows), rng.integers(100, 3_000, rows)
area = np.arange(rows).astype(str)
table = pd.DataFrame({"area": area, "count": count, "denominator": count + rest})
times = {}
for name, function in (("crude_rate", ph.ph_rate), ("proportion", ph.ph_proportion)):
    start = time.process_time()
    found = function(table, "count", "denominator", group_cols="area", confidence=[0.95, 0.998])
    times[name] = time.process_time() - start
    limits = [c for c in found.columns if "95" in c and "99" not in c]
    ordered = found.assign(area=found["area"].astype(int)).sort_values("area")
    times[name + "_sum"] = float(ordered[limits].to_numpy(dtype=float).sum())
print(json.dumps(times))
"""


def data(rows):
    """Return the rows that both programs see."""
    rng = np.random.default_rng(1)
    count, rest = rng.integers(1, 200, rows), rng.integers(100, 3_000, rows)
    area = np.arange(rows).astype(str)
    return pd.DataFrame({"area": area, "count": count, "denominator": count + rest})


def ours(table):
    """Return CPU seconds of one call, the mean of many, and the sum of the 95 % limits."""
    found = {}
    for name, call in (
        ("crude_rate", lambda: rates.crude_rate(table, per=100_000)),
        ("proportion", lambda: rates.proportion(table)),
    ):
        done = call()
        start = time.process_time()
        for _ in range(REPEATS):
            call()
        found[name] = (time.process_time() - start) / REPEATS
        found[name + "_sum"] = float(done[["lower_95_ci", "upper_95_ci"]].to_numpy().sum())
    return found


def main():
    """Print the times and their ratio."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    options.add_argument("--rows", type=int, default=35_000)
    options.add_argument("--reference", help="a Python that has phstatsmethods")
    asked = options.parse_args()
    mine, theirs = ours(data(asked.rows)), None
    if asked.reference:
        run = subprocess.run(
            [asked.reference, "-c", REFERENCE, str(asked.rows)], capture_output=True, text=True
        )
        if run.returncode:
            sys.exit(f"phstatsmethods did not run: {run.stderr.strip().splitlines()[-1]}")
        theirs = json.loads(run.stdout)
    for name in ("crude_rate", "proportion"):
        line = f"{name:12} {asked.rows:,} rows   ours {mine[name] * 1_000:8.1f} ms"
        if theirs:
            apart = abs(mine[name + "_sum"] / theirs[name + "_sum"] - 1)
            line += (
                f"   phstatsmethods {theirs[name]:7.2f} s   ratio {theirs[name] / mine[name]:,.0f}"
            )
            line += f"   sums of limits differ by {apart:.1e}"
        print(line)
    if not theirs:
        print("No ratio: pass --reference; see the head of this file for how to install it.")


if __name__ == "__main__":
    main()
