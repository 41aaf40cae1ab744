"""An invented force area that nothing in the library has heard of: its folder, as received."""

import ast
import json

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from vrn_analysis.core.config import SETTINGS_FILE
from vrn_analysis.count.assessment import NotInThisRun

DISTRICTS = {"W06000091": "Môrfa", "W06000092": "St Dewi's", "W06000093": "Upper Cwm"}
AREAS = 24  # small areas, in middle areas of two
SQUARE = 1_000  # metres
ORIGIN = (250_000, 300_000)
OFFENCES = 1_500
SETTINGS = """title = "Needs assessment of an invented force area"
kind = "{kind}"
area_name = "Brynmoor (invented)"
force = "brynmoor"
disclosure_profile = "lt5"
audience = "partners"

[sources.lookup]
path = "places.csv"

[sources.lookup.columns]
lsoa_code = "LSOA21CD"
lsoa_name = "LSOA21NM"
msoa_code = "MSOA21CD"
msoa_name = "MSOA21NM"
district_code = "LAD22CD"
district_name = "LAD22NM"

[sources.boundaries_lsoa]
path = "small_areas.geojson"
columns = {{ lsoa_code = "LSOA21CD" }}

[sources.population]
path = "people.csv"
columns = {{ lsoa_code = "LSOA21CD" }}

[sources.deprivation]
path = "wimd.csv"
columns = {{ lsoa_code = "LSOA", income_rate = "Income (%)" }}
scale = {{ income_rate = 0.01 }}

[sources.custom_areas]
path = "beats.geojson"
level_title = "Beats"
columns = {{ area_code = "beat", area_name = "called" }}
"""
FORCE = """
[sources.offences]
path = "crimes.csv"
columns = { offence_id = "Crime No", offence_code = "HO code" }
producer = "Brynmoor Police"

[sources.persons]
path = "people_involved.csv"
"""
STREET = """
[sources.street]
path = "archive"
producer = "data.police.uk"
"""


def places():
    """Return small areas in middle areas in three districts, with the publisher's headings."""
    number = np.arange(AREAS)
    codes, names = list(DISTRICTS), list(DISTRICTS.values())
    district = number * len(DISTRICTS) // AREAS
    return pd.DataFrame(
        {
            "LSOA21CD": [f"W0100{n:04d}" for n in number],
            "LSOA21NM": [f"Small area {n}" for n in number],
            "MSOA21CD": [f"W0200{n // 2:04d}" for n in number],
            "MSOA21NM": [f"Middle area {n // 2}" for n in number],
            "LAD22CD": [codes[n] for n in district],
            "LAD22NM": [names[n] for n in district],
        }
    )


def squares():
    """Return the shape of each small area: a square of a kilometre, six in a row."""
    east, north = ORIGIN
    corners = [(east + SQUARE * (n % 6), north + SQUARE * (n // 6)) for n in range(AREAS)]
    return [box(x, y, x + SQUARE, y + SQUARE) for x, y in corners]


def _write_places(folder):
    table, shapes = places(), squares()
    table.to_csv(folder / "places.csv", index=False)
    ages = {str(age): 15 + age % 7 for age in range(90)} | {"90+": 12}
    table[["LSOA21CD"]].assign(**ages).to_csv(folder / "people.csv", index=False)
    income = pd.DataFrame({"LSOA": table["LSOA21CD"], "Income (%)": np.linspace(4, 38, AREAS)})
    income.to_csv(folder / "wimd.csv", index=False)
    east, north = ORIGIN
    beats = gpd.GeoDataFrame(
        {"beat": ["W", "E"], "called": ["West beat", "East beat"]},
        geometry=[
            box(east + SQUARE * x, north, east + SQUARE * (x + 3), north + 4 * SQUARE)
            for x in (0, 3)
        ],
        crs=27700,
    )
    small = gpd.GeoDataFrame(table[["LSOA21CD"]], geometry=shapes, crs=27700)
    small.to_file(folder / "small_areas.geojson", driver="GeoJSON")
    beats.to_crs(4326).to_file(folder / "beats.geojson", driver="GeoJSON")
    return table, shapes


def _when(rng, size):
    day = pd.Timestamp("2021-04-01") + pd.to_timedelta(rng.integers(0, 730, size), unit="D")
    return day + pd.to_timedelta(rng.integers(0, 1_440, size), unit="min")


def _people(rng, ids):
    """Return a victim of each offence and a suspect of some, with what is not known left blank."""
    with_suspect = [one for one in ids if rng.random() < 0.4]
    offence = [*ids, *with_suspect]
    age = pd.Series(rng.integers(8, 70, len(offence)), dtype="Int64")
    sex = pd.Series(rng.choice(["female", "male"], len(offence)), dtype="str")
    return pd.DataFrame(
        {
            "offence_id": offence,
            "person_number": [1] * len(ids) + [2] * len(with_suspect),
            "role": ["victim"] * len(ids) + ["suspect"] * len(with_suspect),
            "age": age.mask(rng.random(len(offence)) < 0.1),
            "sex": sex.mask(rng.random(len(offence)) < 0.05),
        }
    )


def force_folder(folder):
    """Write an extract of a force, with victims and suspects, and the settings that name it."""
    folder.mkdir()
    table, shapes = _write_places(folder)
    rng = np.random.default_rng(7)
    at = rng.choice(AREAS, OFFENCES, p=np.arange(1, AREAS + 1) / np.arange(1, AREAS + 1).sum())
    when = _when(rng, OFFENCES)
    ids = [f"B{n}" for n in range(OFFENCES)]
    pd.DataFrame(
        {
            "Crime No": ids,
            "HO code": rng.choice(["8N", "34B", "5D"], OFFENCES, p=[0.7, 0.25, 0.05]),
            "occurred_from": when.strftime("%Y-%m-%d %H:%M"),
            "occurred_to": when.strftime("%Y-%m-%d %H:%M"),
            "recorded_on": when.strftime("%Y-%m-%d"),
            "easting": [int(shapes[n].centroid.x) for n in at],
            "northing": [int(shapes[n].centroid.y) for n in at],
            "lsoa_code": table["LSOA21CD"].to_numpy()[at],
            "location_type": rng.choice(["Street", "Dwelling"], OFFENCES, p=[0.8, 0.2]),
            "domestic_flag": rng.choice(["yes", "no"], OFFENCES, p=[0.1, 0.9]),
            "sexual_flag": "no",
        }
    ).to_csv(folder / "crimes.csv", index=False)
    _people(rng, ids).to_csv(folder / "people_involved.csv", index=False)
    text = SETTINGS.format(kind="force") + FORCE
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    return folder


def street_folder(folder):
    """Write street-level months of the force as data.police.uk does, and the settings."""
    folder.mkdir()
    table, shapes = _write_places(folder)
    rng = np.random.default_rng(7)
    middles = gpd.GeoSeries([shape.centroid for shape in shapes], crs=27700).to_crs(4326)
    for month in pd.period_range("2022-01", "2023-12", freq="M"):
        at = rng.choice(AREAS, 60)
        kind = rng.choice(["Violence and sexual offences", "Robbery"], 60, p=[0.8, 0.2])
        rows = pd.DataFrame(
            {
                "Crime ID": [f"{month}-{n}" for n in range(60)],
                "Month": str(month),
                "LSOA code": table["LSOA21CD"].to_numpy()[at],
                "Crime type": kind,
                "Longitude": middles.x.to_numpy()[at],
                "Latitude": middles.y.to_numpy()[at],
            }
        )
        inside = folder / "archive" / str(month)
        inside.mkdir(parents=True)
        rows.to_csv(inside / f"{month}-brynmoor-street.csv", index=False)
    text = SETTINGS.format(kind="open") + STREET
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    return folder


def said(notebook):
    """
    Run a notebook's cells here, as the runner does in a kernel, and return what it cannot say.

    A section that is not in this run is passed over to its next heading; what builds on it is
    absent, too. Any other error is raised.
    """
    names, reasons, silent, lost = {}, [], False, set()
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            silent = silent and not source.lstrip().startswith("#")
            continue
        if not silent:
            try:
                exec(compile(source, notebook.name, "exec"), names)
            except NotInThisRun as reason:
                silent = True
                reasons.append(str(reason))
            except NameError as missing:
                if missing.name not in lost:
                    raise
                silent = True
        if silent:
            lost |= {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}
    return reasons
