"""Every reason why a record is not counted or cannot be decided, in the order of the waterfall."""

from typing import Literal, NamedTuple

OUT, UNKNOWN, IN = "OUT", "UNKNOWN", "IN"


class Reason(NamedTuple):
    """One reason: its code, what it makes of a record, and what a reader is told."""

    code: str
    outcome: Literal["OUT", "UNKNOWN"]
    label: str


REASONS = (
    Reason("R0_repeated_record", OUT, "The same record again (the latest is kept)"),
    Reason("R0_duplicate", OUT, "Marked by the source as a duplicate"),
    Reason("R0_cancelled", OUT, "Cancelled: not a recorded crime"),
    Reason("R0_transferred", OUT, "Transferred to another force"),
    Reason("R0_status_unclear", UNKNOWN, "Not known whether the crime record stands"),
    Reason("R1_before_period", OUT, "Before the period"),
    Reason("R1_after_period", OUT, "After the period"),
    Reason("R1_date_unknown", UNKNOWN, "No date, so the period cannot be decided"),
    Reason("R2_outside_area", OUT, "Outside the area"),
    Reason("R2_area_unknown", UNKNOWN, "No small area, so the area cannot be decided"),
    Reason("R3_offence_not_listed", OUT, "The offence is not on the definition's list"),
    Reason("R3_code_missing", UNKNOWN, "No offence code or title"),
    Reason("R3_code_unmapped", UNKNOWN, "Offence code or title not in the list of codes"),
    Reason("R3_code_ambiguous", UNKNOWN, "Offence code or title stands for more than one class"),
    Reason("R3_code_contradicted", UNKNOWN, "Offence code, sub-code and title disagree"),
    Reason("R3_code_unverified", UNKNOWN, "Offence code whose meaning is not verified"),
    Reason("R3_code_legacy", UNKNOWN, "Earlier offence code without a verified bridge"),
    Reason("R3_code_spreadsheet_date", UNKNOWN, "Offence code turned into a date by a spreadsheet"),
    Reason("R4_sexual_offence", OUT, "A sexual offence"),
    Reason("R4_sexual_element", OUT, "Recorded with a sexual element"),
    Reason("R5_domestic_abuse_flag", OUT, "Recorded as domestic abuse"),
    Reason("R5_domestic_relationship", OUT, "Suspect is a partner or relative of the victim"),
    Reason("R5_domestic_setting", OUT, "In a home or its garden"),
    Reason("R5_domestic_flag_unknown", UNKNOWN, "Not known whether it is domestic abuse"),
    Reason("R5_relationship_age_unknown", UNKNOWN, "A relative; not known whether old enough"),
    Reason("R5_relationship_unclear", UNKNOWN, "The label of the relationship is not understood"),
    Reason("R5_setting_unknown", UNKNOWN, "Not known whether it was in a home"),
    Reason("R6_not_public", OUT, "Not in a public place"),
    Reason("R6_place_unknown", UNKNOWN, "Not known whether it was in a public place"),
    Reason("R7_injury_not_significant", OUT, "No injury of the kind that counts"),
    Reason("R7_injury_unknown", UNKNOWN, "Not known whether the injury counts"),
    Reason("R7_weapon_not_listed", OUT, "No weapon of the kind that counts"),
    Reason("R7_weapon_unknown", UNKNOWN, "Not known whether a weapon was used"),
)

BY_CODE = {reason.code: reason for reason in REASONS}

FLAGS = {
    "class_from_title": "Class taken from the title, for want of a code that decides",
    "class_from_subcode": "Class taken from the sub-code, for want of a code and title",
    "legacy_code": "Earlier code, bridged to the present class",
    "code_and_title_disagree": "Code and title name different classes",
    "code_and_subcode_disagree": "Code and sub-code name different classes",
    "reclassified": "Recorded under another class in another version of the record",
    "sexual_homicide": "Homicide with a sexual element",
    "sexual_offence_not_flagged": "A sexual offence that is flagged as not sexual",
    "domestic_flag_no_but_relationship": "Flagged not domestic; suspect is a partner or relative",
    "domestic_flag_yes_under_16": "Flagged domestic, but a party is under the statutory age",
    "family_under_16": "Family or partners, a party under the statutory age of domestic abuse",
    "violence_with_injury_but_none": "An offence with injury, but the injury is none",
    "recorded_before_it_happened": "Recorded before it is said to have happened",
    "suspect_under_10": "A suspect under the age of criminal responsibility",
    "impossible_age": "An age that cannot be, taken as not known",
}

CONTRADICTIONS = (
    "code_and_title_disagree",
    "code_and_subcode_disagree",
    "sexual_offence_not_flagged",
    "domestic_flag_no_but_relationship",
    "domestic_flag_yes_under_16",
    "violence_with_injury_but_none",
    "recorded_before_it_happened",
    "impossible_age",
)
