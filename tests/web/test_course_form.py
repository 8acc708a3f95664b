"""The form of a course: every field, German shapes, nothing typed lost."""

from datetime import date, time
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from kursliste.domain.course import FIELD, OWN_FIELDS, CourseStatus, Delivery, Kind, Section
from kursliste.infrastructure.codes import load_codes
from kursliste.web.course_form import course_form

NEEDED = {"title": "Deutsch A1", "course_type": "IK-ALLG"}


@pytest.fixture
def form_class(session):
    return course_form(load_codes(session))


@pytest.fixture
def filled(form_class):
    """Return a form with the needed fields and some more."""
    return lambda *more, **values: form_class(MultiDict([*{**NEEDED, **values}.items(), *more]))


def test_the_form_has_every_field_of_a_course_once(form_class):
    form = form_class(MultiDict())
    assert list(form._fields) == [field.attribute for field in OWN_FIELDS]
    assert [f.label.text for f in form] == [field.heading for field in OWN_FIELDS]


def test_the_sections_hold_all_fields_in_their_order(form_class):
    form = form_class(MultiDict())
    names = [f.name for section in Section for f in form.section(section)]
    assert sorted(names) == sorted(form._fields)
    assert [f.name for f in form.section(Section.WHERE)][:3] == ["delivery", "venue_name", "street"]


def test_what_is_needed_is_asked_for(form_class):
    form = form_class(MultiDict())
    assert not form.validate()
    assert form.errors == {
        name: ["Wählen Sie etwas aus." if FIELD[name].kind is Kind.CODE else "Diese Angabe fehlt."]
        for name in (f.attribute for f in OWN_FIELDS if f.needed)
    }


def test_empty_is_unknown(filled):
    form = filled()
    assert form.validate()
    facts = form.facts()
    assert {name: value for name, value in facts.items() if value is not None} == NEEDED
    assert set(facts) == {field.attribute for field in OWN_FIELDS}


def test_values_arrive_as_what_they_are(filled):
    form = filled(
        ("weekdays", "Mo"),
        ("weekdays", "Do"),
        starts_on="2027-01-11",
        time_from="08:30",
        seats_total="16",
        price_eur="1.234,50 €",
        delivery="online",
        status=str(CourseStatus.OPEN),
        exams="DTZ, telc B1 , DTZ,",
        public_note=" a\r\nb ",
    )
    assert form.validate(), form.errors
    facts = {name: value for name, value in form.facts().items() if value is not None}
    assert facts == {
        **NEEDED,
        "weekdays": ("Mo", "Do"),
        "starts_on": date(2027, 1, 11),
        "time_from": time(8, 30),
        "seats_total": 16,
        "price_eur": Decimal("1234.50"),
        "delivery": Delivery.ONLINE,
        "status": CourseStatus.OPEN,
        "exams": ("DTZ", "telc B1"),
        "public_note": "a\nb",
    }


@pytest.mark.asvs("1.2.2", "1.4.2", "2.2.1")
@pytest.mark.con10("A8")
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("seats_total", "1000"),
        ("seats_total", "-1"),
        ("seats_total", "viele"),
        ("seats_total", "1" * 5000),
        ("price_eur", "gratis"),
        ("price_eur", "-5"),
        ("price_eur", "NaN"),
        ("price_eur", "Infinity"),
        ("price_eur", "1e9"),
        ("starts_on", "31.02.2027"),
        ("starts_on", "2027-02-31"),
        ("time_from", "25:00"),
        ("postcode", "2826"),
        ("postcode", "０２８２６"),
        ("contact_email", "niemand"),
        ("contact_email", "a@x.example, b@y.example"),
        ("link", "javascript:alert(1)"),
        ("link", "www.vhs.example"),
        ("link", "https://"),
        ("link", "https://[::1"),
        ("link", "https://vhs.example/a b"),
        ("title", "x" * 151),
        ("exams", ", ".join(["Prüfung mit langem Namen"] * 3 + [str(n) * 40 for n in range(9)])),
        ("course_type", "gibt-es-nicht"),
        ("status", "gibt-es-nicht"),
        ("delivery", "gibt-es-nicht"),
        ("weekdays", "Feiertag"),
        ("town", "a\x00b"),
        ("town", "a\ud800b"),
        ("exams", "DTZ\x07"),
    ],
)
def test_a_bad_value_is_named_at_its_field_and_kept(filled, name, typed):
    form = filled(**{name: typed})
    assert not form.validate()
    assert list(form.errors) == [name]
    field = form[name]
    if field.type not in {"SelectField", "SelectMultipleField"} and "\ud800" not in typed:
        assert field.raw_data == [typed]
    for message in field.errors:
        assert message.endswith(".")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("link", "https://vhs.example/kurse?a=b"),
        ("link", "http://vhs.example"),
        ("contact_email", "info@görlitz.example"),
        ("postcode", "02826"),
        ("seats_free", "0"),
        ("price_eur", "0"),
        ("price_eur", "229"),
    ],
)
def test_a_good_value_passes(filled, name, typed):
    form = filled(**{name: typed})
    assert form.validate(), form.errors


def test_amounts_are_shown_as_germans_write_them(form_class):
    class Row:
        price_eur = Decimal("1234.50")
        exams = ("DTZ", "telc B1")
        status = CourseStatus.OPEN

    form = form_class(obj=Row())
    assert form.price_eur._value() == "1234,50"
    assert form.exams._value() == "DTZ, telc B1"
    assert form.status.data == CourseStatus.OPEN
    assert 'value="1234,50"' in form.price_eur()
    again = form_class(MultiDict({**NEEDED, "price_eur": "umsonst"}))
    again.validate()
    assert again.price_eur._value() == "umsonst"
    assert form_class(MultiDict()).price_eur._value() == ""


@pytest.mark.asvs("15.3.3")
def test_fields_that_people_may_not_set_are_not_in_the_form(filled):
    """SECURITY.md, T6: what is not in the form is not taken."""
    form = filled(id="7", report_id="7", confirmed_on="2026-12-01", version="9", provider="x")
    assert form.validate()
    assert set(form.facts()) == {field.attribute for field in OWN_FIELDS}


def test_a_contradiction_is_told_together_with_what_is_badly_written(filled):
    form = filled(
        starts_on="2026-12-07", ends_on="2026-12-01", price_eur="viel", seats_total="zwölf"
    )
    assert not form.validate()
    assert set(form.errors) == {"ends_on", "price_eur", "seats_total"}
    [told] = form.errors["ends_on"]
    assert told == (
        "Das Ende (01.12.2026) liegt vor dem Beginn (07.12.2026). "
        "Ändern Sie eines der beiden Daten."
    )


def test_a_badly_written_date_contradicts_nothing(filled):
    form = filled(starts_on="2026-12-07", ends_on="bald")
    assert not form.validate()
    assert set(form.errors) == {"ends_on"}
    assert len(form.errors["ends_on"]) == 1
