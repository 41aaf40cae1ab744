"""The data.police.uk archive as received, whole or damaged."""

import zipfile

import pytest

from vrn_analysis.errors import DataError
from vrn_analysis.sources import street

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
)
ASSAULT = "a1,{month},F,F,-1.1,52.6,On or near X,E01,A 001,Violence and sexual offences,,\n"
NUISANCE = ",{month},F,F,-1.1,52.6,On or near X,E01,A 001,Anti-social behaviour,,\n"
NOWHERE = "a2,{month},F,F,,,No location,,,Robbery,,\n"


def archive(path, members):
    with zipfile.ZipFile(path, "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
    return path


def month(name, *rows):
    return HEADER + "".join(row.format(month=name) for row in rows)


def name_of(year_month, force="testshire"):
    return f"{year_month}/{year_month}-{force}-street.csv"


def test_reads_every_month_of_one_force_and_no_other(tmp_path):
    path = archive(
        tmp_path / "a.zip",
        {
            name_of("2020-01"): month("2020-01", ASSAULT, NUISANCE, NUISANCE),
            name_of("2020-02"): month("2020-02", NOWHERE),
            name_of("2020-02", "elsewhere"): month("2020-02", ASSAULT),
            "2020-01/2020-01-testshire-outcomes.csv": "x\n",
        },
    )
    table = street.read([path], force="testshire").to_pandas()
    # the two identical anti-social behaviour rows have no identifier and are both kept
    assert len(table) == 4
    assert table["month"].astype("str").value_counts().to_dict() == {
        "2020-01-01": 3,
        "2020-02-01": 1,
    }
    assert table["lsoa_code"].isna().sum() == 1
    assert street.forces_in(tmp_path) == {"testshire", "elsewhere"}


def test_reads_a_folder_that_was_unpacked(tmp_path):
    file = tmp_path / name_of("2020-01")
    file.parent.mkdir()
    file.write_text(month("2020-01", ASSAULT))
    assert street.read([tmp_path], force="testshire").num_rows == 1


def test_empty_zip_names_the_file_it_wants(tmp_path):
    path = archive(tmp_path / "a.zip", {})
    with pytest.raises(DataError, match=r"a\.zip: no file named YYYY-MM-testshire-street\.csv"):
        street.read([path], force="testshire")


def test_file_that_is_no_zip(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK not really")
    with pytest.raises(DataError, match=r"a\.zip is not a readable zip file"):
        street.read([tmp_path / "a.zip"], force="testshire")


def test_zip_cut_short(tmp_path):
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): month("2020-01", *[ASSAULT] * 500)})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError, match="cut short"):
        street.read([path], force="testshire")


def test_damaged_member_is_named(tmp_path):
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): month("2020-01", ASSAULT)})
    content = bytearray(path.read_bytes())
    at = content.index(b"Anti" if b"Anti" in content else b"Violence")
    content[at : at + 4] = b"XXXX"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"2020-01-testshire-street\.csv is damaged"):
        street.read([path], force="testshire")


def test_missing_column_is_named_with_the_file(tmp_path):
    text = month("2020-01", ASSAULT).replace("Crime type", "Kind")
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): text})
    with pytest.raises(DataError, match=r"street\.csv: 1 column\(s\) missing: Crime type"):
        street.read([path], force="testshire")


def test_csv_cut_short_inside_a_record(tmp_path):
    text = month("2020-01", ASSAULT, ASSAULT)[:-60]
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): text})
    with pytest.raises(DataError, match="cannot be read"):
        street.read([path], force="testshire")


def test_empty_member(tmp_path):
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): ""})
    with pytest.raises(DataError, match="is empty"):
        street.read([path], force="testshire")
