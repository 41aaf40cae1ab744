"""Who comes up again, and who is both hurt and suspected: counted together, protected together."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vrn_analysis.count import tables
from vrn_analysis.count.tables import repeats
from vrn_analysis.show import disclosure

ALL_TIMES = [*repeats.TIMES, "All"]
DIMENSIONS = {
    "Victim": ["part", "times_hurt"],
    "Suspect": ["part", "times_suspected"],
    "parts": ["part"],
}
FEW = st.integers(0, 12) | st.integers(0, 400)


def times(people, seed):
    """Return how many of some people come up once, twice and more often, and all of them."""
    random = np.random.default_rng(seed)
    more = random.binomial(people, 0.03)
    twice = random.binomial(people - more, 0.08)
    return [people - twice - more, twice, more, people]


def counted(hurt, suspected, both, seed=0):
    """Return the three tables of people who were hurt only, suspected only, or both."""
    return {
        "Victim": pd.DataFrame(
            {"part": "Victims", "times_hurt": ALL_TIMES, "count": times(hurt + both, seed)}
        ),
        "Suspect": pd.DataFrame(
            {"part": "Suspects", "times_suspected": ALL_TIMES,
             "count": times(suspected + both, seed + 1)}
        ),
        "parts": pd.DataFrame({"part": repeats.PARTS, "count": [hurt, suspected, both]}),
    }  # fmt: skip


def protected(made, profile):
    return disclosure.protect_together(
        made, dimensions=DIMENSIONS, nesting=tables.PART_NESTING, profile=profile
    )


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["nhs_round5", "lt5", "lt10"])
@settings(max_examples=12, deadline=None, derandomize=True)
@given(hurt=FEW, suspected=FEW, both=FEW, seed=st.integers(0, 99))
@example(hurt=0, suspected=10, both=0, seed=0)
@example(hurt=2811, suspected=1082, both=3, seed=0)
def test_it_is_always_possible_and_nothing_is_given_back(profile, hurt, suspected, both, seed):
    made = counted(hurt, suspected, both, seed)
    safe = protected(made, profile)
    found = disclosure.audit(
        safe, dimensions=DIMENSIONS, nesting=tables.PART_NESTING, profile=profile
    )
    assert found["safe"].all()
    small = disclosure.PROFILES[profile].threshold
    for name, table in made.items():
        assert safe[name]["count"].isna()[table["count"].between(1, small - 1)].all()


def test_the_few_who_are_both_do_not_come_back_by_subtraction():
    """2,814 were hurt and 2,811 hurt only: shown exactly, three were both."""
    safe = protected(counted(2811, 1082, 3), "lt5")
    whole = safe["Victim"].set_index("times_hurt")["count"]["All"]
    parts = safe["parts"].set_index("part")["count"]
    assert pd.isna(parts["Both victim and suspect"])
    assert pd.isna(whole) or pd.isna(parts["Victim only"])


def test_the_tables_come_back_as_one_by_role():
    safe = protected(counted(300, 200, 40), "lt5")
    found = tables.repeats_of(safe)
    assert found["role"].unique().tolist() == ["Victim", "Suspect"]
    assert found["times"].tolist() == ALL_TIMES * 2
    assert set(found.columns) == {"role", "times", "count", "status", "count_error"}
