"""Every page of a briefing in a real browser: WCAG 2.2 AA, keyboard, small screens, no network."""

import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
OWN = os.environ.get("VRN_BRIEFING")
KINDS = ["own"] if OWN else ["sample", "open"]
NAMES = sorted(
    file.stem for file in (Path(OWN).glob("*.html") if OWN else ROOT.glob("notebooks/*.ipynb"))
)
PAGES = NAMES if OWN else ["index", "board", "editions", "map", *NAMES]

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe leaves the size of targets, new in WCAG 2.2, to those who ask for it
AXE = """levels => axe.run(document, {
  runOnly: levels, rules: {'target-size': {enabled: true}},
  resultTypes: ['violations', 'incomplete'], elementRef: false, preload: false})"""
UNFOLD = "document.querySelectorAll('details').forEach(part => { part.open = true })"
# axe cannot tell the contrast of what is scrolled out of sight
UNROLL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.scroll { overflow: visible !important }
    table { table-layout: fixed !important; width: 100% !important; min-width: 0 !important }
    th, td { overflow-wrap: anywhere !important; white-space: normal !important;
             min-width: 0 !important }`);
  document.adoptedStyleSheets = [sheet] }"""
# WCAG 1.4.12: what a reader may set without losing anything
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet] }"""
# elements that stick out of the page, outside a part that scrolls by itself
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !e.closest('.scroll, .prose-table, pre')
}).map(e => e.outerHTML.slice(0, 90))"""
CUT = """() => [...document.querySelectorAll('main *')].filter(e =>
  ['hidden', 'clip'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1
).map(e => e.outerHTML.slice(0, 90))"""
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  let behind = e.parentElement;
  while (behind && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)')
    behind = behind.parentElement;
  let mark = { width: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    outline: style.outlineColor,
    behind: behind ? getComputedStyle(behind).backgroundColor : 'rgb(255, 255, 255)' };
  if (e.matches('svg .area')) {  // on the map a ring is drawn instead, on a wider one
    const [under, ring] = [...document.querySelectorAll('.ring path')];
    const drawn = getComputedStyle(ring), wider = getComputedStyle(under);
    const same = ring.getAttribute('d') === e.getAttribute('d');
    mark = { width: same ? parseFloat(drawn.strokeWidth) : 0,
      outline: drawn.stroke, behind: wider.stroke };
  }
  const line = e.getClientRects()[0];  // a link may begin in the middle of a line
  const x = Math.min(Math.max(line.left + Math.min(line.width, 40) / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(line.top + Math.min(line.height, 20) / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return { at: [...document.querySelectorAll('*')].indexOf(e), html: e.outerHTML.slice(0, 90),
    side: !!e.closest('.contents-side'),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    uncovered: !!top && (e.contains(top) || top.contains(e)), ...mark } }"""


def visit(tab, folder, name, **size):
    if not (folder / f"{name}.html").exists():
        pytest.skip(f"{folder} has no page {name}")
    if size:
        tab.set_viewport_size(size)
    tab.goto((folder / f"{name}.html").as_uri())
    return tab


# axe cannot judge letters on a drawing; those of the map are dark in a white rim
LETTERING = """() => [...document.querySelectorAll('#area-map text')].map(t => {
  const style = getComputedStyle(t);
  return [style.fill, style.stroke === 'none' ? 'rgb(255, 255, 255)' : style.stroke] })"""
ON_MAP = ('text[x="', "tspan")


def told(results, *, but=()):
    return [
        f"{one['id']} ({one['help']}): {node['target']} {node['html'][:120]}"
        for one in results
        for node in one["nodes"]
        if not (but and str(node["target"][0]).startswith(but))
    ][:20]


def brightness(colour):
    parts = [int(float(part)) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(118, 118, 118)", "rgb(255, 255, 255)") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(tab, folder, axe, name):
    visit(tab, folder, name).evaluate(UNFOLD)
    tab.evaluate(UNROLL)
    tab.evaluate(axe + "; 0")
    found = tab.evaluate(AXE, LEVELS)
    assert not told(found["violations"])
    # what axe cannot decide is no pass: contrast before all
    assert not told(found["incomplete"], but=ON_MAP if name == "map" else ())
    assert all(contrast(*pair) >= 4.5 for pair in tab.evaluate(LETTERING))
    passed = {one["id"] for one in found["passes"]}
    assert {"color-contrast", "target-size", "document-title", "html-has-lang"} <= passed


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_on_a_phone(tab, folder, axe):
    visit(tab, folder, "index", width=320, height=640).evaluate(UNFOLD)
    tab.evaluate(axe + "; 0")
    assert not told(tab.evaluate(AXE, LEVELS)["violations"])


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_the_editions_and_they_fit_a_phone(
    tab, sample_briefing, sample_editions, axe, width
):
    tab.set_viewport_size({"width": width, "height": 800})
    easy = sample_briefing / "easy" / "index.html"
    for page in [easy, *sorted(sample_editions.rglob("index.html"))]:
        tab.goto(page.as_uri())
        tab.evaluate(UNFOLD)
        assert tab.evaluate("document.documentElement.scrollWidth") == width, tab.evaluate(WIDE)
        tab.evaluate(UNROLL)
        tab.evaluate(axe + "; 0")
        found = tab.evaluate(AXE, LEVELS)
        assert not told(found["violations"])
        # a caption that stays while its table scrolls is one axe cannot judge on a phone
        assert width == 320 or not told(found["incomplete"])
        assert tab.asked == []


def test_axe_would_find_a_fault(tab, axe):
    tab.set_content("<p style='color:#999'>grey</p><img src='data:,'>")
    tab.evaluate(axe + "; 0")
    found = {one["id"] for one in tab.evaluate(AXE, LEVELS)["violations"]}
    assert {"color-contrast", "image-alt", "html-has-lang"} <= found


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_reflows_at_320_px_and_with_wider_spacing_and_larger_text(tab, folder, name):
    visit(tab, folder, name, width=320, height=640).evaluate(UNFOLD)
    assert tab.evaluate("document.documentElement.scrollWidth") == 320, tab.evaluate(WIDE)
    assert not tab.evaluate(WIDE)
    tab.evaluate(SPACED)
    assert tab.evaluate("document.documentElement.scrollWidth") == 320, tab.evaluate(WIDE)
    assert not tab.evaluate(CUT)
    tab.set_viewport_size({"width": 640, "height": 640})
    tab.evaluate("document.documentElement.style.fontSize = '200%'")
    assert tab.evaluate("document.documentElement.scrollWidth") == 640, tab.evaluate(WIDE)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_request_leaves_the_page_and_it_runs_nothing(tab, folder, name):
    visit(tab, folder, name).evaluate(UNFOLD)
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    tab.wait_for_load_state("networkidle")
    assert tab.asked == []
    assert tab.said == []
    assert tab.evaluate("document.scripts.length") == (name == "map")
    assert tab.evaluate("document.getAnimations().length") == 0
    broken = "[...document.images].filter(i => !i.complete || !i.naturalWidth).length"
    assert tab.evaluate(broken) == 0


def stops(tab, most=600):
    """Press Tab through the page; return where the focus was at each step."""
    found = []
    for _ in range(most):
        tab.keyboard.press("Tab")
        at = tab.evaluate(FOCUS)
        if at is None or (found and at["at"] == found[0]["at"]):
            return found
        found.append(at)
    raise AssertionError(f"the focus did not leave the page after {most} steps")


@pytest.mark.parametrize("size", [(1280, 800), (320, 640)], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_stop_of_the_keyboard_can_be_seen(tab, folder, name, size):
    visit(tab, folder, name, width=size[0], height=size[1])
    found = stops(tab)
    assert "Skip to main content" in found[0]["html"]
    assert len(found) > 4
    order = [stop["at"] for stop in found]
    assert order == sorted(order), "the focus jumps back in the page"
    for stop in found:
        assert stop["inside"], f"out of sight: {stop['html']}"
        assert stop["uncovered"], f"covered: {stop['html']}"
        assert stop["width"] >= 2, f"no outline: {stop['html']}"
        assert contrast(stop["outline"], stop["behind"]) >= 3, stop["html"]


@pytest.mark.parametrize("kind", KINDS)
def test_skip_link_leads_past_the_contents(tab, folder):
    visit(tab, folder, "index")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("!!document.activeElement.closest('main')")


@pytest.mark.parametrize("kind", KINDS)
def test_colours_that_a_reader_forces_keep_the_words_and_the_classes_of_the_map(tab, folder):
    tab.emulate_media(forced_colors="active", color_scheme="dark")
    visit(tab, folder, "map")
    stamp = (
        "(e => [e.color, e.backgroundColor])(getComputedStyle(document.querySelector('.stamp')))"
    )
    assert contrast(*tab.evaluate(stamp)) >= 7
    fills = """() => new Set([...document.querySelectorAll('.layer:not(.off) .area')]
      .map(e => getComputedStyle(e).fill)).size"""
    assert tab.evaluate(fills) >= 5
    tab.focus("svg .layer:not(.off) .area[tabindex='0']")
    assert contrast(*(tab.evaluate(FOCUS)[name] for name in ("outline", "behind"))) >= 7


@pytest.mark.parametrize("kind", KINDS)
def test_folded_figures_and_wide_tables_work_by_keyboard(tab, folder):
    visit(tab, folder, "index", width=320, height=640)
    summary = tab.locator("details.figures > summary:visible").first
    summary.focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.parentElement.open")
    tab.evaluate(UNFOLD)
    wide = tab.evaluate_handle(
        "[...document.querySelectorAll('.scroll')].find(e => e.scrollWidth > e.clientWidth + 40)"
    ).as_element()
    wide.focus()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("() => document.activeElement.scrollLeft > 0")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_links_between_pages_lead_somewhere(tab, folder, name):
    visit(tab, folder, name)
    inside = """() => [...document.querySelectorAll('a[href^="#"]')]
      .map(a => decodeURIComponent(a.hash.slice(1))).filter(id => !document.getElementById(id))"""
    assert not tab.evaluate(inside)
    files = """() => [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))
      .filter(h => !/^(#|https?:|mailto:)/.test(h)).map(h => h.split('#')[0])"""
    missing = {href for href in tab.evaluate(files) if not (folder / href).exists()}
    assert not missing


@pytest.mark.parametrize("kind", KINDS)
def test_accessible_tree_has_one_of_each_landmark(tab, folder):
    tree = visit(tab, folder, "index").locator("body").aria_snapshot()
    for landmark in ("banner", "main", "contentinfo", 'navigation "Contents"'):
        assert tree.count(f"- {landmark}") == 1, landmark
    assert tree.count("[level=1]") == 1
