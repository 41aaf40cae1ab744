"""Describe a definition in plain English, and the difference between two."""

from collections.abc import Sequence

import pandas as pd

from vrn_analysis.core.config import template
from vrn_analysis.core.definition.files import Definition, load, offence_codes, settings

_PLACES = {
    "public": "public places",
    "semi_public": "places with controlled access that are in use by the public, such as schools, "
    "licensed premises, shops, hospitals and transport",
    "private": "private places and closed institutions",
    "unknown": "places of an unknown kind",
}
_DATES = {
    "recorded_on": "the day it was recorded, or the day it happened if that is missing",
    "occurred_from": "the day it happened",
}


def _listed(words: Sequence[str], join: str = "or") -> str:
    words = [word.replace("_", " ") for word in words]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {join} {words[-1]}"


def describe(definition: Definition) -> str:
    """
    Return a definition in plain English, as markdown.

    The text uses only the definition, so it always matches the rules applied.
    """
    compared = definition.compared_with
    under = definition.focus_boundary == "under"
    return template("definition.md.j2", listed=_listed).render(
        definition=definition,
        titles={
            row["code"]: row["offence_type"] for row in offence_codes() if row["kind"] == "class"
        },
        anywhere=set(definition.place_classes) >= set(_PLACES),
        places=[_PLACES[name] for name in definition.place_classes],
        dated=_DATES[definition.period_date],
        focus=f"under {definition.focus_age}" if under else f"{definition.focus_age} or under",
        gaps=list(difference(load(compared), definition).itertuples()) if compared else [],
    )


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value)


def difference(a: Definition, b: Definition) -> pd.DataFrame:
    """
    Return the rules in which two definitions differ.

    Parameters
    ----------
    a, b
        The definitions.

    Returns
    -------
    difference
        `rule, a, b, only_in_a, only_in_b`: one row for each rule that differs, in the order of
        the definition file. The last two list what one has and the other has not; they are empty
        for rules that are not lists.
    """
    told = {"title", "source", "notes", "illustration", "compared_with"}
    rows = []
    for setting in settings():
        one, two = (getattr(definition, setting.attribute) for definition in (a, b))
        if setting.attribute in told or one == two:
            continue
        lists = isinstance(one, tuple)
        rows.append(
            {
                "rule": setting.words,
                "a": _shown(one),
                "b": _shown(two),
                "only_in_a": ", ".join(v for v in one if v not in two) if lists else "",
                "only_in_b": ", ".join(v for v in two if v not in one) if lists else "",
            }
        )
    return pd.DataFrame(rows, columns=["rule", "a", "b", "only_in_a", "only_in_b"], dtype="str")
