"""What health services see beside what the police record."""

from vrn_analysis.triangulate.beside import require_ages, side_by_side
from vrn_analysis.triangulate.capture import ILLUSTRATIVE, capture_band, capture_recapture
from vrn_analysis.triangulate.sites import correct_for_sites, site_reporting

__all__ = [
    "ILLUSTRATIVE",
    "capture_band",
    "capture_recapture",
    "correct_for_sites",
    "require_ages",
    "side_by_side",
    "site_reporting",
]
