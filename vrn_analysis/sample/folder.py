"""Write the SYNTHETIC sample as a folder, read like any force's extract."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from vrn_analysis.core import config, contracts, fingerprints, scratch
from vrn_analysis.sample import papers, planted
from vrn_analysis.sample.plan import assumptions, county
from vrn_analysis.sample.plan.columns import schema
from vrn_analysis.sample.plan.pattern import Pattern, blocks, intervention_district, pattern
from vrn_analysis.sample.plan.streams import stream
from vrn_analysis.sample.records import health, people, surroundings
from vrn_analysis.sample.records.events import Ground, draw_events, ground
from vrn_analysis.sample.records.offences import OUTSIDE, UNMAPPED, default_point, write_down
from vrn_analysis.sample.records.persons import take_part
from vrn_analysis.sample.records.traits import regulars

SEED = 2024


def write(folder: Path, *, rows: int | None = None, seed: int = SEED) -> Path:
    """
    Write a synthetic sample: an invented county's extract, with its places and people.

    Parameters
    ----------
    folder
        Where to write; made if it is not there.
    rows
        Number of offences, 1 to 20 million; without it, as many as the county's residents would
        give at the rate of the recorded crime that the mix is taken from.
    seed
        The same seed, rows and package give the same bytes (boundaries: the same content).

    Returns
    -------
    folder
        Holds `assessment.toml, offences.parquet, persons.parquet, lookup.csv, population.csv,
        deprivation.csv, boundaries.gpkg, truth.json, README.md`, what health services send
        (`attendances.csv, ambulance.csv, admissions.csv, linkage.csv`), and the examples of what
        a partnership sends (`sample.papers.TABLES`).
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    assumed = assumptions.read()
    small_areas = people.settle(county.areas(assumed, seed=seed), assumed=assumed, seed=seed)
    expected = pattern(small_areas, assumed=assumed, seed=seed)
    rows = _usual_rows(expected) if rows is None else rows
    places = ground(small_areas, assumed=assumed, seed=seed)
    residents = _write_places(folder, expected, seed=seed)
    _write_records(folder, expected, places, rows=rows, seed=seed)
    drawn = rows - planted.count(rows)
    truths = health.write(folder, expected, places, residents=residents, rows=drawn, seed=seed)
    papers.write_examples(folder)
    surroundings.write(folder, expected, rows=rows, seed=seed)
    key = answer_key(expected, rows=rows, seed=seed) | {"health": truths}
    _write_text(folder / FILE, json.dumps(key, indent=1, default=str) + "\n")
    _write_text(folder / config.SETTINGS_FILE, papers.settings(assumed))
    _write_text(folder / "README.md", papers.readme(assumed, rows=rows))
    return folder


def ensure() -> Path:
    """
    Return the usual sample, made once for each version of the generator and its assumptions.

    It is written aside and then moved, so that a half-written sample is never read, and two
    processes that make it at once do not disturb each other.
    """
    cache = config.cache_folder()
    folder = cache / f"sample-{_fingerprint()}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with scratch.folder("sample", parent=cache) as aside:
        write(aside)
        aside.chmod(0o755)
        try:
            scratch.move(aside, folder)
        except OSError:
            if not folder.is_dir():
                raise
    return folder


def _fingerprint() -> str:
    """Return a hash of everything the sample is made of."""
    reference = config.resource("data", "reference")
    folders = (Path(__file__).parent, config.resource("assessments", "sample"))
    made_of = [fingerprints.files_hash(folder) for folder in (*folders, reference)]
    return fingerprints.content_hash([made_of, fingerprints.sha256(Path(contracts.__file__))])[:12]


def _usual_rows(expected: Pattern) -> int:
    years = len(expected.months) / 12
    rate = expected.assumed["offences_per_resident_year"]
    return round(expected.small_areas["residents"].sum() * rate * years)


def _write_text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _write_places(folder: Path, expected: Pattern, *, seed: int) -> pd.DataFrame:
    """Write places and the people in them, and return the residents."""
    areas, assumed = expected.small_areas, expected.assumed
    residents = people.population(areas, assumed=assumed, seed=seed)
    tables = {
        "lookup.csv": county.lookup(areas),
        "population.csv": residents,
        "deprivation.csv": people.deprivation(areas, assumed=assumed, seed=seed),
        "indicators.csv": surroundings.indicators(areas, assumed=assumed, seed=seed),
        "ethnicity.csv": people.ethnicity(areas, assumed=assumed),
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n")
    boundaries = folder / "boundaries.gpkg"
    boundaries.unlink(missing_ok=True)
    for level in county.LEVELS:
        county.layer(areas, level).to_file(boundaries, layer=level, driver="GPKG")
    return residents


def _write_records(
    folder: Path, expected: Pattern, places: Ground, *, rows: int, seed: int
) -> None:
    """Write offences and persons block by block, each block from streams of its own."""
    drawn = rows - planted.count(rows)
    known = regulars(expected, rows=drawn, seed=seed)
    with (
        _parquet(folder / "offences.parquet", contracts.OFFENCES) as offences_file,
        _parquet(folder / "persons.parquet", contracts.PERSONS) as persons_file,
    ):
        for block in blocks(expected, rows=drawn, seed=seed):
            rng = stream(f"events/{block.name}", seed=seed)
            events = draw_events(rng, expected, places, month=block.month, size=block.size)
            rng = stream(f"offences/{block.name}", seed=seed)
            offences = write_down(rng, events, expected, prefix=block.prefix, first=block.first)
            rng = stream(f"persons/{block.name}", seed=seed)
            ids = offences["offence_id"].combine_chunks()
            persons = take_part(
                rng, events, expected, known, offence_id=ids, prefix=block.person_prefix
            )
            offences_file.write_table(offences)
            persons_file.write_table(persons)
        offences, persons = planted.tables(expected, rows=rows)
        offences_file.write_table(offences)
        persons_file.write_table(persons)


def _parquet(file: Path, contract: contracts.Contract) -> pq.ParquetWriter:
    about = {b"about": b"SYNTHETIC: an invented county. Nothing here is about a real place."}
    return pq.ParquetWriter(file, schema(contract).with_metadata(about), compression="zstd")


FILE = "truth.json"


HOTSPOT = ["kind", "financial_year", "lsoa_code", "rate_ratio"]


def truth(folder: Path) -> dict[str, Any]:
    """Return the planted truths of a written sample."""
    return json.loads((folder / FILE).read_text(encoding="utf-8"))


def answer_key(pattern: Pattern, *, rows: int, seed: int) -> dict[str, Any]:
    """Return every planted truth with its parameters."""
    assumed, shown = pattern.assumed, pattern.assumed["answer_key"]
    return {
        "about": "SYNTHETIC: an invented county. Nothing here is about a real place or person.",
        "rows": rows,
        "seed": seed,
        "drawn_rows": rows - planted.count(rows),
        "hotspots": pattern.hotspots[HOTSPOT].to_dict("records"),
        "rates": {name: assumed[name] for name in shown["rates"]}
        | {"outside_code": OUTSIDE, "unmapped_codes": list(UNMAPPED)}
        | {"default_point_at": default_point(pattern)},
        "planted": {name: assumed[name] for name in shown["planted"]}
        | {"intervention_district": intervention_district(pattern.small_areas, assumed=assumed)}
        | {"indicators_cause_violence": False},
        "planted_outcomes": planted.outcomes(rows),
    }
