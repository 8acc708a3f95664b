"""A file reaches the reader whole, in part or not at all, and never with other bytes."""

import brotli
import pytest
from sqlalchemy import select

from kursliste.infrastructure.shelf import Shelf
from kursliste.models import EditionFile
from kursliste.web import downloads
from kursliste.web.page_cache import PageCache
from kursliste.web.ranges import Span, UnsatisfiableError, asked_span
from tests.publishing.scene import a_scene

FOLDER = "/kurslisten/goerlitz/2026-12/1"
FILE = f"{FOLDER}/kursliste-goerlitz-2026-12-a1.csv"
TAG = '"abc"'


def asked(value, **more):
    environ = {"REQUEST_METHOD": "GET", "HTTP_RANGE": value, **more}
    return asked_span(environ, tag=TAG, size=100)


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=0-", Span(0, 100)),
        ("bytes=10-19", Span(10, 20)),
        ("bytes=90-1000", Span(90, 100)),
        ("bytes=-5", Span(95, 100)),
        ("bytes=-500", Span(0, 100)),
        ("Bytes=1-2", Span(1, 3)),
        # All of it is always a right answer.
        ("", None),
        ("bytes=0-1,5-6", None),
        ("bytes=5-2", None),
        ("bytes", None),
        ("bytes=a-b", None),
        ("bytes=--1", None),
        ("rows=1-2", None),
    ],
)
def test_what_a_range_asks_for(value, span):
    assert asked(value) == span
    assert asked(value, HTTP_IF_RANGE=TAG) == span
    for other in ('"other"', f"W/{TAG}", "Thu, 26 Nov 2026 10:00:00 GMT"):
        assert asked(value, HTTP_IF_RANGE=other) is None
    assert asked(value, REQUEST_METHOD="HEAD") is None


@pytest.mark.parametrize("value", ["bytes=100-", "bytes=100-200", "bytes=5000-"])
def test_a_range_behind_the_end_cannot_be_answered(value):
    with pytest.raises(UnsatisfiableError):
        asked(value)


@pytest.fixture(params=["kept", "made each time", "streamed"])
def way(request, app, monkeypatch):
    """All three ways that a file takes: from memory, checked and whole, piece by piece."""
    if request.param == "kept":
        monkeypatch.setattr(app, "wsgi_app", PageCache(app.wsgi_app, seconds=60))
    if request.param == "streamed":
        monkeypatch.setattr(downloads, "STREAMED", 10)
        monkeypatch.setattr(app, "wsgi_app", PageCache(app.wsgi_app, seconds=60, most_bytes=80))
    return request.param


def get(client, **options):
    """What a browser gets; the answer is read to its end and closed."""
    return client.flask.open(FILE, buffered=True, **options)


@pytest.fixture
def content(app, client, session, any_shelf, way):
    """The bytes of a published file that lies in a folder or in a bucket."""
    app.extensions["shelf"] = any_shelf
    scene = a_scene(session, any_shelf)
    scene.course(title="Sprachkurs am Vormittag")
    edition = scene.publish()
    return any_shelf.read(f"{edition.folder}/{FILE.rpartition('/')[2]}")


@pytest.mark.asvs("3.2.1", "5.4.1", "5.4.2")
def test_whole_part_and_nothing(client, content, way):
    for _ in range(2):
        whole = get(client)
        assert (whole.status_code, whole.get_data()) == (200, content)
        assert whole.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert whole.headers["Accept-Ranges"] == "bytes"
        assert whole.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert whole.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert whole.headers["Content-Disposition"].startswith("attachment; filename=kursliste-")
        assert whole.content_length == len(content)

        head = get(client, method="HEAD", headers={"Range": "bytes=1-2"})
        assert (head.status_code, head.get_data()) == (200, b"")
        assert sorted(head.headers) == sorted(whole.headers)

        part = get(client, headers={"Range": "bytes=3-9"})
        assert (part.status_code, part.get_data()) == (206, content[3:10])
        assert part.headers["Content-Range"] == f"bytes 3-9/{len(content)}"
        assert part.content_length == 7
        assert part.headers["ETag"] == whole.headers["ETag"]

        rest = {"Range": f"bytes={len(content) - 4}-", "If-Range": whole.headers["ETag"]}
        assert get(client, headers=rest).get_data() == content[-4:]
        changed = get(client, headers={"Range": "bytes=0-1", "If-Range": '"old"'})
        assert (changed.status_code, changed.get_data()) == (200, content)
        many = get(client, headers={"Range": "bytes=0-1,4-5"})
        assert (many.status_code, many.get_data()) == (200, content)

        behind = get(client, headers={"Range": f"bytes={len(content)}-"})
        assert (behind.status_code, behind.get_data()) == (416, b"")
        assert behind.headers["Content-Range"] == f"bytes */{len(content)}"

        for tags in (whole.headers["ETag"], f'"x", W/{whole.headers["ETag"]}', "*"):
            seen = get(client, headers={"If-None-Match": tags, "Range": "bytes=0-1"})
            assert (seen.status_code, seen.get_data()) == (304, b"")
            assert seen.headers["ETag"] == whole.headers["ETag"]


def test_a_part_of_what_is_packed_is_a_part_of_the_packed_bytes(client, app, content, way):
    if way != "kept":
        return
    packed = get(client, headers={"Accept-Encoding": "br"})
    ask = {"Accept-Encoding": "br", "If-Range": packed.headers["ETag"]}
    parts = [get(client, headers={**ask, "Range": span}) for span in ("bytes=0-20", "bytes=21-")]
    assert [part.status_code for part in parts] == [206, 206]
    assert {part.headers["Content-Encoding"] for part in parts} == {"br"}
    assert brotli.decompress(b"".join(part.get_data() for part in parts)) == content


def test_other_bytes_than_were_published_are_never_sent(client, session, any_shelf, content):
    place = f"goerlitz/deutschkurse/2026-12/a1/{FILE.rpartition('/')[2]}"
    any_shelf.put(place, content + b"x", replacing=True)
    told = client.get(FILE, 503)
    assert "Die Ablage für veröffentlichte Dateien ist gerade nicht zu erreichen" in told.text
    any_shelf.delete(place)
    client.get(FILE, 404)
    any_shelf.put(place, content)
    assert get(client).get_data() == content


def test_a_file_in_part_costs_two_statements_and_one_piece(
    app, client, session, settings, statements, monkeypatch
):
    monkeypatch.setattr(downloads, "STREAMED", 10)
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(title="Sprachkurs am Vormittag")
    scene.publish()
    session.close()
    with statements() as seen:
        get(client, headers={"Range": "bytes=0-0"})
    assert len([text for text in seen if text.startswith("SELECT")]) <= 2
    assert (
        session.scalar(select(EditionFile.size).where(EditionFile.name == FILE.rpartition("/")[2]))
        > 10
    )
