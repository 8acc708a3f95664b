"""``/api/v1``: districts, providers, editions and courses for programs; read only (ADR 36)."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from flask import Blueprint as PlainBlueprint
from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_smorest import Api
from flask_smorest.blueprint import Blueprint
from marshmallow import RAISE
from sqlalchemy import ColumnElement, or_, select
from webargs.flaskparser import FlaskParser

from kursliste.api import answers, schemas
from kursliste.catalogue import queries
from kursliste.catalogue.course_queries import current_course
from kursliste.catalogue.finding import find
from kursliste.catalogue.provider_page import provider_page
from kursliste.catalogue.search_page import here_of, read_for
from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotFoundError
from kursliste.infrastructure import clock
from kursliste.models.current import CurrentCourse
from kursliste.models.edition import Edition
from kursliste.web.access import public
from kursliste.web.context import db_session
from kursliste.web.links import absolute
from kursliste.web.problems import Problem

PREFIX: Final = "/api/v1"
A_MINUTE: Final = "public, max-age=60"
NOT_FILTERS: Final = frozenset({"page", "per_page", "updated_since"})


class StrictParser(FlaskParser):
    """Refuses a parameter that the schema does not name, where webargs would pass over it."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"query": RAISE}  # noqa: RUF012 -- as webargs has it


class StrictBlueprint(Blueprint):
    """A blueprint whose parameters are read strictly."""

    ARGUMENTS_PARSER = StrictParser()


bp = StrictBlueprint(
    "api", __name__, url_prefix=PREFIX, description="Deutschkurse, wie sie veröffentlicht sind"
)


class OurApi(Api):
    """flask-smorest without error pages of its own: ours answer this prefix too."""

    def _register_error_handlers(self) -> None:
        """Leave errors to ``web.errors``."""


def init_app(app: Flask) -> None:
    """Register the API and what describes it."""
    app.config.update(API_TITLE="kursliste", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = OurApi(app)
    api.register_blueprint(bp)
    app.extensions["openapi"] = api.spec
    app.after_request(_for_programs)


def _for_programs(response: Response) -> Response:
    """Let any website read; give what was found a tag, and answer a known one with 304."""
    if not request.path.startswith(f"{PREFIX}/"):
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
    if response.status_code == 200 and request.method in {"GET", "HEAD"}:  # noqa: PLR2004 -- OK
        response.headers["Cache-Control"] = A_MINUTE
        response.add_etag()
        response.make_conditional(request)
    return response


@bp.route("/openapi.json")
@public
def description() -> Response:
    """Describe the API for programs."""
    return jsonify(_spec())


def _spec() -> dict[str, Any]:
    found: dict[str, Any] = current_app.extensions["openapi"].to_dict()
    return found


@bp.route("/districts")
@public
@bp.arguments(schemas.NoQuery, location="query")
@bp.response(200, schemas.DistrictSchema(many=True))
def districts(_query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List all districts by name, each with its current edition."""
    return [_district(line) for line in queries.districts(db_session())]


def _district(line: queries.DistrictLine) -> dict[str, Any]:
    edition = line.edition
    current = None
    if edition is not None:
        current = {
            "district": edition.district_slug,
            "month": str(edition.month),
            "number": edition.number,
        }
    return {
        "slug": line.district.slug,
        "ags": line.district.ags,
        "name": line.district.name,
        "current": current,
        "page": absolute("catalogue.current", district=line.district.slug),
    }


@bp.route("/districts/<district>")
@public
@bp.arguments(schemas.NoQuery, location="query")
@bp.response(200, schemas.DistrictSchema)
def district(_query: Mapping[str, Any], district: str) -> dict[str, Any]:
    """Return one district."""
    found = [one for one in queries.districts(db_session()) if one.district.slug == district]
    if not found:
        raise NotFoundError(district)
    return _district(found[0])


@bp.route("/districts/<district>/providers")
@public
@bp.arguments(schemas.NoQuery, location="query")
@bp.response(200, schemas.ProviderSchema(many=True))
def providers(_query: Mapping[str, Any], district: str) -> list[dict[str, Any]]:
    """List the providers of a district's current edition, by town and name."""
    page = provider_page(db_session(), district)
    return [asdict(line.row) for _town, lines in page.towns for line in lines]


@bp.route("/districts/<district>/editions")
@public
@bp.arguments(schemas.NoQuery, location="query")
@bp.response(200, schemas.EditionSchema(many=True))
def editions(_query: Mapping[str, Any], district: str) -> list[dict[str, Any]]:
    """List all editions of a district that stand, the newest first."""
    session = db_session()
    found = queries.district_by_slug(session, district)
    return [
        answers.edition(one) for one in queries.archive(session, found) if one.withdrawal is None
    ]


@bp.route("/districts/<district>/editions/<month>/<number>")
@public
@bp.arguments(schemas.NoQuery, location="query")
@bp.response(200, schemas.EditionSchema)
def edition(_query: Mapping[str, Any], district: str, month: str, number: str) -> dict[str, Any]:
    """Return one edition with its files."""
    session = db_session()
    found = queries.edition(
        session, queries.district_by_slug(session, district), _month(month), _number(number)
    )
    if found.withdrawal is not None:
        raise Problem(410, "Diese Ausgabe wurde zurückgezogen.")
    return answers.edition(found)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise NotFoundError(text) from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):  # noqa: PLR2004 -- no month has
        raise NotFoundError(text)
    return int(text)


@bp.route("/courses")
@public
@bp.arguments(schemas.CoursesQuery, location="query")
@bp.response(200, schemas.CoursesSchema)
def courses(query: Mapping[str, Any]) -> Response:
    """Find courses in the current lists of all districts.

    A value that no list knows is refused (422) and never left out: a filter must not widen.
    """
    session = db_session()
    page, per_page = query["page"], query["per_page"]
    arguments = {
        name: [str(one) for one in (value if isinstance(value, list) else [value])]
        for name, value in query.items()
        if name not in NOT_FILTERS
    }
    search, chosen = read_for(session, arguments | {"seite": [str(page)]})
    if search.unknown:
        raise Problem(
            422,
            "Diese Werte kennt keine Liste.",
            errors={name: [value] for name, value in search.unknown},
        )
    area = here_of(session, arguments, chosen).area
    since = query.get("updated_since")
    found = find(
        session,
        search,
        area=area,
        per_page=per_page,
        has_counts=False,
        more=[] if since is None else [_since(since)],
    )
    response = jsonify(
        total=min(found.count, 10_000),
        is_capped=found.is_capped,
        page=page,
        per_page=per_page,
        courses=[answers.course(one) for one in found.courses],
    )
    links = list(_links(page, per_page, found.count))
    if links:
        response.headers["Link"] = ", ".join(links)
    return response


def _since(day: date) -> ColumnElement[bool]:
    begun = clock.start_of(day)
    newer = select(Edition.id).where(Edition.published_at >= begun)
    return or_(CurrentCourse.edition_id.in_(newer), CurrentCourse.told_on >= day)


def _links(page: int, per_page: int, total: int) -> list[str]:
    found = []
    for rel, number in (("prev", page - 1), ("next", page + 1)):
        if 1 <= number <= -(-total // per_page):
            arguments = request.args.to_dict(flat=False) | {"page": [str(number)]}
            found.append(f'<{absolute("api.courses", **arguments)}>; rel="{rel}"')
    return found


@bp.route("/courses/<course_id>")
@public
@bp.arguments(schemas.NoQuery, location="query")
@bp.response(200, schemas.CourseSchema)
def course(_query: Mapping[str, Any], course_id: str) -> dict[str, Any]:
    """Return one course of a current list."""
    return answers.course(current_course(db_session(), course_id))


@bp.route("/<path:nothing>")
@public
def nothing(nothing: str) -> ResponseReturnValue:
    """Say as a problem that there is nothing."""
    raise NotFoundError(nothing)


pages = PlainBlueprint("api_page", __name__)


@pages.get("/api")
@public
def documentation() -> ResponseReturnValue:
    """Explain the API with examples."""
    return render_template("api/documentation.html", spec=_spec(), base=absolute("api.districts"))
