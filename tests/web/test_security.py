"""The same headers on every answer, and gates that no request gets around (rules 22, 37, 38)."""

import dataclasses

import pytest
from flask import abort, request
from sqlalchemy.exc import OperationalError

from kursliste.app import create_app
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.web.access import public
from kursliste.web.security import LARGEST_BODY, POLICY
from tests import builders
from tests.page_client import PageClient
from tests.signing_in import sign_in

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
CODES = (400, 403, 404, 405, 409, 410, 411, 413, 415, 422, 429, 500, 501, 503)


@pytest.fixture
def app(own_app):
    """The application with pages that fail in every way."""

    @public
    def fails(code):
        abort(int(code))

    @public
    def raises(name):
        raise {
            "bug": RuntimeError("secret words of a bug"),
            "db": OperationalError("SELECT secret", {}, Exception("locked")),
            "rule": RuleViolationError(Rule.REASON_MISSING),
        }[name]

    own_app.add_url_rule("/fehler/<code>", view_func=fails)
    own_app.add_url_rule("/wirft/<name>", view_func=raises)
    return own_app


def shared(response):
    return {name: response.headers.get(name) for name in ALWAYS}


@pytest.mark.asvs("3.4.3", "3.4.4", "3.4.5", "3.4.6", "3.4.8", "3.5.8")
@pytest.mark.con10("A14")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/anmelden", 200),
        ("/impressum", 200),
        ("/gesund", 200),
        ("/bereit", 200),
        ("/konto", 302),
        ("/gibt-es-nicht", 404),
        ("/abmelden", 405),
        pytest.param("/wirft/bug", 500, marks=pytest.mark.logs_errors),
        ("/wirft/db", 503),
        ("/wirft/rule", 422),
        ("/static/app.css", 200),
        ("/static/gibt-es-nicht.css", 404),
        *((f"/fehler/{code}", code) for code in CODES),
    ],
)
def test_every_answer_carries_the_headers(client, path, status):
    response = client.get(path, status)
    assert shared(response) == ALWAYS
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.asvs("3.4.3", "3.6.1", "14.2.3")
@pytest.mark.con10("A4", "A14")
def test_the_policy_allows_nothing_inline_and_nothing_foreign():
    rules = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert {name for name, value in rules.items() if value == "'none'"} == {
        "default-src",
        "frame-ancestors",
        "base-uri",
        "object-src",
    }
    allowed = {word for value in rules.values() for word in value.split()}
    assert allowed == {"'none'", "'self'", "data:"}
    assert rules["script-src"] == rules["style-src"] == "'self'"


@pytest.mark.asvs("14.3.2")
@pytest.mark.con10("A7")
def test_unsafe_answers_are_not_kept(client):
    client.get("/anmelden")
    response = client.post("/anmelden", {"email": "a"}, 422)
    assert response.headers["Cache-Control"] == "no-store"
    assert shared(response) == ALWAYS


@pytest.mark.asvs("14.3.2")
@pytest.mark.con10("A7", "A14")
def test_pages_of_the_signed_in_are_not_kept_and_others_are_asked_for_again(client, session):
    response = client.get("/anmelden")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in response.headers["Vary"]
    sign_in(client, session, builders.a_user(session))
    response = client.get("/impressum")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Cookie" in response.headers["Vary"]


@pytest.mark.asvs("3.4.1")
@pytest.mark.con10("A14")
@pytest.mark.parametrize("path", ["/gesund", "/anmelden", "/konto", "/nichts", "/static/app.css"])
def test_https_is_asked_for_where_there_is_https(settings, database, path):
    safe = create_app(
        dataclasses.replace(settings, base_url="https://kurse.example.org"), database=database
    )
    with safe.test_client().get(path) as response:
        told = response.headers["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains"


@pytest.mark.asvs("4.1.1")
@pytest.mark.con10("A14")
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/anmelden", "text/html; charset=utf-8"),
        ("/gibt-es-nicht", "text/html; charset=utf-8"),
        ("/static/app.css", "text/css; charset=utf-8"),
        ("/static/app.js", "text/javascript; charset=utf-8"),
        ("/einbetten.js", "text/javascript; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/gesund", "application/json"),  # which is UTF-8 always (RFC 8259)
    ],
)
def test_every_text_says_its_encoding(client, path, kind):
    assert client.visit(path).headers["Content-Type"] == kind


@pytest.mark.asvs("4.1.4", "13.4.4")
@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/anmelden", "/konto", "/static/app.css", "/api/v1/courses"])
def test_methods_that_nobody_serves_are_refused(client, method, path):
    answer = client.flask.open(path, method=method, content_length=0)
    assert (answer.status_code, shared(answer)) == (405, ALWAYS)


@pytest.mark.asvs("13.4.1", "13.4.3")
@pytest.mark.con10("A7")
@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/vendor/",
        "/static/../wsgi.py",
        "/static/%2e%2e/pyproject.toml",
        "/.git/config",
        "/.env",
        "/pyproject.toml",
        "/exports/",
    ],
)
def test_folders_are_not_listed_and_sources_not_served(client, path):
    assert client.flask.get(path).status_code == 404


@pytest.mark.asvs("4.1.3")
def test_another_host_is_refused(settings, database, caplog):
    real = create_app(
        dataclasses.replace(settings, testing=False, trusted_hosts=("kurse.example.org",)),
        database=database,
    )
    client = real.test_client()
    assert client.get("/gesund", base_url="http://kurse.example.org").status_code == 200
    for path in ("/gesund", "/anmelden", "/static/app.css", "/gibt-es-nicht"):
        response = client.get(path, base_url="http://evil.example")
        assert (response.status_code, shared(response)) == (400, ALWAYS)
        assert "evil.example" not in response.text
        response.close()
    # Anybody can send a wrong name: each time one line, without the name.
    assert set(caplog.messages) == {"host_not_trusted"}


# ---- gates


@pytest.mark.asvs("3.5.3")
def test_asking_for_the_headers_only_never_does_what_a_form_does(client, app):
    """Mail scanners send HEAD: a view that asks ``method == "GET"`` must not go on to act."""
    done = []

    @public
    def view():
        if request.method == "GET":
            return "looked"
        done.append(request.method)
        return "done"

    app.add_url_rule("/beides", view_func=view, methods=["GET", "POST"])
    response = client.flask.head("/beides")
    assert (response.status_code, response.data, done) == (200, b"", [])
    assert response.headers["Content-Length"] == "6"
    assert shared(response) == ALWAYS


def token(client):
    client.get("/anmelden")
    return client.page.csrf_token()


@pytest.mark.asvs("4.2.1")
def test_a_body_needs_its_length(client):
    response = client.flask.post(
        "/anmelden",
        environ_overrides={"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert (response.status_code, shared(response)) == (411, ALWAYS)


@pytest.mark.asvs("5.2.1")
@pytest.mark.con10("A17")
def test_a_body_has_a_largest_size(client):
    response = client.flask.post("/anmelden", data={"email": "a" * LARGEST_BODY})
    assert (response.status_code, shared(response)) == (413, ALWAYS)
    assert "höchstens 2 MB" in response.text


@pytest.mark.asvs("3.5.1")
@pytest.mark.con10("A15")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"Origin": "http://localhost"}, 302),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 302),
        ({"Sec-Fetch-Site": "none"}, 302),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_forms_come_from_here(client, headers, status):
    values = {"email": "a@example.org", "csrf_token": token(client)}
    response = client.flask.post("/anmelden", data=values, headers=headers)
    assert response.status_code == status


def test_a_form_without_its_token_is_refused_and_says_what_to_do(client):
    token(client)
    for values in ({}, {"csrf_token": ""}, {"csrf_token": "foreign"}):
        response = client.flask.post("/anmelden", data={"email": "a@example.org", **values})
        assert (response.status_code, shared(response)) == (400, ALWAYS)
        assert "laden Sie die Seite neu" in response.text


@pytest.mark.asvs("3.5.1")
@pytest.mark.con10("A15")
def test_the_token_of_another_browser_is_refused(app, client, session):
    foreign = token(PageClient(app, session))
    client.get("/anmelden")
    client.post("/anmelden", {"email": "a@example.org", "csrf_token": foreign}, 400)


@pytest.mark.asvs("16.3.3")
def test_who_tries_to_get_around_a_gate_is_logged(client, caplog):
    client.flask.post("/anmelden", data={"email": "a@example.org", "csrf_token": "foreign"})
    client.flask.post("/anmelden", headers={"Origin": "http://evil.example"}, data={"email": "a"})
    client.flask.post("/anmelden", data={"email": "a" * LARGEST_BODY})
    client.flask.post(
        "/anmelden/" + "t" * 43,
        environ_overrides={"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    ours = [r.getMessage() for r in caplog.records if r.name == "kursliste.web.errors"]
    assert ours == [
        "form_token_refused: user None at identity.sign_in",
        "request_refused: user None at identity.sign_in",
        "body_refused: user None at identity.sign_in",
        "body_refused: user None at identity.link",
    ]


WITHOUT_TOKEN = {"readers.end"}
"""Mail programs end a subscription by one POST; the key in the address is the proof (RFC 8058)."""


@pytest.mark.asvs("3.5.1")
@pytest.mark.con10("A15")
def test_every_way_to_change_something_asks_for_the_token(client, app):
    token(client)
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            values = {name: filling(name) for name in rule.arguments}
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
            response = client.flask.post(path, data={"csrf_token": "foreign"})
            status = 200 if rule.endpoint in WITHOUT_TOKEN else 400
            assert (rule.endpoint, response.status_code) == (rule.endpoint, status)


def filling(name):
    return {
        "district": "goerlitz",
        "month": "2026-12",
        "token": "t",
        "name": "n",
        "key": "k" * 43,
    }.get(name, 1)
