"""Measure harm: counts, weighted harm and the three Home Office measures."""

from vrn_analysis.methods.harm.measures import MEASURES, homicide, measure
from vrn_analysis.methods.harm.shown import (
    admission_years,
    age_cuts,
    by_year,
    join_age_groups,
    pooled,
    rated,
    shown_harm,
)
from vrn_analysis.methods.harm.weights import check_weights, harm
