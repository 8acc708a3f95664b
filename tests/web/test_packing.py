"""Answers for one reader travel packed, unless something in them is secret."""

import gzip

import brotli
import pytest
from flask import Blueprint, Response, session

from kursliste.web.access import public

LONG = "Deutsch lernen in Zittau. " * 100


@pytest.fixture
def client(own_app):
    bp = Blueprint("long", __name__)

    @bp.get("/long")
    @public
    def page():
        return LONG

    @bp.get("/short")
    @public
    def short():
        return "kurz"

    @bp.get("/form")
    @public
    def form():
        session["csrf_token"] = "secret"
        return LONG

    @bp.get("/flowing")
    @public
    def flowing():
        return Response(iter([LONG]), mimetype="text/html")

    @bp.get("/tagged")
    @public
    def tagged():
        response = Response(LONG, mimetype="application/json")
        response.set_etag("abc")
        return response

    own_app.register_blueprint(bp)
    return own_app.test_client()


def test_it_is_packed_as_the_reader_can_read_it(client):
    answers = {
        accepted: client.get("/long", headers={"Accept-Encoding": accepted})
        for accepted in ("br, gzip", "gzip", "", "br;q=0")
    }
    assert brotli.decompress(answers["br, gzip"].data).decode() == LONG
    assert gzip.decompress(answers["gzip"].data).decode() == LONG
    assert answers[""].text == answers["br;q=0"].text == LONG
    for answer in answers.values():
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("path", ["/short", "/form", "/flowing", "/static/app.css"])
def test_it_stays_as_it_is(client, path):
    with client.get(path, headers={"Accept-Encoding": "br"}) as answer:
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("cookie", ["sid", "__Host-sid", "form", "__Host-form"])
def test_a_page_of_somebody_is_never_packed(client, cookie):
    client.set_cookie(cookie, "x")
    assert "Content-Encoding" not in client.get("/long", headers={"Accept-Encoding": "br"}).headers


def test_a_tag_is_weak_then_and_still_known(client):
    answer = client.get("/tagged", headers={"Accept-Encoding": "br"})
    assert answer.headers["ETag"] == 'W/"abc"'
