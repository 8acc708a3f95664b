"""Which changes a reader wants to know first."""

from datetime import date

import pytest

from kursliste.domain.edition import Change, ChangeKind, FieldChange, changes_between
from kursliste.domain.news import NewsKind, news_of


def a_course(**more: object) -> dict[str, object]:
    return {"course_id": "k1", "title": "Deutsch", "provider": "VHS", "status": "offen", **more}


def told(before: dict[str, object] | None, now: dict[str, object] | None):
    rows = [now] if now else []
    changes = changes_between([before] if before else [], rows)
    return news_of(changes, rows)


def kinds(before: dict[str, object] | None, now: dict[str, object] | None) -> list[NewsKind]:
    return [kind for kind, items in told(before, now).parts() for _ in items]


def test_new_and_ended_courses_are_news():
    assert kinds(None, a_course()) == [NewsKind.NEW]
    assert kinds(a_course(), None) == [NewsKind.ENDED]
    ended = told(a_course(), None)[NewsKind.ENDED][0]
    assert (ended.course_id, ended.title, ended.provider, ended.row) == (
        "k1",
        "Deutsch",
        "VHS",
        None,
    )


@pytest.mark.parametrize(
    ("attribute", "old", "new"),
    [
        ("starts_on", date(2026, 12, 1), date(2026, 12, 7)),
        ("time_from", None, "08:30"),
        ("weekdays", ("Mo",), ("Mo", "Di")),
        ("street", "A", "B"),
        ("town", "Görlitz", "Zittau"),
        ("seats_free", 4, 0),
        ("status", "offen", "voll"),
        ("status", "abgesagt", "offen"),
    ],
)
def test_start_time_place_and_seats_are_news(attribute, old, new):
    found = told(a_course(**{attribute: old}), a_course(**{attribute: new}))
    (item,) = found[NewsKind.CHANGED]
    assert item.fields == (FieldChange(attribute=attribute, old=old, new=new),)
    assert item.row is not None
    assert found.count(NewsKind.CHANGED) == 1
    assert bool(found)


@pytest.mark.parametrize(
    ("attribute", "old", "new"),
    [
        ("contact_phone", "1", "2"),
        ("public_note", None, "Bitte klingeln"),
        ("status", "geplant", "offen"),
        ("status", "offen", "knapp"),
    ],
)
def test_what_readers_need_not_act_on_is_no_news(attribute, old, new):
    found = told(a_course(**{attribute: old}), a_course(**{attribute: new}))
    assert not found
    assert list(found.parts()) == []


def test_a_cancelled_course_is_told_once_as_cancelled():
    gone = a_course(status="abgesagt")
    assert kinds(a_course(), gone) == [NewsKind.CANCELLED]
    assert kinds(None, gone) == [NewsKind.CANCELLED]
    assert kinds(gone, {**gone, "seats_free": 3}) == []
    assert told(a_course(), gone)[NewsKind.CANCELLED][0].fields == ()


def test_only_the_fields_that_matter_are_told():
    before = a_course(town="Görlitz", contact_phone="1")
    now = a_course(town="Zittau", contact_phone="2")
    (item,) = told(before, now)[NewsKind.CHANGED]
    assert [field.attribute for field in item.fields] == ["town"]


def test_a_change_of_a_row_that_the_reader_does_not_see_has_no_row():
    change = Change(kind=ChangeKind.NEW, course_id="k9", title="X", provider="Y")
    (item,) = news_of([change], [])[NewsKind.NEW]
    assert item.row is None
