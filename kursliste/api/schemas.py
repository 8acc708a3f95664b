"""What can be asked, and what is answered; OpenAPI comes from these."""

from typing import Any, Final

from marshmallow import Schema, fields, validate

from kursliste.catalogue.options import CHOICES
from kursliste.catalogue.search import FLAGS, LONGEST_TEXT, MOST_KM
from kursliste.catalogue.search_page import IN_SEARCH
from kursliste.domain.columns import PUBLIC_COLUMNS
from kursliste.domain.course import FIELD, Kind

MOST_PER_PAGE: Final = 200
PER_PAGE: Final = 50
MOST_VALUES: Final = 20
LAST_PAGE: Final = 100_000


def _texts(what: str) -> Any:  # Any: a field of marshmallow
    return fields.List(
        fields.String(validate=validate.Length(1, LONGEST_TEXT)),
        validate=validate.Length(max=MOST_VALUES),
        metadata={"description": f"{what}; may be repeated, several values widen"},
    )


class CoursesQuery(Schema):
    """The filters of the pages (INTERFACE.md); a parameter that is none of them is refused."""

    q = fields.String(
        validate=validate.Length(1, LONGEST_TEXT), metadata={"description": "words, all of them"}
    )
    kreis = _texts("slug of a district")
    nachbarn = fields.String(
        validate=validate.Equal("1"),
        metadata={"description": "also in districts that have a border with those of kreis"},
    )
    gruppe = _texts(CHOICES["gruppe"])
    art = _texts("code of a course type")
    niveau = _texts("code of a level that the course passes")
    ort = _texts(CHOICES["ort"])
    tageszeit = _texts(CHOICES["tageszeit"])
    form = _texts(CHOICES["form"])
    zugang = _texts(CHOICES["zugang"])
    traeger = _texts(CHOICES["traeger"])
    plz = fields.String(
        validate=validate.Regexp(r"\A[0-9]{5}\Z"), metadata={"description": "middle of the search"}
    )
    umkreis = fields.Integer(
        strict=False,
        validate=validate.Range(1, MOST_KM),
        metadata={"description": "kilometres around plz; 20 if not told"},
    )
    ab = fields.Date(metadata={"description": "starts on this day or later"})
    bis = fields.Date(metadata={"description": "starts on this day or earlier"})
    frei = fields.String(validate=validate.Equal("1"))
    quereinstieg = fields.String(validate=validate.Equal("1"))
    kinderbetreuung = fields.String(validate=validate.Equal("1"))
    frauen = fields.String(validate=validate.Equal("1"))
    kostenlos = fields.String(validate=validate.Equal("1"))
    barrierefrei = fields.String(validate=validate.Equal("1"))
    sortierung = fields.String(validate=validate.OneOf(IN_SEARCH))
    updated_since = fields.Date(
        metadata={"description": "in an edition published, or told anew, on this day or later"}
    )
    page = fields.Integer(load_default=1, validate=validate.Range(1, LAST_PAGE))
    per_page = fields.Integer(load_default=PER_PAGE, validate=validate.Range(1, MOST_PER_PAGE))


assert set(FLAGS) < set(CoursesQuery._declared_fields)  # noqa: S101, SLF001 -- the same filters


class NoQuery(Schema):
    """Nothing can be asked here; a parameter is refused."""


class EditionRefSchema(Schema):
    """Which edition something is from."""

    district = fields.String(required=True)
    month = fields.String(required=True)
    number = fields.Integer(required=True)


class DistrictSchema(Schema):
    """A Landkreis or kreisfreie Stadt."""

    slug = fields.String(required=True)
    ags = fields.String(required=True)
    name = fields.String(required=True)
    current = fields.Nested(EditionRefSchema, allow_none=True)
    page = fields.Url(required=True)


class FileSchema(Schema):
    """A published file: its address never changes its content."""

    name = fields.String(required=True)
    format = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    url = fields.Url(required=True)


class EditionSchema(EditionRefSchema):
    """A published edition with its files; its rows are in the JSON file."""

    published_at = fields.DateTime(required=True)
    replaces = fields.Integer(allow_none=True)
    reason = fields.String(allow_none=True)
    licence = fields.String(allow_none=True)
    files = fields.List(fields.Nested(FileSchema))
    page = fields.Url(required=True)


class VenueSchema(Schema):
    """A place where a provider teaches."""

    name = fields.String()
    street = fields.String()
    postcode = fields.String()
    town = fields.String()
    wheelchair = fields.String()


class ProviderSchema(Schema):
    """A provider as the current provider list tells it."""

    name = fields.String(required=True)
    kind = fields.String()
    street = fields.String()
    postcode = fields.String()
    town = fields.String()
    phone = fields.String()
    email = fields.String()
    website = fields.String()
    office_hours = fields.String()
    languages = fields.String()
    approvals = fields.List(fields.String())
    venues = fields.List(fields.Nested(VenueSchema))
    course_types = fields.List(fields.String())
    courses = fields.Integer()
    has_reported = fields.Boolean()


class InterimSchema(Schema):
    """Seats and status that the provider told after publication, with their own date."""

    told_on = fields.Date(required=True)
    seats_free = fields.Integer(allow_none=True)
    status = fields.String(allow_none=True)


def _field(attribute: str) -> Any:  # Any: a field of marshmallow
    what = FIELD.get(attribute)
    more: dict[str, Any] = {"allow_none": True}
    if what is not None:
        more["metadata"] = {"description": what.heading}
    match what.kind if what else Kind.TEXT:
        case Kind.INTEGER:
            return fields.Integer(**more)
        case Kind.MONEY:
            return fields.Float(**more)
        case Kind.DATE:
            return fields.String(**more)
        case Kind.WORDS | Kind.WEEKDAYS:
            return fields.List(fields.String(), **more)
        case _:
            return fields.String(**more)


CourseFacts: Final[type[Schema]] = Schema.from_dict(
    {column.attribute: _field(column.attribute) for column in PUBLIC_COLUMNS}, name="CourseFacts"
)


class CourseSchema(CourseFacts):  # type: ignore[valid-type, misc]  # made from the table of columns
    """A course as it was published; null is unknown. Attributes are those of INTERFACE.md."""

    edition = fields.Nested(EditionRefSchema, required=True)
    interim = fields.Nested(InterimSchema, allow_none=True)
    distance_km = fields.Float(allow_none=True)
    page = fields.Url(required=True)


class CoursesSchema(Schema):
    """A page of courses; ``total`` is exact up to 10,000."""

    total = fields.Integer(required=True)
    is_capped = fields.Boolean(required=True)
    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
    courses = fields.List(fields.Nested(CourseSchema), required=True)


class ProblemSchema(Schema):
    """What went wrong (RFC 9457): ``detail`` is a German sentence for people."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict(keys=fields.String())
