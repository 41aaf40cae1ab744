"""Compare health services' data with police records."""

from vrn_analysis.methods.triangulate.ages import add_age_focus, ages_held, with_ages
from vrn_analysis.methods.triangulate.beside import READING, require_ages, side_by_side
from vrn_analysis.methods.triangulate.capture import capture_band, capture_recapture
from vrn_analysis.methods.triangulate.counts import (
    arrivals,
    by_month,
    by_place,
    counts_beside,
    places_beside,
    stack,
    tables_of,
)
from vrn_analysis.methods.triangulate.sites import (
    correct_for_sites,
    corrected,
    reporting_shares,
    sent_and_corrected,
    shown_correction,
    site_reporting,
    with_corrected,
)
from vrn_analysis.methods.triangulate.unknown import (
    both_lists,
    linked_lists,
    unknown_band,
    unknown_in,
    unknown_to_police,
)
