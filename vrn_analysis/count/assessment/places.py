"""The places of a run and the people in them, as its settings name them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment.needs import NotInThisRun, missing
from vrn_analysis.read.files.tables import read_table
from vrn_analysis.read.geography import boundaries, context, custom_areas, vintages

if TYPE_CHECKING:
    import geopandas as gpd

NO_INCOME = (
    "The deprivation data have no income domain, and an index with a crime domain would be partly "
    "compared with itself. The 2019 indices have the income domain."
)


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

    # -- areas --------------------------------------------------------------------------------

    @cached_property
    def lookup(self) -> pd.DataFrame:
        """
        Small areas with the middle areas and districts they lie in.

        And with the partnership's own areas, such as `custom_code, custom_name`, where the
        settings name them; both are missing for a small area that is in none.
        """
        table = self._small_areas
        for level in custom_areas.levels(self.settings):
            placed = self.fit_of(level).rename(columns={"area_code": f"{level}_code"})
            placed = placed.rename(columns={"area_name": f"{level}_name"}).drop(columns="fit")
            table = table.merge(placed, on="lsoa_code", how="left", validate="one_to_one")
        return table

    @cached_property
    def _small_areas(self) -> pd.DataFrame:
        self.require("places")
        table = read_table(self.folder, self.settings, "lookup")
        if self._change is not None:
            vintages.refuse_mixed(table["lsoa_code"], self._change, what="The lookup")
        return table

    @cached_property
    def _change(self) -> pd.DataFrame | None:
        return vintages.small_area_change(self.folder, self.settings)

    @cached_property
    def _replacements(self) -> pd.DataFrame | None:
        """Codes of another Census and the small areas they are part of; None where none can be."""
        if self._change is None or not self.can("places"):
            return None
        found = vintages.replacements(self._small_areas["lsoa_code"], self._change)
        return found if len(found) else None

    @property
    def levels(self) -> dict[str, str]:
        """The levels that results are shown by, with their titles: districts, and areas of its own.

        For small and middle areas, which are too many to name, there are maps.
        """
        return {"district": "Districts"} | custom_areas.levels(self.settings)

    @property
    def districts(self) -> pd.DataFrame:
        """The districts, `area_code` and `area_name`."""
        names = self.lookup[["district_code", "district_name"]].drop_duplicates()
        return names.set_axis(["area_code", "area_name"], axis=1).reset_index(drop=True)

    def fit_of(self, level: str) -> pd.DataFrame:
        """
        Return how the small areas fit into the areas of a level of the partnership's own.

        Returns
        -------
        placed
            `lsoa_code, area_code, area_name, fit`: see `sources.custom_areas`.
        """
        if not custom_areas.is_drawn(self.folder, self.settings, level):
            return custom_areas.looked_up(self.folder, self.settings, level, self._small_areas)
        drawn = custom_areas.shapes(self.folder, self.settings, level)
        small = boundaries.areas(self.folder, self.settings, level="lsoa")
        wanted = self._small_areas[["lsoa_code"]]
        placed = custom_areas.fitted(drawn, small)
        return wanted.merge(placed, on="lsoa_code", how="left").fillna({"fit": custom_areas.NONE})

    @property
    def has_shapes(self) -> bool:
        """Whether the settings name outlines of the small areas."""
        return bool({"boundaries", "boundaries_lsoa"} & set(self.settings.sources))

    def areas(self, level: str) -> "gpd.GeoDataFrame":
        """
        Return the shapes of the areas of a level: `lsoa`, `msoa`, `district`, or one of its own.

        Returns
        -------
        areas
            `area_code, geometry`, those of the lookup.

        Raises
        ------
        NotInThisRun
            If the settings name no boundaries.
        DataError
            If areas of the lookup have no shape: are both of one Census?
        """
        if level in custom_areas.levels(self.settings):
            return self._own_shapes(level)
        shapes = self._shapes(level)
        codes = self._small_areas[f"{level}_code"].drop_duplicates()
        without = ~codes.isin(shapes["area_code"])
        if without.any():
            two = vintages.differing(shapes["area_code"], codes, what="the boundaries")
            raise DataError(
                f"{int(without.sum())} of {len(codes)} areas have no shape in the boundaries "
                f"({level}), such as {', '.join(codes[without].head(3))}.{two} Take boundaries of "
                f"the same Census as the lookup, under [sources.boundaries_{level}]."
            )
        return shapes[shapes["area_code"].isin(codes)].reset_index(drop=True)

    def _shapes(self, level: str) -> "gpd.GeoDataFrame":
        """Return the boundaries of a level, or those of the small areas put together."""
        named = set(self.settings.sources)
        if {"boundaries", f"boundaries_{level}"} & named:
            return boundaries.areas(self.folder, self.settings, level=level)
        if "boundaries_lsoa" not in named:
            raise NotInThisRun("No boundaries of areas were supplied, so they have no maps.")
        return self._put_together(level)

    def _put_together(self, level: str) -> "gpd.GeoDataFrame":
        small = self.areas("lsoa")
        code = self.lookup.set_index("lsoa_code")[f"{level}_code"]
        whole = small.assign(area_code=small["area_code"].map(code)).dropna(subset=["area_code"])
        return whole.dissolve(by="area_code").reset_index()[["area_code", "geometry"]]

    def _own_shapes(self, level: str) -> "gpd.GeoDataFrame":
        if custom_areas.is_drawn(self.folder, self.settings, level):
            drawn = custom_areas.shapes(self.folder, self.settings, level)
            return drawn[["area_code", "geometry"]]
        return self._put_together(level)

    # -- people -------------------------------------------------------------------------------

    def _bridged(
        self, table: pd.DataFrame, *, what: str, counts: tuple[str, ...] = ()
    ) -> pd.DataFrame:
        codes = self._small_areas["lsoa_code"]
        return vintages.bridge(table, codes, self._change, what=what, counts=counts)

    @cached_property
    def population(self) -> pd.DataFrame:
        """Residents by small area, sex and single year of age."""
        self.require("rates")
        table = context.population(self.folder, self.settings)
        return self._bridged(table, what="The population", counts=("population",))

    @cached_property
    def workday_population(self) -> pd.DataFrame:
        """The people who are in each small area on a workday: `lsoa_code, population`."""
        self.require("workday")
        table = read_table(self.folder, self.settings, "workday_population")
        return self._bridged(table, what="The workday population", counts=("population",))

    @cached_property
    def deprivation(self) -> pd.DataFrame:
        """Deprivation of each small area; `attrs["bridged"]` where it is of another Census."""
        self.require("deprivation")
        table = context.deprivation(self.folder, self.settings)
        return self._bridged(table, what="The deprivation")

    @property
    def income_deprivation(self) -> pd.DataFrame:
        """
        Income deprivation of each small area, without the index: `lsoa_code, income_rate`.

        Raises
        ------
        NotInThisRun
            If the file has the index only.
        """
        if "income_rate" not in self.deprivation:
            raise NotInThisRun(NO_INCOME)
        return self.deprivation[["lsoa_code", "income_rate"]]

    @cached_property
    def asset_points(self) -> "gpd.GeoDataFrame":
        """
        Community assets: `name, kind, geometry`, those within the districts.

        `attrs["outside"]` says how many of the file are not.
        """
        self.require("asset_points")
        points = context.asset_points(self.folder, self.settings)
        inside = points.geometry.within(self.areas("district").union_all())
        kept = points[inside].reset_index(drop=True)
        kept.attrs["outside"] = int((~inside).sum())
        return kept
