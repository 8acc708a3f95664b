"""The demo world keeps what INTERFACE.md promises about it."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from kursliste import demo
from kursliste.demo.months import current_month
from kursliste.domain.calendar import Month
from kursliste.domain.edition import COLUMN_GROUPS
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Role
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportStatus
from kursliste.identity.demo_people import PEOPLE
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import (
    District,
    Edition,
    EditionEntry,
    EditionFile,
    InterimUpdate,
    JournalEntry,
    Provider,
    Question,
    Report,
    ReportedCourse,
    Round,
    Subscription,
    User,
)
from kursliste.readers.mailing import Errand, errands


def test_the_world_is_as_promised(session, tmp_path, frozen_clock):
    """One load for all promises: it lives five months in three districts and takes its time."""
    demo.load(session, Shelf(tmp_path))
    districts_are_the_three_with_their_keys(session)
    every_promised_person_can_be_tried(session)
    four_months_are_published_and_one_is_corrected(session)
    there_are_courses_of_every_group(session)
    the_current_month_is_half_reported(session)
    the_person_with_the_question_is_one_of_the_buttons(session)
    the_lists_of_every_demo_provider_offer_something(session)
    every_published_file_lies_on_the_shelf(session, tmp_path)
    past_months_happened_in_the_past(session, frozen_clock)
    two_providers_told_what_changed_since(session)
    readers_hear_of_the_newest_list(session)


def districts_are_the_three_with_their_keys(world):
    found = world.execute(select(District.slug, District.ags).order_by(District.slug)).all()
    assert [tuple(row) for row in found] == [
        ("goerlitz", "14626"),
        ("nordhausen", "16062"),
        ("weimar", "16055"),
    ]


def every_promised_person_can_be_tried(world):
    slugs = set(world.scalars(select(User.demo_slug).where(User.demo_slug.is_not(None))))
    assert slugs == {person.slug for person in PEOPLE}
    assert len(slugs) == 10


def four_months_are_published_and_one_is_corrected(world):
    for district in world.scalars(select(District).order_by(District.id)):
        names = world.scalars(
            select(Edition.month).where(Edition.district_id == district.id, Edition.number == 1)
        )
        assert sorted(names) == [Month(2026, n) for n in (8, 9, 10, 11)]
        corrected = world.scalars(
            select(Edition).where(Edition.district_id == district.id, Edition.number == 2)
        ).one()
        assert (corrected.month, corrected.replaces) == (Month(2026, 10), 1)


def there_are_courses_of_every_group(world):
    current = select(Edition.id).where(Edition.month == Month(2026, 11))
    entries = world.scalars(select(EditionEntry).where(EditionEntry.edition_id.in_(current))).all()
    assert len(entries) >= 40
    assert {entry.course_group for entry in entries} == set(COLUMN_GROUPS)
    assert all(entry.is_confirmed for entry in entries)


def the_current_month_is_half_reported(world):
    current = select(Round.id).where(Round.month == Month(2026, 12))
    for district in world.scalars(select(District).order_by(District.id)):
        reports = world.scalars(
            select(Report).where(Report.round_id.in_(current), Report.district_id == district.id)
        ).all()
        states = Counter(report.status for report in reports)
        assert states[ReportStatus.OPEN] == 1
        assert states[ReportStatus.ASKED] == 1
        assert states[ReportStatus.SUBMITTED] == 1
        assert states[ReportStatus.APPROVED] == len(reports) - 3 >= 1
    questions = world.scalars(select(Question)).all()
    assert [question.status for question in questions] == [QuestionStatus.OPEN] * 3


def the_person_with_the_question_is_one_of_the_buttons(world):
    asked = world.scalars(
        select(Report).where(Report.status == ReportStatus.ASKED).order_by(Report.id)
    ).first()
    assert asked.provider.name == "Bildungswerk Mandaublick gGmbH"


def the_lists_of_every_demo_provider_offer_something(world):
    """Whoever tries the form of a course has more than one place and person to choose from."""
    slugs = [person.slug for person in PEOPLE if person.role is Role.PROVIDER]
    people = world.scalars(select(User).where(User.demo_slug.in_(slugs))).all()
    assert len(people) == 4
    for person in people:
        provider = world.get(Provider, person.memberships[0].provider_id)
        assert len(provider.venues) in {2, 3}
        assert len(provider.contacts) in {2, 3}
    named = select(ReportedCourse.venue_id, ReportedCourse.contact_id)
    assert all(venue and contact for venue, contact in world.execute(named))


def every_published_file_lies_on_the_shelf(world, tmp_path):
    files = world.scalars(select(EditionFile)).all()
    for file in files:
        edition = world.get(Edition, file.edition_id)
        assert (tmp_path / edition.folder / file.name).stat().st_size == file.size
    assert len(files) > 0


def past_months_happened_in_the_past(world, frozen_clock):
    instants = world.scalars(lived()).all()
    assert min(instants) < datetime(2026, 7, 21, tzinfo=UTC)
    assert max(instants) <= frozen_clock.instant


def two_providers_told_what_changed_since(world):
    """In Görlitz a course is full by now, in Weimar the seats go; both stand in the list."""
    found = world.scalars(select(InterimUpdate).order_by(InterimUpdate.district_id)).all()
    slugs = [world.get(District, update.district_id).slug for update in found]
    assert slugs == ["goerlitz", "weimar"]
    assert [update.seats_free for update in found] == [0, 9]
    assert {update.given_at for update in found} == {datetime(2026, 11, 12, 13, tzinfo=UTC)}
    current = select(Edition.id).where(Edition.month == Month(2026, 11))
    for update in found:
        entry = world.scalars(
            select(EditionEntry).where(
                EditionEntry.course_id == update.course_id, EditionEntry.edition_id.in_(current)
            )
        ).one()
        assert entry.seats_free not in {None, 0, update.seats_free}


def lived():
    """When things happened in the demo world; the code tables were there before it."""
    return select(JournalEntry.at).where(JournalEntry.event != JournalEvent.CODES_LOADED)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("today", "month"),
    [
        pytest.param(
            datetime(2026, 11, 19, 12, tzinfo=UTC), Month(2026, 11), marks=pytest.mark.nightly
        ),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), Month(2026, 12)),
        pytest.param(
            datetime(2028, 2, 29, 12, tzinfo=UTC), Month(2028, 3), marks=pytest.mark.nightly
        ),
        (datetime(2027, 1, 1, 0, 30, tzinfo=UTC), Month(2027, 1)),
    ],
)
def test_dates_follow_the_day_on_which_it_is_loaded(session, tmp_path, frozen_clock, today, month):
    frozen_clock.move_to(today)
    demo.load(session, Shelf(tmp_path))
    assert current_month() == month
    assert session.scalar(select(Round.month).order_by(Round.month.desc())) == month
    newest = session.scalar(select(Edition.month).order_by(Edition.month.desc()))
    assert newest == month.previous()
    assert max(session.scalars(lived())) <= today


def test_a_failure_leaves_nothing_behind(session, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "live", _broken)
    with pytest.raises(RuntimeError):
        demo.load(session, Shelf(tmp_path))
    assert session.scalars(select(District)).all() == []


def _broken(*_arguments):
    raise RuntimeError


def test_the_welcome_names_the_addresses():
    text = demo.welcome("http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000/anmelden" in text


def readers_hear_of_the_newest_list(world):
    """Six confirmed orders are written to by the first tick; one waits for its confirmation."""
    found = world.scalars(select(Subscription).order_by(Subscription.id)).all()
    assert [one.is_active for one in found].count(True) == 6
    assert [one.email for one in found if not one.is_active] == [
        "ehrenamt-goerlitz@kursliste.example"
    ]
    due = errands(world, actor=Actor.system())
    assert [kind for kind, _ in due] == [Errand.WRITE] * 3
