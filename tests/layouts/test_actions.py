"""Who may change how a list looks, what is refused, and what becomes of an image."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from kursliste.domain.errors import (
    ConflictError,
    NotPermittedError,
    Rule,
    RuleViolationError,
)
from kursliste.domain.events import JournalEvent
from kursliste.domain.layout import STANDARD, ChosenColumn, Grouping
from kursliste.domain.shipped_layouts import BY_TOWN, OVERVIEW
from kursliste.infrastructure.pictures import read_picture
from kursliste.infrastructure.shelf import Shelf
from kursliste.layouts.actions import change_layout, put_logo, remove_logo
from kursliste.models import JournalEntry, ListLayout, LogoImage
from kursliste.publishing.freezing import edition_files
from kursliste.publishing.queries import layout_of
from tests.builders import a_coordinator, a_counsellor, an_actor
from tests.layouts.pictures import an_image
from tests.publishing.scene import FULL_ROW, a_scene


@pytest.fixture
def scene(session, tmp_path):
    return a_scene(session, Shelf(tmp_path / "shelf"))


def change(session, scene, layout, *, seen=0, knows_gaps=False, actor=None):
    return change_layout(
        session,
        scene.course_list,
        layout,
        knows_gaps=knows_gaps,
        seen_version=seen,
        actor=actor or scene.actor,
    )


def images(session) -> int:
    return session.scalar(select(func.count()).select_from(LogoImage))


def test_only_who_coordinates_the_district_changes_its_layout(session, scene):
    other = a_scene(session, scene.shelf, slug="weimar")
    picture = read_picture(an_image())
    for person in (a_counsellor(session, scene.district), a_coordinator(session, other.district)):
        actor = an_actor(person)
        for act in (
            lambda actor=actor: change(session, scene, BY_TOWN, actor=actor),
            lambda actor=actor: put_logo(session, scene.course_list, picture, "x", actor=actor),
            lambda actor=actor: remove_logo(session, scene.course_list, actor=actor),
        ):
            with pytest.raises(NotPermittedError):
                act()


def test_a_layout_is_kept_told_in_the_journal_and_not_overwritten_unseen(session, scene):
    assert layout_of(session, scene.course_list) == STANDARD
    assert change(session, scene, STANDARD) is False
    assert change(session, scene, BY_TOWN) is True
    assert layout_of(session, scene.course_list) == BY_TOWN
    [entry] = session.scalars(
        select(JournalEntry).where(JournalEntry.event == JournalEvent.COURSE_LIST_CONFIGURED)
    )
    assert entry.changes["Gruppen"] == ["nach Kursgruppe", "nach Ort"]
    assert entry.changes["Name des Layouts"] == ["Standard", "Nach Orten"]

    with pytest.raises(ConflictError) as refused:
        change(session, scene, replace(BY_TOWN, grouping=Grouping.LEVEL), seen=0)
    assert refused.value.differences == (("Gruppen", "nach Niveau", "nach Ort"),)
    assert change(session, scene, OVERVIEW, seen=1) is True
    assert session.scalar(select(ListLayout.version)) == 2


def test_a_layout_without_what_readers_need_has_to_be_meant(session, scene):
    lean = replace(
        STANDARD, chosen=tuple(one for one in STANDARD.chosen if one.attribute != "provider")
    )
    with pytest.raises(RuleViolationError) as refused:
        change(session, scene, lean)
    assert refused.value.rule is Rule.LAYOUT_HAS_GAPS
    assert change(session, scene, lean, knows_gaps=True) is True


def test_a_logo_stays_as_long_as_a_list_or_an_edition_names_it(session, scene):
    assert remove_logo(session, scene.course_list, actor=scene.actor) is False
    first, second = (read_picture(an_image(colour=colour)) for colour in ("navy", "red"))
    put_logo(session, scene.course_list, first, " Wappen ", actor=scene.actor)
    put_logo(session, scene.course_list, first, "Wappen des Kreises", actor=scene.actor)
    assert change(session, scene, BY_TOWN, seen=2) is True
    kept = layout_of(session, scene.course_list)
    assert (kept.name, kept.logo and kept.logo.text) == ("Nach Orten", "Wappen des Kreises")
    scene.course(**FULL_ROW)
    edition = scene.publish()
    before = edition_files(edition)

    put_logo(session, scene.course_list, second, "Signet", actor=scene.actor)
    assert images(session) == 2
    assert remove_logo(session, scene.course_list, actor=scene.actor) is True

    assert images(session) == 1
    assert edition.logo.content == first.content
    assert edition_files(edition) == before


@pytest.mark.parametrize(
    ("text", "rule"), [("  ", Rule.VALUE_MISSING), ("x" * 151, Rule.TEXT_TOO_LONG)]
)
def test_a_logo_needs_words(session, scene, text, rule):
    with pytest.raises(RuleViolationError) as refused:
        put_logo(session, scene.course_list, read_picture(an_image()), text, actor=scene.actor)
    assert (refused.value.rule, refused.value.field) == (rule, "text")


def test_headings_of_ones_own_are_told_in_the_journal(session, scene):
    own = replace(
        STANDARD,
        chosen=(ChosenColumn("title", "Was?", is_printed=True), *STANDARD.chosen[2:]),
    )
    change(session, scene, own, knows_gaps=True)
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert entry.changes["gedruckte Spalten"][1].startswith("Was?, Niveau von, ")
