"""The facts of a course as columns, shared by what is reported and what is frozen."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from kursliste.domain.course import (
    FIELD,
    OWN_FIELDS,
    Childcare,
    ConfirmedHow,
    CourseStatus,
    Delivery,
    Kind,
    LateEntry,
    PlacementTest,
    StartKind,
    TimeOfDay,
    TravelCosts,
    Visibility,
    Wheelchair,
    YesNo,
)
from kursliste.models.base import Euro, WordList, enum_column

FACT_NAMES: Final = (
    *(field.attribute for field in OWN_FIELDS),
    "confirmed_on",
    "confirmed_by",
    "confirmed_how",
)


def _text(attribute: str) -> Any:  # a mapped_column of any type; the annotation beside it counts
    return mapped_column(String(FIELD[attribute].length))


def _words(attribute: str) -> Any:  # as above
    return mapped_column(WordList(FIELD[attribute].length))


def fact_checks() -> tuple[CheckConstraint, ...]:
    """Return the rules of ``domain`` about a row as CHECKs: bounds of numbers, order of dates."""
    bounds = tuple(
        CheckConstraint(
            f"{field.attribute} BETWEEN {field.low} AND {field.high}",
            name=f"{field.attribute}_in_range",
        )
        for field in OWN_FIELDS
        if field.kind is Kind.INTEGER
    )
    return (
        *bounds,
        CheckConstraint("price_eur >= 0", name="price_eur_in_range"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("time_until > time_from", name="until_after_from"),
        CheckConstraint(
            "(confirmed_on IS NULL) = (confirmed_how IS NULL)", name="confirmed_somehow"
        ),
    )


class CourseFacts:
    """A mixin: one column for each field that INTERFACE.md names; None is "unknown"."""

    provider_reference: Mapped[str | None] = _text("provider_reference")
    bamf_reference: Mapped[str | None] = _text("bamf_reference")
    title: Mapped[str] = _text("title")
    current_module: Mapped[int | None]
    units_total: Mapped[int | None]
    units_per_week: Mapped[int | None]
    start_kind: Mapped[StartKind | None] = mapped_column(enum_column(StartKind, "start_kind"))
    starts_on: Mapped[date | None]
    start_note: Mapped[str | None] = _text("start_note")
    ends_on: Mapped[date | None]
    breaks_note: Mapped[str | None] = _text("breaks_note")
    weekdays: Mapped[tuple[str, ...] | None] = _words("weekdays")
    time_from: Mapped[time | None]
    time_until: Mapped[time | None]
    times_note: Mapped[str | None] = _text("times_note")
    time_of_day: Mapped[TimeOfDay | None] = mapped_column(enum_column(TimeOfDay, "time_of_day"))
    delivery: Mapped[Delivery | None] = mapped_column(enum_column(Delivery, "delivery"))
    venue_name: Mapped[str | None] = _text("venue_name")
    street: Mapped[str | None] = _text("street")
    postcode: Mapped[str | None] = _text("postcode")
    town: Mapped[str | None] = _text("town")
    wheelchair: Mapped[Wheelchair | None] = mapped_column(enum_column(Wheelchair, "wheelchair"))
    seats_min: Mapped[int | None]
    seats_total: Mapped[int | None]
    seats_taken: Mapped[int | None]
    seats_free: Mapped[int | None]
    waiting_list: Mapped[YesNo | None] = mapped_column(enum_column(YesNo, "waiting_list"))
    waiting_count: Mapped[int | None]
    status: Mapped[CourseStatus | None] = mapped_column(enum_column(CourseStatus, "status"))
    late_entry: Mapped[LateEntry | None] = mapped_column(enum_column(LateEntry, "late_entry"))
    late_entry_from: Mapped[str | None] = _text("late_entry_from")
    placement_test: Mapped[PlacementTest | None] = mapped_column(
        enum_column(PlacementTest, "placement_test")
    )
    register_by: Mapped[date | None]
    audience: Mapped[tuple[str, ...] | None] = _words("audience")
    admission: Mapped[tuple[str, ...] | None] = _words("admission")
    self_payer: Mapped[YesNo | None] = mapped_column(enum_column(YesNo, "self_payer"))
    funder: Mapped[str | None] = _text("funder")
    price_eur: Mapped[Decimal | None] = mapped_column(Euro())
    price_note: Mapped[str | None] = _text("price_note")
    childcare: Mapped[Childcare | None] = mapped_column(enum_column(Childcare, "childcare"))
    travel_costs: Mapped[TravelCosts | None] = mapped_column(
        enum_column(TravelCosts, "travel_costs")
    )
    exams: Mapped[tuple[str, ...] | None] = _words("exams")
    exam_on: Mapped[date | None]
    contact_name: Mapped[str | None] = _text("contact_name")
    contact_phone: Mapped[str | None] = _text("contact_phone")
    contact_email: Mapped[str | None] = _text("contact_email")
    link: Mapped[str | None] = _text("link")
    public_note: Mapped[str | None] = _text("public_note")
    internal_note: Mapped[str | None] = _text("internal_note")
    visibility: Mapped[Visibility | None] = mapped_column(enum_column(Visibility, "visibility"))
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[str | None] = _text("confirmed_by")
    confirmed_how: Mapped[ConfirmedHow | None] = mapped_column(
        enum_column(ConfirmedHow, "confirmed_how")
    )

    @declared_attr
    def course_type(cls) -> Mapped[str]:  # noqa: N805 -- SQLAlchemy hands in the class
        return mapped_column(ForeignKey("course_type.code"))

    @declared_attr
    def level_from(cls) -> Mapped[str | None]:  # noqa: N805 -- SQLAlchemy hands in the class
        return mapped_column(ForeignKey("level.code"))

    @declared_attr
    def level_to(cls) -> Mapped[str | None]:  # noqa: N805 -- SQLAlchemy hands in the class
        return mapped_column(ForeignKey("level.code"))

    def is_confirmed_since(self, day: date) -> bool:
        """Return whether somebody confirmed this row on ``day`` or later."""
        return self.confirmed_on is not None and self.confirmed_on >= day

    def facts(self) -> dict[str, object]:
        """Return all facts by attribute name, as rules and formats read them."""
        return {name: getattr(self, name) for name in FACT_NAMES}

    def take(self, facts: Mapping[str, object]) -> dict[str, tuple[object, object]]:
        """Set the given facts and return what moved: attribute -> (old, new)."""
        moved: dict[str, tuple[object, object]] = {}
        for name, new in facts.items():
            if name not in FACT_NAMES:
                msg = f"not a fact of a course: {name}"
                raise KeyError(msg)
            old = getattr(self, name)
            if old != new:
                moved[name] = (old, new)
                setattr(self, name, new)
        return moved
