"""One function a chart: a protected table in, a closed figure with its words out."""

from vrn_analysis.figures.areas import plot_rates
from vrn_analysis.figures.bars import plot_bounds, plot_tornado
from vrn_analysis.figures.chart import Chart
from vrn_analysis.figures.control import plot_xmr
from vrn_analysis.figures.curves import plot_capture_curve, plot_lorenz
from vrn_analysis.figures.effects import plot_effects
from vrn_analysis.figures.flow import plot_waterfall
from vrn_analysis.figures.funnel import plot_funnel
from vrn_analysis.figures.gradient import plot_gradient
from vrn_analysis.figures.grids import plot_completeness, plot_hour_by_weekday
from vrn_analysis.figures.maps import plot_map
from vrn_analysis.figures.matrix import plot_matrix
from vrn_analysis.figures.multiples import plot_maps, plot_small_multiples
from vrn_analysis.figures.people import plot_age_sex
from vrn_analysis.figures.quality import plot_full_hours, plot_parts, plot_reporting
from vrn_analysis.figures.series import plot_trend
from vrn_analysis.figures.spine import plot_spine
