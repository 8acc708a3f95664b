"""Editing the code tables: what is kept, what is refused, what never comes back by itself."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.course_type import TypeFacts, TypeState
from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
)
from kursliste.domain.permissions import Actor
from kursliste.infrastructure.codes import load_codes
from kursliste.intake.naming import type_in
from kursliste.intake.queries import code_tables_of
from kursliste.masterdata import code_actions, code_queries
from kursliste.masterdata.code_changes import StatusFacts
from kursliste.masterdata.code_queries import COURSE_TYPE, STATUS
from kursliste.masterdata.code_tables import load_code_tables
from kursliste.models import Alias, CourseType, JournalEntry
from tests import builders

SYSTEM = Actor.system()
NEW = TypeFacts(
    label="Elternkurs an Schulen",
    course_group="Kommunale und weitere Kurse",
    sort=55,
    units_total=120,
    valid_from=date(2027, 1, 1),
)


def facts_of(row):
    names = TypeFacts.__dataclass_fields__
    said = {name: getattr(row, name) for name in names}
    return TypeFacts(**{**said, "state": TypeState(row.state)})


def entries(session):
    session.flush()
    query = select(JournalEntry).where(JournalEntry.subject_table != "code_tables")
    found = session.scalars(query.order_by(JournalEntry.id))
    return [(str(e.event), e.subject_id, e.changes, e.details, e.is_internal) for e in found]


def read_as(session, text):
    """The code that an import reads in a text."""
    found = type_in(text, code_tables_of(session))
    return None if found is None else found.code


def refused(rule, field, call, *arguments, **more):
    with pytest.raises(RuleViolationError) as caught:
        call(*arguments, actor=SYSTEM, **more)
    assert (caught.value.rule, caught.value.field) == (rule, field)


def change(session, code, **more):
    found = session.get_one(CourseType, code)
    return code_actions.change_course_type(
        session, found, replace(facts_of(found), **more), seen_version=found.version, actor=SYSTEM
    )


def add(session, code="ELTERN", **more):
    return code_actions.add_course_type(session, code, replace(NEW, **more), actor=SYSTEM)


# ---- course types


def test_a_type_is_added_with_its_entry(session):
    added = add(session, "eltern")
    session.expire_all()
    found = session.get_one(CourseType, "ELTERN")
    assert found is added
    assert (found.label, found.short, found.sort) == (*2 * ("Elternkurs an Schulen",), 55)
    assert (found.units_total, found.state, found.version) == (120, "active", 1)
    [(event, subject, changes, details, is_internal)] = entries(session)
    assert (event, subject, details, is_internal) == (
        "course_type:added", "ELTERN", {"course_type": "Elternkurs an Schulen"}, True,
    )  # fmt: skip
    assert changes["valid_from"] == [None, "2027-01-01"]
    assert "funder" not in changes


@pytest.mark.parametrize(
    ("code", "more", "rule", "field"),
    [
        ("IK-ALLG", {}, Rule.NAME_TAKEN, "code"),
        ("ikallg", {}, Rule.NAME_TAKEN, "code"),
        ("ÄÖ", {}, Rule.CODE_MALFORMED, "code"),
        ("NEU", {"label": "allgemeiner integrationskurs"}, Rule.WORD_TAKEN, "label"),
        ("NEU", {"label": "IK allg"}, Rule.WORD_TAKEN, "label"),
        ("NEU", {"label": " "}, Rule.VALUE_MISSING, "label"),
        ("NEU", {"level_to": "Z9"}, Rule.VALUE_UNKNOWN, "level_to"),
    ],
)
def test_a_new_type_that_cannot_be_is_refused(session, code, more, rule, field):
    facts = replace(NEW, **more)
    refused(rule, field, code_actions.add_course_type, session, code, facts)


def test_hours_are_changed_whatever_they_are(session):
    assert change(session, "IK-ALLG", units_total=9999) is True
    assert session.get_one(CourseType, "IK-ALLG").units_total == 9999
    [entry] = entries(session)
    assert entry[:4] == (
        "course_type:changed", "IK-ALLG", {"units_total": [700, 9999]},
        {"course_type": "Allgemeiner Integrationskurs"},
    )  # fmt: skip


def test_nothing_new_is_no_change(session):
    assert change(session, "IK-ALLG") is False
    assert entries(session) == []


def test_a_new_state_is_told_apart_from_a_land(session):
    change(session, "BSK-C1", state=TypeState.ACTIVE)
    assert entries(session)[0][2] == {"standing": ["suspended", "active"]}
    known = code_tables_of(session).course_types
    assert (known["BSK-C1"].state, known["BSK-C1"].state_note) == ("active", "wird angeboten")
    assert known["BSK-C2"].state_note == "seit 1.1.2025 ausgesetzt (prüfen)"


def test_under_its_old_name_an_import_knows_a_type_all_the_same(session):
    change(session, "IK-ALLG", label="Grundkurs Integration")
    for text in ("Grundkurs Integration", "Allgemeiner Integrationskurs", "IK-ALLG"):
        assert read_as(session, text) == "IK-ALLG"


def test_a_name_goes_back_and_forth(session):
    before = len(code_queries.words_for(session, COURSE_TYPE, "KOMM"))
    change(session, "KOMM", label="Kreiskurs", short="Kreiskurs")
    change(session, "KOMM", label="Kommunal geförderter Deutschkurs")
    change(session, "KOMM", label="Kreiskurs")
    session.flush()
    words = [one.alias for one in code_queries.words_for(session, COURSE_TYPE, "KOMM")]
    assert len(words) - before <= 2
    assert "Kommunal geförderter Deutschkurs" in words


def test_a_name_of_another_type_is_refused(session):
    found = session.get_one(CourseType, "KOMM")
    facts = replace(facts_of(found), label="Integrationskurs mit Alphabetisierung")
    refused(
        Rule.WORD_TAKEN, "label", code_actions.change_course_type, session, found, facts,
        seen_version=1,
    )  # fmt: skip


def test_two_people_at_one_type_see_both_values(session):
    change(session, "KOMM", level_from="A1", units_total=100)
    session.flush()
    found = session.get_one(CourseType, "KOMM")
    facts = replace(facts_of(found), units_total=200, level_from="B1")
    with pytest.raises(ConflictError) as caught:
        code_actions.change_course_type(session, found, facts, seen_version=1, actor=SYSTEM)
    assert caught.value.differences == (("UE", "200", "100"), ("Niveau von", "B1", "A1"))


def test_an_edited_type_stays_when_the_next_version_comes(session):
    change(session, "IK-ALLG", label="Grundkurs", valid_until=date(2026, 12, 31))
    session.flush()
    assert load_code_tables(session, actor=SYSTEM) == 0
    found = session.get_one(CourseType, "IK-ALLG")
    assert (found.label, found.valid_until) == ("Grundkurs", date(2026, 12, 31))


def test_only_what_holds_in_the_month_is_offered_and_what_a_course_has(session):
    change(session, "IK-ELTERN", valid_until=date(2026, 11, 30))
    add(session)
    session.flush()
    codes = load_codes(session)
    november, december, january = (
        codes.offered(Month(2026, 11)),
        codes.offered(Month(2026, 12)),
        codes.offered(Month(2027, 1), "IK-ELTERN", None),
    )
    assert [{"IK-ELTERN", "ELTERN"} & one.course_types.keys() for one in (november, december)] == [
        {"IK-ELTERN"},
        set(),
    ]
    assert {"IK-ELTERN", "ELTERN"} <= january.course_types.keys()
    assert list(january.course_types) == [
        code for code in codes.course_types if code in january.course_types
    ]


def test_a_type_that_nobody_has_is_deleted_with_its_words(session):
    added = add(session)
    code_actions.add_word(session, COURSE_TYPE, added, "Elternkurs Schule", actor=SYSTEM)
    code_actions.remove_course_type(session, added, actor=SYSTEM)
    session.flush()
    assert session.get(CourseType, "ELTERN") is None
    assert code_queries.words_for(session, COURSE_TYPE, "ELTERN") == []
    assert entries(session)[-1][:4] == (
        "course_type:removed", "ELTERN", {}, {"course_type": "Elternkurs an Schulen"},
    )  # fmt: skip


def test_a_type_that_a_course_has_is_never_deleted(session):
    added = add(session)
    district = builders.a_district(session)
    opened = builders.a_round(session, builders.a_list(session, district))
    report = builders.a_report(session, opened, builders.a_provider(session, district))
    builders.a_course(session, report, course_type="ELTERN")
    assert code_queries.is_used(session, "ELTERN")
    refused(Rule.COURSE_TYPE_IN_USE, None, code_actions.remove_course_type, session, added)


def test_a_shipped_type_is_never_deleted(session):
    found = session.get_one(CourseType, "MIA")
    refused(Rule.COURSE_TYPE_IN_USE, None, code_actions.remove_course_type, session, found)


# ---- words


def test_a_word_is_added_and_an_import_reads_it(session):
    komm = session.get_one(CourseType, "KOMM")
    added = code_actions.add_word(session, COURSE_TYPE, komm, "  Kreisdeutsch ", actor=SYSTEM)
    assert (added.alias, added.meaning) == ("Kreisdeutsch", "KOMM")
    assert read_as(session, "Kreisdeutsch 2") == "KOMM"
    assert entries(session)[0][0:4:3] == (
        "alias:added",
        {"word": "Kreisdeutsch", "meaning": "Kommunal geförderter Deutschkurs"},
    )


@pytest.mark.parametrize(
    ("word", "rule"),
    [
        (" ", Rule.VALUE_MISSING),
        ("–", Rule.VALUE_UNKNOWN),
        ("x" * 121, Rule.TEXT_TOO_LONG),
        ("IK allg", Rule.WORD_TAKEN),
        ("ik ALLG.", Rule.WORD_TAKEN),
        ("Allgemeiner Integrationskurs", Rule.WORD_TAKEN),
        ("KOMM", Rule.NAME_TAKEN),
    ],
)
def test_a_word_that_is_none_or_known_is_refused(session, word, rule):
    komm = session.get_one(CourseType, "KOMM")
    refused(rule, "alias", code_actions.add_word, session, COURSE_TYPE, komm, word)


def test_a_shipped_word_that_was_taken_out_stays_out_and_can_come_back(session):
    query = select(Alias).where(Alias.kind == COURSE_TYPE, Alias.alias == "allg IK")
    code_actions.remove_word(session, session.scalars(query).one(), actor=SYSTEM)
    session.flush()
    assert load_code_tables(session, actor=SYSTEM) == 0
    assert "allg IK" not in [a.alias for a in code_tables_of(session).type_aliases]
    komm = session.get_one(CourseType, "KOMM")
    code_actions.add_word(session, COURSE_TYPE, komm, "allg IK", actor=SYSTEM)
    session.flush()
    assert session.scalars(query).one().meaning == "KOMM"
    assert [e[0] for e in entries(session)] == ["alias:removed", "alias:added"]


def test_an_own_word_is_deleted(session):
    komm = session.get_one(CourseType, "KOMM")
    added = code_actions.add_word(session, COURSE_TYPE, komm, "Kreisdeutsch", actor=SYSTEM)
    code_actions.remove_word(session, added, actor=SYSTEM)
    session.flush()
    assert session.scalars(select(Alias).where(Alias.alias == "Kreisdeutsch")).all() == []


# ---- levels and statuses


def test_a_level_is_called_otherwise_and_keeps_its_rank(session):
    found = code_queries.level(session, SYSTEM, "A1.1")
    before = found.sort
    call = code_actions.change_level
    assert call(session, found, "A1, erster Teil", seen_version=1, actor=SYSTEM) is True
    session.flush()
    assert call(session, found, "A1, erster Teil", seen_version=2, actor=SYSTEM) is False
    assert (found.label, found.sort, found.version) == ("A1, erster Teil", before, 2)
    refused(Rule.WORD_TAKEN, "label", call, session, found, "b1", seen_version=2)
    refused(Rule.VALUE_MISSING, "label", call, session, found, " ", seen_version=2)
    with pytest.raises(ConflictError):
        call(session, found, "anders", seen_version=1, actor=SYSTEM)
    assert [e[:4] for e in entries(session)] == [
        ("level:changed", "A1.1", {"label": ["A1.1", "A1, erster Teil"]}, {"level": "A1.1"})
    ]


def test_words_of_a_status_change_and_not_what_it_means(session):
    found = code_queries.status_words(session, SYSTEM, "voll")
    facts = StatusFacts(label="voll belegt", short="belegt", explanation="Kein Platz ist frei.")
    call = code_actions.change_status_words
    assert call(session, found, facts, seen_version=1, actor=SYSTEM) is True
    session.flush()
    assert call(session, found, facts, seen_version=2, actor=SYSTEM) is False
    assert "ausgebucht" in [one.alias for one in code_queries.words_for(session, STATUS, "voll")]
    assert entries(session)[0][:2] == ("course_status:changed", "voll")
    same = replace(facts, label="beendet")
    refused(Rule.WORD_TAKEN, "label", call, session, found, same, seen_version=2)
    refused(
        Rule.VALUE_MISSING, "short", call, session, found, replace(facts, short=""), seen_version=2
    )
    with pytest.raises(ConflictError):
        call(session, found, replace(facts, short="x"), seen_version=1, actor=SYSTEM)


# ---- who may, what is there


def test_only_an_administrator_sees_and_edits_them(session):
    actor = builders.a_coordinator(session, builders.a_district(session)).as_actor()
    komm = session.get_one(CourseType, "KOMM")
    voll = code_queries.status_words(session, SYSTEM, "voll")
    b1 = code_queries.level(session, SYSTEM, "B1")
    alias = code_queries.words_for(session, COURSE_TYPE, "IK-ALLG")[0]
    calls = [
        lambda: code_queries.course_types(session, actor),
        lambda: code_queries.course_type(session, actor, "KOMM"),
        lambda: code_queries.levels(session, actor),
        lambda: code_queries.level(session, actor, "B1"),
        lambda: code_queries.statuses(session, actor),
        lambda: code_queries.status_words(session, actor, "voll"),
        lambda: code_actions.add_course_type(session, "X", NEW, actor=actor),
        lambda: code_actions.change_course_type(session, komm, NEW, seen_version=1, actor=actor),
        lambda: code_actions.remove_course_type(session, komm, actor=actor),
        lambda: code_actions.change_level(session, b1, "x", seen_version=1, actor=actor),
        lambda: code_actions.change_status_words(
            session, voll, StatusFacts(label="x", short="x"), seen_version=1, actor=actor
        ),
        lambda: code_actions.add_word(session, COURSE_TYPE, komm, "x", actor=actor),
        lambda: code_actions.remove_word(session, alias, actor=actor),
    ]
    for call in calls:
        with pytest.raises(NotPermittedError):
            call()


def test_what_is_not_there_is_not_found(session):
    alias = code_queries.words_for(session, COURSE_TYPE, "IK-ALLG")[0]
    calls = [
        lambda: code_queries.course_type(session, SYSTEM, "NICHTS"),
        lambda: code_queries.level(session, SYSTEM, "Z9"),
        lambda: code_queries.status_words(session, SYSTEM, "nichts"),
        lambda: code_queries.word(session, COURSE_TYPE, "KOMM", alias.id),
        lambda: code_queries.word(session, STATUS, "IK-ALLG", alias.id),
        lambda: code_queries.word(session, COURSE_TYPE, "KOMM", 2_000_000),
    ]
    for call in calls:
        with pytest.raises(NotFoundError):
            call()
