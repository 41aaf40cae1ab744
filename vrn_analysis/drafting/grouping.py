"""Group the files and sheets of an extract that are of one table, and recognise their columns."""

import re
from collections.abc import Sequence

from vrn_analysis.core.errors import DataError
from vrn_analysis.drafting.cells import columns_of
from vrn_analysis.drafting.columns import assign, role_of
from vrn_analysis.drafting.headings import NOT_STOOD, status_of, words_of
from vrn_analysis.drafting.received.lists import Sheets
from vrn_analysis.drafting.received.sample import Part
from vrn_analysis.drafting.tables import Group, is_of_crimes
from vrn_analysis.read.extracts.extract import ROLES
from vrn_analysis.read.extracts.meanings import meaning
from vrn_analysis.read.files.kinds import kind_of

# headings that files of one table share, as months of it do; references that two files share
ALIKE = 0.8


def grouped(parts: Sequence[Part], sheets: Sheets) -> list[Group]:
    """
    Return parts that share most of their headings together, as months of one table do.

    `sheets` may list what the codes of their columns mean.
    """
    groups: list[tuple[set[str], tuple, list[Part]]] = []
    for part in parts:
        names = {name.lower() for name in part.heading.names}
        # victims and suspects may have the same headings, in sheets or files of their own
        of_whom = (*words_of(part.name).parties, _named(part, parts))
        for headings, others, members in groups:
            alike = len(names & headings) >= ALIKE * len(names | headings)
            if alike and others == of_whom:
                members.append(part)
                break
        else:
            groups.append((names, of_whom, [part]))
    return [
        Group(members, columns_of(members, sheets), named=named)
        for _, (*_parties, named), members in groups
    ]


def _named(part: Part, parts: Sequence[Part]) -> dict[str, str]:
    """
    Return what the name of a file or sheet says of its crimes, as No Crimes does.

    Whether they are domestic it says only beside another that says the opposite.
    """
    words = [re.findall(r"[a-z0-9]+", one.name.lower()) for one in parts]
    shared = set.intersection(*map(set, words))
    mine = words[parts.index(part)]
    found = {
        status_of(" ".join(name)) for name in (mine, [word for word in mine if word not in shared])
    }  # fmt: skip
    standing = next((status for status in found if status in NOT_STOOD), "")
    domestic = [meaning(" ".join(name), "domestic_flag") for name in words]
    flag = domestic[parts.index(part)] if {"yes", "no"} <= {*domestic} else ""
    named = {"status": standing, "domestic_flag": flag}
    return {name: said for name, said in named.items() if said}


def _of_whom(group: Group) -> str:
    """Return whose table it is, where it is one of people: by its name, else by its columns."""
    part = group.parts[0]
    named = words_of(part.name).parties
    by_column = [party for column in group.columns for party in column.words.parties]
    role = role_of(group.columns)
    if role is None:
        return next(iter([*named, *by_column]), "")
    # a file of victims may say so in each of its rows
    meant = {meaning(label, "role") for label in role.said}
    return next((table for table, one in ROLES.items() if meant == {one}), "persons")


def recognised(group: Group) -> Group:
    """Return a group with what its columns are."""
    found = assign(group.columns)
    if not is_of_crimes(found):
        group.people = _of_whom(group)
        found = assign(group.columns, people=group.people) if group.people else found
    group.found = found
    return group


def extracts_only(parts: Sequence[Part]) -> tuple[list[Part], list[str]]:
    """
    Return the tables that may be extracts, and what each other is: open data and their kin.

    Raises
    ------
    DataError
        If none may be.
    """
    faulty = [
        f"{part.label}: {len(part.rows):,} rows are NOT READ. {part.fault}"
        for part in parts if part.fault
    ]  # fmt: skip
    parts = [part for part in parts if not part.fault]
    kinds = [kind_of(part.heading.names, file=part.file.name) for part in parts]
    others = [
        f"{part.label} is {kind.name}. {kind.advice}"
        for part, kind in zip(parts, kinds, strict=True)
        if kind
    ]
    kept = [part for part, kind in zip(parts, kinds, strict=True) if kind is None]
    if not kept:
        first, *more = dict.fromkeys(others)
        raise DataError(
            first + (f" {len(more)} more files need no mapping either." if more else "")
        )
    return kept, faulty + others
