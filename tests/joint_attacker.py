"""
An attacker who knows no equation of ours: one unknown for each combination of all dimensions.

Every row that is published is a sum of these unknowns, whatever table it stands in, so nothing
that follows from the tables is missed. It is slow, and so for small tables only.

Beside it, a reader of every file that a run leaves: what counting up finds in it.
"""

import base64
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from itertools import permutations

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from PIL import Image
from scipy.optimize import linprog

from vrn_analysis.show.disclosure import PROFILES

NEAR = 1e-6


class Attacker:
    """
    What follows from protected tables.

    `levels` gives for each column the dimension it is a level of and, for each of its labels, the
    places of the finest values in it; a label that is not there is everything.
    """

    def __init__(self, tables, dimensions, levels, sizes, profile):
        self.rule, self.sizes, self.levels = PROFILES[profile], sizes, levels
        self.rows, low, high = [], [], []
        for name, table in tables.items():
            for row in table.to_dict("records"):
                hidden, shown = row["status"] == "suppressed", row["count"]
                self.rows.append(self.indicator(row, dimensions[name]))
                zero = not hidden and shown == 0
                loose = 0 if hidden or zero else self.rule.error
                least = 1 if hidden else 0 if zero else max(shown - loose, self.rule.threshold)
                low.append(least)
                high.append(np.inf if hidden else shown + loose)
        self.rows, self.low, self.high = np.array(self.rows), np.array(low), np.array(high)

    def indicator(self, row, dimensions):
        """Return which combinations a row counts."""
        inside = np.ones(tuple(self.sizes.values()), dtype=bool)
        for column in dimensions:
            dimension, labels = self.levels[column]
            axis = list(self.sizes).index(dimension)
            kept = np.zeros(self.sizes[dimension], dtype=bool)
            kept[labels.get(row[column], slice(None))] = True
            shape = [1] * inside.ndim
            shape[axis] = -1
            inside = inside & kept.reshape(shape)
        return inside.ravel().astype(float)

    def end(self, wanted, low, high, sign):
        bounded = np.isfinite(high)
        found = linprog(
            sign * wanted,
            A_ub=np.vstack([-self.rows, self.rows[bounded]]),
            b_ub=np.concatenate([-low, high[bounded]]),
            bounds=(0, None),
            method="highs",
        )
        assert found.status in (0, 3), found.message
        return np.inf if found.status == 3 else sign * found.fun

    def interval(self, row, dimensions):
        """Return the least and the greatest count a row can have, and its least by zeros alone."""
        wanted = self.indicator(row, dimensions)
        zero = np.where(self.high == 0, 0.0, np.inf)
        floor = self.end(wanted, np.minimum(self.low, 1), zero, 1)
        low, high = (self.end(wanted, self.low, self.high, sign) for sign in (1, -1))
        return np.ceil(low - NEAR), np.floor(high + NEAR), max(np.ceil(floor - NEAR), 1)


def given_away(true, safe, dimensions, levels, sizes, profile):
    """Return the small counts that cannot be everything from their floor to the threshold."""
    attacker, found = Attacker(safe, dimensions, levels, sizes, profile), []
    small = PROFILES[profile].threshold - 1
    for name, table in safe.items():
        counts = true[name]["count"].to_numpy()
        for place in np.flatnonzero((counts > 0) & (counts <= small)):
            row = table.iloc[place].to_dict()
            low, high, floor = attacker.interval(row, dimensions[name])
            if low > floor or high < small:
                found.append((name, place, low, high))
    return found


# ------------------------------------------------------------------ everything a run leaves

HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s")
SHORTEST = 10  # letters of a hash: with fewer, one of many numbers has it by chance


def _parts(name, content):
    """Yield the texts of a file: of a zip those of its members, of a database its whole dump."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield from _parts(f"{name}!{member.filename}", archive.read(member))
                yield f"{name}!{member.filename}", f"{member.comment} {member.extra}"
    elif content.startswith(b"SQLite format 3"):
        with sqlite3.connect(":memory:") as database:
            database.deserialize(content)
            yield name, "\n".join(database.iterdump())
    elif content.startswith((b"\x89PNG", b"RIFF")):
        yield name, str(Image.open(io.BytesIO(content)).info)
    elif content.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(content))
        yield name, f"{table.schema.metadata} {table.to_pydict()}"
    else:
        text = content.decode("utf-8", errors="replace")
        yield name, text
        for number, found in enumerate(re.findall(r"data:image/\w+;base64,([\w+/=]+)", text)):
            yield from _parts(f"{name}!image {number}", base64.b64decode(found))


def everything(*folders):
    """
    Return all that can be read in files, by name: names, texts, metadata, members of archives.

    Pages, tables, workbooks, slides, maps, GeoPackages, pictures, the manifest, the log, what is
    remembered of approved editions, and the cache: whatever is there.
    """
    found = {}
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            below = file.relative_to(folder.parent).as_posix()
            for name, text in _parts(below, file.read_bytes()):
                found[name] = f"{name}\n{text}"
    return found


def hashes_said(texts):
    """Return every text that can be a hash in hexadecimal or its beginning, with where it is."""
    found = {}
    for name, text in texts.items():
        for said in set(re.findall(rf"(?<![0-9a-zA-Z])[0-9a-f]{{{SHORTEST},128}}(?![\w])", text)):
            found.setdefault(said[:SHORTEST], []).append((said, name))
    return found


def inverted(texts, contents):
    """
    Return which of many possible contents a hash in the texts is of, by trying them all.

    Parameters
    ----------
    texts
        As `everything` returns them.
    contents
        What could have been hashed, as bytes, by what it would give away.
    """
    said, found = hashes_said(texts), set()
    for meaning, content in contents:
        for kind in HASHES:
            digest = hashlib.new(kind, content).hexdigest()
            for hexadecimal, name in said.get(digest[:SHORTEST], ()):
                if digest.startswith(hexadecimal):
                    found.add((meaning, kind, name))
    return found


def totals(most=100_000):
    """Yield what a hash of a number of records can be made of, counting up."""
    for number in range(most):
        yield number, f"records {number}".encode()
        yield number, f"{number}".encode()


def numbers_said(texts, numbers):
    """Return where a number stands by itself in the texts, with or without a comma."""
    plain = "|".join(str(number) for number in numbers)  # a field of a CSV, too
    worded = "|".join(f"{number:,}" for number in numbers)
    ends = r"(?<![\w.#-])(?:{})(?!\w|\.\d)"
    pattern = re.compile(f"{ends.format(plain)}|(?<!\\d,){ends.format(worded)}(?!,\\d)")
    return {name: found for name, text in texts.items() if (found := pattern.findall(text))}


# ------------------------------------------------- the tables of a run, in any format, or of two

FOR_READING = ("status", "method", "statistic", "stamp", "note", "detail", "reading")
PEOPLE = re.compile(
    r"denominator|person|resident|population|hour|people|out of|benchmark|funnel|weight"
    r"|dispersion"
)
LABELLED = re.compile(r"^(month|year|age|hour|period|quintile|cell size|from|to)\b")
MARK = "[c]"
PER = np.array([1, 100, 1_000, 10_000, 100_000])
MOST_PARTS = 400  # of a sum that is attacked


def _blocks(lines):
    """Yield the tables among lines of cells: a line of headings, and those of its length below."""
    head, rows = None, []
    for line in [*lines, []]:
        cells = [cell for cell in line if cell is not None]
        if head and len(cells) == len(head):
            rows.append(cells)
            continue
        if rows:
            yield pd.DataFrame(rows, columns=head)
        texts = all(isinstance(cell, str) for cell in cells)
        head, rows = (cells if len(cells) > 1 and texts else None), []


def _layers(file):
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        shapes = "SELECT table_name, column_name FROM gpkg_geometry_columns"
        for layer, shape in database.execute(shapes).fetchall():
            table = pd.read_sql_query(f'SELECT * FROM "{layer}"', database)
            yield f"!{layer}", table.drop(columns=[shape, "fid"], errors="ignore")


def _number(text):
    plain = str(text).replace(",", "").replace("\u2212", "-").rstrip("%")
    return float(plain) if re.fullmatch(r"[-+]?\d+(\.\d+)?", plain) else text


def _csv(file):
    yield "", pd.read_csv(file, encoding="utf-8-sig", low_memory=False)


def _book(file):
    for sheet in load_workbook(file, read_only=True, data_only=True).worksheets:
        for table in _blocks(sheet.iter_rows(values_only=True)):
            yield f"!{sheet.title}", table


def _page(file):
    for table in BeautifulSoup(file.read_text(encoding="utf-8"), "lxml").find_all("table"):
        lines = (
            [_number(cell.get_text(" ", strip=True)) for cell in row.find_all(["th", "td"])]
            for row in table.find_all("tr")
        )
        yield from (("!table", found) for found in _blocks(lines))


def _deck(file):
    """Yield the sheets behind the charts of slides: a name, and numbers under their headings."""
    with zipfile.ZipFile(file) as parts:
        for name in (name for name in parts.namelist() if name.endswith(".xlsx")):
            book = load_workbook(io.BytesIO(parts.read(name)), data_only=True)
            (_, *head), *rows = book.active.iter_rows(values_only=True)
            yield f"!{name}", pd.DataFrame(rows, columns=["name", *head])


FORMATS = {".csv": _csv, ".xlsx": _book, ".gpkg": _layers, ".html": _page, ".pptx": _deck}


def published(folder):
    """Yield every table of a run, in each format that has it, with where it is."""
    for file in sorted(path for path in folder.rglob("*") if path.suffix in FORMATS):
        if not file.stem.endswith("_said"):
            for part, table in FORMATS[file.suffix](file):
                yield f"{file.relative_to(folder).as_posix()}{part}", table


def _is_number(value):
    return isinstance(value, int | float | np.number) and not pd.isna(value)


def beside_hidden(tables):
    """Return the numbers in rows that are hidden, but for how many people they are of."""
    found = []
    for where, table in tables:
        hidden = (table == MARK).any(axis=1)
        if "status" in table:
            hidden |= table["status"] == "suppressed"
        for column in table.columns:
            name = str(column).lower()
            if not PEOPLE.search(name) and not LABELLED.match(name):
                told = [value for value in table.loc[hidden, column] if _is_number(value)]
                found += [(where, column, value) for value in told]
    return found


def by_rates(tables):
    """Return the counts that rounding hides and that a rate of all its digits tells."""
    found = []
    for where, table in tables:
        for numerator, rate in (("count", "value"), ("count", "rate"), ("denominator", "value")):
            if not {numerator, rate, "denominator", "count_error"} <= set(table):
                continue
            own = table[table["count"].notna() & (table["count"] > 0) & (table["denominator"] > 0)]
            own = own.assign(one=own[rate] * own["denominator"] / own["count"])
            per = PER[np.abs(np.log(PER / own["one"].median())).argmin()] if len(own) else 1
            for row in own[own[rate].notna()].itertuples():
                true = np.arange(row.count - row.count_error, row.count + row.count_error + 1)
                said, step = getattr(row, rate), 10.0**-5 * abs(getattr(row, rate))
                near = true[np.abs(per * true / row.denominator - said) <= step]
                if len(near) == 1 and near[0] != row.count:
                    found.append((where, row.Index, int(near[0])))
    return found


def by_order(tables):
    """Return hidden rows that stand between the counts that their table is ordered by."""
    found = []
    for where, table in tables:
        if not {"count", "status"} <= set(table):
            continue
        shown = table["count"].dropna()
        falling, rising = shown.is_monotonic_decreasing, shown.is_monotonic_increasing
        if shown.nunique() < 4 or not (falling or rising):
            continue
        inside = table["status"].eq("suppressed").loc[shown.index[0] : shown.index[-1]]
        # a hidden row above a nought can be any: noughts are told apart from few
        inside &= inside.index < shown[shown > 0].index[-1] if falling else True
        found += [(where, place) for place in inside.index[inside]]
    return found


def _held(row):
    return frozenset(f"{value + 0.0:.5g}" for value in row if _is_number(value))


def of_no_table(folder, tables):
    """
    Return the rows of sheets, those behind charts too, whose numbers no row of a CSV has.

    Where a chart names its row as a CSV does, it has to be a row of that name.
    """
    known, names, found = {}, set(), []
    for file in folder.rglob("*.csv"):
        table = pd.read_csv(file, encoding="utf-8-sig", low_memory=False)
        for row in table.itertuples(index=False, name=None):
            texts = frozenset(value for value in row if isinstance(value, str))
            names |= texts
            for number in _held(row):
                known.setdefault(number, []).append(_held(row) | texts)
    for where, table in tables:
        if ".xlsx" not in where or where.rpartition("!")[2] in ("Cover", "Contents", "Notes"):
            continue
        for row in table.itertuples(index=False, name=None):
            held = _held(row)
            is_named = ".pptx" in where and not str(row[0]).startswith("All")  # "All ages" is All
            asked = held | ({row[0]} & names if is_named else set())
            if held and not any(asked <= one for one in known.get(min(held, key=len), [])):
                found.append((where, *row[:2]))
    return found


class Cells:
    """
    What the counts of a run, or of two, leave open: an interval for each, and what adds up.

    Each cell is one unknown whatever format, edition or run says it; a total ("All") is the sum of
    what it is of. Of a later run each cell has what the earlier had, and what came since.
    """

    def __init__(self):
        self.at, self.low, self.high, self.sums, self.shown = {}, [], [], [], []

    def cell(self, key):
        """Return the number of an unknown."""
        if key not in self.at:
            self.at[key] = len(self.at)
            self.low.append(0.0)
            self.high.append(np.inf)
            self.shown.append(False)
        return self.at[key]

    def say(self, key, low, high, *, shown=False):
        """Take in what a row says of a cell, as far as it agrees with what is known."""
        place = self.cell(key)
        both = max(low, self.low[place]), min(high, self.high[place])
        if both[0] <= both[1]:
            self.low[place], self.high[place] = both
        self.shown[place] |= shown

    def add(self, run, where, table, threshold):
        """Take in a table; its name is that of its file, whatever edition has it."""
        name = where.rpartition("/")[2].partition("!")[2] or where.rpartition("/")[2]
        columns = [c for c in table if table[c].dtype.kind not in "fiu" and c not in FOR_READING]
        columns += [c for c in ("quintile", "hour", "age") if c in table and c not in columns]
        keys = table[columns].astype("str").itertuples(index=False, name=None)
        rows = dict(zip(keys, table.to_dict("records"), strict=True))
        if len(rows) != len(table):
            return
        for key, row in rows.items():
            count, error = row["count"], row.get("count_error", 0)
            if row["status"] == "suppressed":
                self.say((run, name, key), 1, np.inf)
            elif pd.notna(count):
                error = 0 if pd.isna(error) or count == 0 else error
                low = max(count - error, threshold) if count else 0
                self.say((run, name, key), low, count + error, shown=True)
        for at in range(len(columns)):
            for key in rows:
                rest = [k for k in rows if k[:at] + k[at + 1 :] == key[:at] + key[at + 1 :]]
                parts = [k for k in rest if k[at] != "All"]
                if key[at] == "All" and 1 < len(parts) <= MOST_PARTS:
                    parts = [self.cell((run, name, k)) for k in parts]
                    self.sums.append([self.cell((run, name, key)), *parts])

    def since(self, first, second):
        """Let each cell of a later run be that of an earlier one and what came since."""
        for run, name, key in list(self.at):
            if run == second and (first, name, key) in self.at:
                parts = [self.cell((first, name, key)), self.cell(("since", name, key))]
                self.sums.append([self.cell((second, name, key)), *parts])

    def narrowed(self, rounds=30):
        """Follow the sums, whole numbers all, until nothing more follows; contradictions apart."""
        low, high = np.array(self.low), np.array(self.high)
        for _ in range(rounds):
            before = low.copy(), high.copy()
            for whole, *parts in self.sums:
                least, most = low[parts].sum(), high[parts].sum()
                if least > high[whole] or most < low[whole]:
                    continue  # the table does not list all parts, or was revised
                low[whole], high[whole] = max(low[whole], least), min(high[whole], most)
                for part in parts:
                    others = high[parts].sum() - high[part] if np.isfinite(most) else np.inf
                    if not np.isfinite(most):
                        rest = [p for p in parts if p != part]
                        others = high[rest].sum()
                    own = low[whole] - others, high[whole] - (least - low[part])
                    if max(own[0], low[part]) <= min(own[1], high[part]):
                        low[part], high[part] = max(own[0], low[part]), min(own[1], high[part])
                        least = low[parts].sum()
            if np.array_equal(before[0], low) and np.array_equal(before[1], high):
                break
        return low, high

    def given_away(self, threshold):
        """
        Return the cells that are shown nowhere and known too well, with their interval.

        A hidden cell is small: any count under the threshold must stay possible, and of what came
        since an earlier run it must stay open whether it is small at all.
        """
        low, high = self.narrowed()
        found = []
        for key, place in self.at.items():
            least, most = int(low[place]), high[place]
            all_open = key[0] != "since" and least == 1 and most == threshold - 1
            if not self.shown[place] and least >= 1 and most < threshold and not all_open:
                found.append((key, least, int(most)))
        return found


def facts_of_hidden(folder):
    """Return the addresses of numbers in texts whose row is hidden in the table they name."""
    tables = {file.stem: pd.read_csv(file, encoding="utf-8-sig") for file in folder.rglob("*.csv")}
    facts = [
        (file.name, said)
        for file in sorted(folder.rglob("*.html"))
        for said in set(re.findall(r'data-fact="([^"]+)"', file.read_text(encoding="utf-8")))
    ]
    for name, table in tables.items():
        if name.endswith("_said"):
            facts += [(name, said) for said in set(table["source"].dropna())]
    found = []
    for where, said in facts:
        name, *labels, column = said.split(":")
        table = tables.get(name)
        if table is None or "status" not in table or PEOPLE.search(column):
            continue
        words = table.astype("str").apply(set, axis=1)
        labels = {one for label in labels for one in label.split("/")}
        named = table[[labels <= row for row in words]]
        if len(named) and (named["status"] == "suppressed").all():
            found.append((where, said))
    return found


NUMBERS = dict(
    zip(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine"], range(2, 10), strict=True
    )
)
FEW = re.compile(
    rf"(?<![\w.,/-])(?<!fewer than )(?<!under )(?<!every )(\d|{'|'.join(NUMBERS)}|"
    rf"{'|'.join(NUMBERS).title()}) (?:young |different |recorded |more )?"
    r"(people|persons|victims?|suspects?|offences?|crimes?|children|records?|incidents?)\b"
)


def _texts(folder):
    """Yield what pages, maps and tables of facts say: words, descriptions, values of JSON."""
    for file in sorted(folder.rglob("*.html")):
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")
        for tag in soup.find_all(True):
            hidden = "suppressed" in tag.get("class", [])
            spoken = [
                tag[name] for name in tag.attrs if name.startswith(("aria-label", "data-", "alt"))
            ]
            text = [tag.get_text(" ", strip=True)] if tag.name in ("p", "li", "text", "td") else []
            yield from ((file.name, one, hidden) for one in [*spoken, *text])
    for file in sorted(folder.rglob("*.json")):
        yield from ((file.name, *one) for one in _values(json.loads(file.read_text("utf-8"))))
    for file in sorted(folder.rglob("*_said.csv")):
        for said in pd.read_csv(file, encoding="utf-8-sig")["said"].dropna().unique():
            yield file.name, said, False


def _values(node):
    """Yield the values of JSON in words, and whether they are of something suppressed."""
    if isinstance(node, list):
        for one in node:
            yield from _values(one)
    elif isinstance(node, dict):
        hidden = "suppressed" in [str(value).lower() for value in node.values()]
        for name, one in node.items():
            if isinstance(one, list | dict):
                yield from _values(one)
            elif name not in ("path", "name", "x", "y", "size"):
                yield f"{name}: {one}", hidden


def in_words(folder, threshold):
    """Return small counts that are said, and numbers said of what is suppressed."""
    found = []
    for where, text, hidden in _texts(folder):
        few = [NUMBERS.get(n.lower()) or int(n) for n, _ in FEW.findall(text)]
        # the name before the colon may have a number of its own
        if any(0 < n < threshold for n in few) or (
            hidden and re.search(r"\d", text.partition(":")[2])
        ):
            found.append((where, text[:160]))
    return list(dict.fromkeys(found))


def by_ratios(folder, error=2):
    """Return the counts of a sentence that a ratio or share beside them tells exactly."""
    found = []
    for file in sorted(folder.rglob("*_said.csv")):
        facts = pd.read_csv(file, encoding="utf-8-sig")
        value = pd.to_numeric(facts["value"], errors="coerce")
        derived = facts[facts["source"].isna() & (value % 1 > 0)]
        for said, rows in derived.groupby("said"):
            is_count = (
                facts["source"]
                .astype("str")
                .str.contains(r":(?:\w+_)?(?:count|here|number|n)$", na=False)
            )
            counts = value[(facts["said"] == said) & is_count & (value >= 10)].unique()
            for text in rows["value"].astype("str"):
                step = 0.5 * 10.0 ** -len(text.partition(".")[2])
                found += [
                    (file.name, said[:160], text)
                    for one, other in permutations(counts, 2)
                    if _only(one, other, float(text), step, error)
                ]
    return found


def _only(one, other, ratio, step, error):
    """Whether a ratio leaves one pair of the counts that round to these two, and not these two."""
    apart = np.arange(-error, error + 1)
    pairs = [(a, b) for a in one + apart for b in other + apart if abs(a / b - ratio) <= step]
    return len(pairs) == 1 and pairs[0] != (one, other)


def recovered(*folders, threshold=8):
    """
    Return all that a reader of one run, or of successive ones, works out of their tables.

    Parameters
    ----------
    folders
        Briefings, the earliest first, as they lie on a disk: every edition and format.
    threshold
        The least count that is shown: that of the profile of the sample, unless said otherwise.
    """
    found, cells = [], Cells()
    for run, folder in enumerate(folders):
        tables = list(published(folder))
        found += [("beside a hidden count", run, *one) for one in beside_hidden(tables)]
        found += [("by a rate", run, *one) for one in by_rates(tables)]
        found += [("by an order", run, *one) for one in by_order(tables)]
        found += [("a fact of a hidden row", run, *one) for one in facts_of_hidden(folder)]
        found += [("a number of no table", run, *one) for one in of_no_table(folder, tables)]
        found += [("in words", run, *one) for one in in_words(folder, threshold)]
        found += [("by a ratio", run, *one) for one in by_ratios(folder)]
        for where, table in tables:
            if {"count", "status"} <= set(table) and ".xlsx" not in where:
                cells.add(run, where, table, threshold)
        if run:
            cells.since(run - 1, run)
    return found + [("by sums", *one) for one in cells.given_away(threshold)]


if __name__ == "__main__":
    import sys
    from pathlib import Path

    for one in recovered(*map(Path, sys.argv[1:])):
        print(*one)
