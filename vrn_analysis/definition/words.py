"""A definition in plain English, and the difference between two."""

import pandas as pd

from vrn_analysis.definition.files import Definition, load, offence_codes, settings

_PLACES = {
    "public": "public places",
    "semi_public": "places with controlled access that are in use by the public, such as schools, "
    "licensed premises, shops, hospitals and transport",
    "private": "private places and closed institutions",
    "unknown": "places of which the kind is not known",
}


def _plain(word: str) -> str:
    return word.replace("_", " ")


def _listed(words: tuple[str, ...] | list[str], *, join: str = "or") -> str:
    words = [_plain(word) for word in words]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {join} {words[-1]}"


def _offences(definition: Definition) -> str:
    titles = {row["code"]: row["offence_type"] for row in offence_codes() if row["kind"] == "class"}
    lines = [f"   - {titles[code]} ({code})" for code in definition.classes]
    return "**Offence.** It is recorded under one of these Home Office classes:\n" + "\n".join(
        lines
    )


def _place(definition: Definition) -> str:
    if set(definition.place_classes) >= set(_PLACES):
        return "**Place.** Anywhere: the kind of place does not matter."
    text = f"**Place.** It happened in {_listed([_PLACES[c] for c in definition.place_classes])}."
    if definition.place_also:
        text += f" These count as well: {_listed(definition.place_also, join='and')}."
    if definition.place_except:
        text += f" These do not count: {_listed(definition.place_except, join='and')}."
    return text


def _domestic(definition: Definition) -> str:
    age = definition.both_parties_aged
    parts = []
    if definition.domestic_abuse == "exclude":
        parts.append(
            "It is not domestic abuse, wherever it happened: not flagged as such, and the suspect "
            f"is not the victim's {_listed(definition.relationships)} where both are {age} or over "
            f"(below {age} it is counted and flagged)."
        )
    else:
        parts.append("Domestic abuse is counted.")
    if definition.domestic_setting == "exclude":
        parts.append("It did not happen in a home or its garden, whoever was involved.")
    else:
        parts.append("What happens in a home is counted.")
    return "**Domestic.** " + " ".join(parts)


def _sexual(definition: Definition) -> str:
    if definition.sexual_violence == "include":
        return "**Sexual violence.** It is counted where the offence is on the list."
    text = "**Sexual violence.** It is not a sexual offence and has no sexual element."
    if definition.flagged_not_excluded:
        text += (
            " A homicide with a sexual element is counted and flagged "
            f"({_listed(definition.flagged_not_excluded)})."
        )
    return text


def _injury(definition: Definition) -> str:
    if definition.injury_rule == "injury_field":
        return f"**Injury.** The gravest injury is {_listed(definition.injury_degrees)}."
    if definition.injury_rule == "subcode":
        return (
            f"**Injury.** An offence of class {_listed(definition.injury_classes)} counts only "
            f"under the sub-code {_listed(definition.injury_subcodes)}."
        )
    return "**Injury.** The offence decides; the recorded injury is not looked at."


def _weapon(definition: Definition) -> str:
    if definition.weapon_rule == "listed":
        return f"**Weapon.** A weapon was used or threatened: {_listed(definition.weapons)}."
    return "**Weapon.** With or without a weapon."


def _focus(definition: Definition) -> str:
    under = definition.focus_boundary == "under"
    age = f"under {definition.focus_age}" if under else f"{definition.focus_age} or under"
    return (
        f"**Focus on young people.** All ages count. The focus is an offence with a victim or a "
        f"suspect aged {age} on the day it happened. Where an age that could decide is missing, or "
        "no suspect is known, the record is said to be of unknown age, not outside the focus."
    )


def _unknown(definition: Definition) -> str:
    text = (
        "**What is not known.** A record that cannot be decided is UNKNOWN, never left out in "
        "silence: the headline is the number that certainly counts, and beside it stands the "
        "number if every unknown record counted too."
    )
    if definition.blanks_mean_no:
        text += f" A blank means no in {_listed(definition.blanks_mean_no, join='and')}."
    return text


def describe(definition: Definition) -> str:
    """
    Return a definition in plain English, as markdown.

    The text is made from the definition alone, so it cannot differ from what is applied.
    """
    rules = [_offences, _place, _domestic, _sexual, _injury, _weapon]
    dated = {
        "recorded_on": "the day it was recorded (where that is missing, the day it happened)",
        "occurred_from": "the day it happened",
    }
    lines = [f"# {definition.title}", ""]
    if definition.illustration:
        lines += ["*An illustration: no partnership has adopted it.*", ""]
    lines += ["A recorded crime counts as serious violence when all of these hold:", ""]
    lines += [f"{number}. {rule(definition)}" for number, rule in enumerate(rules, start=1)]
    lines += ["", "A record marked as a duplicate, cancelled or transferred does not count."]
    lines += [f"A record belongs to a period by {dated[definition.period_date]}.", ""]
    lines += [_focus(definition), "", _unknown(definition), ""]
    lines += [f"- {note}" for note in definition.notes]
    if definition.compared_with:
        gaps = difference(load(definition.compared_with), definition)
        lines += ["", f"How it differs from `{definition.compared_with}`:", ""]
        lines += [f"- {row.rule}: {row.a} → {row.b}" for row in gaps.itertuples()]
    lines += ["", f"Source: {definition.source}."]
    return "\n".join(lines) + "\n"


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
