"""Small images for tests, made by the image library."""

import io

from PIL import Image


def an_image(kind: str = "PNG", size: tuple[int, int] = (300, 100), colour: str = "navy") -> bytes:
    """Return an image as people would upload it."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()
