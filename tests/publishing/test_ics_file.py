"""The calendar of an edition, read back by icalendar, which is another reader than ours wrote for
only in name; folding and escaping are therefore also looked at as bytes.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from kursliste.domain.columns import COLUMNS
from kursliste.publishing.formats import ics_file
from kursliste.web.happenings import day_in
from tests.publishing.edition_sample import WORDS, a_head, a_row, varied_rows

BARE = {"starts_on": None, "exam_on": None, "register_by": None, "late_entry_from": None}


def read(*rows, **head):
    return Calendar.from_ical(ics_file.build(a_head(**head), rows, WORDS))


def events(*rows, **head):
    return read(*rows, **head).walk("VEVENT")


def test_a_course_has_its_start_entry_deadline_and_exam():
    row = a_row(
        starts_on=date(2026, 12, 7),
        late_entry_from="ab 11.01.2027",
        register_by=date(2026, 11, 30),
        exam_on=date(2027, 6, 26),
    )
    found = events(row)

    assert [(str(event["uid"]), str(event["summary"])) for event in found] == [
        ("k7f3a2b9c1d4-beginn@kursliste.invalid", "Beginn: Integrationskurs am Vormittag"),
        (
            "k7f3a2b9c1d4-einstieg@kursliste.invalid",
            "Einstieg möglich: Integrationskurs am Vormittag",
        ),
        (
            "k7f3a2b9c1d4-anmeldeschluss@kursliste.invalid",
            "Anmeldeschluss: Integrationskurs am Vormittag",
        ),
        ("k7f3a2b9c1d4-pruefung@kursliste.invalid", "Prüfung: Integrationskurs am Vormittag"),
    ]
    start, entry = found[0], found[1]
    assert start["dtstart"].params["TZID"] == "Europe/Berlin"
    assert start.start.replace(tzinfo=None) == datetime(2026, 12, 7, 8, 30)
    assert start.start.utcoffset() == timedelta(hours=1)
    assert start.end.time() == time(12, 45)
    # A whole day ends on the next one: the end of a day is exclusive (RFC 5545).
    assert (entry.start, entry.end) == (date(2027, 1, 11), date(2027, 1, 12))
    assert str(start["location"]) == "Langenstraße 23, 02826 Görlitz"
    assert "freie Plätze: 4" in str(start["description"])
    assert (str(start["status"]), str(start["transp"])) == ("CONFIRMED", "TRANSPARENT")
    assert str(start["url"]) == "https://www.vhs-goerlitz.example/kurs?id=1&x=2"


def test_what_is_not_known_is_no_event():
    assert events(a_row(**BARE)) == []
    assert events({**a_row(**BARE, late_entry="nein"), "late_entry_from": "07.12.2026"}) == []
    (start,) = events(a_row(time_from=None, link="javascript:alert(1)"))
    assert (start.start, "url" in start) == (date(2026, 11, 2), False)
    (start,) = events(a_row(time_until=None))
    assert "dtend" not in start


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("07.12.2026", date(2026, 12, 7)),
        ("ab 7. 1.2027", date(2027, 1, 7)),
        ("2026-12-07", date(2026, 12, 7)),
        ("jederzeit", None),
        ("07.12.2026 oder 11.01.2027", None),
        ("31.02.2027", None),
        (None, None),
    ],
)
def test_an_entry_date_is_read_from_words_only_where_it_is_one(text, day):
    assert day_in(text) == day


def test_cancelled_and_expected_courses_say_so():
    cancelled, expected = events(
        a_row(status="abgesagt"), a_row(course_id="k2", start_kind="voraussichtlich")
    )
    assert str(cancelled["status"]) == "CANCELLED"
    assert str(cancelled["summary"]).startswith("abgesagt, Beginn: ")
    assert str(expected["status"]) == "TENTATIVE"
    assert str(expected["summary"]).startswith("voraussichtlich Beginn: ")


def test_the_next_edition_speaks_of_the_same_events():
    first, corrected = events(a_row())[0], events(a_row(), number=2)[0]
    assert first["uid"] == corrected["uid"]
    assert first["sequence"] < corrected["sequence"]
    later = events(a_row(), published_at=datetime(2026, 12, 2, 9, tzinfo=UTC))[0]
    assert later["dtstamp"].dt == datetime(2026, 12, 2, 9, tzinfo=UTC)


def test_calendar_has_a_name_a_zone_and_no_trace_of_the_machine():
    content = ics_file.build(a_head(), varied_rows(30), WORDS)
    calendar = Calendar.from_ical(content)
    assert str(calendar["x-wr-calname"]) == "Deutsch- und Integrationskurse – Landkreis Görlitz"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert len({str(event["uid"]) for event in calendar.walk("VEVENT")}) == len(
        calendar.walk("VEVENT")
    )
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert content == ics_file.build(a_head(), varied_rows(30), WORDS)


def test_a_title_of_two_lines_is_a_name_of_one():
    calendar = read(list_title="Deutsch\x0bund Integration;\nAlle")
    name = "Deutsch und Integration; Alle – Landkreis Görlitz"
    assert (str(calendar["name"]), str(calendar["x-wr-calname"])) == (name, name)


def test_text_stays_text():
    title = 'BEGIN:VEVENT\nDTSTART=1;"x",\\n مدرسة ' + "x" * 300
    (event,) = events(a_row(title=title, town="a\x0bb"))
    assert str(event["summary"]) == "Beginn: " + title.replace("\n", " ")
    assert "a\nb" in str(event["location"])
    with pytest.raises(ValueError, match="surrogates"):
        events(a_row(title="\ud800"))


def test_internal_rows_and_values_stay_inside():
    secrets = {
        column.attribute: f"geheim-{column.attribute}" for column in COLUMNS if column.internal
    }
    content = ics_file.build(
        a_head(),
        [a_row(**secrets | {"visibility": None}), a_row(title="geheim", visibility="nur intern")],
        WORDS,
    )
    assert content.count(b"geheim") == 0
    assert content.count(b"BEGIN:VEVENT") == 1
