"""The number beside a value is what choosing it finds: by profile, by row, or remembered."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qs

import pytest

from kursliste.catalogue import tallying
from kursliste.catalogue.finding import EVERYWHERE, Area, find
from kursliste.catalogue.options import CHOICES
from kursliste.catalogue.rows import CURRENT
from kursliste.catalogue.search import FLAGS
from kursliste.catalogue.search_page import read_for
from kursliste.domain.course import (
    ADMISSION_WORDS,
    Childcare,
    CourseStatus,
    Delivery,
    LateEntry,
    StartKind,
    TimeOfDay,
    Wheelchair,
)
from kursliste.infrastructure.remembering import forget_all
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import CourseProfile
from tests.publishing.scene import Statements, a_scene

ROWS = 40
TOWNS = (("Görlitz", "02826"), ("Zittau", "02763"), ("Niesky", "02906"))
KINDS = (("IK-ALLG", "A1", "B1"), ("IK-FRAUEN", "A1", "B1"), ("BSK-B2", "B1", "B2"))
SEARCHES = (
    "",
    "kinderbetreuung=1",
    "niveau=B1&tageszeit=vormittags",
    "niveau=B1&niveau=B2&art=IK-ALLG&frei=1",
    "ort=Zittau&frauen=1",
    "ort=Zittau&ort=Niesky&traeger=Volkshochschule",
    "q=integrationskurs+zittau&niveau=A1",
    "plz=02826&umkreis=20&form=online",
    "ab=2027-01-15&zugang=Verpflichtung",
    "gruppe=Integrationskurse&barrierefrei=1&quereinstieg=1",
)


@pytest.fixture
def many(session, tmp_path):
    """Courses of every kind in two districts, thrown with the same dice every time."""
    dice = random.Random(7)
    for slug in ("goerlitz", "weimar"):
        scene = a_scene(session, Shelf(tmp_path / "shelf"), slug)
        for number in range(ROWS // 2):
            scene.course(**_thrown(dice, number))
        scene.publish()
    forget_all()
    return session


def _thrown(dice: random.Random, number: int) -> dict[str, object]:
    kind, lower, upper = dice.choice(KINDS)
    town, postcode = dice.choice(TOWNS)
    return {
        "title": f"Kurs {number}",
        "course_type": kind,
        "level_from": lower,
        "level_to": upper,
        "town": town,
        "postcode": postcode,
        "start_kind": dice.choice((StartKind.FIXED, StartKind.ROLLING)),
        "starts_on": dice.choice((None, date(2027, 1, 1) + timedelta(days=dice.randrange(60)))),
        "time_of_day": dice.choice((None, *TimeOfDay)),
        "delivery": dice.choice((None, *Delivery)),
        "admission": dice.choice((None, ADMISSION_WORDS[:1], ADMISSION_WORDS[:2])),
        "audience": dice.choice((None, ("Frauen",))),
        "childcare": dice.choice((None, *Childcare)),
        "late_entry": dice.choice((None, *LateEntry)),
        "wheelchair": dice.choice((None, *Wheelchair)),
        "price_eur": dice.choice((None, Decimal(0), Decimal("2.29"))),
        "seats_free": dice.choice((None, 0, 3)),
        "status": dice.choice((None, CourseStatus.OPEN, CourseStatus.FULL)),
    }


def found(session, arguments, area=EVERYWHERE):
    return find(session, read_for(session, arguments)[0], area=area)


def number(session, arguments) -> int:
    return find(session, read_for(session, arguments)[0], has_counts=False).count


@pytest.mark.parametrize("is_many", [False, True])
def test_a_number_is_what_choosing_the_value_finds(many, monkeypatch, is_many):
    if is_many:
        monkeypatch.setattr(tallying, "MANY", 0)
    for query in SEARCHES:
        every_number_is_right(many, parse_qs(query))


def every_number_is_right(many, arguments):
    page = found(many, arguments)
    assert page.count == number(many, arguments)
    told = {(name, value): n for name in CHOICES for value, n in page.counts[name].items() if n}
    told |= {(name, "1"): page.counts[name].get("1", 0) for name in FLAGS}
    assert len(told) > len(FLAGS)
    assert told == {
        (name, value): number(many, arguments | {name: [value]}) for name, value in told
    }


def test_many_rows_stand_in_the_same_order_as_few(many, monkeypatch):
    asked = [
        {"sortierung": [sort], "plz": ["02826"], "umkreis": ["300"]}
        for sort in ("beginn", "plaetze", "niveau", "ort", "traeger", "entfernung")
    ]
    few = [keys(many, arguments) for arguments in asked]
    monkeypatch.setattr(tallying, "MANY", 0)
    assert [keys(many, arguments) for arguments in asked] == few
    assert len({tuple(order) for order in few}) >= 4  # one house; and a level goes with a kind
    assert {len(set(order)) for order in few} == {ROWS}


def keys(session, arguments) -> list[int]:
    """Turn the pages, six courses each, to the end."""
    search, _ = read_for(session, arguments)
    turned = []
    for page in range(1, ROWS):
        courses = find(session, replace(search, page=page), per_page=6).courses
        turned += [one.entry.id for one in courses]
        if not courses:
            return turned
    raise AssertionError("the pages have no end")


def test_numbers_over_many_rows_are_remembered_and_areas_kept_apart(many, monkeypatch, database):
    monkeypatch.setattr(tallying, "MANY", 0)
    everywhere = found(many, {})
    here = found(many, {}, Area(frozenset({1})))
    assert (everywhere.count, here.count) == (ROWS, ROWS // 2)
    with database.session(readonly=True) as own, Statements(database) as statements:
        again = found(own, {})
    assert (again.count, again.counts) == (everywhere.count, everywhere.counts)
    assert sum("GROUP BY" in statement for statement in statements.sent) == 0


def test_the_rarest_word_leads(many):
    search, _ = read_for(many, parse_qs("q=integrationskurs+zittau"))
    condition = str(next(iter(search.conditions(CURRENT).values())).compile())
    assert condition.index("IN") < condition.index("EXISTS")
    assert search.text == "integrationskurs zittau"
    turned = number(many, parse_qs("q=zittau+integrationskurs"))
    assert turned == number(many, parse_qs("q=integrationskurs+zittau")) > 1


def test_profiles_are_shared(many):
    assert 1 < many.query(CourseProfile).count() <= ROWS
