"""One function a chart: a protected table in, a closed figure with its words out."""

from vrn_analysis.show.figures.curves import plot_capture_curve, plot_lorenz
from vrn_analysis.show.figures.grids import plot_completeness, plot_hour_by_weekday
from vrn_analysis.show.figures.maps import plot_map
from vrn_analysis.show.figures.measures.areas import plot_effects, plot_rates
from vrn_analysis.show.figures.measures.bars import plot_bounds, plot_tornado
from vrn_analysis.show.figures.measures.flow import plot_waterfall
from vrn_analysis.show.figures.measures.funnel import plot_funnel
from vrn_analysis.show.figures.measures.gradient import plot_gradient
from vrn_analysis.show.figures.measures.matrix import plot_matrix
from vrn_analysis.show.figures.measures.people import plot_age_sex
from vrn_analysis.show.figures.measures.quality import plot_full_hours, plot_parts, plot_reporting
from vrn_analysis.show.figures.measures.spine import plot_spine
from vrn_analysis.show.figures.multiples import plot_maps, plot_small_multiples
from vrn_analysis.show.figures.parts.chart import Chart
from vrn_analysis.show.figures.series import plot_trend, plot_xmr
