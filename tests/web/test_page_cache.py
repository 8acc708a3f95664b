"""Published pages come from memory: nothing is asked or rendered, nothing personal gets in."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.message import Message

import brotli
import pytest
from flask import template_rendered
from sqlalchemy import select
from werkzeug.test import Client

from kursliste.app import create_app
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, EditionFile
from kursliste.publishing.withdrawal_actions import withdraw_edition
from kursliste.web import page_cache
from kursliste.web.kept_pages import Answer, KeptPages, packed, preferred
from kursliste.web.page_cache import PageCache
from kursliste.web.security import POLICY
from tests.builders import a_district
from tests.page_client import PageClient
from tests.publishing.scene import Statements, a_scene
from tests.signing_in import sign_in

LIST = "/kurslisten/goerlitz"
FIRST = f"{LIST}/2026-12/1"
FILE = f"{FIRST}/kursliste-goerlitz-2026-12-a1"
SECONDS = 5
Answers = dict[str, tuple[str, list[tuple[str, str]], bytes]]


class Hand:
    """A clock that moves when the test says so."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def app(settings, database, hand):
    app = create_app(settings, database=database)
    app.wsgi_app = PageCache(  # type: ignore[method-assign]  # as the factory does
        app.wsgi_app, seconds=SECONDS, clock=hand
    )
    return app


@pytest.fixture
def scene(session, settings):
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(title="Sprachkurs am Vormittag")
    scene.publish()
    return scene


@pytest.fixture
def asked(app):
    """The paths that reached Flask."""
    paths = []
    inner = app.wsgi_app._app

    def noting(environ, start_response):
        paths.append(environ["PATH_INFO"])
        return inner(environ, start_response)

    app.wsgi_app._app = noting
    return paths


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        (LIST, 200),
        (f"{LIST}/2026-12", 200),
        (FIRST, 200),
        (f"{LIST}/ausgaben", 200),
        (f"{FILE}.xlsx", 200),
        (f"{FILE}.csv", 200),
        (f"{FILE}.json", 200),
        (f"{LIST}/aktuell.csv", 302),
        (f"{LIST}/traeger.csv", 302),
        ("/einbetten/goerlitz", 200),
    ],
)
def test_the_second_answer_costs_no_statement_and_no_template(
    client, app, database, scene, path, status
):
    first = client.get(path, status)
    rendered = []
    with (
        template_rendered.connected_to(lambda *_, **__: rendered.append(1), app),
        Statements(database) as statements,
    ):
        again = client.get(path, status)
        seen = app.test_client().open(path, headers={"If-None-Match": first.headers.get("ETag")})
        part = app.test_client().open(path, headers={"Range": "bytes=2-5"})
        head = app.test_client().head(path)

    assert (statements.sent, rendered) == ([], [])
    assert list(again.headers) == list(first.headers)
    assert again.get_data() == first.get_data()
    assert "Set-Cookie" not in first.headers
    assert seen.status_code == (304 if status == 200 else 302)
    assert list(head.headers) == list(first.headers)
    if status == 200:
        assert (part.status_code, part.get_data()) == (206, first.get_data()[2:6])


def test_each_encoding_holds_the_same_bytes_under_a_tag_of_its_own(client, scene):
    answers = {
        encoding: client.flask.get(LIST, headers={"Accept-Encoding": encoding})
        for encoding in ("br", "gzip", "identity")
    }
    plain = answers["identity"].get_data()

    assert b"Sprachkurs am Vormittag" in plain
    assert brotli.decompress(answers["br"].get_data()) == plain
    assert gzip.decompress(answers["gzip"].get_data()) == plain
    assert [a.headers.get("Content-Encoding") for a in answers.values()] == ["br", "gzip", None]
    assert len({a.headers["ETag"] for a in answers.values()}) == 3
    for answer in answers.values():
        assert answer.headers["Vary"] == "Cookie, Accept-Encoding"
        assert answer.content_length == len(answer.get_data())
        assert not answer.headers["ETag"].startswith("W/")


def test_a_workbook_is_not_compressed_again_and_keeps_its_own_tag(client, settings, scene):
    plain = create_app(settings, database=client.app.extensions["database"])
    before = plain.test_client().get(f"{FILE}.xlsx")
    after = client.flask.get(f"{FILE}.xlsx", headers={"Accept-Encoding": "br, gzip"})

    assert "Content-Encoding" not in after.headers
    assert after.get_data() == before.get_data()
    assert after.headers["ETag"] == before.headers["ETag"]
    assert after.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Message.get_filename(_message(after)) == "kursliste-goerlitz-2026-12-a1.xlsx"


def _message(answer):
    message = Message()
    message["Content-Disposition"] = answer.headers["Content-Disposition"]
    return message


def test_not_modified_keeps_the_headers_that_guard(client, scene):
    tag = client.flask.get(LIST, headers={"Accept-Encoding": "br"}).headers["ETag"]

    for tags in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        headers = {"Accept-Encoding": "br", "If-None-Match": tags}
        seen = client.flask.get(LIST, headers=headers)
        assert (seen.status_code, seen.get_data()) == (304, b"")
        assert seen.headers["ETag"] == tag
        assert seen.headers["Content-Security-Policy"] == POLICY
        assert seen.headers["Cache-Control"] == "no-cache"
        assert not {"Content-Type", "Content-Encoding", "Content-Length"} & set(seen.headers.keys())
    for headers in ({"If-None-Match": tag}, {"If-None-Match": '"x"', "Accept-Encoding": "br"}):
        assert client.flask.get(LIST, headers=headers).status_code == 200


@pytest.mark.parametrize("first", ["HEAD", "GET"])
def test_head_tells_what_get_would_send(client, asked, scene, first):
    client.flask.open(LIST, method=first)
    head, get = client.flask.head(LIST), client.flask.get(LIST)

    assert head.get_data() == b""
    assert list(head.headers) == list(get.headers)
    assert head.headers["Content-Length"] == str(len(get.get_data()))
    assert asked == [LIST]


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", "identity"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("identity, br;q=0.5", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("BR", "br"),
        ("deflate", "identity"),
        ("br;q=quatsch", "identity"),
        ("identity;q=0", "identity"),
    ],
)
def test_the_reader_chooses_the_encoding(accepted, chosen):
    assert preferred(accepted) == chosen


@pytest.mark.asvs("14.2.2")
def test_the_signed_in_neither_get_nor_fill_what_is_kept(client, session, app, asked, scene):
    sign_in(client, session, scene.coordinator)
    for _ in range(2):
        page = client.get(LIST)
        assert "Abmelden" in page.text
        assert page.headers["Cache-Control"] == "no-store"
    assert (asked, app.wsgi_app.kept.paths()) == ([LIST, LIST], [])

    anybody = PageClient(app, session)
    assert "Abmelden" not in anybody.get(LIST).text
    assert "Abmelden" in client.get(LIST).text


def test_our_cookie_names_are_the_ones_in_use(settings, database):
    for base_url in ("http://localhost", "https://localhost"):
        app = create_app(replace(settings, base_url=base_url), database=database)
        with app.test_request_context():
            names = {app.config["SESSION_COOKIE_NAME"], page_cache_session_name()}
        assert names <= page_cache.OURS


def page_cache_session_name():
    from kursliste.web.access import session_cookie_name  # noqa: PLC0415 -- beside its only use

    return session_cookie_name()


@pytest.mark.asvs("14.2.2")
@pytest.mark.parametrize(
    ("path", "options"),
    [
        (f"{LIST}?q=vormittag", {}),
        (LIST, {"headers": {"Cookie": "other=1; form=x"}}),
        (LIST, {"headers": {"Cookie": "__Host-sid=unknown"}}),
        (LIST, {"headers": {"HX-Request": "true"}}),
        (LIST, {"base_url": "http://localhost/unter"}),
        ("/anmelden", {}),
        ("/gesund", {}),
    ],
)
def test_what_is_not_for_everybody_passes_through(app, session, asked, scene, path, options):
    browser = app.test_client(use_cookies=False)  # sends the cookies that the test names
    for _ in range(2):
        assert browser.get(path, **options).status_code == 200
    assert (len(asked), app.wsgi_app.kept.paths()) == (2, [])


def test_a_form_is_never_answered_from_memory(client, asked, scene):
    client.get(LIST)
    assert client.flask.post(LIST, data={"q": "x"}).status_code == 405
    assert asked == [LIST, LIST]


def test_cookies_of_others_change_nothing(app, asked, scene):
    browser = app.test_client(use_cookies=False)
    for _ in range(2):
        browser.get(LIST, headers={"Cookie": "_pk_id=1; theme=dark"})
    assert asked == [LIST]


def test_a_host_that_is_not_trusted_gets_nothing(settings, database, scene):
    guarded = replace(
        settings, testing=False, page_cache_s=5.0, trusted_hosts=("localhost",), secret_key="k" * 32
    )
    client = create_app(guarded, database=database).test_client()

    assert client.get(LIST).status_code == 200
    assert client.get(LIST, base_url="http://evil.example").status_code == 400
    assert client.get(LIST, base_url="http://localhost:8000").status_code == 200


def test_the_factory_puts_it_in_front_unless_it_is_off(settings, database):
    on = create_app(replace(settings, page_cache_s=5.0), database=database)
    off = create_app(replace(settings, page_cache_s=0), database=database)
    assert (isinstance(on.wsgi_app, PageCache), isinstance(off.wsgi_app, PageCache)) == (
        True,
        False,
    )


def test_a_new_edition_is_seen_when_the_time_is_over(client, hand, scene):
    client.get(LIST)
    client.get(FIRST)
    client.get(f"{LIST}/aktuell.csv", 302)
    scene.course(title="Sprachkurs am Abend")
    scene.publish(seen=1, reason="Kurs nachgetragen")

    hand.now += SECONDS - 0.01
    assert "Sprachkurs am Abend" not in client.get(LIST).text
    assert "ersetzt durch" not in client.get(FIRST).text
    hand.now += 0.01
    assert "Sprachkurs am Abend" in client.get(LIST).text
    assert "Diese Ausgabe ist ersetzt durch 2026-12/2." in client.get(FIRST).text
    assert "-a2.csv" in client.get(f"{LIST}/aktuell.csv", 302).location


def test_a_file_that_stands_is_not_read_again_when_its_seconds_are_over(
    client, hand, asked, scene, monkeypatch
):
    first = client.get(f"{FILE}.csv")
    monkeypatch.setattr(Shelf, "read", lambda *_: pytest.fail("read again"))
    for _ in range(3):
        hand.now += SECONDS
        for _ in range(2):
            assert client.get(f"{FILE}.csv").get_data() == first.get_data()
    assert asked == [f"{FILE}.csv"] * 4


def test_what_one_server_publishes_and_takes_back_is_right_on_another_in_seconds(
    client, own_app, session, hand, scene
):
    other = own_app
    other.wsgi_app = PageCache(other.wsgi_app, seconds=SECONDS, clock=hand)
    there = PageClient(other, session)
    for _ in range(2):  # each server keeps its own
        for reader in (client, there):
            assert "Sprachkurs am Abend" not in reader.get(f"{FILE}.csv").text
            reader.get(f"{FIRST}/kursliste-goerlitz-2026-12-a2.csv", 404)
    name = FILE.rpartition("/")[2] + ".csv"
    file = session.scalars(select(EditionFile).where(EditionFile.name == name)).one()
    erased = b"A name was taken out."
    file.size, file.sha256 = len(erased), hashlib.sha256(erased).hexdigest()
    scene.shelf.put(f"{file.edition.folder}/{file.name}", erased, replacing=True)
    scene.course(title="Sprachkurs am Abend")
    scene.publish(seen=1, reason="Kurs nachgetragen")

    hand.now += SECONDS
    for reader in (there, client):
        assert reader.get(f"{FILE}.csv").get_data() == erased
        assert "Sprachkurs am Abend" in reader.get(LIST).text
    session.delete(file)
    hand.now += SECONDS
    for reader in (there, client):
        reader.get(f"{FILE}.csv", 404)


def test_a_withdrawn_edition_is_gone_from_memory_when_its_seconds_are_over(
    client, app, session, hand, scene
):
    paths = (FIRST, f"{FILE}.csv", f"{FILE}.xlsx")
    for path in paths:
        client.get(path)
    withdraw_edition(session, session.get_one(Edition, 1), reason="Zu früh", actor=scene.actor)
    for path in paths:
        client.get(path)  # still known here for a moment
    hand.now += SECONDS

    for path in paths:
        client.get(path, 410)

    assert app.wsgi_app.kept.paths() == []


def test_what_is_missing_or_broken_is_never_kept(client, app, session, hand, asked, settings):
    a_district(session, "weimar", name="Weimar")
    client.get("/kurslisten/niemand", 404)
    client.get("/kurslisten/niemand", 404)
    assert client.flask.head("/kurslisten/niemand").get_data() == b""
    assert app.wsgi_app.kept.paths() == []

    client.get("/kurslisten/weimar")
    session.delete(session.get_one(type(a_district(session, "aue")), 1))
    client.get("/kurslisten/weimar")
    hand.now += SECONDS
    client.get("/kurslisten/weimar", 404)
    assert app.wsgi_app.kept.paths() == []


# ---- the middleware before a small application, where the test decides what is answered


def bare(answers: Answers, **options):
    """A cache before an application that answers ``path: (status, headers, body)``."""

    def application(environ, start_response):
        status, headers, body = answers[environ["PATH_INFO"]]
        start_response(status, [("Content-Type", "text/plain"), *headers])
        return [body]

    cache = PageCache(application, **{"seconds": SECONDS, **options})
    return cache, Client(cache)


@pytest.mark.asvs("14.2.2")
@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("200 OK", [("Set-Cookie", "form=1")]),
        ("200 OK", [("Cache-Control", "no-store")]),
        ("200 OK", [("Cache-Control", "private, max-age=5")]),
        ("200 OK", [("Vary", "Cookie, Accept-Language")]),
        ("200 OK", [("Content-Encoding", "gzip")]),
        ("302 FOUND", [("Location", "/")]),
        ("404 NOT FOUND", []),
        ("500 INTERNAL SERVER ERROR", []),
    ],
)
def test_only_what_everybody_gets_is_kept(status, headers):
    cache, client = bare({f"{LIST}": (status, headers, b"text")})
    answer = client.get(LIST)
    assert (answer.status, answer.get_data(), cache.kept.paths()) == (status, b"text", [])
    assert [pair for pair in answer.headers if pair[0] != "Content-Type"] == headers


@pytest.mark.asvs("15.2.2")
@pytest.mark.con10("A17")
def test_memory_is_bounded_and_the_longest_unused_goes_first():
    paths = [f"/kurslisten/k{number}" for number in range(10)]
    cache, client = bare(
        {path: ("200 OK", [], path.encode() * 100) for path in paths}, most_bytes=50_000
    )
    for path in paths:
        client.get(path)
        client.get(paths[0])
        assert cache.kept.size <= 50_000
    assert paths[0] in cache.kept.paths()
    assert cache.kept.paths()[-1] == paths[0]
    assert len(cache.kept.paths()) < len(paths)
    assert paths[1] not in cache.kept.paths()


@pytest.mark.parametrize("told", [[("Content-Length", "10000")], []])
def test_a_big_answer_is_passed_on_piece_by_piece_and_not_kept(told):
    pieces = [b"x" * 1000] * 10
    made: list[bytes] = []
    seen = []

    def making():
        for piece in pieces:
            made.append(piece)
            yield piece

    def application(environ, start_response):
        seen.append(environ.get("HTTP_RANGE"))
        start_response("200 OK", [("Content-Type", "text/plain"), *told])
        return making()

    cache = PageCache(application, seconds=SECONDS, most_bytes=50_000)
    answer = Client(cache).get(LIST, headers={"Accept-Encoding": "br", "Range": "bytes=0-"})

    assert (answer.get_data(), cache.kept.paths(), cache.kept.size) == (b"".join(pieces), [], 0)
    assert seen == [None, "bytes=0-"]  # the second time it is the reader's own question
    assert len(made) == 10 + (0 if told else 7)


def test_what_does_not_shrink_is_sent_as_it_is():
    _, client = bare({LIST: ("200 OK", [], b"?")})
    answer = client.get(LIST, headers={"Accept-Encoding": "br"})
    assert (answer.get_data(), answer.headers.get("Content-Encoding")) == (b"?", None)


def test_nothing_of_the_reader_reaches_what_is_kept():
    seen = {}

    def application(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"text"]

    headers = {"Cookie": "theme=dark", "Range": "bytes=0-1", "If-None-Match": '"x"'}
    Client(PageCache(application, seconds=SECONDS), use_cookies=False).get(LIST, headers=headers)
    assert [name for name in seen if name.startswith("HTTP_")] == ["HTTP_HOST"]


def test_an_application_that_fails_leaves_nothing_behind(hand):
    answers: Answers = {LIST: ("200 OK", [], b"text")}
    cache, client = bare(answers, clock=hand)
    client.get(LIST)
    hand.now += SECONDS
    del answers[LIST]
    with pytest.raises(KeyError):
        client.get(LIST)
    assert (cache.kept.paths(), cache.kept.size) == ([], 0)
    answers[LIST] = ("200 OK", [], b"new")
    assert client.get(LIST).get_data() == b"new"


class Slow:
    """An application that waits until the test lets it go on; bodies are numbered."""

    def __init__(self):
        self.go_on = threading.Event()
        self.begun = threading.Semaphore(0)
        self.calls = 0
        self.go_on.set()

    def __call__(self, _environ, start_response):
        self.calls += 1
        body = str(self.calls).encode()
        self.begun.release()
        assert self.go_on.wait(10)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [body]


def test_after_its_time_one_request_renews_and_others_get_the_old_one(hand):
    slow = Slow()
    cache = PageCache(slow, seconds=SECONDS, clock=hand)
    assert Client(cache).get(LIST).get_data() == b"1"
    hand.now += SECONDS
    slow.go_on.clear()
    slow.begun = threading.Semaphore(0)
    with ThreadPoolExecutor(2) as pool:
        renewing = pool.submit(lambda: Client(cache).get(LIST).get_data())
        assert slow.begun.acquire(timeout=10)
        old = [Client(cache).get(LIST).get_data() for _ in range(5)]
        hand.now += SECONDS
        too_old = pool.submit(lambda: Client(cache).get(LIST).get_data())
        assert slow.begun.acquire(timeout=10)
        slow.go_on.set()
        assert (renewing.result(), too_old.result()) == (b"2", b"3")
    assert (old, slow.calls) == ([b"1"] * 5, 3)
    assert Client(cache).get(LIST).get_data() == b"3"


@pytest.mark.asvs("15.4.1")
def test_parallel_requests_all_get_their_own_page(hand):
    paths = [f"/kurslisten/k{number}" for number in range(20)]
    cache, _ = bare(
        {path: ("200 OK", [], path.encode() * 50) for path in paths},
        most_bytes=60_000,
        seconds=0.001,
    )

    def ask(number):
        path = paths[number % len(paths)]
        return Client(cache).get(path).get_data() == path.encode() * 50

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(2000)))
    assert 0 < cache.kept.size <= 60_000


def test_a_page_that_is_removed_while_it_is_found_is_answered_all_the_same():
    class Leaving(OrderedDict):
        def get(self, path, *_):
            return self.pop(path, None)

    kept = KeptPages(100_000)
    page = packed(Answer("200 OK", [], b"text"), since=0.0, until=9.0)
    kept.keep(LIST, page)
    kept._pages = Leaving(kept._pages)
    assert kept.find(LIST, 1.0) is page
    assert kept.find(LIST, 1.0) is None
