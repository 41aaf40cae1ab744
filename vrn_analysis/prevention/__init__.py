"""What is being done, what the community says, and what to do: each resting on something."""

from vrn_analysis.prevention.checklists import building_blocks, duty_checklist
from vrn_analysis.prevention.interventions import check_interventions, gaps, matrix, placed
from vrn_analysis.prevention.response import response
from vrn_analysis.prevention.voices import assets_by_area, community_themes, names_in_quotes
