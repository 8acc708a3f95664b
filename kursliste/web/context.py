"""What a request carries: its session, its actor, the shelf, the settings, words for codes."""

import secrets
from typing import cast

import structlog
from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session

from kursliste.domain.permissions import Actor
from kursliste.infrastructure.database import Database
from kursliste.infrastructure.shelf import Shelf
from kursliste.settings import Settings

READING: frozenset[str] = frozenset({"GET", "HEAD", "OPTIONS"})


def database() -> Database:
    """Return the application's database."""
    return cast("Database", current_app.extensions["database"])


def db_session() -> Session:
    """Return the request's one session; requests that only read never queue behind writers."""
    if "db_session" not in g:
        g.db_session = database().session(readonly=request.method in READING)
    return cast("Session", g.db_session)


def current_actor() -> Actor:
    """Return who is behind the request; nobody signed in is an actor without grants."""
    return cast("Actor", g.get("actor") or Actor.anonymous())


def shelf() -> Shelf:
    """Return where published files lie."""
    return cast("Shelf", current_app.extensions["shelf"])


def settings() -> Settings:
    """Return the settings that the application was made with."""
    return cast("Settings", current_app.extensions["settings"])


def is_https() -> bool:
    """Return whether people reach the application by https; decides names of cookies."""
    return settings().base_url.startswith("https://")


def init_app(app: Flask) -> None:
    """Give each request a number for its log lines, and close its session when it ends."""
    app.before_request(_number_request)
    app.teardown_appcontext(_close_session)


def _number_request() -> None:
    g.request_id = secrets.token_hex(4)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _close_session(_error: BaseException | None) -> None:
    session = g.pop("db_session", None)
    if session is not None:
        session.close()
