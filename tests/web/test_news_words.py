"""The news of an edition in words."""

from datetime import date

from kursliste.domain.course import FIELD, Kind
from kursliste.domain.edition import FieldChange
from kursliste.domain.news import TELLING, NewsItem, NewsKind
from kursliste.web.news_words import NEWS_HEADING, NEWS_KIND, change_words, news_lines
from tests.publishing.edition_sample import WORDS, a_row


def changed(attribute, old, new):
    return change_words(FieldChange(attribute=attribute, old=old, new=new), WORDS)


def test_every_part_has_words():
    assert set(NEWS_KIND) == set(NEWS_HEADING) == set(NewsKind)
    assert all((*NEWS_KIND.values(), *NEWS_HEADING.values()))


def test_a_change_says_what_is_and_what_was():
    assert changed("starts_on", date(2026, 12, 1), date(2026, 12, 7)) == (
        "Beginn: 07.12.2026, bisher 01.12.2026"
    )
    assert changed("seats_free", 4, 0) == "freie Plätze: 0, bisher 4"
    assert changed("status", "offen", "voll") == "Status: ausgebucht, bisher Anmeldung möglich"
    assert changed("town", None, "Zittau") == "Ort: Zittau, bisher keine Angabe"
    assert changed("weekdays", ("Mo",), ()) == "Tage: keine Angabe, bisher Mo"


def test_every_field_that_is_told_has_a_name():
    assert all(FIELD[name].heading and FIELD[name].kind is not Kind.CODE for name in TELLING)
    assert not any(FIELD[name].internal for name in TELLING)


def item(**more):
    return NewsItem(course_id="k1", title="Kurs", provider="VHS", **more)


def test_a_new_course_says_when_where_and_whether_there_is_a_place():
    row = a_row(starts_on=date(2026, 12, 7), town="Zittau", seats_free=0)
    assert news_lines(item(row=row), WORDS) == ["Beginn 07.12.2026", "Zittau", "freie Plätze: 0"]
    row = a_row(starts_on=None, start_note="ab 15 Anmeldungen", town=None, seats_free=None)
    assert news_lines(item(row=row), WORDS) == ["ab 15 Anmeldungen"]


def test_a_changed_course_says_its_changes_and_an_ended_one_nothing():
    fields = (FieldChange(attribute="town", old="Görlitz", new="Zittau"),)
    assert news_lines(item(row=a_row(), fields=fields), WORDS) == ["Ort: Zittau, bisher Görlitz"]
    assert news_lines(item(), WORDS) == []
