"""How harmful: counts beside weighted harm, and the three Home Office measures."""

from vrn_analysis.harm.measures import MEASURES, homicide, measure
from vrn_analysis.harm.weights import check_weights, harm

__all__ = ["MEASURES", "check_weights", "harm", "homicide", "measure"]
