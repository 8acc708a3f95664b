"""Every filter of INTERFACE.md finds what it says, on both databases."""

from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs

import pytest

from kursliste.catalogue.list_page import ListPage, list_page
from kursliste.domain.course import (
    Childcare,
    CourseStatus,
    Delivery,
    LateEntry,
    StartKind,
    TimeOfDay,
    Wheelchair,
)
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from tests.builders import a_course, a_provider, a_report
from tests.publishing.scene import CONFIRMED, HIDDEN, a_scene


@pytest.fixture
def scene(session, tmp_path):
    """Three very different courses, and one that nobody may see."""
    scene = a_scene(session, Shelf(tmp_path / "shelf"))
    scene.course(
        title="Alphabet am Vormittag",
        course_type="IK-ALPHA",
        level_from="Alpha",
        level_to="A2",
        town="Görlitz",
        starts_on=date(2026, 12, 7),
        time_of_day=TimeOfDay.MORNING,
        delivery=Delivery.ON_SITE,
        seats_free=3,
        late_entry=LateEntry.YES,
        childcare=Childcare.ON_REQUEST,
        audience=("Frauen",),
        price_eur=Decimal(0),
        wheelchair=Wheelchair.YES,
        admission=("Berechtigungsschein", "Verpflichtung"),
    )
    scene.course(
        title="Beruf 100% am Abend",
        course_type="BSK-B2",
        level_from="B1",
        level_to="B2.1",
        town="Weißwasser",
        starts_on=date(2027, 2, 1),
        time_of_day=TimeOfDay.EVENING,
        delivery=Delivery.ONLINE,
        seats_free=0,
        late_entry=LateEntry.NO,
        childcare=Childcare.NO,
        price_eur=Decimal("120.50"),
        wheelchair=Wheelchair.PARTLY,
        admission=("Teilnahmeberechtigung BSK",),
    )
    other = a_provider(session, scene.district, name="Café Übersee")
    report = a_report(session, scene.round, other, ReportStatus.APPROVED)
    a_course(
        session,
        report,
        title="Sprachcafé_offen",
        course_type="KONV",
        start_kind=StartKind.ROLLING,
        status=CourseStatus.OPEN,
        seats_free=9,
        late_entry=LateEntry.ON_CONSULTATION,
        **CONFIRMED,
    )
    scene.course(title="Geheim", town="Zittau", visibility=HIDDEN, admission=("Geheimtipp",))
    scene.publish()
    with transaction(session):
        pass
    return scene


ALPHA, WORK, CAFE = "Alphabet am Vormittag", "Beruf 100% am Abend", "Sprachcafé_offen"


def page(scene, query: str) -> ListPage:
    arguments = parse_qs(query, keep_blank_values=True)
    return list_page(scene.session, "goerlitz", arguments)


def titles(found: ListPage) -> list[str]:
    return [
        line.entry.title for group in found.groups for part in group.parts for line in part.lines
    ]


FILTERS = {
    "": [ALPHA, WORK, CAFE],
    "q=": [ALPHA, WORK, CAFE],
    "q=vormittag": [ALPHA],
    "q=GÖRLITZ+alpha": [ALPHA],
    "q=goerlitz": [ALPHA],
    "q=weisswasser": [WORK],
    "q=100%25": [WORK],
    "q=weißw+abends": [WORK],
    "q=deufoev": [WORK],
    "q=montags": [],
    "q=ik+kinderbetreuung": [ALPHA],
    "plz=02826": [ALPHA],
    "plz=02826&umkreis=60": [ALPHA, WORK],
    "plz=02826&umkreis=60&sortierung=entfernung": [ALPHA, WORK],
    "sortierung=plaetze": [CAFE, ALPHA, WORK],
    "q=uebersee": [CAFE],
    "q=alpha+abend": [],
    "q=geheim": [],
    "q=%00alphabet": [ALPHA],
    "gruppe=Integrationskurse": [ALPHA],
    "gruppe=Integrationskurse&gruppe=Berufssprachkurse": [ALPHA, WORK],
    "art=KONV": [CAFE],
    "art=konv": [CAFE],
    "niveau=A1": [ALPHA],
    "niveau=A2": [ALPHA],
    "niveau=A2.2": [ALPHA],
    "niveau=B1": [WORK],
    "niveau=B2": [WORK],
    "niveau=A1&niveau=B2.1": [ALPHA, WORK],
    "ort=görlitz": [ALPHA],
    "tageszeit=abends": [WORK],
    "form=online": [WORK],
    "zugang=Verpflichtung": [ALPHA],
    "zugang=Teilnahmeberechtigung+BSK": [WORK],
    "traeger=Café+Übersee": [CAFE],
    "ab=2026-12-08": [WORK, CAFE],
    "ab=2026-12-07": [ALPHA, WORK, CAFE],
    "bis=2027-01-31": [ALPHA, CAFE],
    "ab=2026-12-01&bis=2026-12-31": [ALPHA, CAFE],
    "frei=1": [ALPHA, CAFE],
    "quereinstieg=1": [ALPHA, CAFE],
    "kinderbetreuung=1": [ALPHA],
    "frauen=1": [ALPHA],
    "kostenlos=1": [ALPHA],
    "barrierefrei=1": [ALPHA],
    "frei=1&ort=Görlitz&niveau=A1&q=alphabet": [ALPHA],
    "utm_source=newsletter&seite=3": [ALPHA, WORK, CAFE],
}


def test_filters_find_what_they_say(scene):
    found = {query: page(scene, query) for query in FILTERS}

    assert {query: titles(one) for query, one in found.items()} == FILTERS
    assert [one.search.unknown for one in found.values() if one.search.unknown] == []


UNKNOWN = {
    "ort=Zittau": [("Ort", "Zittau")],
    "zugang=Geheimtipp": [("Zugang", "Geheimtipp")],
    "niveau=Z9": [("Niveau", "Z9")],
    "art=%27%3B--": [("Kursart", "';--")],
    "frei=ja": [("freie Plätze", "ja")],
    "ab=31.12.2026": [("Beginn ab", "31.12.2026")],
    "bis=2026-02-30": [("Beginn bis", "2026-02-30")],
    "plz=99999": [("PLZ", "99999")],
    "plz=2826": [("PLZ", "2826")],
    "umkreis=weit": [("Umkreis", "weit")],
    "umkreis=0": [("Umkreis", "0")],
    "q=%25": [("Suche", "%")],
    "sortierung=zufall": [("Sortierung", "zufall")],
    "q=" + "x" * 201: [("Suche", "x" * 201)],
    "q=%00%01": [("Suche", "\x00\x01")],
    "q=" + "+".join("abcdefghijklm"): [("Suche", " ".join("abcdefghijklm"))],
}


def test_unknown_values_are_named_and_ignored(scene):
    found = {query: page(scene, query) for query in UNKNOWN}

    assert {query: one.search.unknown for query, one in found.items()} == UNKNOWN
    assert [titles(one) for one in found.values()] == [[ALPHA, WORK, CAFE]] * len(UNKNOWN)


SORTED = {
    "": ["Integrationskurse", "Berufssprachkurse", "Ehrenamt und Begegnung"],
    "sortierung=ort": ["Görlitz", "Weißwasser", "ohne Ort"],
    "sortierung=niveau": ["Niveau A2", "Niveau B2.1", "ohne Angabe des Niveaus"],
    "sortierung=traeger": ["Café Übersee", "Volkshochschule Neißebogen"],
    "sortierung=beginn": ["Beginn Dezember 2026", "Beginn Februar 2027", "ohne festen Beginn"],
}


def test_ways_of_sorting(scene):
    found = {query: [group.heading for group in page(scene, query).groups] for query in SORTED}

    assert found == SORTED


def test_options_name_only_what_the_public_list_has(scene):
    options = {
        parameter: [option for option in options if option.is_offered]
        for parameter, options in page(scene, "").options.items()
    }

    assert [(o.value, o.count) for o in options["ort"]] == [("Görlitz", 1), ("Weißwasser", 1)]
    assert [o.value for o in options["zugang"]] == [
        "Berechtigungsschein",
        "Teilnahmeberechtigung BSK",
        "Verpflichtung",
    ]
    assert [(o.value, o.count) for o in options["traeger"]] == [
        ("Café Übersee", 1),
        ("Volkshochschule Neißebogen", 2),
    ]
    assert next(o.value for o in options["niveau"]) == "Alpha"
    assert [o.value for o in options["niveau"]][-1] == "B2.1"


def test_nothing_found_offers_each_filter_to_drop_with_its_count(scene):
    found = page(scene, "q=alphabet&ort=Weißwasser&frei=1")

    assert [(criterion.label, count) for criterion, count in found.ways_out] == [
        ("„alphabet“", 0),
        ("Ort: Weißwasser", 1),
        ("freie Plätze", 0),
    ]
    two = page(scene, "ort=Weißwasser&frei=1")
    assert [(criterion.label, count) for criterion, count in two.ways_out] == [
        ("Ort: Weißwasser", 2),
        ("freie Plätze", 1),
    ]


def test_summary_counts_the_whole_list(scene):
    summary = page(scene, "ort=Görlitz").summary

    assert (summary.courses, summary.with_free_seats, summary.providers, summary.towns) == (
        3,
        2,
        2,
        2,
    )


LEVELS = [
    ("A1", "B1", "A2", True),
    ("A2.1", "A2.2", "A2", True),
    ("A2.1", "A2.1", "A2.2", False),
    ("A1", "A2", "A2.2", True),
    (None, "B1", "B1", True),
    (None, "B1", "A2", False),
    ("B1", None, "B1", True),
    ("B1", None, "B2", False),
    (None, None, "B1", False),
]


def test_level_fits_the_way_from_entry_to_goal(session, tmp_path):
    scene = a_scene(session, Shelf(tmp_path / "shelf"))
    for number, (level_from, level_to, *_) in enumerate(LEVELS):
        scene.course(title=str(number), level_from=level_from, level_to=level_to)
    scene.publish()

    for number, (_, _, sought, fits) in enumerate(LEVELS):
        assert (str(number) in titles(page(scene, f"niveau={sought}"))) is fits, LEVELS[number]
