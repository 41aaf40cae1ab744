"""List the columns about one crime or one person, which never leave the engine."""

from collections.abc import Sequence

from vrn_analysis.core.contracts import OFFENCES, PERSONS

# a count by one of these would be a list of people or crimes, not a table
IDENTIFIERS = frozenset({"offence_id", "incident_ref", "person_ref", "person_number"})
PLACES = frozenset({"easting", "northing", "longitude", "latitude"})
# no file that leaves the engine has one of these as a column
POINTING = IDENTIFIERS | PLACES | {"home_lsoa_code"}
# about people, and yet what an aggregate table is counted by
DIMENSIONS = frozenset({"role", "sex", "age", "age_band", "self_defined_ethnicity"})


def person_columns(columns: Sequence[str]) -> list[str]:
    """Return the columns that are about one crime or one person, and so refused in a table."""
    about_people = {c.name for c in (*OFFENCES, *PERSONS) if c.sensitivity in ("person", "special")}
    return sorted((about_people - DIMENSIONS | IDENTIFIERS | PLACES) & set(columns))
