"""The shipped configuration of nginx: it says what the application means, and nginx does it."""

import http.client
import re
import socket
import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from kursliste.app import create_app
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import EditionFile
from kursliste.web.page_cache import OURS, PUBLISHED
from kursliste.web.security import LARGEST_BODY
from tests.publishing.scene import a_scene
from tests.web import nginx

LIST = "/kurslisten/goerlitz"
FILE = f"{LIST}/2026-12/1/kursliste-goerlitz-2026-12-a1.csv"
SECONDS = 2


def directives():
    """Every directive of the shipped file as words, comments and quotes taken away."""
    text = re.sub(r"(?m)(^|\s)#.*$", "", nginx.SHIPPED.read_text(encoding="utf-8"))
    assert text.count("{") == text.count("}")
    return [words.split() for words in re.findall(r"[^;{}]+", text) if words.split()]


def value(name):
    return [" ".join(words[1:]) for words in directives() if words[0] == name]


def test_it_keeps_what_the_application_names_and_nothing_else():
    assert value("proxy_ignore_headers") == ["Cache-Control Expires Vary"]
    assert value("proxy_cache_valid") == []  # or nginx would keep what nobody named
    assert value("proxy_cache_use_stale") == ["updating"]
    assert value("proxy_cache_background_update") == []
    assert value("proxy_cache_key") == ['"$scheme $host $request_uri $kursliste_encoding"']
    assert len(value("proxy_set_header")) == 5  # all at one level: a second one hides the first
    assert value("proxy_no_cache") == value("proxy_cache_bypass")
    assert value("proxy_request_buffering") == []  # on: a slow sender waits in nginx, not in ours
    assert value("gzip") == ["off"]  # compression beside a token tells its length
    assert value("client_max_body_size") == [f"{LARGEST_BODY // 2**20}m"]


def test_it_knows_the_cookies_and_the_addresses_of_the_application():
    text = nginx.SHIPPED.read_text(encoding="utf-8")
    cookies = re.search(r"\(sid\|[^)]*\)", text)
    assert cookies is not None
    assert set(cookies.group()[1:-1].split("|")) == OURS
    places = re.search(r"location ~ \^/\(\$\|([^)]*)\)", text)
    assert places is not None
    assert tuple(f"/{place}" for place in places.group(1).split("|")) == PUBLISHED


def test_nginx_is_told_only_where_a_proxy_stands_in_front(settings, database, session):
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course()
    scene.publish()
    for proxies, told in ((0, None), (1, "5")):
        app = create_app(
            replace(settings, page_cache_s=5.0, proxies=proxies), database=database
        ).test_client()
        for path in (LIST, FILE):
            assert app.get(path).headers.get("X-Accel-Expires") == told
            assert app.get(f"{path}?q=x").headers.get("X-Accel-Expires") is None
        assert app.get("/kurslisten/niemand").headers.get("X-Accel-Expires") is None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def site(settings, database, session, tmp_path):
    """The application behind nginx, and the paths that reached it."""
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(title="Sprachkurs am Vormittag")
    scene.publish()
    app = create_app(replace(settings, page_cache_s=SECONDS, proxies=1), database=database)
    asked = []

    def noting(environ, start_response):
        asked.append(environ["PATH_INFO"])
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, noting, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    port = free_port()
    try:
        with nginx.running(nginx.configured(tmp_path, port=port, behind=server.port)):
            wait_for(port)
            yield Site(port, asked, scene)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def wait_for(port):
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx did not start")


class Site:
    def __init__(self, port, asked, scene):
        self.port, self.asked, self.scene = port, asked, scene

    def get(self, path, method="GET", **headers):
        """Return status, headers and body of an answer."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.headers, body


needs_nginx = pytest.mark.skipif(nginx.PROGRAM is None, reason="nginx is not installed")


@needs_nginx
def test_nginx_accepts_it(tmp_path):
    assert "test is successful" in nginx.check(
        nginx.configured(tmp_path, port=free_port(), behind=8000)
    )


@needs_nginx
@pytest.mark.slow
def test_nginx_answers_alone_and_forgets_in_seconds(site, session):
    for path in (LIST, FILE):
        _, first, body = site.get(path, Accept_Encoding="gzip, deflate, br")
        assert (first["Content-Encoding"], first["X-Accel-Expires"]) == ("br", None)
        before = len(site.asked)
        for wish in ("br", "gzip, br", "br;q=1.0"):
            status, again, same = site.get(path, Accept_Encoding=wish)
            assert (status, same, again["ETag"]) == (200, body, first["ETag"])
            assert again["Cache-Control"] == first["Cache-Control"]
            assert again["Content-Security-Policy"] == first["Content-Security-Policy"]
        seen = site.get(path, Accept_Encoding="br", If_None_Match=first["ETag"])
        part = site.get(path, Accept_Encoding="br", Range="bytes=3-9")
        head = site.get(path, method="HEAD", Accept_Encoding="br")
        assert (seen[0], seen[2]) == (304, b"")
        assert (part[0], part[2]) == (206, body[3:10])
        assert (head[0], head[1]["Content-Length"]) == (200, str(len(body)))
        assert len(site.asked) == before
        assert site.get(path, Accept_Encoding="br;q=0")[1]["Content-Encoding"] is None
        before = len(site.asked)
        for own in ({"Cookie": "theme=dark; form=x"}, {"HX_Request": "true"}, {}):
            site.get(path if own else f"{path}?q=x", Accept_Encoding="br", **own)
        assert len(site.asked) == before + 3

    file = session.scalars(
        select(EditionFile).where(EditionFile.name == FILE.rpartition("/")[2])
    ).one()
    session.delete(file)
    site.scene.course(title="Sprachkurs am Abend")
    site.scene.publish(seen=1, reason="Kurs nachgetragen")
    time.sleep(2 * SECONDS + 0.5)
    assert site.get(FILE, Accept_Encoding="br")[0] == 404
    assert "Sprachkurs am Abend" in site.get(LIST)[2].decode()


@pytest.mark.parametrize(
    ("asked", "goes_on"),
    [
        (";de-DE,de;q=0.9,uk;q=0.5", False),
        (";DE", False),
        (";", False),
        (";uk,de;q=0.5", True),
        (";den", True),
        (";*", True),
        ("uk;ar", False),
        ("0123456789;uk", False),
    ],
)
def test_a_first_visit_in_another_language_goes_on_to_the_application(asked, goes_on):
    text = nginx.SHIPPED.read_text(encoding="utf-8")
    found = re.search(r'\$kursliste_language \{[^}]*"~\*([^"]+)"', text)
    assert found is not None
    assert bool(re.match(found[1], asked, re.IGNORECASE)) is goes_on
    assert all("$kursliste_language" in one for one in value("proxy_no_cache"))
