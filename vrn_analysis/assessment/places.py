"""The places of a run and the people in them, as its settings name them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vrn_analysis.assessment.needs import NotInThisRun, missing
from vrn_analysis.config import Settings
from vrn_analysis.sources import context

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class Places:
    """The half of a run that needs no record: its areas, residents and deprivation."""

    folder: Path
    settings: Settings

    def can(self, what: str) -> bool:
        """Tell whether this run can say something: one of the keys of `NEEDS`."""
        return not missing(self.settings, what)

    def require(self, what: str) -> None:
        """
        Check that this run can say something.

        Raises
        ------
        NotInThisRun
            With the reason, where it cannot.
        """
        if reason := missing(self.settings, what):
            raise NotInThisRun(reason)

    @cached_property
    def lookup(self) -> pd.DataFrame:
        """Small areas with the middle areas and districts they lie in."""
        return context.lookup(self.folder, self.settings)

    @cached_property
    def population(self) -> pd.DataFrame:
        """Residents by small area, sex and single year of age."""
        self.require("rates")
        return context.population(self.folder, self.settings)

    @cached_property
    def deprivation(self) -> pd.DataFrame:
        """Deprivation of each small area."""
        self.require("deprivation")
        return context.deprivation(self.folder, self.settings)

    @property
    def districts(self) -> pd.DataFrame:
        """The districts, `area_code` and `area_name`."""
        names = self.lookup[["district_code", "district_name"]].drop_duplicates()
        return names.set_axis(["area_code", "area_name"], axis=1).reset_index(drop=True)

    def areas(self, level: str) -> "gpd.GeoDataFrame":
        """Return the shapes of the areas of a level: `lsoa`, `msoa` or `district`."""
        return context.areas(self.folder, self.settings, level=level)
