"""
What the audit of a whole briefing needs to know of each protected table.

A set of tables that were protected together leaves a file in the output folder: shown counts,
dimensions, what is part of what, and the profile. The gate reads them all, plays a reader of the
whole briefing, and takes them away: they are in no briefing.

Tables of the same records know each other by their totals, and a total is no reader's. A plain
hash of one is found by counting up, so it is a hash with the secret of the data folder
(`briefing.subject`), which is kept with the records and nowhere else. The cache of notebooks keeps
these marks, so that a notebook from the cache and one that was run know each other; what is
remembered of approved editions keeps numbers in their place, that say which were equal
(`briefing.audit.kept`).
"""

import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.core import session
from vrn_analysis.count.tables import ALL, NOT_LOCATED
from vrn_analysis.show.disclosure import PROFILES, label

FOLDER = "audit"  # below the output folder
# columns by which a table of all records tells which of them count
DECIDED = ("outcome", "bound")
SMALLEST_TOTAL = 30  # fewer are not told from others by how many they are
OWN_SECRET = secrets.token_hex(32)  # where there is none: totals of this process know each other

Nesting = Mapping[tuple[str, str], Mapping]


def is_open() -> bool:
    """Return whether the run has an output folder, and so a ledger."""
    return session.current().output is not None


def _total(table: pd.DataFrame, dimensions: Sequence[str]) -> int:
    """Return what a table adds up to, its totals left out."""
    inner = ~table[list(dimensions)].isin([ALL]).any(axis=1) if dimensions else slice(None)
    return int(table.loc[inner, "count"].sum())


def _mark(total: int) -> str:
    """Return a keyed hash that tells a total from other totals, or "" for one below 30."""
    if total < SMALLEST_TOTAL:
        return ""
    given = session.current().secret
    secret = bytes.fromhex(OWN_SECRET if given is None else given)
    return hmac.new(secret, f"records {total}".encode(), "sha256").hexdigest()[:16]


def _codes(lookup: pd.DataFrame) -> list[str]:
    """Return the columns of the lookup that hold codes, small areas first, own areas last."""
    return [name for name in lookup if name.endswith("_code")]


def _area_column(codes: pd.Series, lookup: pd.DataFrame) -> str:
    """Return the column of the lookup that holds these codes."""
    places = set(codes) - {ALL, NOT_LOCATED}
    return next((name for name in _codes(lookup) if places <= set(lookup[name])), "area_code")


def _named(
    table: pd.DataFrame, dimensions: Sequence[str], lookup: pd.DataFrame | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return the table with each dimension under the name that every notebook knows it by."""
    columns = list(dimensions)
    if "area_name" in columns and "area_code" in table:
        columns[columns.index("area_name")] = "area_code"
    columns = list(dict.fromkeys(columns))
    columns += [name for name in DECIDED if name in table and name not in columns]
    if "area_code" in columns and lookup is not None:
        name = _area_column(table["area_code"], lookup)
        table = table.rename(columns={"area_code": name})
        columns[columns.index("area_code")] = name
        if name == "area_code":
            _, rest, apart = _rest(table, lookup)
            table = table.assign(area_code=table["area_code"].replace({rest: apart}))
    return table, columns


def _places(columns: set[str], lookup: pd.DataFrame | None) -> dict[tuple[str, str], dict]:
    """Return which areas lie in which, as every reader knows, where areas are in these columns."""
    if lookup is None or not columns & set(_codes(lookup)):
        return {}
    there = _codes(lookup)
    known = pd.concat([lookup[there], pd.DataFrame([dict.fromkeys(there, NOT_LOCATED)])])
    # a beat may lie across districts: it is then a part of none
    return {
        (one, other): dict(zip(known[one], known[other].fillna(NOT_LOCATED), strict=True))
        for place, one in enumerate(there)
        for other in there[place + 1 :]
        if (known.groupby(one)[other].nunique(dropna=False) == 1).all()
    }


def _rest(table: pd.DataFrame, lookup: pd.DataFrame) -> tuple[str, str, str]:
    """
    Return the level of the areas that a table names, and the label of all others.

    The third is a label that tells these others from those of another table. All are "" where a
    table is not of some areas beside the rest.
    """
    places = set(table["area_code"]) - {ALL, NOT_LOCATED}
    for code in _codes(lookup)[1:]:
        name = code.replace("_code", "_name")
        rest = places - set(lookup[name]) if name in lookup else places
        if len(rest) == 1 and len(places) > 1:
            others = ", ".join(sorted(places - rest))
            return code, *rest, f"{min(rest)}, without {others}"
    return "", "", ""


def _beside_the_rest(table: pd.DataFrame, lookup: pd.DataFrame) -> dict[tuple[str, str], dict]:
    """Return which areas lie in an area that a table names, and which in the rest beside it."""
    code, _, rest = _rest(table, lookup)
    if not code:
        return {}
    names = lookup[code.replace("_code", "_name")]
    inside = names.where(names.isin(set(table["area_code"])), rest)
    return {(code, "area_code"): dict(zip(lookup[code], inside, strict=True))}


def _rows(table: pd.DataFrame, columns: Sequence[str], marks: Mapping[Any, str]) -> dict[str, Any]:
    count = table["count"].astype("Float64").to_numpy(float, na_value=np.nan)
    return {
        "dimensions": list(columns),
        "labels": [[label(value) for value in table[name]] for name in columns],
        "count": [None if np.isnan(value) else int(value) for value in count],
        "marks": dict(marks),
    }


def _marks(table: pd.DataFrame, columns: Sequence[str]) -> dict[str, str]:
    """Return the mark of those that count, where a table tells them from the others."""
    for name in DECIDED:
        if name in columns:
            rest = [column for column in columns if column != name]
            return {"IN": _mark(_total(table[table[name] == "IN"], rest))}
    return {}


def note(
    tables: Mapping[str, pd.DataFrame],
    protected: Mapping[str, pd.DataFrame],
    *,
    dimensions: Mapping[str, Sequence[str]],
    profile: str,
    nesting: Nesting | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    """
    Leave what a set of protected tables shows in the output folder, if the run has one.

    Parameters
    ----------
    tables, protected
        The counts before and after protection, by name. Of the former only a mark is kept by
        which tables of the same records know each other.
    dimensions, profile, nesting
        As for `disclosure.protect_together`.
    about
        `lookup`, small areas in larger ones; `of`, what is counted where totals cannot tell;
        `audience`; `months` and `period`, the months of the run and their name.
    """
    about = dict(about or {})
    if not is_open() or not tables or any("status" in table for table in tables.values()):
        return
    output, lookup = session.current().output, about.get("lookup")
    named = {name: _named(tables[name], dimensions[name], lookup) for name in tables}
    shown = {name: _named(protected[name], dimensions[name], lookup)[0] for name in tables}
    columns = {column for _, found in named.values() for column in found}
    inside = _places(columns, lookup) | dict(nesting or {})
    if lookup is not None and "area_code" in columns:
        for name in named:
            inside |= _beside_the_rest(tables[name], lookup)
    content = {
        "profile": PROFILES[profile].name,
        "audience": about.get("audience", ""),
        "of": about.get("of", ""),
        "period": about.get("period", ""),
        "months": [label(month) for month in about.get("months", [])],
        "mark": _mark(max(_total(tables[name], dimensions[name]) for name in tables)),
        "nesting": [[*pair, _pairs(wholes)] for pair, wholes in inside.items()],
        "tables": {
            name: _rows(shown[name], found, _marks(table, found))
            for name, (table, found) in named.items()
        },
    }
    folder = Path(output, FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    number = len(list(folder.glob("*.json"))) + 1
    file = folder / f"{Path(output).name}.{number:03d}.json"
    file.write_text(json.dumps(content), encoding="utf-8")


def _pairs(wholes: Mapping) -> list[list[str]]:
    return [
        [label(part), label(each)]
        for part, whole in wholes.items()
        for each in (whole if isinstance(whole, list | tuple | set) else [whole])
    ]
