"""Workday population, assets with places, and other forces: as received, checked, labelled."""

import pandas as pd
import pytest
from context_files import settings, small_areas, write
from facts_told import told

from vrn_analysis.core import definition
from vrn_analysis.core.errors import DataError
from vrn_analysis.count import assessment, tables
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.count.assessment.places import Places
from vrn_analysis.methods import rates
from vrn_analysis.read.files.tables import read_table
from vrn_analysis.read.geography import context
from vrn_analysis.read.police import forces
from vrn_analysis.say import findings

# ---------------------------------------------------------------- workday population


def of_force(others, force):
    """Return the forces of a file, one of them the run's."""
    others.attrs["force"] = force
    return others


def test_people_present_take_the_place_of_residents(tmp_path):
    write(tmp_path, "w.csv", "zone,people\nL1,1000\nL2,10\nL3,10\nL4,10\n")
    columns = {"lsoa_code": "zone", "population": "people"}
    named = {"workday_population": {"path": "w.csv", "columns": columns}}
    found = Places(tmp_path, settings(**small_areas(tmp_path), **named))
    there = tables.residents(found.workday_population, found.lookup, level="district")
    assert there.set_index("area_code")["denominator"].to_dict() == {
        "D1": 1_010, "D2": 20, tables.ALL: 1_030,
    }  # fmt: skip


def test_without_a_file_a_rate_by_people_present_is_not_in_this_run(tmp_path):
    found = Places(tmp_path, settings(**small_areas(tmp_path)))
    with pytest.raises(NotInThisRun, match="workday population"):
        _ = found.workday_population


def test_people_that_are_no_number_and_small_areas_that_repeat_are_counted(tmp_path):
    write(tmp_path, "w.csv", "lsoa_code,population\nL1,many\nL1,-2\nL2,3\n")
    with pytest.raises(
        DataError, match="(?s)2 of 3 rows have a value in population .*1 of 3 rows repeat lsoa_code"
    ):
        read_table(tmp_path, settings(workday_population="w.csv"), "workday_population")


def test_a_workday_population_of_another_census_is_refused(tmp_path):
    write(tmp_path, "w.csv", "lsoa_code,population\nL1,1\nL2,1\nX3,1\nX4,1\n")
    found = Places(tmp_path, settings(**small_areas(tmp_path), workday_population="w.csv"))
    with pytest.raises(DataError, match="The workday population: 2 of 4 small areas"):
        _ = found.workday_population


# ---------------------------------------------------------------- assets


def test_assets_are_points_and_those_outside_are_counted(tmp_path):
    text = "name,kind,easting,northing\nClub,Sport,500,500\nHub,Advice,90000,500\n"
    write(tmp_path, "assets.csv", text)
    found = Places(tmp_path, settings(**small_areas(tmp_path), asset_points="assets.csv"))
    points = found.asset_points
    assert points[["name", "kind"]].to_numpy().tolist() == [["Club", "Sport"]]
    assert (points.geometry.x[0], points.geometry.y[0]) == (500, 500)
    assert points.attrs["outside"] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,kind,easting,northing,manager\nA,B,1,1,Somebody\n", "it holds manager"),
        ("name,kind,easting,northing\nA,,500,500\n", "1 of 1 rows lack a value in kind"),
        ("name,kind,easting,northing\nAsk a@b.org,B,500,500\n", "1 of 1 rows have .* an e-mail"),
        (
            "name,kind,easting,northing\nRing 0116 496 0000,B,500,500\n",
            "1 of 1 rows have .* telephone",
        ),
        ("name,kind,easting,northing\nA,B,-1.13,52.63\n", "look like longitude and latitude"),
        (
            "name,kind,easting,northing\nA,B,far,500\n",
            "in easting that is no number from 0 to 700,000",
        ),
        ("name,kind,easting\nA,B,5\n", "missing: northing"),
    ],
)
def test_assets_that_cannot_be_used(tmp_path, text, said):
    write(tmp_path, "assets.csv", text)
    with pytest.raises(DataError, match=said):
        context.asset_points(tmp_path, settings(asset_points="assets.csv"))


# ---------------------------------------------------------------- other forces

CRIME = """financial_year,quarter,force,offence_code,offences
2016/17,1,North,8N,999
2017/18,1,North,8N,100
2017/18,2,North,8N,-5
2017/18,1,North,1/4.1/4.2,2
2017/18,1,North,8S,50
2017/18,1,South-by-Sea,8N,300
2017/18,1,Railway,8N,7
"""
PEOPLE = "area_name,population\nNorth,200000\nSouth-by-Sea,400000\n"


@pytest.fixture
def crime(tmp_path):
    write(tmp_path, "prc.csv", CRIME)
    write(tmp_path, "people.csv", PEOPLE)
    return tmp_path


def recorded(**more):
    source = {"path": "prc.csv", "form": "recorded_crime"}
    return settings(other_forces=source, force_residents="people.csv", **more)


def test_recorded_crime_adds_up_listed_codes_of_the_latest_year(crime):
    found = forces.other_forces(crime, recorded(), classes=["8N", "4.1"]).set_index("area_name")
    # a correction in a later quarter counts, a bucket counts whole, 8S is not listed
    assert found["offences"].to_dict() == {"North": 97, "South-by-Sea": 300, "Railway": 7}
    assert found["denominator"]["North"] == 200_000
    assert pd.isna(found["denominator"]["Railway"])
    assert not found["is_similar"].any()


def test_the_most_similar_group_is_from_a_file_and_its_names_are_checked(crime):
    write(crime, "similar.csv", "area_name\nSouth-by-Sea\n")
    given = recorded(similar_forces="similar.csv")
    found = forces.other_forces(crime, given, classes=["8N"])
    assert found.set_index("area_name")["is_similar"].to_dict() == {
        "North": False, "South-by-Sea": True, "Railway": False,
    }  # fmt: skip
    write(crime, "similar.csv", "area_name\nSouth\n")
    with pytest.raises(
        DataError, match="1 of 1 rows are forces that are not in the table .*such as South"
    ):
        forces.other_forces(crime, given, classes=["8N"])


def test_how_much_of_the_published_category_is_listed_is_of_the_force_without_robbery(tmp_path):
    rows = [("8N", "Violence against the person", 30), ("8S", "Violence against the person", 50),
            ("19C", "Sexual offences", 20), ("34B", "Robbery", 9)]  # fmt: skip
    text = "financial_year,quarter,force,offence_group,offence_code,offences\n"
    text += "".join(f"2017/18,1,North,{group},{code},{n}\n" for code, group, n in rows)
    write(tmp_path, "prc.csv", text + "2017/18,1,South,Sexual offences,19C,7\n")
    source = {"path": "prc.csv", "form": "recorded_crime", "force": "North"}
    given = settings(other_forces=source)
    found = forces.listed_share(tmp_path, given, classes=["8N", "34B"])
    assert found == {"year": "2017/18", "listed": 30, "published": 100}
    assert forces.listed_share(tmp_path, given, classes=["5D"]) is None
    unnamed = settings(other_forces={k: v for k, v in source.items() if k != "force"})
    assert forces.listed_share(tmp_path, unnamed, classes=["8N"]) is None


def test_the_sentence_on_forces_says_how_much_of_the_category_is_listed(crime):
    others = forces.other_forces(crime, recorded(), classes=["8N"])
    rated = tables.comparable_forces(of_force(others, "North")).pipe(rates.crude_rate, per=1_000)
    assert "listed code" not in findings.benchmark(rated, others).data
    others.attrs["listed"] = {"year": "2017/18", "listed": 30, "published": 100}
    said = findings.benchmark(rated, others)
    assert "30.0% had a listed code (30 of 100). Most of that category is not" in said.data
    assert told(said)["published"] == 100
    assert told(said)["share"] == 30  # every number of a sentence is traced
    others.attrs["listed"]["listed"] = 60
    assert findings.benchmark(rated, others).data.endswith("(60 of 100).")


def test_a_table_without_groups_gives_no_share_of_the_category(crime):
    source = {"path": "prc.csv", "form": "recorded_crime", "force": "North"}
    given = settings(other_forces=source, force_residents="people.csv")
    assert forces.listed_share(crime, given, classes=["8N"]) is None


def test_a_listed_code_that_is_in_no_row_is_refused(crime):
    with pytest.raises(DataError, match=r"1 of 2 listed codes are in no row of 2017/18: 34A"):
        forces.other_forces(crime, recorded(), classes=["8N", "34A"])


def test_a_tidy_file_is_checked(tmp_path):
    text = "area_name,offences,denominator,is_similar\nA,10,1000,yes\nA,-1,1000,no\n"
    write(tmp_path, "forces.csv", text)
    with pytest.raises(DataError, match="(?s)1 of 2 rows have .*1 of 2 rows repeat area_name"):
        forces.other_forces(tmp_path, settings(other_forces="forces.csv"))


def test_a_force_is_found_by_the_name_of_the_street_level_files():
    names = pd.Series(["Avon and Somerset", "Kent"])
    assert tables.named_force(names, "avon-and-somerset") == "Avon and Somerset"
    with pytest.raises(DataError, match="None of the 2 forces to compare with is essex"):
        tables.named_force(names, "essex")


def test_beside_a_force_stand_its_most_similar_group_or_the_ten_nearest_in_residents():
    rows = [(f"F{n:02d}", False, n * 100_000) for n in range(1, 21)]
    table = pd.DataFrame(rows, columns=["area_name", "is_similar", "denominator"])
    table = table.assign(offences=pd.array([9] * 20, dtype="Int64"))

    def compared(others):
        others.attrs["force"] = "F10"
        forces = tables.comparable_forces(others)
        return forces.loc[forces["is_compared"], "area_name"].tolist()

    near = compared(table.copy())
    assert near == [f"F{n:02d}" for n in (6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)]
    assert compared(table.assign(is_similar=table["area_name"] == "F20")) == ["F10", "F20"]


def test_shipped_residents_are_those_of_england_and_wales():
    shipped = forces._residents(None, settings())
    assert len(shipped) == 43
    assert shipped["population"].sum() == 56_075_912
    assert shipped.set_index("area_name")["population"]["Leicestershire"] == 1_017_697


@pytest.mark.open_data
def test_the_force_has_8300_listed_offences_in_2017_18(open_data):
    named = {"path": "prc/all_forces_prc_2017_18_*.csv", "form": "recorded_crime"}
    listed = definition.load("llr_2020").classes
    found = forces.other_forces(open_data, settings(other_forces=named), classes=listed)
    assert len(found) == 44
    own = tables.comparable_forces(of_force(found, "leicestershire")).pipe(
        rates.crude_rate, per=1_000
    )
    row = own[own["group"] == "This force"].iloc[0]
    assert row["count"] == 8_300
    assert row["value"] == pytest.approx(8.156, abs=0.001)
    # the railways have no residents and the City of London nearly none
    assert set(found["area_name"]) - set(own["area_name"]) == {
        "British Transport Police", "London, City of",
    }  # fmt: skip


def test_a_run_without_a_file_of_other_forces_says_so(tmp_path):
    run = assessment.Run(tmp_path, settings(**small_areas(tmp_path)), None)
    with pytest.raises(NotInThisRun, match="No recorded crime of other forces"):
        assessment.other_forces(run)


# ---------------------------------------------------------------- whose figures they are


def test_figures_that_are_not_of_the_records_are_credited_to_their_own_sources():
    about = {"path": "x", "title": "Neets", "covers": "2025", "producer": "Ministry"}
    named = settings(
        kind="open",
        street={"path": "s", "producer": "Police"},
        indicators=about,
        indicators_labour=about | {"title": "Claimants"},
    )
    run = assessment.Run(None, named, None)
    assert run.credit_of("indicators") == "Neets; Claimants. Source: Ministry"
    assert run.credit_of("indicators_labour") == "Claimants, 2025. Source: Ministry"
    assert "Police" not in run.credit_of("indicators")
    sample = assessment.Run(None, settings(kind="sample", indicators=about), None)
    assert sample.credit_of("indicators").startswith("SYNTHETIC SAMPLE")


def test_residents_of_other_forces_are_named(crime):
    assert forces.residents_of(recorded()) == "a file of the partnership"
    source = {"path": "prc.csv", "form": "recorded_crime"}
    assert "Census of 2011" in forces.residents_of(settings(other_forces=source))
    assert forces.residents_of(settings(other_forces="tidy.csv")) == ""
