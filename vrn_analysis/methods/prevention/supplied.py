"""Prevention and response as the partnership of a run has written them down."""

import pandas as pd

from vrn_analysis.count.assessment import Run, lacking, main_findings, partnership_table, sections
from vrn_analysis.methods.prevention.checklists import duty_checklist
from vrn_analysis.methods.prevention.interventions import check_interventions
from vrn_analysis.methods.prevention.response import response
from vrn_analysis.read.sources import catalogue


def duty(run: Run) -> pd.DataFrame:
    """Return the requirements of the Duty, and how far the run answers each."""
    crosswalk = partnership_table(run, "duty_crosswalk")
    return duty_checklist(crosswalk, sections=sections(run), lacking=lacking(run))


def interventions(run: Run) -> pd.DataFrame:
    """Return the interventions that the partnership has listed, checked."""
    return check_interventions(
        partnership_table(run, "interventions"),
        indicators=catalogue.catalogue()["indicator_id"],
        areas=run.districts["area_code"],
        last=run.months[-1],
    )


def recommendations(run: Run) -> pd.DataFrame:
    """Return the recommendations, once every one cites a finding of the run."""
    return response(partnership_table(run, "recommendations"), findings=main_findings(run))
