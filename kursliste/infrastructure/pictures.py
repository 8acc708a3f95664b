"""Images that people upload: looked at, drawn anew, and never kept as they came.

The header is read before a single pixel, so that a small file cannot become a huge image. What is
kept is drawn anew: no metadata (places, names), and nothing that hides behind the image.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, UnidentifiedImageError

LARGEST_FILE: Final = 300 * 1024
"""Bytes of an uploaded image."""

LONGEST_SIDE: Final = 2000
"""Pixels of an image that is taken; a logo on paper needs about 500."""

KEPT_SIDE: Final = 800
"""Pixels of an image that is kept: 6 cm at 300 dots per inch."""

MEDIA_TYPES: Final = {"PNG": "image/png", "JPEG": "image/jpeg"}

BROKEN: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,  # what the library calls a broken PNG
    Warning,
)


class PictureRefusedError(Exception):
    """This is no image that we take; the text says why, in words for people."""


@dataclass(frozen=True)
class Picture:
    """An image as it is kept; width and height are in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The hash that names it."""
        return hashlib.sha256(self.content).hexdigest()


def read_picture(data: bytes) -> Picture:
    """Return the PNG or JPEG in ``data`` drawn anew; raise PictureRefusedError with the reason.

    An image with sides above ``KEPT_SIDE`` is made smaller. The same data gives the same bytes as
    long as the image library stays the same; what was stored never changes.
    """
    if len(data) > LARGEST_FILE:
        msg = f"Die Datei ist zu groß. Möglich sind {LARGEST_FILE // 1024} kB."
        raise PictureRefusedError(msg)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a suspicious image only warns
            return _drawn_anew(data)
    except BROKEN as error:
        msg = "Das ist kein lesbares Bild. Möglich sind PNG und JPEG."
        raise PictureRefusedError(msg) from error


def _drawn_anew(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data), formats=list(MEDIA_TYPES)) as image:
        if max(image.size) > LONGEST_SIDE:
            msg = (
                f"Das Bild hat {image.width} × {image.height} Bildpunkte. Möglich sind höchstens "
                f"{LONGEST_SIDE} je Seite."
            )
            raise PictureRefusedError(msg)
        kind = str(image.format)
        image.load()
        drawn = image.convert("RGB" if kind == "JPEG" else "RGBA")
    drawn.thumbnail((KEPT_SIDE, KEPT_SIDE))
    out = io.BytesIO()
    if kind == "JPEG":
        drawn.save(out, "JPEG", quality=90)
    else:
        drawn.save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), MEDIA_TYPES[kind], drawn.width, drawn.height)
