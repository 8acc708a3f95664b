"""Setting up and changing a district."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from kursliste.domain.district import DistrictFacts
from kursliste.domain.errors import ConflictError, NotPermittedError, Rule, RuleViolationError
from kursliste.domain.permissions import Actor
from kursliste.masterdata import actions
from kursliste.masterdata.district_actions import change_district
from kursliste.masterdata.district_changes import facts_of
from kursliste.models import CourseList, District, JournalEntry
from tests import builders

SYSTEM = Actor.system()


def a_new_district(**more):
    facts = {"ags": "14626", "slug": "goerlitz", "name": "Landkreis Görlitz", "state": "SN"}
    return District(**{**facts, **more})


def events(session):
    session.flush()
    query = select(JournalEntry).where(JournalEntry.subject_table != "code_tables")
    return [str(entry.event) for entry in session.scalars(query.order_by(JournalEntry.id))]


def test_a_district_begins_with_a_list(session):
    added = actions.set_up_district(session, a_new_district(), actor=SYSTEM)
    found = session.scalars(select(CourseList)).one()
    assert (found.district_id, found.slug, found.title) == (
        added.id, "deutschkurse", "Deutsch- und Integrationskurse",
    )  # fmt: skip
    assert events(session) == ["district:added", "course_list:added"]


@pytest.mark.parametrize(
    ("more", "rule", "field"),
    [
        ({"ags": "1462"}, Rule.AGS_MALFORMED, "ags"),
        ({"ags": "99626"}, Rule.AGS_MALFORMED, "ags"),
        ({"slug": "Görlitz"}, Rule.SLUG_MALFORMED, "slug"),
        ({"name": ""}, Rule.VALUE_MISSING, "name"),
        ({"state": "TH"}, Rule.STATE_OF_ANOTHER, "state"),
    ],
)
def test_a_district_that_cannot_be_is_refused(session, more, rule, field):
    with pytest.raises(RuleViolationError) as caught:
        actions.set_up_district(session, a_new_district(**more), actor=SYSTEM)
    assert (caught.value.rule, caught.value.field) == (rule, field)
    assert session.scalars(select(District)).all() == []


@pytest.mark.parametrize(
    ("more", "rule", "field"),
    [
        ({"slug": "Beratung"}, Rule.SLUG_MALFORMED, "slug"),
        ({"slug": ""}, Rule.VALUE_MISSING, "slug"),
        ({"title": " "}, Rule.VALUE_MISSING, "title"),
        ({"title": "x" * 151}, Rule.TEXT_TOO_LONG, "title"),
    ],
)
def test_a_list_that_cannot_be_is_refused(session, more, rule, field):
    district = builders.a_district(session)
    new = CourseList(**{"district_id": district.id, "slug": "b", "title": "Beratung", **more})
    with pytest.raises(RuleViolationError) as caught:
        actions.add_course_list(session, new, actor=SYSTEM)
    assert (caught.value.rule, caught.value.field) == (rule, field)


def test_a_district_is_renamed_with_its_entry(session):
    district = builders.a_district(session)
    facts = replace(facts_of(district), name="Kreis Görlitz", contact="kurse@example.org")
    assert change_district(session, district, facts, seen_version=1, actor=SYSTEM) is True
    session.flush()
    assert change_district(session, district, facts, seen_version=2, actor=SYSTEM) is False
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.subject_table == "district")
    ).one()
    assert (str(entry.event), entry.district_id, entry.is_internal, entry.changes) == (
        "district:changed",
        district.id,
        True,
        {"name": ["Landkreis Goerlitz", "Kreis Görlitz"], "contact": ["", "kurse@example.org"]},
    )


def test_a_land_that_the_key_contradicts_is_refused(session):
    district = builders.a_district(session)
    with pytest.raises(RuleViolationError) as caught:
        change_district(
            session, district, replace(facts_of(district), state="ST"), seen_version=1, actor=SYSTEM
        )
    assert (caught.value.rule, caught.value.field, caught.value.facts) == (
        Rule.STATE_OF_ANOTHER, "state", {"ags": "14626", "right": "SN"},
    )  # fmt: skip


def test_two_people_at_one_district_see_both_values(session):
    district = builders.a_district(session)
    first = replace(facts_of(district), name="Kreis A")
    change_district(session, district, first, seen_version=1, actor=SYSTEM)
    session.flush()
    with pytest.raises(ConflictError) as caught:
        change_district(
            session, district, replace(first, name="Kreis B"), seen_version=1, actor=SYSTEM
        )
    assert caught.value.differences == (("Name", "Kreis B", "Kreis A"),)


def test_only_an_administrator_sets_up_and_changes(session):
    district = builders.a_district(session)
    actor = builders.a_coordinator(session, district).as_actor()
    facts = DistrictFacts(name="Kreis", state="SN")
    calls = [
        lambda: actions.set_up_district(session, a_new_district(slug="x"), actor=actor),
        lambda: change_district(session, district, facts, seen_version=1, actor=actor),
    ]
    for call in calls:
        with pytest.raises(NotPermittedError):
            call()
