"""
The only door to a reader: every table and chart passes here, protected, stamped and captioned.

What is shown is also saved as a tidy CSV where the run has an output folder (`VRN_OUTPUT`).
"""

from vrn_analysis.show.publish.areas import protect_areas
from vrn_analysis.show.publish.atlas import save_areas, save_assets, save_outline
from vrn_analysis.show.publish.door import MOST_ROWS_SHOWN, Shown, chart, save, show
from vrn_analysis.show.publish.protection import protect, protect_changes, require_shown
from vrn_analysis.show.publish.shared import by_code, by_outcome, of_people
from vrn_analysis.show.publish.wholes import largest_first, part_of_all
