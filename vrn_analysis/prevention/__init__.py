"""Prevention, community voices and the response, each with its evidence."""

from vrn_analysis.prevention.checklists import building_blocks, duty_checklist
from vrn_analysis.prevention.interventions import check_interventions, gaps, matrix, placed
from vrn_analysis.prevention.response import response
from vrn_analysis.prevention.voices import assets_by_area, community_themes, names_in_quotes
