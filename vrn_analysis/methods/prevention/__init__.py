"""Prevention, community voices and the response, each with its evidence."""

from vrn_analysis.methods.prevention.checklists import building_blocks, duty_checklist
from vrn_analysis.methods.prevention.interventions import check_interventions, gaps, matrix, placed
from vrn_analysis.methods.prevention.response import response
from vrn_analysis.methods.prevention.supplied import duty, interventions, recommendations
from vrn_analysis.methods.prevention.voices import assets_by_area, community_themes, names_in_quotes
