"""
Protect tables: hide small counts, and every count from which they could be worked out.

`protect` comes straight after the count, so that rates, intervals, charts and sentences are
computed from what is published. `audit` plays a reader who has every published total, knows the
threshold and the rule, and solves for what is hidden. See `profiles` for the rules by name.
"""

from vrn_analysis.show.disclosure.cells import label
from vrn_analysis.show.disclosure.editions import uncontradicted
from vrn_analysis.show.disclosure.groups import group_disclosures
from vrn_analysis.show.disclosure.profiles import PROFILES, Profile, rounded
from vrn_analysis.show.disclosure.protection import audit, protect, protect_together, require_safe
