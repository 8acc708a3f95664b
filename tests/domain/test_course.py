"""The table of fields: the names others rely on, and what each of them says."""

from kursliste.domain.course import (
    ADMISSION_WORDS,
    AUDIENCE_WORDS,
    EXAM_WORDS,
    FIELD,
    FIELDS,
    MONTHLY_FIELDS,
    OWN_FIELDS,
    Kind,
    Section,
    Weekday,
)

# INTERFACE.md, "Fields of a course", in its order.
NAMES = """
course_id provider provider_reference bamf_reference course_group course_type title
level_from level_to current_module units_total units_per_week start_kind starts_on start_note
ends_on breaks_note weekdays time_from time_until times_note time_of_day delivery venue_name street
postcode town wheelchair seats_min seats_total seats_taken seats_free waiting_list waiting_count
status late_entry late_entry_from placement_test register_by audience admission self_payer funder
price_eur price_note childcare travel_costs exams exam_on contact_name contact_phone contact_email
link public_note internal_note visibility confirmed_on confirmed_by confirmed_how
"""


def test_the_names_that_others_rely_on():
    assert [field.attribute for field in FIELDS] == NAMES.split()
    assert list(FIELD) == NAMES.split()


def test_headings_differ():
    headings = [field.heading for field in FIELDS]
    assert len(set(headings)) == len(headings)


def test_every_reported_field_stands_in_one_of_the_four_sections():
    assert {field.section for field in OWN_FIELDS} == set(Section) - {Section.NONE}
    assert {f.attribute for f in FIELDS if not f.own} == {
        "course_id",
        "provider",
        "course_group",
        "confirmed_on",
        "confirmed_by",
        "confirmed_how",
    }


def test_fields_bound_what_may_be_typed():
    for field in FIELDS:
        numbers = field.kind in {Kind.INTEGER, Kind.MONEY}
        dated = field.kind in {Kind.DATE, Kind.TIME}
        assert bool(field.high) is numbers, field.attribute
        assert bool(field.length) is not (numbers or dated), field.attribute
        assert (field.choices is not None) is (field.kind in {Kind.CHOICE, Kind.WEEKDAYS})


def test_choices_and_words_fit_into_their_fields():
    for field in OWN_FIELDS:
        if field.kind is Kind.CHOICE:
            assert all(len(choice) <= field.length for choice in field.choices or ())
    assert FIELD["audience"].words == AUDIENCE_WORDS
    assert FIELD["admission"].words == ADMISSION_WORDS
    assert FIELD["exams"].words == EXAM_WORDS
    assert [day.value for day in Weekday] == ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]


def test_the_monthly_fields_are_reported_ones():
    assert set(MONTHLY_FIELDS) <= {field.attribute for field in OWN_FIELDS}
