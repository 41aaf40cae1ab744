"""The interactive map: no hidden number, no request, all by keyboard, tables as in the CSV."""

import json
import re
import sqlite3
from functools import partial
from types import SimpleNamespace

import briefing_notebooks as toy
import geopandas as gpd
import map_pages
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from map_pages import DENOMINATOR, LOOKUP, NAMES, SMALL, Run, one_chapter, tables_by_area
from shapely.geometry import box

from vrn_analysis.briefing import pages, report
from vrn_analysis.briefing.guard import gate
from vrn_analysis.briefing.outputs import area_map, geopackages
from vrn_analysis.briefing.plan import subject
from vrn_analysis.core.errors import DisclosureError
from vrn_analysis.count.tables import privacy
from vrn_analysis.show import publish


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Return a function that saves areas for an audience: tables, output folder, map page."""
    return partial(map_pages.make, tmp_path, monkeypatch)


def soup_of(rendered, name=area_map.FILE):
    return BeautifulSoup(rendered[name], "html.parser")


def suppressed(areas, level):
    table = areas[level]
    return table.loc[table["status"] == "suppressed", "area_name"].tolist()


# -- what is hidden -------------------------------------------------------------------------------


def test_a_suppressed_area_has_no_number_anywhere_on_the_page(made):
    areas, _, rendered = made()
    soup, hidden = soup_of(rendered), suppressed(areas, "lsoa")
    assert hidden
    for name in hidden:
        [shape] = soup.select(f'path[aria-label^="{name},"]')
        assert shape["aria-label"].endswith(": suppressed")
        assert not re.search(r"\d", shape["aria-label"])
        assert shape["fill"] == "url(#hatch)"
        [head] = [th for th in soup.select("tbody th") if th.text == name]
        assert not re.search(r"\d", head.parent.get_text())
    assert f"{DENOMINATOR:,}" not in rendered[area_map.FILE]


def test_a_public_edition_names_and_ranks_no_small_area(made):
    _, output, rendered = made(audience="public")
    everything = "".join(rendered.values())
    files = [file for file in (output / "tables").iterdir() if file.suffix == ".csv"]
    everything += "".join(file.read_text() for file in files)
    everything += json.dumps(area_map.gathered([SimpleNamespace(output=output)]))
    for word in [*LOOKUP["lsoa_name"], *[f'"{code}"' for code in SMALL]]:
        assert word not in everything
    assert not [file for file in files if "small" in file.name]
    with sqlite3.connect(output / "tables" / "06_areas.gpkg") as database:
        layers = {row[0] for row in database.execute("SELECT table_name FROM gpkg_contents")}
    assert layers == {"middle_areas", "districts"}
    small = soup_of(rendered).select('[data-layer="lsoa"] path')
    assert len(small) == len(SMALL)
    assert not any(shape.has_attr("tabindex") for shape in small)
    # order and shape give no rank away: classes do not rise along the page
    assert [shape["d"] for shape in small] == sorted(shape["d"] for shape in small)


def test_the_door_refuses_a_table_that_names_small_areas_in_a_public_edition():
    run = Run("public")
    areas = tables_by_area(run)
    with pytest.raises(DisclosureError, match="8 of 8 rows"):
        publish.save(areas["lsoa"], run, name="06_small")
    with pytest.raises(DisclosureError, match="names no small area"):
        publish.show(areas["lsoa"].drop(columns="area_code"), run, caption="x", name="06_small")
    publish.show(areas["msoa"], run, caption="Middle areas", name="06_middle")
    publish.show(tables_by_area(Run())["lsoa"], Run(), caption="Small areas", name="06_small")


def test_unprotected_areas_are_refused():
    run = Run()
    bare = {level: table.drop(columns="status") for level, table in tables_by_area(run).items()}
    with pytest.raises(DisclosureError, match="protected"):
        publish.save_areas(bare, run, caption="x", names=NAMES)


# -- everybody can read it ------------------------------------------------------------------------


def test_one_tab_stop_a_layer_and_arrows_follow_district_and_name(made):
    _, _, rendered = made()
    soup = soup_of(rendered)
    for level, size in (("msoa", 4), ("district", 2), ("lsoa", 8)):
        shapes = soup.select(f'[data-layer="{level}"] path.area')
        assert [shape["tabindex"] for shape in shapes] == ["0"] + ["-1"] * (size - 1)
        assert all(shape["role"] == "img" and shape["aria-label"] for shape in shapes)
    names = [shape["aria-label"].split(":")[0] for shape in soup.select('[data-layer="msoa"] path')]
    assert names == sorted(names, key=lambda name: name.split(", ")[::-1])
    assert soup.select('svg [data-layer="msoa"]')[0]["class"] == ["layer"]
    assert "off" in soup.select('svg [data-layer="lsoa"]')[0]["class"]


def test_the_tables_hold_what_the_csv_holds(made):
    _, output, rendered = made()
    soup = soup_of(rendered)
    links = [link["href"] for link in soup.select("p.csv a")]
    assert links == ["tables/06_middle.csv", "tables/06_district.csv", "tables/06_small.csv"]
    for link, table in zip(links, soup.select("table"), strict=True):
        saved = pd.read_csv(output / link)
        rows = [
            [cell.text for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")
        ]
        assert [row[0] for row in rows] == saved["area_name"].tolist()
        said = ["[c]" if pd.isna(n) else f"{n:,.0f}" for n in saved["count"]]
        assert [row[1] for row in rows] == said
        for row, value in zip(rows, saved["value"], strict=True):
            assert row[2] == ("[z]" if pd.isna(value) else f"{value:.2f}")


def test_every_page_leads_to_the_map(made):
    _, _, rendered = made()
    for name in ("index.html", "06_hotspots.html"):
        links = {link.get("href") for link in soup_of(rendered, name).find_all("a")}
        assert {"map.html", "tables/06_areas.gpkg"} <= links


def test_without_areas_there_is_no_map(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    about = subject.open_subject(toy.data_folder(tmp_path / "data"))
    assert area_map.gathered([SimpleNamespace(output=tmp_path)]) == {}
    rendered = pages.render([one_chapter(SimpleNamespace(data="x"))], about, run="a", drawing={})
    assert area_map.FILE not in rendered


def test_a_briefing_without_a_map_says_nothing_of_one():
    """An earlier version: assets that are listed with the map refused a sample of 400 offences."""
    listed = '<p>Two places are listed with the <a href="map.html">map</a>.</p>'
    html = f'<main><p>Violence fell.</p><div class="computed">{listed}</div>{listed}</main>'
    assert area_map.unlinked(html) == "<main><p>Violence fell.</p></main>"
    assert area_map.unlinked(html.replace("map.html", "board.html")).count("places") == 2


@pytest.mark.slow
def test_a_briefing_of_assets_without_areas_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    listed = "Markdown('Our places are listed with the [map](map.html).')"
    toy.write(tmp_path / "nb", "06_hotspots", toy.words("## A"), toy.finding(), toy.code(listed))
    data = toy.data_folder(tmp_path / "data")
    page = report.build(tmp_path / "out", data=data, folder=tmp_path / "nb")
    assert "Our places" not in page.read_text(encoding="utf-8")


# -- nothing is fetched, one script runs ----------------------------------------------------------


def test_the_gate_lets_the_map_pass_with_its_own_script_and_no_other(made):
    _, _, rendered = made()
    html = rendered[area_map.FILE]
    assert gate.page_problems(html, script=area_map.script()) == []
    assert any("script" in problem for problem in gate.page_problems(html))
    changed = html.replace('"use strict";', '"use strict";fetch("x");', 1)
    assert any("<script>" in p for p in gate.page_problems(changed, script=area_map.script()))
    for policy in ("'unsafe-inline'", "https://example.org"):
        loose = html.replace("script-src '", f"script-src {policy} '", 1)
        found = gate.page_problems(loose, script=area_map.script())
        assert any("content security policy" in problem for problem in found)


def test_only_the_map_has_a_script(made):
    _, _, rendered = made()
    for name in ("index.html", "06_hotspots.html"):
        assert "<script" not in rendered[name]
        assert "script-src" not in rendered[name]
        assert gate.page_problems(rendered[name]) == []


def test_the_page_asks_for_nothing_and_its_script_writes_no_html(made):
    _, _, rendered = made()
    outside = re.compile(r"https?://(?!www\.w3\.org)|@import|url\((?!#)")
    soup = soup_of(rendered)
    for tag in soup.find_all(True):
        assert not {"src", "srcset", "style"} & set(tag.attrs), tag
    assert not outside.search(" ".join(style.text for style in soup.find_all("style")))
    for word in ("fetch", "XMLHttp", "import(", "innerHTML", "eval", "http", "localStorage"):
        assert word not in area_map.script()


def test_a_name_is_text_whatever_it_holds(made):
    _, _, rendered = made()
    assert "<b>Birch</b>" not in rendered[area_map.FILE]
    assert "&lt;b&gt;Birch" in rendered[area_map.FILE]


def test_the_sample_page_is_small(sample_briefing):
    assert (sample_briefing / area_map.FILE).stat().st_size < 1_500_000


test_the_sample_page_is_small = pytest.mark.slow(test_the_sample_page_is_small)


# -- the GeoPackage -------------------------------------------------------------------------------


def test_the_geopackage_holds_protected_areas_and_is_the_same_twice(made):
    _, output, _ = made()
    file = output / "tables" / "06_areas.gpkg"
    first = file.read_bytes()
    saved = gpd.read_file(file, layer="small_areas")
    hidden = saved["status"] == "suppressed"
    assert hidden.any()
    for column in ("count", "value", "lower_95_ci", "upper_95_ci", "lower_99_8_ci"):
        assert saved.loc[hidden, column].isna().all()
    assert set(saved["stamp"]) == {Run.credit}
    made(outline=False)
    assert file.read_bytes() == first


def test_the_gate_finds_points_identifiers_and_leaks_in_a_geopackage(tmp_path):
    file = tmp_path / "bad.gpkg"
    areas = gpd.GeoDataFrame(
        {"offence_id": ["a"], "status": ["suppressed"], "count": [3]},
        geometry=[box(0, 0, 1, 1)], crs=27700,
    )  # fmt: skip
    areas.to_file(file, layer="areas", driver="GPKG")
    areas.assign(geometry=areas.centroid).drop(columns=["offence_id", "status"]).to_file(
        file, layer="points", driver="GPKG"
    )
    found = geopackages.disclosures(file, identifiers=privacy.POINTING)
    assert found == [
        "has the column 'offence_id'",
        "layer areas contains numbers of 1 suppressed areas",
        "layer points contains point, not areas",
        "layer points has counts that were not protected",
    ]


def test_an_empty_outline_is_no_layer(made, tmp_path):
    _, output, _ = made()
    content = area_map.gathered([SimpleNamespace(output=output)])
    empty = content | {"hotspots": content["hotspots"] | {"path": ""}}
    assert "Stable hotspots" in area_map.main(content, area="A")
    assert "Stable hotspots" not in area_map.main(empty, area="A")


# -- what is strong -------------------------------------------------------------------------------


def test_what_is_strong_is_a_layer_of_marks_and_a_table(made):
    _, output, rendered = made(assets=True)
    soup = soup_of(rendered)
    assert publish.save_assets(Run(), name="06_assets").data.startswith("The maps show 2 community")
    marks = soup.select("svg g.assets.off path.asset")
    assert [mark["data-words"] for mark in marks] == [
        "Hall & <i>Green</i>: youth club",
        "Open door: drop-in",
    ]
    # 8 km are 10,000 units from the west, and north is up
    assert (marks[0]["data-x"], marks[0]["data-y"]) == ("8125", "2500")
    assert soup.select('input[data-toggle="assets"]')
    saved = pd.read_csv(output / "tables" / "06_assets.csv")
    assert saved[["name", "district"]].to_numpy().tolist() == [
        ["Hall & <i>Green</i>", "<b>Birch</b>"],
        ["Open door", "Ash"],
    ]
    table = soup.select("details table")[-1]
    assert [th.text for th in table.select("tbody th")] == saved["name"].tolist()


def test_without_a_file_of_assets_the_words_say_so_and_nothing_is_saved(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_OUTPUT", str(tmp_path))
    run = Run()
    run.can = lambda what: False
    assert "No list of community assets" in publish.save_assets(run, name="06_assets").data
    assert not list(tmp_path.iterdir())


def test_a_district_is_named_over_lines_short_enough_for_a_map(made):
    _, output, rendered = made()
    drawing = area_map.gathered([SimpleNamespace(output=output)])["map"]
    assert [d["lines"] for d in drawing["districts"]] == [["Ash"], ["<b>Birch</b>"]]
    names = [text.get_text() for text in soup_of(rendered).select("g.names text")]
    assert names == ["Ash", "<b>Birch</b>"]
