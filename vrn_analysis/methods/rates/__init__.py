"""Add rates and proportions with intervals to a table of counts."""

from vrn_analysis.methods.rates.comparison import compare_with_rest
from vrn_analysis.methods.rates.crude import count_interval, crude_rate, proportion
from vrn_analysis.methods.rates.dispersion import (
    dispersion_of_areas,
    dispersion_of_incidents,
    dispersion_of_series,
    with_dispersion,
)
from vrn_analysis.methods.rates.exposure import per_residents, shares
from vrn_analysis.methods.rates.funnel import funnel_limits
from vrn_analysis.methods.rates.smoothing import empirical_bayes_rate
from vrn_analysis.methods.rates.spatial import spatial_rate
from vrn_analysis.methods.rates.standardised import (
    ESP2013,
    age_standardised_rate,
    standardised_ratio,
)
