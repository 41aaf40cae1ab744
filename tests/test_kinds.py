"""What a table is, told by its headings: published files as their publishers write them."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_analysis.read.files.kinds import kind_of
from vrn_analysis.read.files.published import contract_names

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
SEARCHES = (
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
    "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing"
)
PUBLISHED = {
    "street": (STREET, "street-level crime"),
    "street without outcome": (STREET.replace(",Last outcome category", ""), "street-level crime"),
    "street of 2011": (
        "Month,Reported by,Falls within,Easting,Northing,Location,Crime type,Context",
        "older form without small areas, places in metres",
    ),
    "outcomes": (
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
        "Outcome type",
        "outcomes",
    ),
    "searches": (SEARCHES, "stop and search"),
    "recorded crime": (
        "Financial_Year,Financial_Quarter,Force_Name,Offence_Description,Offence_Group,"
        "Offence_Subgroup,Offence_Code,Number_of_Offences,Policeuk_Cat",
        "police recorded crime open data",
    ),
    "recorded crime, spaces": (
        "Financial Year,Financial Quarter,Force Name,Offence Description,Offence Group,"
        "Offence Subgroup,Offence Code,Number of Offences",
        "police recorded crime open data",
    ),
    "recorded crime, tidied": (
        "financial_year,quarter,force,offence_group,offence_subgroup,offence_code,"
        "offence_description,offences",
        "police recorded crime open data",
    ),
    "recorded outcomes": (
        "Financial_Year,Financial_Quarter,Force_Name,Offence_Code,Offence_Group,Outcome_Group,"
        "Outcome_Type,Force_outcomes_for_period",
        "open data table of outcomes",
    ),
    "lookup of 2021": (
        "OA21CD,LSOA21CD,LSOA21NM,MSOA21CD,MSOA21NM,LAD23CD,LAD23NM,ObjectId",
        "lookup of small areas to larger",
    ),
    "lookup of LLR": (
        "lsoa11_name,lsoa11_code,ltla21_name,ltla21_code,msoa11_code,msoa11_name,ward17_code,"
        "ruc11_code,ruc,msoa11_hcl_name,csp24_code,csp24_name,pfa24_code,pfa24_name,utla_name",
        "lookup of small areas to larger",
    ),
    "lookup of changes": (
        "lsoa11_name,lsoa11_code,change_code,lsoa21_name,lsoa21_code,ltla22_name,ltla22_code",
        "two Censuses",
    ),
    "residents": (
        "lsoa11_name,lsoa11_code,total_population," + ",".join(map(str, range(90))) + ",90+",
        "residents by area and age",
    ),
    "residents by sex": (
        "LAD 2021 Code,LSOA 2021 Code,Total,"
        + ",".join(f"{sex}{age}" for sex in "FM" for age in range(91)),
        "residents by area and age",
    ),
    "deprivation of LLR": ("lsoa11_code,lsoa11_name,IMD_score,IMD_rank,IMD_decile", "deprivation"),
    "deprivation as published": (
        "LSOA code (2011),LSOA name (2011),Local Authority District code (2019),"
        "Index of Multiple Deprivation (IMD) Score,Income Score (rate)",
        "deprivation",
    ),
    "boundaries": ("LSOA21CD,LSOA21NM,BNG_E,BNG_N,LAT,LONG,Shape__Area,GlobalID", "boundaries"),
    "counts": ("Area,Year,Crime type,Count", "counts, not records"),
    "counts of months": ("Month,District,Number of offences", "counts, not records"),
}
NEVER_DRAFTED = set(PUBLISHED) - {"street", "street without outcome", "street of 2011"}

# headings of records, of police forces here and abroad: never another thing
RECORDS = {
    "Los Angeles": (
        "DR_NO,Date Rptd,DATE OCC,TIME OCC,AREA,AREA NAME,Rpt Dist No,Part 1-2,Crm Cd,Crm Cd Desc,"
        "Mocodes,Vict Age,Vict Sex,Vict Descent,Premis Cd,Premis Desc,Weapon Used Cd,Weapon Desc,"
        "Status,Status Desc,Crm Cd 1,LOCATION,Cross Street,LAT,LON"
    ),
    "Chicago": (
        "ID,Case Number,Date,Block,IUCR,Primary Type,Description,Location Description,Arrest,"
        "Domestic,Beat,District,Ward,Community Area,FBI Code,X Coordinate,Y Coordinate,Year,"
        "Updated On,Latitude,Longitude,Location"
    ),
    "New York": (
        "INCIDENT_KEY,OCCUR_DATE,OCCUR_TIME,BORO,LOC_OF_OCCUR_DESC,PRECINCT,LOCATION_DESC,"
        "STATISTICAL_MURDER_FLAG,PERP_AGE_GROUP,VIC_AGE_GROUP,X_COORD_CD,Y_COORD_CD"
    ),
    "with a count": "Crime Ref,Financial Year,Force Name,Offence Code,Date Recorded,Count",
    "with codes of areas": "Crime Number,LSOA21CD,MSOA21CD,LAD23CD,Offence,Start",
    "with deprivation": "URN,HO Class,IMD decile,LSOA code,District code",
    "without any number": "Offence,Offence Code,LSOA code,District code,Victim Age,Weapon",
    "of the contract": "offence_id,offence_code,occurred_from,recorded_on,lsoa_code,easting",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_file_is_named(name):
    headings, said = PUBLISHED[name]
    kind = kind_of(headings.split(","), file="a.csv")
    assert said in kind.name
    assert kind.drafted == (name not in NEVER_DRAFTED)


@pytest.mark.parametrize("name", RECORDS)
def test_records_of_a_force_are_never_taken_for_another_thing(name):
    assert kind_of(RECORDS[name].split(","), file="extract.csv") is None


@given(st.data())
def test_case_order_and_columns_beside_change_nothing(data):
    name = data.draw(st.sampled_from(sorted(PUBLISHED)))
    headings, said = PUBLISHED[name]
    shuffled = data.draw(st.permutations(headings.split(",")))
    turned = data.draw(st.sampled_from([str, str.upper, lambda text: text.replace("_", " ")]))
    beside = data.draw(st.lists(st.sampled_from(["Notes", "Source", "Region name"]), unique=True))
    assert said in kind_of([*map(turned, shuffled), *beside], file="a.csv").name


def test_the_advice_names_the_file_and_the_settings():
    street = kind_of(STREET.split(","), file="2022-01-testshire-street.csv")
    assert "[sources.street]" in street.advice
    assert "2022-01-testshire-street.csv" in street.advice
    crime = kind_of(PUBLISHED["recorded crime"][0].split(","), file="prc.csv")
    assert 'offences = "Number_of_Offences"' in crime.advice
    assert 'force = "Force_Name"' in crime.advice


def test_a_file_of_shapes_is_told_by_its_ending():
    for file in ("lsoa.geojson", "LSOA.SHP"):
        assert "boundaries" in kind_of(["LSOA21CD", "LSOA21NM"], file=file).name


def test_every_table_of_real_open_data_is_named_or_left(open_data):
    wanted = {
        "population": "residents",
        "deprivation": "deprivation",
        "lookups": "lookup",
        "stop_search": "stop and search",
    }
    for folder, said in wanted.items():
        for file in (open_data / folder).glob("*.csv"):
            with file.open(encoding="utf-8-sig") as text:
                assert said in kind_of(next(csv.reader(text)), file=file.name).name, file.name


def test_published_headings_become_those_of_the_contract():
    headings = ["LSOA21CD", "LSOA21NM", "MSOA 2021 Code", "Local Authority District code (2019)"]
    assert contract_names(headings) == dict(
        zip(headings, ["lsoa_code", "lsoa_name", "msoa_code", "district_code"], strict=True)
    )


def test_two_headings_of_one_meaning_are_left_to_the_settings():
    assert contract_names(["LSOA11CD", "LSOA21CD", "LAD22CD"]) == {"LAD22CD": "district_code"}
    assert contract_names(["lsoa_code", "LSOA21CD"]) == {}
    assert contract_names(["population", "area_code", "code", "WD25CD"]) == {}
