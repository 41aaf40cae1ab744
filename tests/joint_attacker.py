"""
An attacker who knows no equation of ours: one unknown for each combination of all dimensions.

Every row that is published is a sum of these unknowns, whatever table it stands in, so nothing
that follows from the tables is missed. It is slow, and so for small tables only.

Beside it, a reader of every file that a run leaves: what counting up finds in it.
"""

import base64
import hashlib
import io
import re
import sqlite3
import zipfile

import numpy as np
import pyarrow.parquet as pq
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
