"""The charts of slides: numbers to edit with their intervals, or a picture, and what each shows."""

import base64
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from pptx.chart.chart import Chart as NativeChart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)  # fmt: skip
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.util import Inches, Pt

from vrn_analysis.briefing.outputs import charts
from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.show.figures.parts.style import BLUE, GREY, TEAL, decimals_for
from vrn_analysis.show.publish import pictures

LOWER, UPPER = "lower_95_ci", "upper_95_ci"
Room = tuple[float, float, float, float]  # left, top, width and height, in inches


@dataclass
class Shown:
    """A chart for a slide: its picture and, where it can be drawn as one, its numbers."""

    image: Tag
    native: dict = field(default_factory=dict)


def numbers(results: Iterable[Result]) -> dict[str, dict]:
    """Return the numbers of the charts that slides can draw, by the picture in a page."""
    found = {}
    for result in results:
        for picture, output in charts.outputs(result.notebook).items():
            words = output.data.get("text/plain", "")
            file = pictures.file(result.output, words).with_suffix(".json")
            if file.exists():
                found[picture] = json.loads(file.read_text(encoding="utf-8"))
    return found


def charts_in(html: str, kept: dict[str, dict]) -> list[Shown]:
    """Return the charts in a piece of HTML."""
    images = BeautifulSoup(html, "html.parser").find_all("img", src=True)
    return [Shown(i, kept.get(i["src"], {})) for i in images if i["src"].startswith(charts.PNG)]


def add(slide: Slide, shown: Shown, room: Room) -> None:
    """Add a chart as one that can be edited, or as its picture, with its alternative text."""
    (_draw if shown.native else _picture)(slide, shown, room)


def _picture(slide: Slide, shown: Shown, room: Room) -> None:
    """Add a picture as large as the room allows."""
    content = io.BytesIO(base64.b64decode(shown.image["src"].split(",", 1)[1]))
    left, top, width, height = room
    picture = slide.shapes.add_picture(content, Inches(left), Inches(top), width=Inches(width))
    if picture.height > Inches(height):
        picture.width = int(picture.width * Inches(height) / picture.height)
        picture.height = Inches(height)
    _describe(picture, shown.image)


def _describe(shape: object, image: Tag) -> None:
    shape.name = "Chart"
    shape._element.xpath(".//p:cNvPr")[0].set("descr", image.get("alt", ""))


def _draw(slide: Slide, shown: Shown, room: Room) -> None:
    """Add a chart whose numbers can be edited, with its 95% intervals."""
    spec = shown.native
    line = spec["kind"] == "line"
    limits = [spec["series"][n] for n in (LOWER, UPPER) if n in spec["series"]]
    data = CategoryChartData()
    data.categories = spec["names"]
    called = {LOWER: "Lower 95% limit", UPPER: "Upper 95% limit"}
    for name, values in spec["series"].items():
        if line or name not in called:
            data.add_series(called.get(name, name.capitalize()), values)
    kinds = {
        "line": XL_CHART_TYPE.LINE,
        "bar": XL_CHART_TYPE.BAR_CLUSTERED,
        "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    }
    frame = slide.shapes.add_chart(kinds[spec["kind"]], *(Inches(v) for v in room), data)
    _describe(frame, shown.image)
    chart = frame.chart
    chart.font.size = Pt(12)
    chart.has_title = True
    chart.chart_title.text_frame.text = spec["measure"]
    chart.chart_title.text_frame.paragraphs[0].font.size = Pt(12)
    chart.has_legend = len(chart.plots[0].series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _look(chart, spec["kind"], bool(limits))
    if limits and not line:
        _error_bars(chart, next(iter(spec["series"].values())), *limits)


def _look(chart: NativeChart, kind: str, limits: bool) -> None:
    """Give a chart our colours, axes from zero, and labels where there is room for them."""
    chart.value_axis.minimum_scale = 0
    chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("DDDDDD")
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    plot = chart.plots[0]
    if kind != "line":
        plot.gap_width, plot.has_data_labels = 60, True
        known = [value for series in plot.series for value in series.values if value is not None]
        plot.data_labels.number_format = ("#,##0", "#,##0.0", "0.00")[decimals_for(known)]
        plot.data_labels.number_format_is_linked = False
        chart.category_axis.reverse_order = kind == "bar"  # the first name on top
    for number, series in enumerate(plot.series):
        colour = RGBColor.from_string((BLUE, TEAL, GREY, GREY)[number % 4][1:])
        if kind == "line":
            bound = limits and number
            series.format.line.color.rgb = RGBColor.from_string(GREY[1:]) if bound else colour
            series.format.line.width, series.smooth = Pt(1 if bound else 2.25), False
            series.format.line.dash_style = MSO_LINE.DASH if bound else None
            series.marker.style = XL_MARKER_STYLE.NONE
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour


def _error_bars(chart: NativeChart, values: list, lower: list, upper: list) -> None:
    """Draw the intervals of the first series: the library has no call of its own for them."""

    def points(side: str, ends: list) -> str:
        pairs = [(i, abs(e - v)) for i, (e, v) in enumerate(zip(ends, values, strict=True))
                 if e is not None and v is not None]  # fmt: skip
        each = "".join(f'<c:pt idx="{i}"><c:v>{gap:.6g}</c:v></c:pt>' for i, gap in pairs)
        size = f'<c:ptCount val="{len(values)}"/>'
        return f"<c:{side}><c:numLit>{size}{each}</c:numLit></c:{side}>"

    bars = parse_xml(
        f'<c:errBars {nsdecls("c")}><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{points("plus", upper)}{points("minus", lower)}</c:errBars>'
    )
    chart.plots[0].series[0]._element.find(".//{*}cat").addprevious(bars)
