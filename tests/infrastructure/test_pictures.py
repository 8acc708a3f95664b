"""An uploaded image is drawn anew or refused with a reason that helps."""

import io
import zlib

import pytest
from PIL import Image

from kursliste.infrastructure.pictures import PictureRefusedError, read_picture
from tests.layouts.pictures import an_image


@pytest.mark.asvs("5.2.2", "5.3.1", "5.4.3")
def test_an_image_is_drawn_anew_and_named_by_its_bytes():
    first, again = read_picture(an_image()), read_picture(an_image())
    assert (first.media_type, first.width, first.height) == ("image/png", 300, 100)
    assert (first.content, first.sha256) == (again.content, again.sha256)
    assert Image.open(io.BytesIO(first.content)).getpixel((5, 5)) == (0, 0, 128, 255)
    photo = read_picture(an_image("JPEG", (1600, 400)))
    assert (photo.media_type, photo.width, photo.height) == ("image/jpeg", 800, 200)


@pytest.mark.asvs("5.3.1", "14.2.8")
def test_nothing_is_kept_but_the_image():
    out = io.BytesIO()
    facts = Image.Exif()
    facts[0x010E] = "KANARIE Ort"
    Image.new("RGB", (10, 10)).save(out, "JPEG", exif=facts)
    data = out.getvalue() + b"<script>KANARIE</script>"
    assert b"KANARIE" in data
    assert b"KANARIE" not in read_picture(data).content


def a_bomb() -> bytes:
    """Return a small PNG that says it is 60,000 pixels wide and high."""
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    chunk = len(header[4:]).to_bytes(4, "big") + header + zlib.crc32(header).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk + an_image()[33:]


@pytest.mark.asvs("5.2.1", "5.2.2")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kein lesbares Bild"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kein lesbares Bild"),
        (an_image("GIF"), "kein lesbares Bild"),
        (an_image()[:60], "kein lesbares Bild"),
        (a_bomb(), "Bild"),
        (an_image(size=(2001, 10)), "2001 × 10 Bildpunkte"),
        (b"x" * (300 * 1024 + 1), "zu groß"),
    ],
)
def test_what_is_no_image_for_a_list_is_refused_with_a_reason(data, words):
    with pytest.raises(PictureRefusedError, match=words):
        read_picture(data)
