"""Every fault planted in the sample is found, a clean sample has none, and known answers hold."""

import numpy as np
import pytest
import sample_expected

from vrn_analysis import sample
from vrn_analysis.count import assessment
from vrn_analysis.sample import planted
from vrn_analysis.sample.plan import assumptions
from vrn_analysis.say import quality
from vrn_analysis.say.quality import labels, reporting
from vrn_analysis.show import disclosure

pytestmark = pytest.mark.slow

ROWS = 3_000
# what the partner's form does not ask, and breaks, which are no faults of the records
NO_FAULT = {labels.COLUMNS, reporting.BREAKS}


def without_faults():
    """Return the assumptions with every rate of missing, faulty or contradictory values at 0."""
    assumed = assumptions.read()
    for name in ("missing", "wrong_code", "domestic_flag", "sexual_flag", "age_only_band"):
        assumed[name] = dict.fromkeys(assumed[name], 0.0)
    assumed |= {"outside": 0.0, "default_point": 0.0, "noon": 0.0}
    assumed["time_precision"] = {"minute": 1.0, "hour": 0.0, "day": 0.0, "month": 0.0}
    assumed["recording_delay"] |= {"same_day": 1.0}
    assumed["historic"] |= {"sexual": 0.0}
    assumed["status"] = {"recorded": 1.0, "cancelled": 0.0, "transferred": 0.0, "duplicate": 0.0}
    assumed["injury"]["injury"] = [0, 0.8, 0.2, 0]
    assumed["repeats"] |= {"share": 0.0}
    # domestic abuse is between people of 16 and over, so that none is flagged against the statute
    assumed["named_victims"] = {}
    for role in ("victim", "suspect"):
        shares = np.array(assumed["age_profile"]["domestic"][role], dtype=float)
        shares[:3] = 0
        assumed["age_profile"]["domestic"][role] = (shares / shares.sum()).tolist()
    assumed["attendance_sites"] = [site | {"silent": []} for site in assumed["attendance_sites"]]
    assumed["attendances"] |= {"free_text": 0.0, "method_other": 0.0}
    return assumed


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        assumed = without_faults()
        patch.setattr(assumptions, "read", lambda: assumed)
        patch.setattr(planted, "MOST", 0)
        folder = sample.write(tmp_path_factory.mktemp("clean"), rows=ROWS)
    return quality.measure(assessment.open_run(folder))


def rated(measures):
    def protect(table):
        return disclosure.protect(table, dimensions=["aspect", "check"], profile="nhs_round5")

    shown = quality.protected(measures, protect)
    return quality.rated(shown, rules=quality.thresholds(), hidden=7)


@pytest.fixture(scope="module")
def usual(sample_run):
    return sample_run


@pytest.fixture(scope="module")
def measures(usual):
    """Return the true counts of the usual sample's checks."""
    return quality.measure(usual)


@pytest.fixture(scope="module")
def found(measures):
    return measures.set_index("check")[["count", "denominator", "detail"]]


@pytest.fixture(scope="module")
def assumed():
    return assumptions.read()


def holds(row, share, *, of=None):
    """Hold a count to five standard errors of what was planted."""
    n = float(of or row["denominator"])
    assert row["count"] == pytest.approx(n * share, abs=5 * np.sqrt(n * share) + 1)


def test_a_clean_sample_has_no_fault_at_all(clean):
    checked = clean[~clean["aspect"].isin(NO_FAULT)]
    faults = checked[checked["count"] > 0]
    assert faults.empty, faults.to_string()
    assert len(checked) > 50


def test_every_rating_of_a_clean_sample_is_green(clean):
    statement = rated(clean)
    checked = statement[~statement["aspect"].isin(NO_FAULT)]
    assert set(checked["rating"]) == {"Green"}


@pytest.mark.parametrize(
    ("check", "field"),
    [
        ("Location type, no value", "location_type"),
        ("Domestic flag, no value", "domestic_flag"),
        ("Sexual flag, no value", "sexual_flag"),
        ("Injury degree, no value", "injury_degree"),
        ("Weapon, no value", "weapon"),
        ("Small area, no value", "lsoa_code"),
        ("No coordinates", "coordinates"),
        ("Victims, age, neither in years nor as a band", "victim_age"),
        ("Suspects, age, neither in years nor as a band", "suspect_age"),
        ("Victims, sex, no value", "sex"),
        ("Suspects, sex, no value", "sex"),
        ("Victims, self-defined ethnicity, no value", "self_defined_ethnicity"),
        ("Suspects, self-defined ethnicity, no value", "self_defined_ethnicity"),
        ("Victims, home small area, no value", "home_lsoa_code"),
        ("Suspects, relationship to victim, no value", "relationship_to_victim"),
    ],
)
def test_missing_values_are_found_at_the_planted_rate(found, assumed, check, field):
    holds(found.loc[check], assumed["missing"][field])


def test_codes_nobody_knows_of_old_lists_and_oddly_spelt_are_found(found, usual, assumed):
    wrong = assumed["wrong_code"]
    unknown = found.loc["Offence code or title in no list"]
    holds(unknown, wrong["unmapped"])
    planted_codes = sample.truth(usual.folder)["rates"]["unmapped_codes"]
    assert set(unknown["detail"].split(", ")) <= set(planted_codes)
    odd = found.loc["Offence code written in another way, and understood"]
    # some of the odd spellings are those of codes without a letter, which stay as they are
    assert 0.3 * wrong["spelling"] < odd["count"] / odd["denominator"] <= wrong["spelling"] * 1.1
    assert found.loc["Earlier offence code without a verified bridge", "count"] > 0
    holds(found.loc["Offence, no value"], wrong["title_only"])


def test_places_outside_and_on_the_default_point_are_found(found, usual, assumed):
    holds(found.loc["Small area that is not one of the area's"], assumed["outside"])
    holds(found.loc["Outside the area"], assumed["outside"])
    stacked = found.loc["Stacked on a default point"]
    holds(stacked, assumed["default_point"])
    assert stacked["detail"] == "1 point"
    points = quality.points(usual)
    default = points[points["is_default"]][["x", "y"]].drop_duplicates()
    truth = sample.truth(usual.folder)["rates"]["default_point_at"]
    assert default.to_numpy().tolist() == [[float(n) for n in truth]]


def test_the_default_point_is_also_told_by_the_small_areas_it_is_named_in(found):
    elsewhere = found.loc["In another small area than the record names", "count"]
    stacked = found.loc["Stacked on a default point", "count"]
    assert stacked * 0.9 <= elsewhere <= stacked


def test_contradictions_are_found(found, usual, assumed):
    flag = assumed["domestic_flag"]
    offences = usual.records()
    sexual = offences.filter(offences.crime_group == "Sexual offences").count().to_pandas()
    none = found.loc["An offence with injury, but the injury is none", "count"]
    assert none > 0
    if sexual:
        holds(found.loc["A sexual offence that is flagged as not sexual"], 0.01, of=int(sexual))
    # only where a suspect and what they are to the victim is known
    no = found.loc["Flagged not domestic; suspect is a partner or relative"]
    known = assumed["suspects"]["domestic"] * (1 - assumed["missing"]["relationship_to_victim"])
    domestic = sample_expected.expected(usual.folder)["by_context_share"]["domestic"]
    share = domestic * known * flag["domestic_no"] * (1 - assumed["missing"]["domestic_flag"])
    assert no["count"] == pytest.approx(no["denominator"] * share, rel=0.35)
    yes = found.loc["Flagged as domestic; every suspect is known and none is family", "count"]
    assert yes > 0
    assert found.loc[
        "Flagged as sexual; the offence is not a sexual one (it may be right)", "count"
    ]


def test_noon_is_heaped_at_the_planted_rate_and_midnight_is_not(found, assumed):
    minute = assumed["time_precision"]["minute"]
    noon = found.loc["Entered as exactly 12:00 by default"]
    assert noon["count"] == pytest.approx(noon["denominator"] * minute * assumed["noon"], rel=0.15)
    assert found.loc["Entered as exactly 00:00 by default", "count"] == 0


def test_coarse_times_delays_and_duplicates_are_found_at_the_planted_rate(found, assumed):
    precision = assumed["time_precision"]
    coarse = precision["day"] + precision["month"]
    row = found.loc["Hour not known"]
    assert row["count"] / row["denominator"] == pytest.approx(coarse, abs=0.01)
    late = found.loc["Recorded on a later day than it happened"]
    waited = 1 - assumed["recording_delay"]["same_day"]
    assert late["count"] / late["denominator"] == pytest.approx(waited, abs=0.02)
    assert found.loc["Recorded more than a year after it happened", "count"] > 0
    holds(found.loc["Marked as a duplicate by the source"], assumed["status"]["duplicate"])


def test_ages_given_only_as_a_band_are_found(found, assumed):
    share = sum(assumed["age_only_band"].values())
    holds(found.loc["Victims, age, only a band"], share)


def test_silent_sites_are_found_month_by_month(found, usual):
    row = found.loc["Attendances: months a site is silent"]
    silent = sample.truth(usual.folder)["health"]["silent"]
    assert row["count"] == len(silent)
    for site in {one["site_code"] for one in silent}:
        assert site in row["detail"]


def test_the_statement_holds_no_count_of_people_below_the_threshold(measures):
    statement = rated(measures)
    people = statement[~statement["aspect"].isin(quality.OF_NOBODY)]
    shown = people.loc[people["status"] == "shown", "count"]
    assert (shown % 5 == 0).all()
    assert people.loc[people["status"] != "shown", "count"].isna().all()


# ---------------------------------------------------------------- real open data


@pytest.mark.open_data
def test_known_answers_of_real_open_data(open_run):
    measures = quality.measure(open_run)
    found = measures.set_index("check")
    share = found["count"] / found["denominator"]
    assert round(100 * share["Small area, no value"], 2) == 2.17
    worst = found.loc["Small area, month furthest beyond its usual share", "detail"]
    assert worst == "March 2020: 14.2%, 2.2% overall"
    assert found.loc["Alike in every column, without an identifier", "count"] == 5_901
    assert found.loc["Identifier that recurs in a later month", "count"] == 6
    assert found.loc["Moved by the publisher to a shared point", "count"] == 200_618
    assert found.loc["Months without a record", "count"] == 0
    baseline = found.loc["Months short of a year without a break", "detail"]
    assert "Pandemic restrictions: months before it 3, after it 5" in baseline
    ratings = rated(measures).set_index("check")["rating"]
    assert ratings["Small area, month furthest beyond its usual share"] == "Red"
    # expected repeats are no fault
    assert ratings["Alike in every column, without an identifier"] == "Green"
