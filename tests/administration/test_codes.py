"""Kinds of courses and districts, as an administrator keeps them in the browser."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from kursliste.administration.code_actions import (
    add_course_type,
    aliases_of,
    change_course_type,
)
from kursliste.domain.calendar import Month
from kursliste.domain.course_type import TypeFacts, TypeState, is_valid_in
from kursliste.domain.errors import ConflictError, NotPermittedError, Rule
from kursliste.domain.errors import RuleViolationError as Violation
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.infrastructure.codes import load_codes
from kursliste.infrastructure.database import transaction
from kursliste.intake.naming import type_in
from kursliste.intake.queries import code_tables_of
from kursliste.masterdata.actions import add_district, change_district
from kursliste.models import District, JournalEntry
from kursliste.models.codes import CourseType
from tests.builders import (
    a_coordinator,
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_reporter,
    a_round,
    a_user,
)
from tests.signing_in import sign_in

SYSTEM = Actor.system()
FACTS = TypeFacts(course_group="Integrationskurse", sort=15, label="Abendkurs", short="Abend")


@pytest.fixture
def boss(client, session):
    person = a_user(session, Grant(Role.ADMINISTRATOR), name="Ada Admin")
    sign_in(client, session, person)
    return person


def entries(session, event):
    query = select(JournalEntry).where(JournalEntry.event == event).order_by(JournalEntry.id)
    return session.scalars(query).all()


# ---- rules


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "is_valid"),
    [
        (None, None, True),
        (date(2026, 12, 31), None, True),
        (date(2027, 1, 1), None, False),
        (None, date(2026, 12, 1), True),
        (None, date(2026, 11, 30), False),
    ],
)
def test_a_kind_holds_in_a_month_if_it_holds_on_one_of_its_days(valid_from, valid_until, is_valid):
    assert is_valid_in(Month(2026, 12), valid_from, valid_until) is is_valid


@pytest.mark.parametrize(
    ("change", "rule", "field"),
    [
        ({"label": " "}, Rule.VALUE_MISSING, "label"),
        ({"label": "x" * 151}, Rule.TEXT_TOO_LONG, "label"),
        ({"short": ""}, Rule.VALUE_MISSING, "short"),
        ({"units_total": 0}, Rule.VALUE_OUT_OF_RANGE, "units_total"),
        ({"course_group": "Sonstiges"}, Rule.VALUE_UNKNOWN, "course_group"),
        ({"level_from": "Z9"}, Rule.VALUE_UNKNOWN, "level_from"),
        ({"level_from": "B2", "level_to": "A1"}, Rule.LEVEL_BACKWARDS, "level_from"),
        (
            {"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 31)},
            Rule.END_BEFORE_START,
            "valid_until",
        ),
    ],
)
def test_facts_that_cannot_be_are_named_at_their_field(session, change, rule, field):
    with pytest.raises(Violation) as found:
        add_course_type(session, "IK-ABEND", replace(FACTS, **change), actor=SYSTEM)
    assert (found.value.rule, found.value.field) == (rule, field)


@pytest.mark.parametrize(
    ("code", "rule"),
    [("ik-abend", Rule.CODE_ODD), ("", Rule.CODE_ODD), ("IK-ALLG", Rule.NAME_TAKEN)],
)
def test_a_code_is_odd_or_taken(session, code, rule):
    with pytest.raises(Violation) as found:
        add_course_type(session, code, FACTS, actor=SYSTEM)
    assert (found.value.rule, found.value.field) == (rule, "code")


# ---- actions


def test_a_new_kind_is_known_to_imports_by_all_its_names(session):
    add_course_type(
        session, "IK-ABEND", FACTS, "Abend-IK\n  Kurs am Feierabend \n\nabend-ik", actor=SYSTEM
    )

    assert aliases_of(session, "IK-ABEND") == ["Abend-IK", "Kurs am Feierabend"]
    tables = code_tables_of(session)
    for text in ("IK-ABEND", "Abendkurs", "Kurs am Feierabend"):
        found = type_in(text, tables)
        assert found is not None
        assert found.code == "IK-ABEND"
    (entry,) = entries(session, "course_type:added")
    assert entry.changes == {
        "label": ["", "Abendkurs"],
        "aliases": ["", "Abend-IK\nKurs am Feierabend"],
    }


def test_a_name_of_another_kind_stays_there(session):
    (known, *_) = aliases_of(session, "IK-ALPHA")
    with pytest.raises(Violation) as found:
        add_course_type(session, "IK-ABEND", FACTS, f"Abend\n{known.upper()}", actor=SYSTEM)
    assert (found.value.rule, found.value.facts["code"]) == (Rule.ALIAS_TAKEN, "IK-ALPHA")
    with pytest.raises(Violation) as found:
        add_course_type(session, "IK-ABEND", FACTS, "x" * 121, actor=SYSTEM)
    assert found.value.rule == Rule.TEXT_TOO_LONG


def test_a_change_is_kept_with_what_was_before(session):
    kind = add_course_type(session, "IK-ABEND", FACTS, "Abend-IK", actor=SYSTEM)
    ended = replace(FACTS, valid_until=date(2026, 12, 31), state=TypeState.FADING)

    change_course_type(
        session, "IK-ABEND", ended, "Abend-IK", seen_version=kind.version, actor=SYSTEM
    )
    change_course_type(
        session, "IK-ABEND", ended, "Abend-IK", seen_version=kind.version, actor=SYSTEM
    )

    (entry,) = entries(session, "course_type:changed")
    assert entry.changes == {"valid_until": [None, "2026-12-31"], "state": ["active", "fading"]}
    with pytest.raises(ConflictError) as conflict:
        change_course_type(session, "IK-ABEND", FACTS, "", seen_version=1, actor=SYSTEM)
    assert ("Stand", "active", "fading") in conflict.value.differences
    assert aliases_of(session, "IK-ABEND") == ["Abend-IK"]


def test_only_the_administration_may(session):
    district = a_district(session)
    person = a_coordinator(session, district).as_actor()
    with pytest.raises(NotPermittedError):
        add_course_type(session, "IK-ABEND", FACTS, actor=person)
    with pytest.raises(NotPermittedError):
        change_course_type(session, "IK-ALLG", FACTS, "", seen_version=1, actor=person)
    with pytest.raises(NotPermittedError):
        change_district(session, district, {}, seen_version=1, actor=person)


# ---- what reports offer


def test_a_report_offers_what_holds_in_its_month_and_keeps_what_a_course_has(client, session):
    district = a_district(session)
    house = a_provider(session, district)
    person = a_reporter(session, house)
    report = a_report(session, a_round(session, a_list(session, district)), house, by=person)
    row = a_course(session, report, course_type="IK-ALPHA")
    for code in ("IK-ALPHA", "IK-FRAUEN"):
        kind = session.get_one(CourseType, code)
        kind.valid_until = date(2026, 11, 30)
    sign_in(client, session, person)

    client.get(f"/meldungen/{report.id}/kurse/neu?art=IK-ALLG")
    new = [o.get("value") for o in client.page.select("#course_type option")]
    client.get(f"/meldungen/{report.id}/kurse/{row.id}")
    there = [o.get("value") for o in client.page.select("#course_type option")]

    assert "IK-ALLG" in new
    assert {"IK-ALPHA", "IK-FRAUEN"}.isdisjoint(new)
    assert "IK-ALPHA" in there
    assert "IK-FRAUEN" not in there
    everything = load_codes(session).types_in(Month(2026, 11))
    assert {"IK-ALPHA", "IK-FRAUEN"} <= everything.keys()


# ---- pages


def test_a_kind_is_added_mended_and_ended_on_its_pages(client, session, boss):
    client.get("/verwaltung/kursarten")
    client.get("/verwaltung/kursarten/neu")
    client.submit(status=422, code="ik abend", label="Abendkurs", short="")
    assert "Diese Angabe fehlt." in client.page.text()
    assert client.page.form_values()["label"] == ["Abendkurs"]
    client.submit(status=422, code="ik abend", short="Abend")
    assert "große Buchstaben ohne Umlaute" in client.page.text()
    client.submit(code="IK-ABEND", aliases="Abend-IK")
    client.follow()
    assert "Angelegt: Abendkurs." in client.page.text()

    client.get("/verwaltung/kursarten/IK-ABEND")
    assert client.page.form_values()["aliases"] == ["Abend-IK"]
    client.submit(valid_until="2020-12-31")
    client.follow()
    assert "bis 31.12.2020 gilt jetzt nicht" in client.page.text()
    client.get("/verwaltung/kursarten/NICHTS", 404)


def test_two_administrators_at_one_kind_see_both_versions(client, session, boss):
    client.get("/verwaltung/kursarten/IK-ALLG")
    with transaction(session):
        session.get_one(CourseType, "IK-ALLG").label = "Inzwischen anders"

    client.submit(status=409, label="Meine Fassung")

    assert "Inzwischen anders" in client.page.text()
    client.submit()
    assert session.get_one(CourseType, "IK-ALLG").label == "Meine Fassung"


def test_a_district_is_added_with_its_first_list_and_renamed(client, session, boss):
    client.get("/verwaltung/kreise")
    assert "Noch ist kein Kreis angelegt." in client.page.text()
    client.get("/verwaltung/kreise/neu")
    client.submit(status=422, name="Weimar", slug="Weimar!", ags="16055", state="TH")
    assert "kleine Buchstaben ohne Umlaute" in client.page.text()
    client.submit(status=422, slug="weimar", state="SN")
    assert "für Sachsen sind es 14" in client.page.text()
    client.submit(state="TH", publisher="Stadt Weimar", contact="bildung@weimar.example")
    client.follow()
    assert "Weimar ist angelegt" in client.page.text()
    client.get("/kurslisten/weimar")

    client.get("/verwaltung/kreise/weimar")
    client.submit(name="Stadt Weimar")
    client.follow()
    assert ["Stadt Weimar", "16055", "Thüringen", "Deutsch- und Integrationskurse"] in (
        client.page.rows()
    )
    (entry,) = entries(session, "district:changed")
    assert entry.changes == {"name": ["Weimar", "Stadt Weimar"]}
    client.get("/verwaltung/kreise/neu")
    client.submit(status=422, name="Noch einmal", slug="weimar", ags="16055", state="TH")
    assert "„16055“ ist schon vergeben." in client.page.text()


def test_a_district_changed_meanwhile_shows_both_versions(client, session, boss):
    with transaction(session):
        a_district(session)
    client.get("/verwaltung/kreise/goerlitz")
    with transaction(session):
        session.scalars(select(District)).one().publisher = "Landratsamt, neu"

    client.submit(status=409, publisher="Landratsamt, meins")

    assert "Landratsamt, neu" in client.page.text()


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"slug": "Ä"}, Rule.SLUG_ODD),
        ({"state": "XX"}, Rule.VALUE_UNKNOWN),
        ({"ags": "1605"}, Rule.AGS_ODD),
        ({"ags": "14626"}, Rule.AGS_ODD),
        ({"name": ""}, Rule.VALUE_MISSING),
        ({"publisher": "x" * 201}, Rule.TEXT_TOO_LONG),
    ],
)
def test_a_district_that_cannot_be_is_refused(session, facts, rule):
    whole = {"slug": "weimar", "ags": "16055", "name": "Weimar", "state": "TH"} | facts
    with pytest.raises(Violation) as found:
        add_district(session, District(**whole), actor=SYSTEM)
    assert found.value.rule == rule
