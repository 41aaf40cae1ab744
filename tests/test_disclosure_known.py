"""What a reader knows to be nought gives nobody away, and is no reason to refuse or to hide."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from vrn_analysis.core.errors import DisclosureError
from vrn_analysis.show import disclosure
from vrn_analysis.show.disclosure.attacker import Attack
from vrn_analysis.show.disclosure.knowledge import Findings, findings, refuse_worked_out
from vrn_analysis.show.disclosure.profiles import named


def test_only_what_is_unsafe_when_followed_to_its_end_is_refused():
    ends = np.array([0.0, 2.0, 3.0])
    found = Findings(np.array([4, 7, 9]), ends, ends, np.ones(3), np.array([True, False, True]))
    refuse_worked_out(found, [4, 9])
    with pytest.raises(DisclosureError, match="1 small counts can be worked out"):
        refuse_worked_out(found, [4, 7, 9])


@pytest.mark.parametrize("thorough", [False, True])
def test_a_part_of_a_shown_nought_is_nought_and_a_part_of_a_shown_few_is_not_safe(thorough):
    # one whole is 0 and one is 3; of each, two parts stand in no table
    equations = sparse.csr_matrix([[-1, 0, 1, 1, 0, 0], [0, -1, 0, 0, 1, 1.0]])
    lower, upper = np.array([0, 3.0, 0, 0, 0, 0]), np.array([0, 3.0] + [np.inf] * 4)
    attack = Attack(equations, lower, upper)
    found = findings(attack, np.array([False] * 2 + [True] * 4), named("lt5"), thorough=thorough)
    safe = dict(zip(found.numbers.tolist(), found.safe.tolist(), strict=True))
    if thorough:
        assert safe == {2: True, 3: True, 4: False, 5: False}
    assert not safe[4]
    assert not safe[5]


@pytest.mark.parametrize("profile", ["lt5", "lt10", "nhs_round5"])
def test_a_group_of_nobody_stays_shown_beside_parts_that_do_not_list_everybody(profile):
    # of suspects there are none, and the table of two sexes does not list the others
    whole = pd.DataFrame({"role": ["Victim", "Suspect"], "count": [200, 0]})
    keys = pd.MultiIndex.from_product([["Victim", "Suspect"], ["Female", "Male"]])
    parts = keys.to_frame(index=False, name=["role", "sex"]).assign(count=[120, 77, 0, 0])
    dimensions = {"whole": ["role"], "parts": ["role", "sex"]}
    inside = {("sex", "sex"): dict.fromkeys(["Female", "Male", "Other"], "All")}
    safe = disclosure.protect_together(
        {"whole": whole, "parts": parts}, dimensions=dimensions, profile=profile, nesting=inside
    )
    assert safe["parts"].loc[safe["parts"]["role"] == "Suspect", "count"].tolist() == [0, 0]
    victims = [safe["whole"]["count"][0], *safe["parts"]["count"][:2]]
    rounded = profile == "nhs_round5"  # which leaves 0 to 11 of another sex possible
    assert pd.isna(victims).any() != rounded, "three victims of another sex would be the rest"


def test_a_part_that_no_table_shows_of_a_shown_nought_is_nought_whatever_the_sums():
    # counted by month, each month has a third kind that only the table by kind lists: of nobody
    months, kinds = ["2024-01", "2024-02"], ["Robbery", "Injury"]
    keys = pd.MultiIndex.from_product([months, kinds]).to_frame(index=False, name=["month", "kind"])
    tables = {
        "months": pd.DataFrame({"month": months, "count": [20, 20]}),
        "monthly": keys.assign(count=[10, 10, 10, 10]),
        "kinds": pd.DataFrame({"kind": [*kinds, "Not known"], "count": [20, 20, 0]}),
    }
    dimensions = {"months": ["month"], "monthly": ["month", "kind"], "kinds": ["kind"]}
    inside = {("kind", "kind"): dict.fromkeys([*kinds, "Not known"], "All")}

    def unsafe():
        shown = {
            name: table.astype({"count": "Int64"}).assign(status="shown", count_error=2)
            for name, table in tables.items()
        }
        found = disclosure.audit(
            shown, dimensions=dimensions, profile="nhs_round5", nesting=inside, exact=True
        )
        return found[~found["safe"]]

    assert unsafe().empty
    tables["kinds"].loc[2, "count"] = 10
    assert len(unsafe()) == 2, "of a shown few, each month's part is known too well"
