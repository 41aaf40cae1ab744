"""Change over time: whole years, signals, change between periods, trend, forecast."""

from vrn_analysis.trends.breaks import allow_breaks, breaks_between, breaks_within
from vrn_analysis.trends.change import change_between, smallest_detectable_change
from vrn_analysis.trends.control import xmr
from vrn_analysis.trends.earlier import beside_earlier
from vrn_analysis.trends.joins import joinpoint
from vrn_analysis.trends.models import fit_counts
from vrn_analysis.trends.outlook import backtest, forecast
from vrn_analysis.trends.regression import fit_trend
from vrn_analysis.trends.rolling import rolling_year, year_on_year
from vrn_analysis.trends.season import deseasonalise

__all__ = [
    "allow_breaks",
    "backtest",
    "beside_earlier",
    "breaks_between",
    "breaks_within",
    "change_between",
    "deseasonalise",
    "fit_counts",
    "fit_trend",
    "forecast",
    "joinpoint",
    "rolling_year",
    "smallest_detectable_change",
    "xmr",
    "year_on_year",
]
