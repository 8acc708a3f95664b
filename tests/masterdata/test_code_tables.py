"""The shipped code tables: complete, idempotent, and never written over what somebody edited."""

import pytest
from sqlalchemy import delete, select, text

from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import COLUMN_GROUPS
from kursliste.domain.errors import NotPermittedError
from kursliste.domain.permissions import Actor
from kursliste.masterdata.code_tables import load_code_tables
from kursliste.models import Alias, CourseType, JournalEntry, Level, StatusWords
from tests.builders import a_coordinator, a_district

SYSTEM = Actor.system()


def entries(session):
    session.flush()
    query = select(JournalEntry).where(JournalEntry.subject_table == "code_tables")
    return [entry.details for entry in session.scalars(query.order_by(JournalEntry.id))]


def test_a_second_load_adds_nothing_and_writes_nothing(session):
    before = entries(session)
    assert load_code_tables(session, actor=SYSTEM) == 0
    assert entries(session) == before


def test_what_is_missing_is_added_again(session):
    session.execute(delete(Alias).where(Alias.kind == "status"))
    missing = load_code_tables(session, actor=SYSTEM)
    assert missing > 0
    assert entries(session)[-1] == {"added": missing}
    assert load_code_tables(session, actor=SYSTEM) == 0


def test_what_somebody_edited_stays(session):
    session.execute(text("UPDATE course_status SET label = 'voll belegt' WHERE code = 'voll'"))
    load_code_tables(session, actor=SYSTEM)
    assert session.get_one(StatusWords, CourseStatus.FULL).label == "voll belegt"


def test_only_an_administrator_loads_them(session):
    coordinator = a_coordinator(session, a_district(session)).as_actor()
    with pytest.raises(NotPermittedError):
        load_code_tables(session, actor=coordinator)


def test_every_status_has_words_and_every_type_a_group_of_the_list(session):
    codes = {row.code for row in session.scalars(select(StatusWords))}
    groups = {row.course_group for row in session.scalars(select(CourseType))}
    assert codes == set(CourseStatus)
    assert groups <= set(COLUMN_GROUPS)


def test_a_type_as_it_is_shipped(session):
    found = session.get_one(CourseType, "IK-ALLG")
    assert (found.course_group, found.units_total, found.state) == (
        "Integrationskurse",
        700,
        "active",
    )


def test_levels_stand_in_their_order(session):
    found = session.scalars(select(Level).order_by(Level.sort, Level.code)).all()
    codes = [level.code for level in found]
    assert codes.index("A1.1") < codes.index("A1.2") < codes.index("B1") < codes.index("C1")


def test_each_alias_means_something_that_exists(session):
    types = set(session.scalars(select(CourseType.code)))
    for alias in session.scalars(select(Alias).where(Alias.kind == "course_type")):
        assert alias.meaning in types, alias.alias
    for alias in session.scalars(select(Alias).where(Alias.kind == "status")):
        assert alias.meaning in set(CourseStatus), alias.alias
