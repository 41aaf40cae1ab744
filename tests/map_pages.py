"""An invented county of eight small areas, and the interactive map that a briefing makes of it."""

from types import SimpleNamespace

import briefing_notebooks as toy
import geopandas as gpd
import pandas as pd
from nbformat.v4 import new_output
from shapely.geometry import box

from vrn_analysis.briefing import pages
from vrn_analysis.briefing.content.chapters import chapter
from vrn_analysis.briefing.outputs import area_map
from vrn_analysis.briefing.plan import subject
from vrn_analysis.core.config import Settings
from vrn_analysis.methods import rates
from vrn_analysis.show import publish

SMALL = [f"S{number}" for number in range(8)]
LOOKUP = pd.DataFrame(
    {
        "lsoa_code": SMALL,
        "lsoa_name": [f"Small {letter}" for letter in "ABCDEFGH"],
        "msoa_code": ["M0", "M0", "M1", "M1", "M2", "M2", "M3", "M3"],
        "msoa_name": [
            f"Middle {w}"
            for w in ["West", "West", "North", "North", "East", "East", "South", "South"]
        ],
        "district_code": ["D0"] * 4 + ["D1"] * 4,
        "district_name": ["Ash"] * 4 + ["<b>Birch</b>"] * 4,
    }
)
COUNTS = {"lsoa": [3, 60, 40, 90, 30, 45, 80, 55]}
NAMES = {
    "lsoa": "06_small",
    "msoa": "06_middle",
    "district": "06_district",
    "geopackage": "06_areas",
}
DENOMINATOR = 98_765


class Run:
    """As much of a run as publishing areas needs."""

    credit = "SYNTHETIC SAMPLE, invented county"
    lookup = LOOKUP

    def __init__(self, audience="partners"):
        self.settings = Settings(
            title="A", kind="sample", area_name="A", sources={}, audience=audience
        )
        self.districts = LOOKUP[["district_code", "district_name"]].drop_duplicates()
        self.districts = self.districts.set_axis(["area_code", "area_name"], axis=1)

    def can(self, what):
        return what in ("asset_points", "places")

    @property
    def asset_points(self):
        return gpd.GeoDataFrame(
            {"name": ["Hall & <i>Green</i>", "Open door"], "kind": ["youth club", "drop-in"]},
            geometry=gpd.points_from_xy([6_500, 500], [2_000, 4_000]), crs=27700,
        )  # fmt: skip

    def areas(self, level):
        strips = gpd.GeoDataFrame(
            LOOKUP, geometry=[box(1_000 * i, 0, 1_000 * i + 1_000, 4_000) for i in range(8)],
            crs=27700,
        )  # fmt: skip
        whole = strips.dissolve(f"{level}_code").reset_index()
        return whole.rename(columns={f"{level}_code": "area_code"})[["area_code", "geometry"]]


def tables_by_area(run):
    raw = {}
    for level in ("lsoa", "msoa", "district"):
        keys = [f"{level}_code", f"{level}_name"]
        table = LOOKUP.assign(count=COUNTS["lsoa"]).groupby(keys, as_index=False)["count"].sum()
        raw[level] = table.set_axis(["area_code", "area_name", "count"], axis=1).astype(
            {"count": "Int64"}
        )
    return {
        level: rates.crude_rate(table.assign(denominator=DENOMINATOR), per=1_000)
        for level, table in publish.protect_areas(raw, run).items()
    }


def one_chapter(words):
    notebook = toy.notebook(toy.code("said"), title="Hotspots")
    notebook.cells[-1].outputs = [new_output("display_data", data={"text/markdown": words.data})]
    return chapter(notebook, name="06_hotspots")


def make(folder, monkeypatch, *, audience="partners", outline=True, assets=False):
    """Save areas for an audience; return their tables, the output folder and the pages."""
    monkeypatch.setenv("VRN_CACHE", str(folder / "cache"))
    data = folder / "data"
    about = subject.open_subject(data if data.exists() else toy.data_folder(data))
    output = folder / audience
    monkeypatch.setenv("VRN_OUTPUT", str(output))
    run = Run(audience)
    areas = tables_by_area(run)
    words = publish.save_areas(areas, run, caption="Offences per 1,000", names=NAMES)
    if outline:
        shape = gpd.GeoSeries([box(500, 500, 1_500, 1_500)], crs=27700)
        publish.save_outline(shape, run, title="Stable hotspots", name="06_stable")
    if assets:
        publish.save_assets(run, name="06_assets")
    drawing = area_map.gathered([SimpleNamespace(output=output)])
    rendered = pages.render([one_chapter(words)], about, run="abc", drawing=drawing)
    return areas, output, rendered
