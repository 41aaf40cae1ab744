"""What holds for every chart: words, protection, determinism, and that it can be read."""

import base64
import pickle
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from figure_tables import CHARTS, interval, protected
from matplotlib.text import Text

from vrn_analysis.briefing.content import chapters
from vrn_analysis.core.errors import DataError, DisclosureError
from vrn_analysis.show import figures
from vrn_analysis.show.figures.parts import style

pytestmark = pytest.mark.filterwarnings("error")
ROOT = Path(__file__).resolve().parent.parent
TITLE = "Two districts are above the county rate"
# drawn from shares, ratios or names: no column of counts to protect
WITHOUT_COUNT = {
    "map_classes",
    "xmr",
    "lorenz",
    "capture",
    "matrix",
    "spine",
    "effects",
    "complete",
}
NUMBERS = ["event_share", "count", "value", "lower_95_ci", "upper_95_ci", "rate"]


@pytest.fixture(params=list(CHARTS))
def name(request):
    return request.param


@cache
def as_usual(name):
    make, plot = CHARTS[name]
    return plot(make(), title=TITLE)


def drawn(name, table=None, title=TITLE):
    if table is None and title == TITLE:
        return as_usual(name)
    make, plot = CHARTS[name]
    return plot(make() if table is None else table, title=title)


def written(figure):
    """Return every text that is seen, with the room it takes."""
    figure = pickle.loads(pickle.dumps(figure))  # drawing changes a figure's layout
    figure.draw_without_rendering()
    seen = [
        t
        for t in figure.findobj(Text)
        if t.get_visible() and t.get_text().strip() and (t.axes is None or t.axes.get_visible())
    ]
    return [(t, Text.get_window_extent(t)) for t in seen]


def subtitle(chart):
    found = chart.figure.findobj(lambda artist: artist.get_gid() == style.SUBTITLE)
    return [text.get_text() for text in found]


# -- words ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_alt_text_holds_the_finding_in_one_to_three_sentences(name):
    chart = drawn(name)
    assert TITLE in chart.alt
    assert len(chart.alt) > len(TITLE) + 20
    assert 1 <= len(re.findall(r"[.!?](?= [A-Z0-9]|$)", chart.alt)) <= 4
    assert "nan" not in chart.alt.lower().split()


def test_title_is_on_the_chart(name):
    chart = drawn(name)
    assert chart.figure.get_suptitle().replace("\n", " ") == TITLE
    assert chart.title == TITLE


def on_a_phone(width):
    """Return how many pixels an inch of a chart has on a page 390 pixels wide, where it scrolls."""
    css = (chapters.TEMPLATE / "briefing.css").read_text()
    root = re.search(r"html \{ font-size: ([\d.]+)%", css)[1]
    least = re.search(r"\.scroll > img \{ min-width: (\d+)rem", css)[1]
    return int(least) * 16 * float(root) / 100 / width


@pytest.mark.slow
def test_no_type_is_lower_than_eleven_pixels_on_a_phone(name):
    figure = drawn(name).with_caption("Caption", "SYNTHETIC SAMPLE, invented county").figure
    scale = on_a_phone(figure.get_figwidth()) / 72
    for text, _ in written(figure):
        assert text.get_fontsize() * scale >= 11, text.get_text()
    assert style.SMALL / 72 * on_a_phone(style.WIDTH) >= 11


@pytest.mark.slow
def test_no_type_is_smaller_than_nine_points_and_none_is_scientific(name):
    for text, _ in written(drawn(name).figure):
        assert text.get_fontsize() >= 9, text.get_text()
        assert not re.search(r"\d(e|×10)[+-]?\d", text.get_text()), text.get_text()
        assert "_" not in text.get_text(), "a column's name is no word"
        assert "nan" not in text.get_text().lower().split()


@pytest.mark.slow
def test_nothing_is_clipped_and_no_words_overlap(name):
    figure = drawn(name).with_caption("Caption", "SYNTHETIC SAMPLE, invented county").figure
    words = written(figure)
    frame = figure.bbox.padded(1)
    for text, box in words:
        inside = (
            frame.x0 <= box.x0 <= box.x1 <= frame.x1 and frame.y0 <= box.y0 <= box.y1 <= frame.y1
        )
        assert inside, f"clipped: {text.get_text()!r}"
    # the subtitle is in the empty lines that the title keeps for it
    words = [(text, box) for text, box in words if text.get_gid() != style.SUBTITLE]
    for i, (one, box) in enumerate(words):
        for other, room in words[i + 1 :]:
            apart = not box.padded(-1.5).overlaps(room.padded(-1.5))
            assert apart, f"{one.get_text()!r} overlaps {other.get_text()!r}"


def test_empty_title_is_refused(name):
    with pytest.raises(DataError, match="title is empty"):
        drawn(name, title="  ")


# -- the picture ------------------------------------------------------------------------------


@pytest.mark.slow
def test_same_table_gives_the_same_bytes_whatever_the_settings_outside(name):
    make, plot = CHARTS[name]
    first = drawn(name)
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "lines.linewidth": 9}):
        second = plot(make(), title=TITLE)
        assert first.png() == second.png()
    assert repr(first) == repr(second)


@pytest.mark.slow
def test_table_is_not_changed(name):
    make, plot = CHARTS[name]
    table = make()
    plot(table, title=TITLE)
    pd.testing.assert_frame_equal(table, make())


@pytest.mark.slow
def test_no_pyplot_state_is_made():
    code = (
        "import sys; sys.path.insert(0, 'tests'); from figure_tables import CHARTS\n"
        "for name in ('trend', 'map'): CHARTS[name][1](CHARTS[name][0](), title='A').png()\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "False"


def test_mimebundle_holds_picture_and_words_with_alt_text_beside():
    chart = drawn("rates").with_caption("Offences, invented county", "SYNTHETIC SAMPLE")
    data, about = chart._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert about["image/png"] == {
        "alt": chart.alt, "title": TITLE, "caption": "Offences, invented county",
        "facts": {name: getattr(chart, name).spans for name in ("title", "alt", "caption")},
    }  # fmt: skip
    said = [f"Chart: {TITLE}", chart.alt, "Offences, invented county"]
    assert data["text/plain"].startswith("\n".join(said))


def test_text_changes_when_a_drawn_number_changes():
    make, plot = CHARTS["rates"]
    other = make()
    other.loc[3, "value"] += 0.1
    assert repr(plot(make(), title=TITLE)) != repr(plot(other, title=TITLE))
    pd.testing.assert_frame_equal(plot(make(), title=TITLE).data, drawn("rates").data)


def test_stamp_is_printed_and_replaced_and_the_first_chart_is_untouched():
    plain = drawn("rates")
    before = plain.png()
    once = plain.with_caption("One", "SYNTHETIC SAMPLE, invented county")
    twice = once.with_caption("Two", "Another stamp")
    assert subtitle(once) == ["One SYNTHETIC SAMPLE, invented county"]
    assert subtitle(twice) == ["Two Another stamp"]
    assert twice.figure.get_figheight() == pytest.approx(once.figure.get_figheight())
    assert (plain.png(), plain.caption, twice.caption) == (before, "", "Two")


def test_a_long_stamp_is_wrapped_not_clipped():
    chart = drawn("trend").with_caption("", "as published, includes other offences " * 8)
    for text, box in written(chart.figure):
        assert box.x1 <= chart.figure.bbox.x1 + 1, text.get_text()


def test_svg_is_the_same_twice():
    assert drawn("gradient").svg() == drawn("gradient").svg()


# -- protection -------------------------------------------------------------------------------


def test_unprotected_counts_are_refused(name):
    if name in WITHOUT_COUNT:
        pytest.skip("holds no counts")
    with pytest.raises(DisclosureError, match="not protected"):
        drawn(name, CHARTS[name][0]().drop(columns="status"))


@pytest.mark.parametrize("column", ["records", "unknown", "count_with_unknown"])
def test_counts_under_another_name_are_refused_too(column):
    table = CHARTS["rates"][0]().drop(columns="status").rename(columns={"count": column})
    with pytest.raises(DisclosureError, match=column):
        drawn("rates", table)


def test_a_suppressed_row_that_still_holds_a_rate_is_refused():
    table = CHARTS["rates"][0]()
    table.loc[0, "status"] = "suppressed"
    with pytest.raises(DisclosureError, match="numbers for some"):
        drawn("rates", table)


def test_chart_data_hold_no_number_for_suppressed_rows(name):
    data = drawn(name).data
    if "status" in data:
        hidden = data.loc[data["status"] == "suppressed"]
        held = [c for c in [*NUMBERS, "start", "end", "change"] if c in data]
        assert hidden[held].isna().all(axis=None)


# -- bad and odd input ------------------------------------------------------------------------


def test_missing_columns_are_named_all_at_once(name):
    make, _ = CHARTS[name]
    with pytest.raises(DataError, match=r"missing|No column|none of"):
        drawn(name, make()[["status"]] if "status" in make() else make().iloc[:, :0])


def test_a_table_without_rows_is_refused(name):
    with pytest.raises(DataError, match="no rows"):
        drawn(name, CHARTS[name][0]().iloc[:0])


def test_infinite_values_are_refused():
    table = CHARTS["rates"][0]()
    table.loc[0, "upper_95_ci"] = np.inf
    with pytest.raises(DataError, match="infinite"):
        drawn("rates", table)


def test_repeated_rows_are_refused():
    table = CHARTS["rates"][0]()
    with pytest.raises(DataError, match="repeat"):
        drawn("rates", pd.concat([table, table.head(2)]))


def test_text_in_a_column_of_numbers_is_refused():
    table = CHARTS["rates"][0]().assign(value="many")
    with pytest.raises(DataError, match="not numbers"):
        drawn("rates", table)


# a waterfall and bounds need a row "IN", a tornado a rule beside its baseline
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(CHARTS) - {"tornado", "waterfall"}))
def test_one_row_is_drawn(name):
    assert drawn(name, CHARTS[name][0]().iloc[[0]]).png()


@pytest.mark.parametrize(("name", "problem"), [("waterfall", "no row IN"), ("tornado", "no rule")])
def test_one_row_that_says_nothing_is_refused(name, problem):
    with pytest.raises(DataError, match=problem):
        drawn(name, CHARTS[name][0]().iloc[[0]])


def all_suppressed(table):
    table = table.copy()
    for column in set(NUMBERS) & set(table):
        table[column] = pd.array([None] * len(table), dtype="Float64")
    return table.assign(status="suppressed")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(CHARTS) - {"matrix", "map_classes", "tornado"}))
def test_everything_suppressed_is_said_not_drawn(name):
    chart = drawn(name, all_suppressed(CHARTS[name][0]()))
    seen = " ".join(text.get_text() for text, _ in written(chart.figure)).lower()
    assert "suppressed" in seen
    assert chart.png()


def test_a_suppressed_baseline_is_refused():
    with pytest.raises(DataError, match="hidden"):
        drawn("tornado", all_suppressed(CHARTS["tornado"][0]()))


@pytest.mark.slow
def test_all_zero_is_drawn_from_zero(name):
    if name in {"effects", "matrix", "map_classes", "tornado"}:
        pytest.skip("zero has no place in it")
    table = CHARTS[name][0]()
    for column in set(NUMBERS) & set(table):
        table[column] = table[column].where(table[column].isna(), 0)
    assert drawn(name, table).png()


LONG = "Saint Élan's Ward with Ñorth and “Süd” <script> $x_1$ & " * 4


@pytest.mark.slow
@pytest.mark.parametrize("case", ["rates", "funnel", "bounds", "waterfall", "spine", "effects"])
def test_a_200_letter_name_with_accents_markup_and_dollars_is_not_clipped(case):
    table = CHARTS[case][0]()
    column = {"rates": "area_name", "funnel": "area_name", "bounds": "crime_group"}.get(case)
    column = column or {"waterfall": "label"}.get(case, "name")
    first = table[column].iloc[0]
    table[column] = table[column].mask(table[column] == first, LONG[:200])
    chart = drawn(case, table)
    width = chart.figure.bbox.x1
    for text, box in written(chart.figure):
        assert -1 <= box.x0 <= box.x1 <= width + 1, text.get_text()
    assert LONG[:200] in set(chart.data[column])


def test_codes_are_not_names():
    table = interval(protected({"area_code": ["X1", "X2"]}, [10, 20]))
    with pytest.raises(DataError, match="No column names the rows"):
        figures.plot_rates(table, title=TITLE)
    with pytest.raises(DataError, match="contains codes"):
        figures.plot_rates(table, title=TITLE, by="area_code")
