"""
What classifying costs: decoding alone, hand-written SQL, ours, pandas, row by row, and Spark.

    python benchmarks/classify.py --rows 100000 6000000 --repeat 3 --markdown docs/part.md

Each way runs in a fresh process on data generated here (seeded, invented). `flat` is one table
without persons, not searched for repeated records; `persons` joins the victims and suspects and
finds repeated records. CPU seconds are of the process (and of Spark's), after imports; memory is
the peak of the process. Every way must give the same counts, or the run stops.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WAYS = ("decode", "sql", "ours", "pandas", "rows", "spark")
PLACES = (
    ("street", "public"), ("park", "public"), ("pub_or_club", "semi_public"),
    ("shop", "semi_public"), ("school", "semi_public"), ("dwelling", "private"),
    ("garden", "private"), ("prison", "private"), ("communal_area_unknown", "unknown"),
    ("other", "unknown"),
)  # fmt: skip
HOMES = ("dwelling", "garden")
LISTED = ("1", "4.1", "2", "5D", "5E", "8N", "8P", "34A", "34B", "34/2")
CODES = (*LISTED, "105A", "105B", "8S", "104", "9A", "46", "19C", "20A", "8L", "58C", "8G")
SEXUAL = ("19C", "20A")
UNDECIDED = ("8G",)
RELATIVES = ("partner", "ex_partner", "parent", "child", "sibling", "other_family")
RELATIONSHIPS = ("stranger", "acquaintance", "friend", "partner", "ex_partner", "sibling")
USED = ["offence_code", "occurred_from", "recorded_on", "lsoa_code", "location_type",
        "domestic_flag", "sexual_flag", "status"]  # fmt: skip


# --- the data -------------------------------------------------------------------------------


def _pick(words, salt):
    """SQL that picks a word of a list by a hash of the row number."""
    quoted = ", ".join(f"'{word}'" for word in words)
    return f"([{quoted}])[1 + (hash(i, '{salt}') % {len(words)})::INT]"


def generate(folder: Path, rows: int) -> None:
    """Write offences (Parquet and CSV) and persons (Parquet) unless they are there."""
    import duckdb

    flat, people = folder / f"offences_{rows}.parquet", folder / f"persons_{rows}.parquet"
    if people.exists():
        return
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '2GB'; SET preserve_insertion_order = false")
    places = _pick([place for place, _ in PLACES], "place")
    spelled = f"""CASE hash(i, 'spell') % 10 WHEN 0 THEN lower({_pick(CODES, "code")})
        WHEN 1 THEN {_pick(CODES, "code")} || ' ' ELSE {_pick(CODES, "code")} END"""
    # one record in a thousand comes twice under one identifier
    offences = f"""
        SELECT printf('%010d',
                      CASE WHEN hash(i, 'twice') % 1000 = 0 AND i > 0 THEN i - 1 ELSE i END)
                 AS offence_id,
               {spelled} AS offence_code,
               TIMESTAMP '2018-01-01' + INTERVAL 1 MINUTE * (hash(i, 'when') % 2102400)::INT
                 AS occurred_from,
               (occurred_from + INTERVAL 1 DAY * (hash(i, 'late') % 20)::INT)::DATE AS recorded_on,
               'X' || printf('%08d', (hash(i, 'area') % 600)::INT) AS lsoa_code,
               CASE WHEN hash(i, 'noplace') % 20 > 0 THEN {places} END AS location_type,
               CASE WHEN hash(i, 'noflag') % 20 > 0 THEN hash(i, 'domestic') % 4 = 0 END
                 AS domestic_flag,
               hash(i, 'sexual') % 30 = 0 AS sexual_flag,
               CASE hash(i, 'status') % 50 WHEN 0 THEN 'cancelled' ELSE 'recorded' END AS status,
               'some free text that nobody reads ' || i AS notes
        FROM range({rows}) AS r(i)"""
    connection.execute(f"COPY ({offences}) TO '{flat}' (FORMAT parquet)")
    connection.execute(f"COPY '{flat}' TO '{folder / f'offences_{rows}.csv'}' (HEADER)")
    persons = f"""
        SELECT printf('%010d', i) AS offence_id, k AS person_number,
               CASE WHEN k = 1 THEN 'victim' ELSE 'suspect' END AS role,
               CASE WHEN hash(i, k, 'noage') % 10 > 0 THEN (8 + hash(i, k, 'age') % 60)::INT END
                 AS age,
               CASE WHEN k = 2 THEN {_pick(RELATIONSHIPS, "rel")} END AS relationship_to_victim
        FROM range({rows}) AS r(i), range(1, 3) AS n(k)
        WHERE k = 1 OR hash(i, 'suspect') % 2 = 0"""
    connection.execute(f"COPY ({persons}) TO '{people}' (FORMAT parquet)")


# --- the ways -------------------------------------------------------------------------------


def _scan(folder: Path, rows: int, kind: str) -> str:
    if kind != "csv":
        return f"read_parquet('{folder}/offences_{rows}.parquet')"
    types = {
        "offence_id": "VARCHAR", "offence_code": "VARCHAR", "occurred_from": "TIMESTAMP",
        "recorded_on": "DATE", "lsoa_code": "VARCHAR", "location_type": "VARCHAR",
        "domestic_flag": "BOOLEAN", "sexual_flag": "BOOLEAN", "status": "VARCHAR",
        "notes": "VARCHAR",
    }  # fmt: skip
    columns = ", ".join(f"'{name}': '{type_}'" for name, type_ in types.items())
    return f"read_csv('{folder}/offences_{rows}.csv', header = true, columns = {{{columns}}})"


def decode(folder, rows, kind, work):
    """Read the columns that are used, and do nothing with them."""
    import pyarrow.csv
    import pyarrow.parquet

    columns = (["offence_id"] if kind == "persons" else []) + USED
    if kind == "csv":
        options = pyarrow.csv.ConvertOptions(include_columns=columns)
        pyarrow.csv.read_csv(f"{folder}/offences_{rows}.csv", convert_options=options)
        return None
    pyarrow.parquet.read_table(f"{folder}/offences_{rows}.parquet", columns=columns)
    if kind == "persons":
        pyarrow.parquet.read_table(
            f"{folder}/persons_{rows}.parquet",
            columns=["offence_id", "role", "age", "relationship_to_victim"],
        )
    return None


def _sql_list(words):
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


def sql_text(folder, rows, kind):
    """The same rules by hand, in SQL."""
    of_class = {name: [place for place, c in PLACES if c == name]
                for name in ("public", "semi_public", "private")}  # fmt: skip
    public = _sql_list(of_class["public"] + of_class["semi_public"])
    private = _sql_list(of_class["private"])
    table, focus = f"{_scan(folder, rows, kind)} o", "NULL"
    relation = repeat = aged = "false"
    if kind == "persons":
        high, low = "coalesce(age, 120)", "coalesce(age, 0)"
        relative = f"role = 'suspect' AND relationship_to_victim IN {_sql_list(RELATIVES)}"
        table = f"""(SELECT *, row_number() OVER (PARTITION BY offence_id
              ORDER BY status IN ('cancelled', 'transferred', 'duplicate'), recorded_on DESC,
              offence_code, occurred_from, lsoa_code, location_type, domestic_flag, sexual_flag)
              AS version FROM {_scan(folder, rows, kind)}) o
            LEFT JOIN (SELECT offence_id,
                min({low}) FILTER (role = 'victim') AS victim_low,
                min({high}) FILTER (role = 'victim') AS victim_high,
                max({low}) FILTER (role = 'victim') AS oldest_low,
                max({high}) FILTER (role = 'victim') AS oldest_high,
                min({low}) FILTER (role = 'suspect') AS suspect_low,
                min({high}) FILTER (role = 'suspect') AS suspect_high,
                max({low}) FILTER ({relative}) AS relative_low,
                max({high}) FILTER ({relative}) AS relative_high
              FROM read_parquet('{folder}/persons_{rows}.parquet') GROUP BY offence_id) p
            USING (offence_id)"""
        relation = "(relative_low >= 16 AND coalesce(oldest_low, 0) >= 16)"
        young = "(relative_high < 16 OR coalesce(oldest_high, 120) < 16)"
        aged = f"relative_high IS NOT NULL AND NOT {young}"
        repeat = "version > 1"
        focus = """CASE WHEN least(coalesce(victim_high, 120), coalesce(suspect_high, 120)) < 25
              THEN 'UNDER_25' WHEN least(coalesce(victim_low, 0), coalesce(suspect_low, 0)) >= 25
              THEN '25_AND_OVER' ELSE 'UNKNOWN_AGE' END"""
    return f"""
        WITH t AS (SELECT *, upper(trim(offence_code)) AS code FROM {table}),
        labelled AS (SELECT lsoa_code, date_trunc('month', occurred_from) AS month,
            {focus} AS age_focus,
            CASE WHEN {repeat} THEN 'R0_repeated_record'
                 WHEN status = 'duplicate' THEN 'R0_duplicate'
                 WHEN status = 'cancelled' THEN 'R0_cancelled'
                 WHEN status = 'transferred' THEN 'R0_transferred'
                 WHEN recorded_on < DATE '2019-01-01' THEN 'R1_before_period'
                 WHEN recorded_on > DATE '2021-12-31' THEN 'R1_after_period'
                 WHEN code NOT IN {_sql_list(LISTED + UNDECIDED)} THEN 'R3_offence_not_listed'
                 WHEN code IN {_sql_list(SEXUAL)} THEN 'R4_sexual_offence'
                 WHEN sexual_flag AND code NOT IN {_sql_list(("1", "4.1", *UNDECIDED))}
                   THEN 'R4_sexual_element'
                 WHEN domestic_flag THEN 'R5_domestic_abuse_flag'
                 WHEN {relation} THEN 'R5_domestic_relationship'
                 WHEN location_type IN {_sql_list(HOMES)} THEN 'R5_domestic_setting'
                 WHEN location_type IN {private} THEN 'R6_not_public'
                 WHEN code = '8G' THEN 'R3_code_legacy'
                 WHEN domestic_flag IS NULL THEN 'R5_domestic_flag_unknown'
                 WHEN {aged} THEN 'R5_relationship_age_unknown'
                 WHEN location_type IS NULL OR location_type NOT IN {public}
                   THEN 'R6_place_unknown'
                 ELSE '' END AS first_reason
            FROM t)
        SELECT first_reason, age_focus, lsoa_code, month, count(*) AS records
        FROM labelled GROUP BY ALL"""


def sql(folder, rows, kind, work):
    """Run the hand-written SQL."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(
        f"SET temp_directory = '{work}'; SET preserve_insertion_order = false;"
        + ("SET memory_limit = '1GB'" if rows > 10_000_000 else "")
    )
    return connection.execute(sql_text(folder, rows, kind)).df()


def _ours(connection, folder, rows, kind):
    import ibis
    from ibis import _

    from vrn_analysis.core import definition
    from vrn_analysis.count.classify import classify

    if kind == "csv":
        offences = connection.sql(f"SELECT * FROM {_scan(folder, rows, kind)}")
    else:
        offences = connection.read_parquet(f"{folder}/offences_{rows}.parquet")
    persons = None
    if kind == "persons":
        persons = connection.read_parquet(f"{folder}/persons_{rows}.parquet")
    else:
        offences = offences.mutate(repeated_record=ibis.literal(False))
    labelled = classify(
        offences, persons, definition=definition.load("llr_2020"),
        period=("2019-01-01", "2021-12-31"),
    )  # fmt: skip
    focus = labelled.age_focus if kind == "persons" else ibis.null("string")
    counts = (
        labelled.group_by(
            labelled.lsoa_code,
            labelled.first_reason,
            age_focus=focus,
            month=labelled.occurred_from.truncate("M"),
        )
        .agg(records=_.count())
        .to_pandas()
    )
    return counts.assign(first_reason=counts["first_reason"].fillna(""))


def ours(folder, rows, kind, work):
    """Run `classify` on DuckDB."""
    from vrn_analysis.core import engine

    limit = "1GB" if rows > 10_000_000 else None
    with engine.connect(memory_limit=limit, spill_folder=Path(work)) as connection:
        return _ours(connection, folder, rows, kind)


def spark(folder, rows, kind, work):
    """Run `classify` on Spark, on this machine."""
    from vrn_analysis.core import engine

    with engine.connect("spark") as connection:
        return _ours(connection, folder, rows, kind)


def _frame(folder, rows, kind):
    import pandas as pd

    columns = (["offence_id"] if kind == "persons" else []) + USED
    if kind == "csv":
        return pd.read_csv(
            f"{folder}/offences_{rows}.csv", usecols=columns,
            parse_dates=["occurred_from", "recorded_on"],
        )  # fmt: skip
    return pd.read_parquet(f"{folder}/offences_{rows}.parquet", columns=columns)


def _people(folder, rows):
    import pandas as pd

    people = pd.read_parquet(f"{folder}/persons_{rows}.parquet")
    people["low"], people["high"] = people["age"].fillna(0), people["age"].fillna(120)
    victims = people[people["role"] == "victim"].groupby("offence_id")
    suspects = people[people["role"] == "suspect"]
    kin = suspects[suspects["relationship_to_victim"].isin(RELATIVES)].groupby("offence_id")
    grouped = suspects.groupby("offence_id")
    return pd.DataFrame(
        {"victim_low": victims["low"].min(), "victim_high": victims["high"].min(),
         "oldest_low": victims["low"].max(), "oldest_high": victims["high"].max(),
         "suspect_low": grouped["low"].min(), "suspect_high": grouped["high"].min(),
         "relative_low": kin["low"].max(), "relative_high": kin["high"].max()}
    )  # fmt: skip


def pandas(folder, rows, kind, work):
    """The same rules in vectorised pandas."""
    import numpy as np
    import pandas as pd

    table = _frame(folder, rows, kind)
    relation = aged = repeat = pd.Series(False, index=table.index)
    focus = ""
    if kind == "persons":
        order = ["offence_id", "gone", "recorded_on", "offence_code", "occurred_from",
                 "lsoa_code", "location_type", "domestic_flag", "sexual_flag"]  # fmt: skip
        table["gone"] = table["status"].isin(["cancelled", "transferred", "duplicate"])
        table = table.sort_values(order, ascending=[n != "recorded_on" for n in order])
        repeat = table.duplicated("offence_id")
        table = table.merge(
            _people(folder, rows), left_on="offence_id", right_index=True, how="left"
        )
        young = (table["relative_high"] < 16) | (table["oldest_high"].fillna(120) < 16)
        relation = (table["relative_low"] >= 16) & (table["oldest_low"].fillna(0) >= 16)
        aged = table["relative_high"].notna() & ~young
        high = np.minimum(table["victim_high"].fillna(120), table["suspect_high"].fillna(120))
        low = np.minimum(table["victim_low"].fillna(0), table["suspect_low"].fillna(0))
        focus = np.select([high < 25, low >= 25], ["UNDER_25", "25_AND_OVER"], "UNKNOWN_AGE")
    code, place = table["offence_code"].str.strip().str.upper(), table["location_type"]
    classes = dict(PLACES)
    place_class = place.map(classes)
    day, flag = pd.to_datetime(table["recorded_on"]), table["domestic_flag"]
    rules = {
        "R0_repeated_record": repeat,
        "R0_duplicate": table["status"] == "duplicate",
        "R0_cancelled": table["status"] == "cancelled",
        "R0_transferred": table["status"] == "transferred",
        "R1_before_period": day < pd.Timestamp("2019-01-01"),
        "R1_after_period": day > pd.Timestamp("2021-12-31"),
        "R3_offence_not_listed": ~code.isin(LISTED + UNDECIDED),
        "R4_sexual_offence": code.isin(SEXUAL),
        "R4_sexual_element": table["sexual_flag"] & ~code.isin(("1", "4.1", *UNDECIDED)),
        "R5_domestic_abuse_flag": flag.eq(True).fillna(False),
        "R5_domestic_relationship": relation,
        "R5_domestic_setting": place.isin(HOMES),
        "R6_not_public": place_class == "private",
        "R3_code_legacy": code == "8G",
        "R5_domestic_flag_unknown": flag.isna(),
        "R5_relationship_age_unknown": aged,
        "R6_place_unknown": ~place_class.isin(["public", "semi_public", "private"]),
    }
    reason = np.select([np.asarray(r, dtype=bool) for r in rules.values()], list(rules), "")
    keys = pd.DataFrame(
        {"first_reason": reason, "age_focus": focus, "lsoa_code": table["lsoa_code"].to_numpy(),
         "month": table["occurred_from"].to_numpy().astype("datetime64[M]")}
    )  # fmt: skip
    return keys.groupby(list(keys), observed=True).size().rename("records").reset_index()


def rows_one_by_one(folder, rows, kind, work):  # noqa: C901
    """A function called for each record, as an analyst's first version would be (flat only)."""
    import pandas as pd

    table, classes = _frame(folder, rows, kind), dict(PLACES)
    first, last = pd.Timestamp("2019-01-01").date(), pd.Timestamp("2021-12-31").date()

    def reason(row):  # noqa: C901
        code, place = row["offence_code"].strip().upper(), row["location_type"]
        where = classes.get(place)
        if row["status"] in ("duplicate", "cancelled", "transferred"):
            return f"R0_{row['status']}"
        if row["recorded_on"] < first:
            return "R1_before_period"
        if row["recorded_on"] > last:
            return "R1_after_period"
        if code not in LISTED + UNDECIDED:
            return "R3_offence_not_listed"
        if row["sexual_flag"] and code not in ("1", "4.1", *UNDECIDED):
            return "R4_sexual_element"
        if row["domestic_flag"] is True:
            return "R5_domestic_abuse_flag"
        if where == "private":
            return "R5_domestic_setting" if place in HOMES else "R6_not_public"
        if code in UNDECIDED:
            return "R3_code_legacy"
        if row["domestic_flag"] is None:
            return "R5_domestic_flag_unknown"
        return "R6_place_unknown" if where not in ("public", "semi_public") else ""

    keys = table[["lsoa_code"]].assign(
        first_reason=table.apply(reason, axis=1), age_focus="",
        month=table["occurred_from"].dt.to_period("M").dt.to_timestamp(),
    )  # fmt: skip
    return keys.groupby(list(keys)).size().rename("records").reset_index()


FUNCTIONS = {"decode": decode, "sql": sql, "ours": ours, "pandas": pandas,
             "rows": rows_one_by_one, "spark": spark}  # fmt: skip


# --- measuring ------------------------------------------------------------------------------


def _status(pid, field):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1])
    return 0


def _children(pid):
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and _status(entry.name, "PPid") == pid:
                found += [int(entry.name), *_children(int(entry.name))]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _cpu_of(pid):
    import os

    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tally(table):
    """Reduce the counts to what every way must agree on: records by reason, and one checksum."""
    if table is None:
        return None
    by_reason = table.groupby("first_reason")["records"].sum()
    return {str(reason): int(n) for reason, n in sorted(by_reason.items())} | {"groups": len(table)}


def measure_here(way, folder, rows, kind):
    """Run one way in this process and return what it took."""
    import importlib
    import os

    # imports are paid before the clock starts, for every way
    for name in ("duckdb", "numpy", "pyarrow.csv", "pyarrow.parquet", "vrn_analysis.core.engine",
                 "vrn_analysis.count.classify"):  # fmt: skip
        importlib.import_module(name)
    import ibis
    import pandas as pd

    ibis.memtable(pd.DataFrame({"a": [1]})).to_pandas()
    with tempfile.TemporaryDirectory() as work:
        wall, cpu = time.perf_counter(), time.process_time()
        result = FUNCTIONS[way](folder, rows, kind, work)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        left = list(Path(work).rglob("*"))
    helpers = _children(os.getpid()) if way == "spark" else []
    return {
        "way": way, "rows": rows, "kind": kind, "wall_s": round(wall, 3),
        "cpu_s": round(cpu + sum(map(_cpu_of, helpers)), 3),
        "peak_mb": round(sum(_status(p, "VmHWM") for p in [os.getpid(), *helpers]) / 1024),
        "spill_left": len([f for f in left if f.is_file()]), "tally": tally(result),
    }  # fmt: skip


def measure(way, folder, rows, kind, repeat):
    """Return the run with the least CPU of several, each in a fresh process."""
    command = [sys.executable, __file__, "--one", way, kind, str(rows), "--folder", str(folder)]
    runs = []
    for _ in range(repeat):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{way} {kind} {rows} failed:\n{done.stderr[-3000:]}")
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return min(runs, key=lambda run: run["cpu_s"])


def sensible(way, rows, kind):
    """Leave out what would only burn time: rows one by one beyond a million, and the like."""
    if way == "rows":
        return rows <= 1_000_000 and kind == "flat"
    if way == "spark":
        return kind != "csv" and rows <= (6_000_000 if kind == "flat" else 1_000_000)
    if way == "pandas":
        return rows <= 6_000_000
    return not (kind == "csv" and rows > 6_000_000)


def compare(runs):
    """Print each way as a multiple of decoding and of SQL, and stop if the counts differ."""
    lines = ["| rows | table | way | CPU s | × decode | × SQL | wall s | peak MB |",
             "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for run in runs:
        same = {r["way"]: r for r in runs if (r["rows"], r["kind"]) == (run["rows"], run["kind"])}
        expected = same.get("sql", run)["tally"]
        if run["tally"] and expected and run["tally"] != expected:
            raise SystemExit(f"{run['way']} counts otherwise:\n{run['tally']}\n{expected}")
        ratio = [f"{run['cpu_s'] / same[of]['cpu_s']:.2f}" if of in same else ""
                 for of in ("decode", "sql")]  # fmt: skip
        lines.append(
            f"| {run['rows']:,} | {run['kind']} | {run['way']} | {run['cpu_s']:.2f} | {ratio[0]} | "
            f"{ratio[1]} | {run['wall_s']:.2f} | {run['peak_mb']:,} |"
        )
    return "\n".join(lines)


def slopes(runs):
    """Return the growth of CPU seconds between the least and the most rows, on log scales."""
    lines = []
    for kind in ("flat", "csv", "persons"):
        for way in WAYS:
            some = sorted(
                (r["rows"], r["cpu_s"]) for r in runs if (r["way"], r["kind"]) == (way, kind)
            )
            if len(some) > 1:
                (n0, s0), (n1, s1) = some[-2:]
                slope = math.log(s1 / s0) / math.log(n1 / n0)
                lines.append(f"- {kind}, {way}: {slope:.2f} ({n0:,} to {n1:,})")
    return "\n".join(lines)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--kinds", nargs="+", default=["flat", "csv", "persons"])
    parser.add_argument("--ways", nargs="+", default=list(WAYS))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "vrn_bench")
    parser.add_argument("--results", type=Path, help="JSON lines, added to")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    if asked.one:
        way, kind, rows = asked.one
        print(json.dumps(measure_here(way, asked.folder, int(rows), kind)))
        return
    runs = []
    for rows in asked.rows:
        generate(asked.folder, rows)
        for kind in asked.kinds:
            for way in filter(lambda w: sensible(w, rows, kind), asked.ways):
                runs.append(measure(way, asked.folder, rows, kind, asked.repeat))
                print(json.dumps(runs[-1] | {"tally": None}), flush=True)
                if asked.results:
                    with asked.results.open("a") as file:
                        file.write(json.dumps(runs[-1]) + "\n")
    print(compare(runs), "\n\n" + slopes(runs), sep="\n")


if __name__ == "__main__":
    main()
