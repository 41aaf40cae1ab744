"""Check that offences and persons fit together."""

import ibis
import pandas as pd

from vrn_analysis.read.checks.problems import HOW_MANY_EXAMPLES, frame, row


def check_pair(offences: ibis.Table, persons: ibis.Table) -> pd.DataFrame:
    """
    Return what does not fit between offences and their persons.

    Parameters
    ----------
    offences, persons
        Tables with `offence_id`, and `role` for the persons.

    Returns
    -------
    problems
        As `problems` returns them: persons of no offence, offences without persons, offences with
        persons but no victim.
    """
    known = offences.select("offence_id").distinct()
    stray = persons.anti_join(known, "offence_id")
    alone = known.anti_join(persons, "offence_id")
    suspects = persons.filter(persons.role == "suspect").select("offence_id").distinct()
    victims = persons.filter(persons.role == "victim")
    no_victim = known.semi_join(suspects, "offence_id").anti_join(victims, "offence_id")
    number = {
        name: int(table.count().to_pandas())
        for name, table in {
            "offences": known, "persons": persons, "stray": stray, "alone": alone,
            "no_victim": no_victim,
        }.items()
    }  # fmt: skip
    rows = []
    if number["stray"]:
        few = stray.select("offence_id").distinct().order_by("offence_id").limit(HOW_MANY_EXAMPLES)
        rows.append(row(
            "persons", "offence_id", "persons of no offence in the file", number["stray"],
            number["persons"], examples=", ".join(map(repr, few.to_pandas()["offence_id"])),
            remedy="left out of every count; check that both files cover the same period",
        ))  # fmt: skip
    if number["alone"]:
        rows.append(row(
            "offences", "offence_id", "offences without victim or suspect", number["alone"],
            number["offences"], remedy="kept; their age focus and relationships are not known",
        ))  # fmt: skip
    if number["no_victim"]:
        rows.append(row(
            "offences", "offence_id", "offences with a suspect but no victim",
            number["no_victim"], number["offences"],
            remedy="kept; the age of the victim is not known",
        ))  # fmt: skip
    return frame(rows)
