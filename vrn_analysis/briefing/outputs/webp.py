"""The pictures of a page in the smallest form that every browser shows without loss."""

import base64
import io
import re
from functools import lru_cache

from PIL import Image

PNG = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")


@lru_cache(maxsize=256)  # the index holds each chapter's pictures again
def _as_webp(coded: str) -> str:
    content = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(coded))) as picture:
        mode = "RGBA" if picture.has_transparency_data else "RGB"
        picture.convert(mode).save(content, "webp", lossless=True, quality=80, method=4)
    return f"data:image/webp;base64,{base64.b64encode(content.getvalue()).decode()}"


def lightened(html: str) -> str:
    """
    Return a page whose PNG pictures are lossless WebP, about a fifth smaller.

    Notebooks and slides keep PNG; a page holds its pictures itself, so their size is its size.
    """
    return PNG.sub(lambda found: _as_webp(found[1]), html)
