"""The SYNTHETIC sample written in the awkward shapes in which real extracts arrive."""

import io
import zipfile
from pathlib import Path

import pandas as pd

from vrn_analysis.contracts import OFFENCES, PERSONS
from vrn_analysis.errors import DataError

# what a force's system might call the columns; the tidy names would test nothing
OFFENCE_HEADINGS = {
    "offence_id": "Crime Number",
    "incident_ref": "Incident Ref",
    "recording_force": "Force",
    "offence_code": "HO Class",
    "offence_subcode": "HO Subcode",
    "offence_title": "Offence Description",
    "occurred_from": "Date From",
    "occurred_to": "Date To",
    "time_precision": "Time Precision",
    "recorded_on": "Date Recorded",
    "extracted_on": "Extract Date",
    "easting": "X Coord",
    "northing": "Y Coord",
    "lsoa_code": "LSOA Code",
    "location_type": "Premises Type",
    "domestic_flag": "DA Flag",
    "sexual_flag": "Sexual Element",
    "injury_degree": "Injury Level",
    "weapon": "Weapon Used",
    "investigation_outcome": "Outcome",
    "status": "Crime Status",
}
PERSON_HEADINGS = {
    "person_number": "No",
    "person_ref": "Ref",
    "age": "Age",
    "age_band": "Age Group",
    "sex": "Gender",
    "self_defined_ethnicity": "Self Defined Ethnicity",
    "officer_observed_ethnicity": "Officer Defined Ethnicity",
    "relationship_to_victim": "Relationship",
    "home_lsoa_code": "Home LSOA",
}
LABELS = {
    "location_type": {
        "street": "Road/Street",
        "dwelling": "Dwelling - House/Flat",
        "park": "Parks & Open Spaces",
        "pub_or_club": "Public House",
        "shop": "Retail Premises",
        "communal_area_unknown": "Communal Area (Flats)",
        "restaurant_or_takeaway": "Take-Away",
    },
    "weapon": {
        "knife_or_sharp": "Knife/Sharp Instrument",
        "body": "Fist/Feet",
        "none": "No Weapon",
    },
    "injury_degree": {"none": "No Injury", "significant": "Serious", "minor": "Slight"},
    "relationship_to_victim": {
        "ex_partner": "Ex-Partner",
        "partner": "Husband/Wife",
        "child": "Son/Daughter",
        "stranger": "Unknown to victim",
        "other_family": "Other Relative",
    },
    "sex": {"female": "F", "male": "M", "other": "X"},
    "self_defined_ethnicity": {"white": "W1 - British", "asian": "A1 - Indian", "black": "B9"},
    "officer_observed_ethnicity": {"white": "IC1", "asian": "IC4", "black": "IC3", "other": "IC6"},
    "investigation_outcome": {
        "no_suspect_identified": "18 - Investigation complete: no suspect identified",
        "charged_or_summonsed": "1 - Charge/Summons",
    },
    "status": {"cancelled": "No Crimed", "recorded": "Crime Recorded"},
}
FLAGS = {True: "Y", False: "N"}
SUSPECTS = 5


def _worded(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as a force would word it: local labels, dates day first, Y and N."""
    changed = {}
    for name in table.columns:
        column = table[name]
        if name in LABELS:
            changed[name] = column.replace(LABELS[name])
        elif name in ("occurred_from", "occurred_to"):
            changed[name] = pd.to_datetime(column).dt.strftime("%d/%m/%Y %H:%M")
        elif name in ("recorded_on", "extracted_on"):
            changed[name] = pd.to_datetime(column).dt.strftime("%d/%m/%Y")
        elif name in ("domestic_flag", "sexual_flag"):
            changed[name] = column.map(FLAGS)
        elif name in ("easting", "northing"):
            changed[name] = column.map(lambda metres: f"{metres:,.0f}", na_action="ignore")
        elif name in ("age", "person_number"):
            changed[name] = column.astype("Int64")
    return table.assign(**changed)


def _read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    files = [folder / f"{name}.parquet" for name in (OFFENCES.name, PERSONS.name)]
    if lacking := [file.name for file in files if not file.exists()]:
        raise DataError(f"{folder} is no sample: {', '.join(lacking)} is not there.")
    offences, persons = (_worded(pd.read_parquet(file)) for file in files)
    return offences.rename(columns=OFFENCE_HEADINGS), persons


def _party(persons: pd.DataFrame, role: str, prefix: str) -> pd.DataFrame:
    """Return the persons of one role with headings that begin with a prefix."""
    mine = persons[persons["role"] == role].drop(columns="role")
    headings = {name: f"{prefix}{words}" for name, words in PERSON_HEADINGS.items()}
    table = mine.rename(columns={"offence_id": "Crime Number"} | headings)
    # a column that holds nothing at all is of the other role
    return table.dropna(axis="columns", how="all")


def write_flat(folder: Path, file: Path) -> Path:
    """
    Write the sample as one CSV with a row for each crime × victim × suspect.

    Parameters
    ----------
    folder
        A sample, as `sample.write` makes it.
    file
        The CSV to write.
    """
    offences, persons = _read(folder)
    table = offences.merge(_party(persons, "victim", "Victim "), how="left", on="Crime Number")
    table = table.merge(_party(persons, "suspect", "Suspect "), how="left", on="Crime Number")
    table.to_csv(file, index=False, lineterminator="\n")
    return file


def _side_by_side(persons: pd.DataFrame, role: str, prefix: str) -> pd.DataFrame:
    """Return one row a crime, and the columns of each person of a role side by side."""
    party = _party(persons, role, "")
    wide = party.set_index(["Crime Number", "No"]).unstack("No")
    wide.columns = [f"{prefix}{number}_{name.replace(' ', '')}" for name, number in wide.columns]
    return wide.reset_index()


def write_numbered(folder: Path, file: Path) -> Path:
    """
    Write the sample as one CSV with a row a crime, and `Suspect1_Age … Suspect5_Age` columns.

    Raises
    ------
    DataError
        If a crime of the sample has more suspects than that.
    """
    offences, persons = _read(folder)
    most = persons.loc[persons["role"] == "suspect", "person_number"].max()
    if most > SUSPECTS:
        raise DataError(f"A crime of the sample has {most} suspects; the shape holds {SUSPECTS}.")
    table = offences
    for role, prefix in (("victim", "Victim"), ("suspect", "Suspect")):
        wide = _side_by_side(persons, role, prefix)
        table = table.merge(wide, how="left", on="Crime Number")
    table.to_csv(file, index=False, lineterminator="\n")
    return file


def write_months(folder: Path, file: Path) -> Path:
    """Write the sample as a zip of months of recording, each with three linked CSV files."""
    offences, persons = _read(folder)
    month = pd.to_datetime(offences["Date Recorded"], dayfirst=True).dt.strftime("%Y-%m")
    month_of = pd.Series(month.to_numpy(), index=offences["Crime Number"])
    month_of = month_of[~month_of.index.duplicated()]
    parts = {"crimes": offences}
    for role in ("victim", "suspect"):
        parts[f"{role}s"] = _party(persons, role, f"{role.capitalize()} ")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, table in parts.items():
            for when, rows in table.groupby(table["Crime Number"].map(month_of)):
                text = io.StringIO()
                rows.to_csv(text, index=False, lineterminator="\n")
                packed.writestr(f"{when}/{when}_{name}.csv", text.getvalue())
    return file
