"""The factory: the only module that knows every station."""

import logging

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from kursliste import models
from kursliste.administration.disclosure_routes import own as disclosure
from kursliste.administration.routes import bp as administration
from kursliste.api import routes as api
from kursliste.catalogue.routes import bp as catalogue
from kursliste.hints.routes import bp as hints
from kursliste.identity.openid_routes import bp as openid
from kursliste.identity.routes import bp as identity
from kursliste.identity.second_factor_routes import bp as second_factor
from kursliste.infrastructure import logs, migrating, starting
from kursliste.infrastructure.database import Database
from kursliste.infrastructure.shelf import Shelf
from kursliste.intake.routes import bp as intake
from kursliste.layouts.month_routes import bp as month_preview
from kursliste.layouts.routes import bp as layouts
from kursliste.masterdata.routes import bp as masterdata
from kursliste.matching.routes import bp as matching
from kursliste.professionals.routes import bp as professionals
from kursliste.publishing.routes import bp as publishing
from kursliste.readers.routes import ONE_CLICK
from kursliste.readers.routes import bp as readers
from kursliste.reporting.routes import bp as reporting
from kursliste.reporting.text_routes import bp as mail_texts
from kursliste.review.routes import bp as review
from kursliste.review.rules_routes import bp as review_rules
from kursliste.settings import Settings, resource_dir
from kursliste.web import (
    access,
    context,
    converters,
    errors,
    filters,
    navigation,
    packing,
    security,
    speaking,
    static_files,
)
from kursliste.web.guides import bp as guides
from kursliste.web.metrics import bp as metrics
from kursliste.web.offline import bp as offline
from kursliste.web.page_cache import PageCache
from kursliste.web.pages import bp as pages

log = logging.getLogger(__name__)

BLUEPRINTS = (
    pages, guides, metrics, offline, identity, second_factor, openid, masterdata, intake,
    reporting, mail_texts, review, review_rules, publishing, catalogue, readers, layouts,
    month_preview, hints, administration, disclosure, matching, professionals, api.pages,
)  # fmt: skip


def create_app(settings: Settings, *, database: Database | None = None) -> Flask:
    """Return the application for ``settings``; ``database`` lets tests bring their own."""
    app = Flask(
        "kursliste",
        template_folder=str(resource_dir("templates")),
        static_folder=str(resource_dir("static")),
    )
    is_https = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.old_secret_keys),
        TESTING=settings.testing,
        PROPAGATE_EXCEPTIONS=False,
        TRUSTED_HOSTS=None if settings.testing else list(settings.trusted_hosts),
        SESSION_COOKIE_NAME="__Host-form" if is_https else "form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    equip(app, settings, database or Database(settings.database_url))
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]  # Flask's documented way
    if settings.page_cache_s:
        app.wsgi_app = PageCache(  # type: ignore[method-assign]  # outermost: it asks the others
            app.wsgi_app,
            seconds=settings.page_cache_s,
            trusted_hosts=app.config["TRUSTED_HOSTS"],
            is_behind_nginx=settings.proxies > 0,
        )
    _install(app)
    return app


def equip(app: Flask, settings: Settings, database: Database) -> None:
    """Give ``app`` what requests work with; tests give one application many databases."""
    app.extensions |= {
        "settings": settings,
        "database": database,
        "metadata": models.Base.metadata,  # naming it maps every table
        "shelf": Shelf(settings.shelf),
    }


def _install(app: Flask) -> None:
    """Put on the gates in the order in which a request meets them."""
    packing.init_app(app)
    static_files.init_app(app)
    converters.init_app(app)
    errors.init_app(app)
    security.init_app(app)
    CSRFProtect(app).exempt(ONE_CLICK)
    context.init_app(app)
    access.init_app(app)
    filters.init_app(app)
    speaking.init_app(app)
    navigation.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.init_app(app)


def from_environment() -> Flask:
    """Return the application as the environment describes it; what servers start.

    Raises MigrationError where it could not work. A server of PostgreSQL that is away right now is
    waited for: people are told so until it is back.
    """
    settings = Settings.from_environment()
    logs.configure(settings.log)
    try:
        starting.refuse_unusable(settings)
    except migrating.UnreachableError as error:
        log.error("started without a database: %s", error)  # noqa: TRY400 -- no traceback needed
    return create_app(settings)
