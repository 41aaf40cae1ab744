"""The interactive map in a real browser: layers, zoom, keyboard, tooltips, and without a script."""

import map_pages
import pytest
from browser_needs import imported

from vrn_analysis.briefing.outputs import area_map

pytestmark = pytest.mark.slow
BOX = "() => document.getElementById('area-map').getAttribute('viewBox').split(' ').map(Number)"
SAID = "() => document.getElementById('area-said').textContent"
LAYERS = (
    """() => [...document.querySelectorAll('svg .layer:not(.off)')].map(g => g.dataset.layer)"""
)
SHOWN_NAMES = """() => [...document.querySelectorAll('.names text')]
  .filter(t => t.getAttribute('visibility') !== 'hidden').map(t => {
    const b = t.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height] })"""

LETTERS = """() => [...document.querySelectorAll('.names text, .bar text')].map(t =>
  Number(t.getAttribute('font-size')) * document.getElementById('area-map').clientWidth
  / document.getElementById('area-map').viewBox.baseVal.width)"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("map")
    with pytest.MonkeyPatch.context() as patch:
        _, output, rendered = map_pages.make(folder, patch, assets=True)
    file = output / area_map.FILE
    file.write_text(rendered[area_map.FILE], encoding="utf-8")
    return file


@pytest.fixture
def opened(page_file, tab):
    tab.goto(page_file.as_uri())
    return tab


def test_buttons_zoom_in_out_and_back(opened):
    whole = opened.evaluate(BOX)
    opened.click("[data-zoom=in]")
    near = opened.evaluate(BOX)
    assert near[2] < whole[2]
    opened.click("[data-zoom=out]")
    assert opened.evaluate(BOX)[2] == pytest.approx(whole[2], abs=2)
    opened.click("[data-zoom=in]")
    opened.click("[data-zoom=whole]")
    assert opened.evaluate(BOX) == pytest.approx(whole, abs=1)


def test_a_layer_replaces_another_with_its_legend(opened):
    assert opened.evaluate(LAYERS) == ["msoa"]
    opened.check("input[value=lsoa]")
    assert opened.evaluate(LAYERS) == ["lsoa"]
    assert opened.locator(".legend:visible").count() == 1


def test_arrows_move_from_area_to_area_and_say_each(opened):
    opened.focus("svg .layer:not(.off) .area[tabindex='0']")
    first = opened.evaluate(SAID)
    opened.keyboard.press("ArrowRight")
    second = opened.evaluate(SAID)
    assert first != second
    assert "95% CI" in second
    opened.keyboard.press("ArrowLeft")
    assert opened.evaluate(SAID) == first
    whole = opened.evaluate(BOX)
    opened.keyboard.press("+")
    assert opened.evaluate(BOX)[2] < whole[2]
    opened.keyboard.press("0")
    assert opened.evaluate(BOX) == pytest.approx(whole, abs=1)


def test_a_ring_is_drawn_over_all_areas_round_the_one_chosen(opened):
    ring = "() => [...document.querySelectorAll('.ring path')].map(p => p.getAttribute('d'))"
    opened.focus("svg .layer:not(.off) .area[tabindex='0']")
    opened.keyboard.press("ArrowRight")
    line = opened.evaluate("document.activeElement.getAttribute('d')")
    assert opened.evaluate(ring) == [line, line]
    opened.check("input[value=lsoa]")
    assert line not in opened.evaluate(ring), "the ring of an area stays on another layer"


def test_a_suppressed_area_says_so_and_no_number(opened):
    opened.check("input[value=lsoa]")
    opened.hover("svg [data-layer=lsoa] .area.suppressed")
    tip = opened.locator("#area-tip").inner_text()
    assert tip.endswith("suppressed")
    assert not any(letter.isdigit() for letter in tip)


def test_assets_are_marked_where_they_are_named_and_keep_their_size(opened):
    opened.check("input[data-toggle=assets]")
    mark = opened.locator("path.asset").first
    before = mark.bounding_box()["width"]
    mark.hover(force=True)
    assert opened.locator("#area-tip").inner_text() == "Hall & <i>Green</i>: youth club"
    opened.click("[data-zoom=in]")
    assert mark.bounding_box()["width"] == pytest.approx(before, rel=0.1)


@pytest.mark.parametrize("width", [360, 1280])
def test_names_do_not_overlap_and_nothing_sticks_out(opened, width):
    opened.set_viewport_size({"width": width, "height": 800})
    boxes = opened.evaluate(SHOWN_NAMES)
    assert boxes
    pixels = opened.evaluate(LETTERS)
    assert min(pixels) >= 10.5
    for at, (left, top, right, low) in enumerate(boxes):
        for other in boxes[at + 1 :]:
            assert right < other[0] or left > other[2] or low < other[1] or top > other[3]
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_map(opened, axe, width):
    opened.set_viewport_size({"width": width, "height": 800})
    opened.check("input[data-toggle=assets]")
    opened.evaluate(axe)
    found = opened.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    assert [one["id"] for one in found["violations"]] == []
    assert opened.asked == []


def test_without_a_script_the_tables_say_the_same(page_file, browser):
    imported("playwright.sync_api")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.locator(".needs-script:visible").count() == 0
    assert page.locator("details table").count() == 4
    assert page.locator("svg .layer:not(.off)").count() == 1
    context.close()
