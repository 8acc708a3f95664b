"""Pages for what goes wrong: German, with a way on, and never silent (ARCHITECTURE.md, web)."""

import errno
import logging

import pytest
from flask import make_response
from jinja2 import UndefinedError
from sqlalchemy.exc import IntegrityError, NoResultFound, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.permissions import Grant, Role
from kursliste.web import error_words
from kursliste.web.access import public
from tests import builders
from tests.signing_in import sign_in

CASES = [
    (NoResultFound("secret detail"), 404),
    (NotFoundError("secret detail"), 404),
    (NotPermittedError("secret detail"), 403),
    (TransitionRefusedError("secret detail"), 409),
    (StaleDataError("secret detail"), 409),
    (ConflictError(), 409),
    (OperationalError("secret detail", {}, Exception("secret detail")), 503),
    (IntegrityError("secret detail", {}, Exception("secret detail")), 409),
    (RuleViolationError(Rule.REASON_MISSING), 422),
    (OSError(errno.ENOSPC, "secret detail"), 503),
    pytest.param(OSError(errno.EIO, "secret detail"), 500, marks=pytest.mark.logs_errors),
    pytest.param(ValueError("secret detail"), 500, marks=pytest.mark.logs_errors),
]


@pytest.fixture
def app(own_app):
    """An application that takes more pages."""
    return own_app


@pytest.fixture
def raising(app):
    """Make ``/wirft`` raise the given error."""
    raised: list[Exception] = []

    @public
    def view():
        raise raised[-1]

    app.add_url_rule("/wirft", view_func=view)
    return raised.append


@pytest.mark.asvs("13.4.2", "16.5.1")
@pytest.mark.con10("A10", "A13")
@pytest.mark.parametrize(("error", "status"), CASES, ids=lambda c: type(c).__name__)
def test_an_error_has_a_page_without_its_details(client, raising, error, status):
    raising(error)
    client.get("/wirft", status)
    assert client.page.heading() == error_words.HTTP_STATUS[status][0]
    assert "secret detail" not in client.page.html
    assert client.page.texts("main a") == ["Zur Startseite"]


def test_a_broken_rule_is_told_in_its_own_words(client, raising):
    raising(RuleViolationError(Rule.NAME_TAKEN, name="Görlitz"))
    client.get("/wirft", 422)
    assert "„Görlitz“ ist schon vergeben." in client.page.text()


@pytest.mark.asvs("16.3.4", "16.5.4")
@pytest.mark.con10("A13")
@pytest.mark.logs_errors
def test_a_bug_gets_a_number_that_is_in_the_log(client, raising, caplog):
    raising(ValueError("what was wrong"))
    client.get("/wirft", 500)
    number = client.page.texts("main code")[0]
    (record,) = [r for r in caplog.records if r.name == "kursliste.web.errors"]
    assert record.getMessage() == f"incident {number}"
    assert record.exc_info is not None and str(record.exc_info[1]) == "what was wrong"


@pytest.mark.asvs("16.3.4")
@pytest.mark.con10("A13")
def test_a_database_that_does_not_answer_is_logged(client, raising, caplog):
    raising(OperationalError("SELECT 1", {}, Exception("database is locked")))
    client.get("/wirft", 503)
    assert "database unavailable: database is locked" in caplog.messages


@pytest.mark.asvs("16.3.2")
@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (NotPermittedError("secret detail"), 403, "authz_denied"),
        (NotFoundError("secret detail"), 404, "not_theirs_or_not_there"),
        (NoResultFound("secret detail"), 404, "not_theirs_or_not_there"),
    ],
)
def test_who_is_kept_out_of_what_is_logged(client, session, raising, caplog, error, status, told):
    user = builders.a_user(session)
    sign_in(client, session, user)
    raising(error)
    client.get("/wirft", status, query_string={"q": "something typed"})
    assert caplog.messages == [f"{told}: user {user.id} at view"]


def test_what_nobody_signed_in_does_not_find_is_no_event(client, raising, caplog):
    raising(NotFoundError("secret detail"))
    client.get("/wirft", 404)
    client.get("/gibt-es-nicht", 404)
    assert caplog.messages == []


@pytest.mark.asvs("16.2.5")
def test_what_the_database_refused_is_logged_without_the_values(client, raising, caplog):
    said = 'duplicate key value violates "uq_app_user_email"'
    detail = "DETAIL:  Key (email)=(rita@example.org) already exists."
    raising(IntegrityError("INSERT", {}, Exception(f"{said}\n{detail}")))
    client.get("/wirft", 409)
    assert f"refused by the database: {said}" in caplog.messages
    assert "rita@example.org" not in caplog.text


def test_a_wrong_method_says_which_are_right(client):
    response = client.get("/abmelden", 405)
    assert {word.strip() for word in response.headers["Allow"].split(",")} == {"OPTIONS", "POST"}


def test_a_redirect_is_no_error(client, app):
    @public
    def folder():
        return "x"

    app.add_url_rule("/ordner/", view_func=folder)
    assert client.get("/ordner", 308).location == "http://localhost/ordner/"


@pytest.mark.asvs("16.5.4")
@pytest.mark.con10("A13")
@pytest.mark.logs_errors
def test_the_error_page_cannot_fail(client, raising, app, caplog, monkeypatch):
    raising(ValueError("first"))

    def broken():
        raise UndefinedError("second")

    app.template_context_processors[None].append(broken)
    with caplog.at_level(logging.ERROR):
        client.get("/wirft", 500)
    assert client.page.heading() == error_words.HTTP_STATUS[500][0]
    assert caplog.messages.count("the error page failed") == 1
    monkeypatch.setattr(app.jinja_env, "get_template", lambda *_more: broken())
    with caplog.at_level(logging.ERROR):
        client.get("/wirft", 500)
    assert client.page.heading() == "Das hat nicht geklappt"
    assert "default-src 'none'" in client.response.headers["Content-Security-Policy"]


def test_an_error_page_stands_without_the_database(client, raising, database, session):
    raising(NotFoundError("x"))
    session.close()
    database.engine.dispose()
    database.session = broken_session
    client.flask.set_cookie("sid", "someone")
    client._session = None
    client.get("/gibt-es-nicht", 503)
    assert client.page.heading() == "Gerade nicht erreichbar"
    assert client.page.texts("main a") == ["Zur Startseite"]


def broken_session(*, readonly=False):
    raise OperationalError("connect", {}, Exception("no server"))


@pytest.mark.parametrize("status", [418, 599])
def test_a_status_without_words_reads_as_our_fault(app, status):
    from kursliste.web.errors import error_page  # noqa: PLC0415 -- needs the app's context

    with app.test_request_context():
        response = make_response(error_page(status))
    assert response.status_code == status
    assert error_words.HTTP_STATUS[500][0] in response.get_data(as_text=True)


# ---- a page that stayed open for too long


OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def typed(client, session):
    """Somebody opened a form, and their browser lost what belongs to it; return what they typed."""
    sign_in(client, session, builders.a_user(session, Grant(Role.ADMINISTRATOR)))
    client.get("/verwaltung/kreise/neu")
    client.flask.delete_cookie("form")
    return {"name": "Landkreis Görlitz & <Nachbarn>", "slug": "nachbarn", "csrf_token": "x"}


def test_what_was_typed_into_a_page_that_was_open_too_long_is_sent_once_more(client, typed):
    client.post("/verwaltung/kreise/neu", typed, 400, headers=OWN_PAGE)
    assert "Senden Sie Ihre Angaben noch einmal." in client.page.text()
    client.submit("main form", 422)  # let in; the form's own answer to what is missing
    assert client.page.heading() == "Kreis anlegen"
    assert client.page.form_values("main form")["name"] == [typed["name"]]


@pytest.mark.asvs("3.5.1")
@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}])
def test_what_may_come_from_elsewhere_is_not_offered_again(client, typed, headers):
    client.post("/verwaltung/kreise/neu", typed, 400, headers=headers)
    assert "Gehen Sie zurück" in client.page.text()
    assert client.page.select("main form") == []


def test_nothing_of_a_sign_in_comes_back(client):
    client.get("/anmelden")
    client.flask.delete_cookie("form")
    typed = {"email": "rita@example.org", "csrf_token": "x"}
    client.post("/anmelden", typed, 400, headers=OWN_PAGE)
    assert "rita@example.org" not in client.page.html
