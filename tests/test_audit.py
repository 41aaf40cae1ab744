"""A reader of the whole briefing: what tables of several notebooks and editions give away."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from disclosure_tables import counted

from vrn_analysis.briefing.guard import audit
from vrn_analysis.briefing.run import memory
from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import AssessmentError, DisclosureError
from vrn_analysis.show import disclosure, publish
from vrn_analysis.show.publish import ledger

LOOKUP = pd.DataFrame(
    {
        "lsoa_code": [f"L{n:02}" for n in range(12)],
        "msoa_code": [f"M{n // 3}" for n in range(12)],
        "district_code": [f"D{n // 6}" for n in range(12)],
    }
)
SAYS_3 = re.compile(r"(?<![\w.-])3(?![\w-])")
MONTHS = pd.date_range("2023-04-01", periods=12, freq="MS")


class Run:
    """As much of a run as publishing needs."""

    lookup = LOOKUP
    months = MONTHS
    period = "April 2023 to March 2024"
    credit = "SYNTHETIC"

    def __init__(self, profile="lt5", audience="partners", sources=None):
        self.settings = Settings(
            title="A",
            kind="sample",
            area_name="A",
            sources=sources or {},
            disclosure_profile=profile,
            audience=audience,
        )


def later(run, months):
    """Return the run of a later delivery."""
    run.months = months
    run.period = f"{months[0]:%B %Y} to {months[-1]:%B %Y}"
    return run


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Return a function that starts a notebook's own output folder."""

    def start(name):
        folder = tmp_path / "made" / name
        folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv("VRN_OUTPUT", str(folder))

    start.made = tmp_path / "made"
    start.output = tmp_path / "out"
    return start


def headline(run, certain, unknown):
    table = pd.DataFrame({"bound": ["IN", "IN + UNKNOWN"], "count": [certain, certain + unknown]})
    return publish.protect(table, run, dimensions=["bound"])


def by(column, counts):
    return pd.DataFrame({column: list(counts), "count": list(counts.values())})


def found(notebook):
    return audit.problems(audit.read(notebook.made))


# within one edition


def test_two_notebooks_that_cut_the_same_records_apart_are_caught(notebook):
    """Weapons hide 3; a grouping of them in another notebook gives it back by subtraction."""
    run = Run()
    notebook("05_time")
    weapons = {"Knife": 40, "Blunt": 30, "Firearm": 3, "Vehicle": 4, "None": 23}
    shown = publish.protect(by("weapon", weapons), run, dimensions=["weapon"])
    assert shown["status"].eq("suppressed").sum() == 2
    headline(run, 100, 20)
    assert not found(notebook)
    notebook("06_more")
    groups = {"Knife or firearm": 43, "Others": 57}
    whole = dict.fromkeys(weapons, "Others") | dict.fromkeys(["Knife", "Firearm"], [*groups][0])
    inside = {("weapon", "group"): whole}
    publish.protect(by("group", groups), run, dimensions=["group"], nesting=inside)
    (said,) = [line for line in found(notebook) if "05_time" in line]
    assert "2 small counts" in said
    assert "Firearm" in said
    assert not SAYS_3.search(said)


def test_under_25_with_25_and_over_give_the_unknown_back(notebook):
    run = Run()
    notebook("02_definition")
    ages = {"UNDER_25": 60, "25_AND_OVER": 37, "UNKNOWN_AGE": 3}
    first = pd.concat([by("age_focus", ages), by("age_focus", {"All": 100})], ignore_index=True)
    publish.protect(first, run, dimensions=["age_focus"])
    assert not found(notebook)
    notebook("04_people")
    parts = {"UNDER_25": 60, "25_AND_OVER": 37}
    publish.protect(by("age_focus", parts), run, dimensions=["age_focus"], of="young and old")
    sets = audit.read(notebook.made)
    for content in sets.values():
        content["of"] = "offences"
    assert audit.problems(sets)


def test_bounds_of_the_headline_give_a_small_unknown_back(notebook):
    notebook("03_scale")
    headline(Run(), 100, 3)
    assert any("outcome UNKNOWN" in line for line in found(notebook))
    assert not SAYS_3.search("".join(found(notebook)))


def test_small_areas_that_sum_to_middle_areas_of_another_notebook(notebook):
    run = Run()
    random = np.random.default_rng(5)
    counts = random.integers(0, 30, len(LOOKUP))
    counts[:3] = [2, 17, 25]
    small = pd.DataFrame({"area_code": LOOKUP["lsoa_code"], "count": counts})
    notebook("06_hotspots")
    publish.protect(small, run, dimensions=["area_code"])
    assert not found(notebook)
    middle = small.groupby(LOOKUP["msoa_code"])["count"].sum().rename_axis("area_code")
    notebook("09_inequality")
    publish.protect(middle.reset_index(), run, dimensions=["area_code"])
    assert any("lsoa_code L00" in line for line in found(notebook))


def test_an_area_edition_and_the_districts_of_the_full_one_are_set_beside_each_other(notebook):
    run = Run()
    run.lookup = LOOKUP.assign(
        district_code=[f"D{n // 3}" for n in range(12)],
        district_name=[f"District {n // 3}" for n in range(12)],
    )
    notebook("06_hotspots")
    districts = pd.DataFrame({"area_code": ["D0", "D1", "D2", "D3"], "count": [3, 40, 4, 60]})
    shown = publish.protect(districts, run, dimensions=["area_code"])
    assert shown["count"].isna().sum() == 2
    notebook("21_one_area")
    beside = pd.DataFrame({"area_code": ["District 1", "Rest"], "count": [40, 67]})
    publish.protect(beside, run, dimensions=["area_code"])
    assert not found(notebook)
    notebook("21_another_area")
    beside = pd.DataFrame({"area_code": ["District 0", "Rest"], "count": [3, 104]})
    shown = publish.protect(beside, run, dimensions=["area_code"])
    assert shown["count"].isna().tolist() == [True, False]
    # both rests are shown, and with the first area they differ by the three of the second
    assert any("06_hotspots" in line for line in found(notebook))


def test_months_sum_to_years_of_another_notebook(notebook):
    run = Run()
    counts = dict.fromkeys(MONTHS, 20) | {MONTHS[4]: 3}
    notebook("03_scale")
    publish.protect(by("month", counts), run, dimensions=["month"])
    headline(run, sum(counts.values()), 50)
    assert any("month 2023-08-01" in line for line in found(notebook))


def test_the_sum_of_hidden_months_is_safe(notebook):
    run = Run()
    counts = dict.fromkeys(MONTHS, 20) | {MONTHS[4]: 3, MONTHS[5]: 2, MONTHS[6]: 30}
    notebook("03_scale")
    tables = {"months": by("month", counts), "all": pd.DataFrame({"count": [215]})}
    publish.protect(tables, run)
    headline(run, 215, 50)
    assert not found(notebook)


def test_a_pack_that_ends_earlier_is_of_the_same_records(notebook):
    """Its totals are fewer, so it says itself that it counts what the other notebooks count."""
    run = Run()
    notebook("03_scale")
    counts = dict.fromkeys(MONTHS, 25) | {MONTHS[4]: 3, MONTHS[5]: 20}
    tables = {"months": by("month", counts), "all": pd.DataFrame({"count": [273]})}
    shown = publish.protect(tables, run)["months"].set_index("month")["count"]
    headline(run, 273, 50)
    assert shown[[MONTHS[4], MONTHS[5]]].isna().all()
    notebook("20_pack")
    part = {month: counts[month] for month in MONTHS[5:9]}
    publish.protect({"months": by("month", part)}, run, of=audit.RECORDS)
    assert any("small counts" in said for said in found(notebook))


def test_one_name_for_two_things_is_told_with_the_remedy(notebook):
    run = Run()
    notebook("06_hotspots")
    publish.protect(by("band", {1: 50, 2: 50}), run, dimensions=["band"])
    notebook("09_inequality")
    publish.protect(by("band", {1: 70, 2: 30}), run, dimensions=["band"])
    (said,) = found(notebook)
    assert "of=" in said
    assert "09_inequality" in said
    notebook("10_named")
    publish.protect(by("band", {1: 20, 2: 80}), run, dimensions=["band"], of="income")
    assert len(found(notebook)) == 1


def test_different_records_are_not_set_beside_each_other(notebook):
    run = Run()
    notebook("04_people")
    publish.protect(by("sex", {"Female": 40, "Male": 3}), run, dimensions=["sex"])
    notebook("07_health")
    publish.protect(by("sex", {"Female": 400, "Male": 120}), run, dimensions=["sex"])
    assert not found(notebook)


# twenty random sets of linked tables, cut up among notebooks


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_what_was_protected_together_is_safe_in_pieces_and_a_planted_leak_is_not(seed):
    random = np.random.default_rng(seed)
    profile = ["lt5", "lt10", "nhs_round5"][seed % 3]
    records = pd.DataFrame(
        {
            "lsoa_code": random.choice(LOOKUP["lsoa_code"], 220),
            "sex": random.choice(["Female", "Male"], 220, p=[0.3, 0.7]),
            "age": random.choice(["0 to 17", "18 to 24", "25 and over"], 220),
            "count": 1,
        }
    ).merge(LOOKUP, on="lsoa_code")
    dimensions = {
        "small": ["lsoa_code"], "middle": ["msoa_code"], "wide": ["district_code", "sex"],
        "people": ["sex", "age"],
    }  # fmt: skip
    tables = {name: counted(records, columns) for name, columns in dimensions.items()}
    nesting = {
        ("lsoa_code", whole): dict(zip(LOOKUP["lsoa_code"], LOOKUP[whole], strict=True))
        for whole in ("msoa_code", "district_code")
    }
    safe = disclosure.protect_together(
        tables, dimensions=dimensions, profile=profile, nesting=nesting
    )
    sets = {
        f"{number:02}_notebook.001.json": content(safe[name], dimensions[name], profile, nesting)
        for number, name in enumerate(tables)
    }
    assert not audit.problems(sets)
    hidden = np.flatnonzero(safe["small"]["status"] == "suppressed")
    if len(hidden):
        true = tables["small"]["count"].to_numpy()
        leak = safe["small"].iloc[hidden[:1]].assign(count=true[hidden[:1]])
        sets["99_leak.001.json"] = content(leak, ["lsoa_code"], profile, nesting)
        told = audit.problems(sets)
        small = true[hidden[0]] < disclosure.PROFILES[profile].threshold
        assert bool(told) or not small


def content(table, dimensions, profile, nesting):
    """Return what the ledger keeps of one table."""
    pairs = [[*pair, [[p, w] for p, w in inside.items()]] for pair, inside in nesting.items()]
    shown = [None if pd.isna(value) else int(value) for value in table["count"]]
    labels = [table[name].astype(str).tolist() for name in dimensions]
    rows = {"dimensions": dimensions, "labels": labels, "count": shown, "marks": {}}
    return {
        "profile": profile, "audience": "partners", "of": "offences", "period": "", "months": [],
        "mark": "", "nesting": pairs, "tables": {"t": rows},
    }  # fmt: skip


# several editions


def edition(notebook, name, run, counts, total=None):
    """Leave what one edition shows; return its ledger alone."""
    notebook(f"{name}/03_scale")
    headline(run, total or sum(counts.values()), 50)
    publish.protect(by("weapon", counts), run, dimensions=["weapon"])
    return audit.read(notebook.made / name)


WEAPONS = {"Knife": 40, "Blunt": 30, "Firearm": 3, "Vehicle": 4, "None": 23}


def test_readers_of_the_public_edition_do_not_have_that_of_partners(notebook):
    edition(notebook, "partners", Run("lt5"), WEAPONS)
    edition(notebook, "public", Run("nhs_round5", audience="public"), WEAPONS)
    assert not found(notebook)


def test_an_edition_of_a_laxer_profile_is_no_leak_of_the_other_but_judged_by_its_own(notebook):
    edition(notebook, "partners", Run("lt5"), {"Knife": 40, "Blunt": 7, "None": 30})
    edition(notebook, "public", Run("nhs_round5", "public"), {"Knife": 40, "Blunt": 7, "None": 30})
    assert not found(notebook)


def test_a_cell_that_the_public_edition_shows_unhidden_is_caught(notebook):
    edition(notebook, "partners", Run("lt5"), WEAPONS)
    sets = audit.read(notebook.made)
    sets["public/03.json"] = json.loads(json.dumps(sets["partners/03_scale/03_scale.002.json"]))
    public = sets["public/03.json"]
    public["audience"], public["tables"]["table"]["count"] = "public", [40, 30, 3, 4, 23]
    assert any("small counts are shown" in line for line in audit.problems(sets))


def test_an_internal_edition_without_protection_is_no_leak_of_that_for_partners(notebook):
    edition(notebook, "internal", Run("none_internal", "internal"), WEAPONS)
    edition(notebook, "partners", Run("lt5"), WEAPONS)
    assert not found(notebook)


def quarters(notebook, first, second):
    """Return the ledgers of two deliveries, the second with three more months."""
    name = f"{sum(second.values())}"
    before = edition(notebook, f"before {name}", Run(), first)
    more = later(Run(), pd.date_range("2023-04-01", periods=15, freq="MS"))
    return before, edition(notebook, f"after {name}", more, second)


def test_the_months_between_two_deliveries_are_not_given_away(notebook):
    first = {"Knife": 40, "Blunt": 30, "None": 23}
    before, after = quarters(notebook, first, {"Knife": 49, "Blunt": 42, "None": 23})
    assert not audit.earlier_problems(after, before)
    before, after = quarters(notebook, first, {"Knife": 43, "Blunt": 42, "None": 23})
    (said,) = audit.earlier_problems(after, before)
    assert "no table shows" in said


def test_two_refreshes_are_attacked_as_each_reader_has_them(notebook):
    """Seven more is small by the public profile; an earlier version judged it by the internal."""

    def both(name, months, counts):
        sets = {}
        for profile, audience in (("lt5", "internal"), ("lt10", "public")):
            run = later(Run(profile, audience=audience), months)
            sets |= edition(notebook, f"{name}/{audience}", run, counts)
        return audit.read(notebook.made / name)

    more = pd.date_range("2023-04-01", periods=15, freq="MS")
    before = both("before", MONTHS, {"Knife": 40, "Blunt": 30, "None": 23})
    after = both("after", more, {"Knife": 47, "Blunt": 42, "None": 23})
    assert not audit.earlier_problems(
        *(
            {n: c for n, c in sets.items() if c["audience"] == "internal"}
            for sets in (after, before)
        )
    )
    (said,) = audit.earlier_problems(after, before)
    assert "no table shows" in said


def test_a_revised_count_is_left_out_of_account(notebook):
    before, _ = quarters(notebook, {"Knife": 40, "Blunt": 30}, {"Knife": 60, "Blunt": 50})
    revised = edition(notebook, "revised", Run(), {"Knife": 42, "Blunt": 29})
    assert not audit.earlier_problems(revised, before)


def test_an_edition_by_another_definition_is_no_obstacle(notebook):
    before = edition(notebook, "before", Run(), {"Knife": 90, "Blunt": 80, "None": 3}, total=500)
    after = edition(notebook, "after", Run(), {"Knife": 40, "Blunt": 30, "None": 23})
    assert not audit.earlier_problems(after, before)
    assert not audit.problems(after)


def test_a_hidden_count_shown_by_the_next_edition_of_the_same_data_is_caught(notebook):
    groups = {"Knife": 40, "Blunt": 30, "None": 23, "Firearm": 3, "Vehicle": 4}
    before = edition(notebook, "before", Run(), groups)
    folded = {"Knife": 40, "Blunt": 30, "None or firearm": 26, "Vehicle": 4}
    notebook("after/03_scale")
    run = Run()
    headline(run, 100, 50)
    whole = {name: name for name in folded} | dict.fromkeys(["None", "Firearm"], [*folded][2])
    inside = {("weapon", "fold"): whole}
    publish.protect(by("fold", folded), run, dimensions=["fold"], nesting=inside)
    after = audit.read(notebook.made / "after")
    assert audit.earlier_problems(after, before)


# the folder


def test_a_leak_stops_the_build_and_the_ledger_is_never_published(notebook):
    run = Run()
    notebook("03_scale")
    headline(run, 100, 3)
    with pytest.raises(DisclosureError, match=r"1 of its tables.*publish\.protect") as fault:
        audit.check(notebook.made, output=notebook.output)
    assert "outcome UNKNOWN" in str(fault.value)
    audit.read(notebook.made)["03_scale/03_scale.001.json"]


def test_what_is_approved_is_remembered_and_a_draft_is_not(notebook):
    edition(notebook, "a", Run(), {"Knife": 40, "Blunt": 30})
    sets = audit.read(notebook.made)
    audit.check(notebook.made, output=notebook.output)
    assert not memory.file(notebook.output).exists()
    assert not list(notebook.made.rglob(ledger.FOLDER))
    edition(notebook, "a", Run(), {"Knife": 40, "Blunt": 30})
    audit.check(notebook.made, output=notebook.output, is_approved=True)
    assert memory.read(notebook.output) == [memory.kept(sets)]


def test_an_approved_edition_and_a_later_one_are_attacked_together(notebook):
    edition(notebook, "a", Run(), {"Knife": 40, "Blunt": 30, "None": 23})
    audit.check(notebook.made, output=notebook.output, is_approved=True)
    more = later(Run(), pd.date_range("2023-04-01", periods=15, freq="MS"))
    edition(notebook, "a", more, {"Knife": 43, "Blunt": 42, "None": 23})
    with pytest.raises(DisclosureError, match="no table shows"):
        audit.check(notebook.made, output=notebook.output, is_approved=True)
    assert len(memory.read(notebook.output)) == 1


def test_a_memory_that_cannot_be_read_stops_with_the_remedy(notebook):
    memory.file(notebook.output).parent.mkdir(parents=True, exist_ok=True)
    memory.file(notebook.output).write_text("{")
    with pytest.raises(AssessmentError, match="from a copy"):
        audit.check(notebook.made, output=notebook.output)


def test_the_ledger_holds_no_count_that_is_hidden_and_no_small_total(notebook):
    run = Run()
    notebook("04_people")
    publish.protect(by("sex", {"Female": 2, "Male": 3}), run, dimensions=["sex"])
    (kept,) = audit.read(notebook.made).values()
    assert kept["mark"] == ""
    assert kept["tables"]["table"]["count"] == [None, None]


def test_without_an_output_folder_nothing_is_kept(monkeypatch):
    monkeypatch.delenv("VRN_OUTPUT", raising=False)
    assert len(publish.protect(by("sex", {"Female": 2}), Run(), dimensions=["sex"])) == 1
