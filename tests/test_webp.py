"""Pictures of a page become smaller and show the same."""

import base64
import io
import re

import numpy as np
from PIL import Image

from vrn_analysis.briefing.outputs import charts


def page(picture):
    content = io.BytesIO()
    picture.save(content, "png")
    coded = base64.b64encode(content.getvalue()).decode()
    return f'<img alt="x" src="data:image/png;base64,{coded}">'


def shown(html):
    kind, coded = re.search(r"data:image/(\w+);base64,([^\"]+)", html).groups()
    return kind, Image.open(io.BytesIO(base64.b64decode(coded)))


def test_a_picture_shows_the_same_and_is_smaller():
    drawn = Image.new("RGB", (300, 200), "white")
    drawn.paste("#12436D", (20, 30, 180, 150))
    html = page(drawn)
    light = charts.lightened(html)
    kind, after = shown(light)
    assert kind == "webp"
    assert len(light) < len(html)
    np.testing.assert_array_equal(np.asarray(after.convert("RGB")), np.asarray(drawn))


def test_a_transparent_picture_stays_transparent():
    drawn = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    drawn.paste((18, 67, 109, 255), (20, 30, 180, 150))
    _, after = shown(charts.lightened(page(drawn)))
    np.testing.assert_array_equal(
        np.asarray(after.convert("RGBA"))[..., 3], np.asarray(drawn)[..., 3]
    )


def test_a_page_without_pictures_stays_as_it_is():
    html = "<p>data:image/png</p>"
    assert charts.lightened(html) == html
