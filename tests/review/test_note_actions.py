"""Internal notes: who may, what is kept, and that the journal does not repeat the words."""

import pytest
from sqlalchemy import select

from kursliste.domain.errors import NotPermittedError, Rule, RuleViolationError
from kursliste.domain.permissions import Actor
from kursliste.models import JournalEntry, ProviderNote
from kursliste.models.review import NOTE_LENGTH
from kursliste.review.note_actions import remove_note, write_note
from tests.builders import a_counsellor, a_reporter, an_actor
from tests.review.scene import a_scene, journal_of


@pytest.fixture
def scene(session):
    return a_scene(session)


def write(session, scene, text="Ruft lieber an.", actor=None):
    return write_note(
        session, scene.district, scene.provider, text=text, actor=actor or scene.actor
    )


def test_a_note_is_kept_with_its_author(session, scene, frozen_clock):
    note = write(session, scene, "  Frau Melde ist\nbis Mai in Elternzeit. ")
    session.flush()
    session.expire(note)
    assert (note.text, note.written_by, note.written_by_id, note.written_at) == (
        "Frau Melde ist\nbis Mai in Elternzeit.",
        scene.coordinator.name,
        scene.coordinator.id,
        frozen_clock.instant,
    )
    assert (note.district_id, note.provider_id) == (scene.district.id, scene.provider.id)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", Rule.NOTE_EMPTY),
        (" \n ", Rule.NOTE_EMPTY),
        ("x" * (NOTE_LENGTH + 1), Rule.TEXT_TOO_LONG),
    ],
)
def test_a_note_says_something_and_not_too_much(session, scene, text, rule):
    with pytest.raises(RuleViolationError) as refused:
        write(session, scene, text)
    assert (refused.value.rule, refused.value.field) == (rule, "text")
    assert session.scalars(select(ProviderNote)).all() == []
    assert journal_of(session) == []


def test_the_longest_note_fits(session, scene):
    write(session, scene, "ü" * NOTE_LENGTH)
    session.flush()
    assert session.scalars(select(ProviderNote.text)).all() == ["ü" * NOTE_LENGTH]


def test_the_journal_tells_who_and_when_but_not_what(session, scene):
    note = write(session, scene, "KANARIE")
    session.flush()
    remove_note(session, note, actor=scene.actor)
    session.flush()
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.subject_table == "provider_note")
    ).all()
    assert [(str(e.event), e.is_internal, e.changes, e.details) for e in entries] == [
        ("note:written", True, {}, {}),
        ("note:removed", True, {}, {}),
    ]
    assert {(e.district_id, e.provider_id) for e in entries} == {
        (scene.district.id, scene.provider.id)
    }
    assert session.scalars(select(ProviderNote)).all() == []


def test_nobody_else_writes_or_removes(session, scene):
    note = write(session, scene)
    other = a_scene(session, "weimar", name="VHS Ilm")
    strangers = [
        Actor.anonymous(),
        an_actor(a_reporter(session, scene.provider)),
        an_actor(a_counsellor(session, scene.district)),
        other.actor,
    ]
    for actor in strangers:
        with pytest.raises(NotPermittedError):
            write(session, scene, actor=actor)
        with pytest.raises(NotPermittedError):
            remove_note(session, note, actor=actor)
    assert session.scalars(select(ProviderNote)).all() == [note]


def test_a_successor_may_remove_what_another_one_wrote(session, scene):
    note = write(session, scene)
    remove_note(session, note, actor=Actor.system())
    assert session.scalars(select(ProviderNote)).all() == []
