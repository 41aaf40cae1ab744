"""Change over time: signals, change between periods, trend."""

from vrn_analysis.methods.trends.breaks import allow_breaks, breaks_between, breaks_within
from vrn_analysis.methods.trends.change import change_between, smallest_detectable_change
from vrn_analysis.methods.trends.control import control_chart, xmr
from vrn_analysis.methods.trends.earlier import beside_earlier
from vrn_analysis.methods.trends.models import fit_counts
from vrn_analysis.methods.trends.regression import fit_trend
from vrn_analysis.methods.trends.season import deseasonalise
