"""The guides: texts of the documentation as pages, their pictures, and what is not there."""

import re

import pytest

from kursliste.settings import resource_dir
from kursliste.web.guides import FOLDER, GUIDES, PICTURES, read_guide

TEXTS = resource_dir(FOLDER)


@pytest.mark.parametrize("name", sorted(GUIDES))
def test_a_guide_is_a_page_with_its_pictures(client, name):
    client.get(f"/anleitung/{name}")
    pictures = [image.get("src") for image in client.page.select("main img")]
    assert len(pictures) > 0
    for address in pictures:
        assert client.get(address).mimetype == "image/png"


@pytest.mark.parametrize("name", sorted(GUIDES))
def test_every_picture_is_there_and_every_one_is_used(name):
    text = (TEXTS / f"{name}.md").read_text(encoding="utf-8")
    assert re.findall(r"!\[\]", text) == []  # what it shows is told to those who do not see it


def test_no_picture_lies_about_unused():
    used = {
        picture
        for name in GUIDES
        for picture in re.findall(
            rf"\]\({PICTURES}/([^)]+)\)", (TEXTS / f"{name}.md").read_text(encoding="utf-8")
        )
    }
    assert used == {path.name for path in (TEXTS / PICTURES).glob("*.png")}


@pytest.mark.parametrize(("name", "buttons"), [("koordination", 16), ("beratung", 10)])
def test_a_guide_calls_buttons_as_the_pages_do(name, buttons):
    """What is bold there is what one presses; "…" stands for a month, a number or a name."""
    guide = (TEXTS / f"{name}.md").read_text(encoding="utf-8")
    pages = [path.read_text(encoding="utf-8") for path in resource_dir("templates").rglob("*.html")]
    bold = {name.rstrip(":") for name in re.findall(r"\*\*(.+?)\*\*", guide)}
    assert len(bold) >= buttons
    unknown = [
        name
        for name in sorted(bold)
        if not any(all(part in page for part in name.split(" … ")) for page in pages)
    ]
    assert unknown == []


@pytest.mark.parametrize(
    "path",
    [
        "/anleitung/gibt-es-nicht",
        "/anleitung/bilder/gibt-es-nicht.png",
        "/anleitung/bilder/..%2ftraeger.md",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    client.get(path, 404)


def test_html_in_a_guide_is_shown_and_not_obeyed(app, monkeypatch):
    monkeypatch.setattr("kursliste.web.guides._text", lambda _name: "# Titel\n\n<b>fett</b>\n")
    with app.test_request_context():
        guide = read_guide("traeger")
    assert (guide.title, guide.html) == ("Titel", "<p>&lt;b&gt;fett&lt;/b&gt;</p>\n")
