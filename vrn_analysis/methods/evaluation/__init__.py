"""Evaluate an intervention with controls, placebos and power."""

from vrn_analysis.methods.evaluation.differences import difference_in_differences, event_study
from vrn_analysis.methods.evaluation.interruption import interrupted_series
from vrn_analysis.methods.evaluation.local import local_effects
from vrn_analysis.methods.evaluation.placebos import placebo_dates, placebo_places, placebo_summary
from vrn_analysis.methods.evaluation.power import power
