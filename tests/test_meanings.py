"""Labels read by their words: what is understood stays so, and what is in doubt stays unknown."""

import csv
import random
import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.read.extracts.labels import flags_in
from vrn_analysis.read.extracts.meanings import explain, meaning
from vrn_analysis.read.extracts.vocabulary import OPEN, WORDED, plain, vocabulary

FOLDER = Path(__file__).parent / "labels"
COLUMNS = {"ethnicity": "self_defined_ethnicity", "flag": "domestic_flag"}


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# every label that the list of exact labels understood, before labels were read by their words
UNDERSTOOD = [
    (COLUMNS.get(row["field"], row["field"]), row["label"], row["value"])
    for row in rows("understood.csv")
    # a mark of a sexual element says nothing of domestic abuse: the list took it for both
    if not (row["field"] == "flag" and "sexual" in row["label"])
]
# written in the words of other systems before there was anything to read them
GOLDEN = rows("golden.csv")
ANSWERS = {"unknown": None, "not known": ""}
PLACES = {
    row["location_type"]: row["place_class"]
    for row in csv.DictReader(
        (FOLDER.parents[1] / "data/reference/location_types.csv").open(encoding="utf-8")
    )
}


def test_every_label_of_the_list_is_understood_as_it_was():
    assert len(UNDERSTOOD) > 2_200
    found = [(column, label, meaning(label, column)) for column, label, _ in UNDERSTOOD]
    assert found == UNDERSTOOD


def test_a_mark_of_domestic_abuse_says_nothing_of_a_sexual_element_nor_the_other_way():
    flags = [row["label"] for row in rows("understood.csv") if row["field"] == "flag"]
    for label in flags:
        domestic, sexual = (meaning(label, name) for name in ("domestic_flag", "sexual_flag"))
        assert domestic == sexual or None in (domestic, sexual)
    assert meaning("Domestic", "sexual_flag") is None
    assert meaning("Sexual element", "sexual_flag") == "yes"
    assert meaning("Sexual element", "domestic_flag") is None


def test_dashes_and_capitals_take_nothing_from_the_list():
    lost = [
        (column, label)
        for column, label, value in UNDERSTOOD
        if meaning(label.replace(" ", " - ", 1).upper(), column) != value
    ]
    assert lost == []


def test_no_label_of_other_systems_is_read_wrong():
    wrong = [
        (row["column"], row["label"], row["answer"], found)
        for row in GOLDEN
        if (found := meaning(row["label"], row["column"])) is not None
        and found != ANSWERS.get(row["answer"], row["answer"])
    ]
    assert wrong == []
    assert sum(row["trap"] == "yes" for row in GOLDEN) >= 300


def test_labels_of_other_systems_that_are_plain_are_understood():
    plainly = [row for row in GOLDEN if row["trap"] == "no"]
    understood = [row for row in plainly if meaning(row["label"], row["column"]) is not None]
    assert len(understood) >= 0.98 * len(plainly)


def test_a_reason_is_given_for_what_is_not_understood_and_only_for_that():
    for row in GOLDEN:
        reason = explain(row["label"], row["column"])
        assert bool(reason) == (meaning(row["label"], row["column"]) is None)
        assert not reason or re.fullmatch(r"[^\n]+\.", reason)


def test_every_word_that_is_meant_is_one_of_the_contract():
    allowed = {column.name: column.allowed for column in [*OFFENCES, *PERSONS]}
    allowed |= {"location_type": tuple(PLACES), "domestic_flag": ("yes", "no")}
    allowed |= {"sexual_flag": ("yes", "no"), "investigation_outcome": ()}
    for column in WORDED:
        own = vocabulary(column)
        meant = {
            value
            for term in own.terms.values()
            for value in term.values
            if term.kind in ("says", "may")
        }
        meant |= {*own.whole.values(), *own.over} - {""}
        assert not allowed[column] or meant <= {*allowed[column]}, column


@pytest.mark.slow
def test_two_places_one_in_public_and_one_not_are_never_one_of_them():
    terms = vocabulary("location_type").terms.values()
    says = [term for term in terms if term.kind == "says" and len(term.text) < 12]
    inside = [t.text for t in says if {PLACES[value] for value in t.values} <= {*OPEN}]
    outside = [t.text for t in says if {PLACES[value] for value in t.values} == {"private"}]
    pairs = random.Random(11).sample(list(product(inside, outside)), 1_500)
    listed = {plain(text) for text in vocabulary("location_type").terms}
    labels = [f"{a}{s}{b}" for pair in pairs for a, b in (pair, pair[::-1]) for s in ("/", ", ")]
    guessed = {label for label in labels if meaning(label, "location_type") is not None}
    assert {label for label in guessed if plain(label) not in listed} == set()


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Farm/private house", None),
        ("House/place of worship", None),
        ("Garden/shopping centre", None),
        ("Car park (multi storey)", "car_park"),
        ("Residential - garden/driveway", "garden"),
        ("Bus/train station", "station"),
        ("Hotel - bedroom/bar", None),
        ("Rear garden of dwelling", "garden"),
        ("Garden centre car park", "car_park"),
        ("Hospital grounds", None),
        ("barracks", None),
        ("Front of house", None),
        ("Dwelling - front", None),
        ("University accommodation", None),
        ("Front/rear garden", "garden"),
        ("", ""),
        ("---", ""),
    ],
)
def test_places_by_their_head(label, value):
    assert meaning(label, "location_type") == value


@pytest.mark.parametrize(
    ("label", "value"),
    [
        # the group before a mark says only what is possible, and the detail decides
        ("Open Space: Street", "street"),
        ("Open Space > Footpath", "street"),
        ("Open space | Walkway", "street"),
        ("RECREATIONAL - SKATE PARK", "park"),
        ("RECREATIONAL - LEISURE CENTRE / GYM", "sports_venue"),
        ("Vehicle Parking - Multi-Storey", "car_park"),
        ("Night Time Economy > Public House", "pub_or_club"),
        ("CUSTODIAL - POLICE CUSTODY SUITE", "custody_suite"),
        ("Residential: Caravan (home)", "houseboat_or_caravan"),
        ("Residential: Hotel Bedroom", "hotel_room"),
        ("Residential - Bedsit / HMO room", "dwelling"),
        # unless it is no such place
        ("Open Space: House", None),
        ("Residential - Park", None),
        ("Recreational - Private garden", None),
        ("Commercial: Garden", None),
        ("Vehicle Parking - Private car park", None),
        ("Custodial - Street", None),
        ("Recreational", None),
        # codes are no words, and "a, b or c" is three alternatives
        ("DW03 Student accommodation - bedroom", "dwelling"),
        ("OS01 Park / gardens (council)", "park"),
        ("TR03 Bus, rail or tram station", "station"),
        ("Garden, street or park", None),
        ("Hotel", "other"),
        ("Hospital - grounds", None),
    ],
)
def test_the_detail_of_a_group_decides(label, value):
    assert meaning(label, "location_type") == value


@pytest.mark.parametrize(
    ("column", "label", "value"),
    [
        ("relationship_to_victim", "Parent (inc. step)", "parent"),
        ("relationship_to_victim", "Sibling (inc. half / step)", "sibling"),
        ("relationship_to_victim", "No prior relationship (stranger)", "stranger"),
        ("relationship_to_victim", "No prior relationship (ex-partner)", None),
        (
            "relationship_to_victim",
            "Professional contact (e.g. teacher, nurse, carer)",
            "professional",
        ),
        ("relationship_to_victim", "Professional contact (e.g. friend)", None),
        ("relationship_to_victim", "Unable to determine", ""),
        ("weapon", "Broken bottle / glass", "knife_or_sharp"),
        ("weapon", "Something else", "other"),
        ("status", "Closed - filed pending further information", "recorded"),
        ("status", "Filed - no crime", None),
        ("role", "OFF - Offender", "suspect"),
        ("role", "S - Suspect", "suspect"),
        ("role", "REP - Reporting Person", ""),
        ("role", "WIT - Witness", ""),
        ("role", "WIT - Victim", None),
        ("role", "Victim or suspect", None),
    ],
)
def test_what_stands_beside_a_label_agrees_with_it_or_leaves_it_in_doubt(column, label, value):
    assert meaning(label, column) == value


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("EX-BOYFRIEND/GIRLFRIEND", "ex_partner"),
        ("Girlfriend/ex-boyfriend", None),
        ("Ex-wife/current wife", None),
        ("Boyfriends ex", None),
        ("Wife's ex-husband", None),
        ("Victim was ex-spouse", "ex_partner"),
        ("SON/DAUGHTER OF VICTIM", "child"),
        ("Victim is child", "parent"),
        ("X", None),
    ],
)
def test_whose_relation_it_is_decides(label, value):
    assert meaning(label, "relationship_to_victim") == value


def test_all_types_of_outcome_are_known_by_number():
    for number in range(1, 23):
        said = {
            meaning(text.format(number), "investigation_outcome")
            for text in ("{}", "Type {}", "OC{}", "Outcome {}: see file", "type {:02}")
        }
        assert len(said) == 1
        assert said.pop()
        assert meaning(f"Type {number}", "status") == "recorded"
    assert meaning("Type 23", "investigation_outcome") is None
    assert meaning("Outcome 18: Charged", "investigation_outcome") is None


def test_a_cancelled_record_has_no_outcome_and_an_outcome_no_doubt_of_its_record():
    assert meaning("Cancelled (AVI)", "investigation_outcome") == ""
    assert meaning("Cancellation refused", "status") is None
    assert meaning("Transferred to external agency", "status") is None
    assert meaning("18", "status") is None


def test_marks_alone_say_not_known_but_for_a_role_and_letters_of_others_say_nothing():
    assert meaning("?", "sex") == meaning("-", "status") == ""
    assert meaning("??", "role") is None
    assert meaning("улица", "location_type") is None


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("DOMESTIC ABUSE, KNIFE ENABLED", {"domestic_flag": "yes", "weapon": "knife_or_sharp"}),
        ("DA; ALCOHOL; KNIFE", {"domestic_flag": "yes", "weapon": "knife_or_sharp"}),
        ("Domestic|Hate", {"domestic_flag": "yes"}),
        ("Non-domestic, Firearm", {"domestic_flag": "no", "weapon": "firearm"}),
        ("DA, Not DA", {}),
        ("Domestic burglary, Alcohol", {}),
        ("Knife, Firearm", {}),
        ("Y", {}),
        ("", {}),
    ],
)
def test_keywords_of_a_cell(cell, says):
    assert flags_in(cell) == says


@pytest.mark.parametrize(
    ("label", "value"), [("Resturant", "restaurant_or_takeaway"), ("Superamrket", "shop")]
)
def test_a_long_word_may_be_misspelt(label, value):
    assert meaning(label, "location_type") == value


PARTS = [row for row in GOLDEN if "/" in row["label"] and "ex" not in row["label"].lower()]


@given(st.sampled_from(GOLDEN), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_capitals_change_nothing(row, case):
    assert meaning(case(row["label"]), row["column"]) == meaning(row["label"], row["column"])


@given(st.sampled_from(GOLDEN), st.sampled_from([": ", " ; ", ", ", " (", "  -  "]))
def test_marks_and_spaces_change_nothing(row, mark):
    said = re.sub(r" - |: |; |, ", mark, row["label"])
    assert meaning(f"  {said} ", row["column"]) == meaning(row["label"], row["column"])


@given(st.sampled_from(PARTS), st.randoms())
def test_the_order_of_alternatives_never_makes_another_meaning(row, chance):
    start, *rest = re.split(r"(?<= - )|(?<=: )", row["label"], maxsplit=1)
    last = (rest or [start])[0].split("/")
    chance.shuffle(last)
    said = meaning((start if rest else "") + "/".join(last), row["column"])
    assert said in (None, meaning(row["label"], row["column"])) or not meaning(
        row["label"], row["column"]
    )


@given(st.sampled_from(UNDERSTOOD), st.randoms(), st.sampled_from("aeinorst"))
def test_a_slip_of_the_pen_never_makes_another_place(known, chance, letter):
    column, label, value = known
    words = label.split()
    long = [at for at, word in enumerate(words) if len(word) >= 8]
    if column != "location_type" or not long:
        return
    at = chance.choice(long)
    spot = chance.randrange(1, len(words[at]))
    words[at] = words[at][:spot] + letter + words[at][spot + chance.randrange(2) :]
    assert meaning(" ".join(words), column) in (None, value)
