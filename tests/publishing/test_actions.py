"""Publishing an edition: one at a time, whole or not at all, and never changed again."""

import errno
import json
import threading
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus, Visibility
from kursliste.domain.edition import ChangeKind, Phase
from kursliste.domain.errors import (
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
)
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.domain.round import UnconfirmedRule
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import CourseList, Edition, EditionEntry, EditionFile, JournalEntry
from kursliste.publishing import queries
from kursliste.publishing.actions import publish_edition
from kursliste.publishing.freezing import edition_files
from kursliste.reporting.actions import change_course, submit_report
from kursliste.reporting.revision_actions import revise_report
from kursliste.review.actions import approve_report
from tests.builders import a_course, a_provider, a_report, a_reporter
from tests.publishing.scene import CANCELLED, FULL_ROW, HIDDEN, a_scene

STEM = "kursliste-goerlitz-2026-12-a1"


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(tmp_path / "shelf")


@pytest.fixture
def scene(session, shelf):
    return a_scene(session, shelf)


def rule_of(refused: pytest.ExceptionInfo[RuleViolationError]) -> Rule:
    return refused.value.rule


def count(session, kind: type) -> int:
    return session.scalar(select(func.count()).select_from(kind))


def published(session) -> list[JournalEntry]:
    query = select(JournalEntry).where(JournalEntry.event == JournalEvent.EDITION_PUBLISHED)
    return list(session.scalars(query))


def test_edition_has_its_head_rows_and_files(scene):
    scene.course(**FULL_ROW)

    edition = scene.publish()

    assert (edition.name, edition.replaces, edition.reason) == ("2026-12/1", None, "")
    assert (edition.responsible, edition.published_by_id) == ("Karla Kreis", scene.coordinator.id)
    assert (edition.district_ags, edition.publisher) == (
        "14626",
        "Landratsamt, Bildungskoordination",
    )
    assert edition.contact == "bildung@kreis.example"
    assert edition.silent_providers == []
    assert sorted((f.name, f.format, f.is_internal) for f in edition.files) == [
        (f"{STEM}-intern.csv", "csv", True),
        (f"{STEM}-intern.json", "json", True),
        (f"{STEM}-intern.xlsx", "xlsx", True),
        (f"{STEM}.csv", "csv", False),
        (f"{STEM}.ics", "ics", False),
        (f"{STEM}.json", "json", False),
        (f"{STEM}.pdf", "pdf", False),
        (f"{STEM}.xlsx", "xlsx", False),
        ("manifest.json", "manifest", False),
        *(
            (f"traegerliste-goerlitz-2026-12-a1.{ending}", "providers", False)
            for ending in ("csv", "pdf", "xlsx")
        ),
    ]


def test_entry_is_the_whole_row_and_what_follows_from_it(scene):
    row = scene.course(**FULL_ROW)

    (entry,) = scene.publish().entries

    told = entry.facts()
    assert told == {**row.facts(), "seats_free": 4, "status": CourseStatus.FEW}
    assert told["price_eur"] == Decimal("229.50")
    assert (entry.position, entry.course_id, entry.provider) == (
        1,
        row.course_id,
        "Volkshochschule Neißebogen",
    )
    assert (entry.course_group, entry.course_type_label) == (
        "Integrationskurse",
        "Allgemeiner Integrationskurs",
    )
    assert (entry.level_from_sort, entry.level_to_sort) == (10, 30)
    assert (entry.phase, entry.change, entry.is_confirmed) == (Phase.STARTING, None, True)
    assert "haus weisseritz" in entry.search_text
    assert "goerlitz" in entry.search_text
    assert "kanarie" not in entry.search_text


def test_status_that_was_told_is_kept_and_unknown_seats_stay_unknown(scene):
    scene.course(status=CourseStatus.FULL, seats_free=0, town="A")
    scene.course(title="Ohne Zahlen", town="B")

    full, unknown = scene.publish().entries

    assert (full.status, full.seats_free) == (CourseStatus.FULL, 0)
    assert (unknown.status, unknown.seats_free) == (CourseStatus.OPEN, None)


def test_rows_stand_in_the_order_of_the_list(scene):
    scene.course(title="Sprachcafé", course_type="KONV")
    scene.course(title="läuft", starts_on=date(2026, 11, 2), town="Görlitz")
    scene.course(title="Zittau früh", starts_on=date(2026, 12, 1), town="Zittau")
    scene.course(title="Görlitz spät", starts_on=date(2027, 2, 1), town="Görlitz")
    scene.course(title="Görlitz früh", starts_on=date(2026, 12, 1), town="Görlitz")

    assert [(e.position, e.title) for e in scene.publish().entries] == [
        (1, "Görlitz früh"),
        (2, "Görlitz spät"),
        (3, "Zittau früh"),
        (4, "läuft"),
        (5, "Sprachcafé"),
    ]


def test_ended_courses_are_left_out_and_cancelled_ones_stay(scene):
    scene.course(title="beendet", status=CourseStatus.ENDED)
    scene.course(title="vorbei", starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 1))
    scene.course(title="abgesagt", status=CANCELLED)

    assert [e.title for e in scene.publish().entries] == ["abgesagt"]


@pytest.mark.asvs("2.3.5")
def test_only_approved_reports_go_in(scene, session):
    scene.course(title="freigegeben")
    for status in set(ReportStatus) - {ReportStatus.APPROVED}:
        provider = a_provider(session, scene.district, name=f"Träger {status}")
        a_course(session, a_report(session, scene.round, provider, status), title=str(status))

    edition = scene.publish()

    assert [e.title for e in edition.entries] == ["freigegeben"]
    assert edition.silent_providers == [
        "Träger asked",
        "Träger draft",
        "Träger open",
        "Träger submitted",
    ]


@pytest.mark.parametrize(
    ("rule", "titles"),
    [(UnconfirmedRule.PRINT, ["alt", "neu"]), (UnconfirmedRule.LEAVE_OUT, ["neu"])],
)
def test_unconfirmed_rows_follow_the_rule_of_the_list(session, shelf, rule, titles):
    scene = a_scene(session, shelf, unconfirmed_rule=rule)
    scene.course(title="alt", town="A", confirmed_on=date(2026, 11, 19))
    scene.course(title="neu", town="B", confirmed_on=date(2026, 11, 20))

    entries = scene.publish().entries

    assert [e.title for e in entries] == titles
    assert [e.title for e in entries if e.is_confirmed] == ["neu"]


@pytest.mark.parametrize(
    ("default", "decided", "titles"),
    [
        (UnconfirmedRule.PRINT, UnconfirmedRule.LEAVE_OUT, ["neu", "sonst"]),
        (UnconfirmedRule.LEAVE_OUT, UnconfirmedRule.PRINT, ["alt", "neu"]),
    ],
)
def test_a_decision_about_one_provider_goes_before_the_rule_of_the_list(
    session, shelf, default, decided, titles
):
    scene = a_scene(session, shelf, unconfirmed_rule=default)
    scene.course(title="alt", town="A", confirmed_on=date(2026, 11, 19))
    scene.course(title="neu", town="B", confirmed_on=date(2026, 11, 20))
    scene.report.unconfirmed = decided
    other = a_provider(session, scene.district, name="Andere e. V.")
    others = a_report(session, scene.round, other, ReportStatus.APPROVED)
    old = {"title": "sonst", "town": "C", "confirmed_on": date(2026, 11, 1)}
    a_course(session, others, **{**FULL_ROW, **old})

    edition = scene.publish()

    assert [e.title for e in edition.entries] == titles
    assert edition.silent_providers == ["Andere e. V."]  # named, whether its row is there or not


def test_provider_whose_rows_were_only_carried_over_is_named_as_silent(scene, session):
    scene.course()
    carried = a_provider(session, scene.district, name="Carl e. V.")
    a_course(
        session,
        a_report(session, scene.round, carried, ReportStatus.APPROVED),
        **{**FULL_ROW, "confirmed_on": date(2026, 10, 22)},
    )
    nil = a_provider(session, scene.district, name="Null e. V.")
    a_report(session, scene.round, nil, ReportStatus.APPROVED, is_nil=True)
    ended = a_provider(session, scene.district, name="Schluss e. V.")
    a_course(
        session,
        a_report(session, scene.round, ended, ReportStatus.APPROVED),
        status=CourseStatus.ENDED,
    )

    edition = scene.publish()

    assert edition.silent_providers == ["Carl e. V."]
    assert [(p["name"], p["has_reported"]) for p in edition.providers] == [
        ("Carl e. V.", False),
        ("Null e. V.", True),
        ("Schluss e. V.", True),
        ("Volkshochschule Neißebogen", True),
    ]


def test_first_edition_calls_nothing_new(scene):
    scene.course()

    edition = scene.publish()

    assert edition.changes == []
    assert edition.entries[0].change is None


def test_changes_are_those_since_last_month_also_in_a_correction(scene, session):
    scene.month(Month(2026, 11))
    kept = scene.course(title="bleibt")
    moved = scene.course(title="rückt", starts_on=date(2026, 12, 1))
    gone = scene.course(title="endet")
    scene.publish(month=Month(2026, 11))
    scene.month(Month(2027, 1))
    scene.course(title="bleibt", course_id=kept.course_id)
    scene.course(title="rückt", course_id=moved.course_id, starts_on=date(2027, 1, 4))
    new = scene.course(title="neu")

    scene.publish(month=Month(2027, 1))
    edition = scene.publish(month=Month(2027, 1), seen=1, reason="Datum falsch")

    public = [change for change in edition.changes if not change["is_internal"]]
    assert [(c["kind"], c["course_id"]) for c in public] == [
        ("changed", moved.course_id),
        ("new", new.course_id),
        ("ended", gone.course_id),
    ]
    assert public[0]["fields"] == [["starts_on", "2026-12-01", "2027-01-04"]]
    assert {e.title: e.change for e in edition.entries} == {
        "bleibt": None,
        "rückt": ChangeKind.CHANGED,
        "neu": ChangeKind.NEW,
    }


def test_changes_of_every_kind_of_value_come_back_from_the_store(scene):
    scene.month(Month(2026, 11))
    old = scene.course(**FULL_ROW)
    scene.publish(month=Month(2026, 11))
    scene.month(Month(2027, 1))
    moved = {
        "starts_on": date(2027, 1, 4),
        "time_from": time(9, 0),
        "price_eur": Decimal("12.5"),
        "weekdays": ("Sa",),
        "contact_email": None,
    }
    scene.course(**{**FULL_ROW, **moved}, course_id=old.course_id)

    edition = scene.publish(month=Month(2027, 1))

    told = json.loads(scene.shelf.read(f"{edition.folder}/kursliste-goerlitz-2027-01-a1.json"))
    assert told["changes"] == [
        {
            "kind": "changed",
            "course_id": old.course_id,
            "fields": {
                "starts_on": ["2026-12-07", "2027-01-04"],
                "time_from": ["08:30", "09:00"],
                "price_eur": [229.5, 12.5],
                "weekdays": [["Mo", "Di", "Mi"], ["Sa"]],
                "contact_email": ["deutsch@vhs.example", None],
            },
        }
    ]


def test_changes_of_internal_facts_stay_internal(scene):
    scene.month(Month(2026, 11))
    noted = scene.course(title="Notiz", town="A", internal_note="alt")
    hidden = scene.course(title="geheim", town="B", visibility=HIDDEN)
    scene.publish(month=Month(2026, 11))
    scene.month(Month(2027, 1))
    scene.course(title="Notiz", town="A", course_id=noted.course_id, internal_note="neu")
    scene.course(title="geheim 2", town="B", course_id=hidden.course_id, visibility=HIDDEN)

    edition = scene.publish(month=Month(2027, 1))

    assert [(c["is_internal"], c["title"]) for c in edition.changes] == [
        (True, "Notiz"),
        (True, "geheim 2"),
    ]
    assert {e.title: e.change for e in edition.entries} == {
        "Notiz": None,
        "geheim 2": ChangeKind.CHANGED,
    }


def test_correction_is_the_next_number_with_a_reason(scene):
    row = scene.course(title="alt")
    first = scene.publish()
    before = sorted((f.name, f.sha256) for f in first.files)
    row.title = "neu"

    second = scene.publish(seen=1, reason="  Titel war falsch.  ")

    assert (second.number, second.replaces, second.reason) == (2, 1, "Titel war falsch.")
    stored = queries.stored_edition(scene.session, first.id)
    assert [entry.title for entry in stored.entries] == ["alt"]
    assert sorted((f.name, f.sha256) for f in stored.files) == before
    assert scene.shelf.read(f"{stored.folder}/{STEM}.csv").count(b"alt") == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_correction_without_a_fitting_reason_is_refused(scene, session, reason):
    scene.course()
    scene.publish()

    with pytest.raises(RuleViolationError) as refused:
        scene.publish(seen=1, reason=reason)

    expected = Rule.TEXT_TOO_LONG if len(reason) > 500 else Rule.REASON_MISSING
    assert (rule_of(refused), refused.value.field) == (expected, "reason")
    assert count(session, Edition) == 1


def test_double_click_makes_one_edition(scene, session):
    scene.course()
    scene.publish()

    with pytest.raises(RuleViolationError) as refused:
        scene.publish(seen=0)

    assert (rule_of(refused), refused.value.facts) == (
        Rule.EDITION_MOVED_ON,
        {"name": "2026-12/1"},
    )
    assert count(session, Edition) == 1


@pytest.mark.asvs("2.3.4", "15.4.2")
def test_several_at_once_make_one_edition(scene, session, database, shelf):
    scene.course()
    with transaction(session):
        pass
    actor, list_id = scene.actor, scene.course_list.id
    session.close()
    told: list[str] = []
    gate = threading.Barrier(4)

    def press() -> None:
        gate.wait()
        with database.session() as own:
            try:
                with transaction(own):
                    publish_edition(
                        own,
                        shelf,
                        course_list=own.get_one(CourseList, list_id),
                        month=Month(2026, 12),
                        seen_number=0,
                        reason="",
                        actor=actor,
                    )
                told.append("published")
            except RuleViolationError as error:
                told.append(error.rule)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == [Rule.EDITION_MOVED_ON] * 3 + ["published"]
    assert count(session, Edition) == 1


class FullShelf(Shelf):
    """A disk that is full when the third file comes."""

    def put(self, name: str, content: bytes, *, replacing: bool = False) -> str:
        if name.endswith(".json"):
            raise OSError(errno.ENOSPC, "no space left")
        return super().put(name, content, replacing=replacing)


@pytest.mark.asvs("2.3.3", "16.5.3")
@pytest.mark.con10("A13")
def test_nothing_is_published_when_a_file_cannot_be_written(scene, session, shelf):
    scene.course()
    scene.shelf = FullShelf(shelf.root)

    with pytest.raises(OSError, match="no space"):
        scene.publish()

    assert [count(session, kind) for kind in (Edition, EditionEntry, EditionFile)] == [0, 0, 0]
    assert published(session) == []

    scene.shelf = shelf

    assert scene.publish().number == 1


def test_files_on_the_shelf_are_those_that_the_stored_rows_give(scene, session):
    scene.course(**FULL_ROW)
    scene.course(title="geheim", visibility=Visibility.INTERNAL)
    edition = scene.publish()
    session.expire_all()

    again = edition_files(queries.stored_edition(session, edition.id))

    shelf_files = {f.name: scene.shelf.read(f"{edition.folder}/{f.name}") for f in edition.files}
    assert again == shelf_files
    assert {f.name: f.size for f in edition.files} == {n: len(b) for n, b in again.items()}


def test_month_that_was_never_asked_is_not_there(scene):
    with pytest.raises(NotFoundError):
        scene.publish(month=Month(2030, 1))


def test_nothing_approved_is_nothing_to_publish(session, shelf):
    scene = a_scene(session, shelf)
    scene.report.move(ReportAction.REOPEN, by_id=scene.coordinator.id, at=clock.now())

    with pytest.raises(RuleViolationError) as refused:
        scene.publish()

    assert rule_of(refused) is Rule.NOTHING_APPROVED


def test_empty_list_can_be_published_when_all_said_that_there_is_nothing(scene):
    scene.report.is_nil = True

    edition = scene.publish()

    assert (edition.entries, edition.silent_providers) == ([], [])


def test_only_who_coordinates_the_district_publishes(scene):
    scene.course()

    with pytest.raises(NotPermittedError):
        publish_edition(
            scene.session,
            scene.shelf,
            course_list=scene.course_list,
            month=Month(2026, 12),
            seen_number=0,
            reason="",
            actor=Actor.anonymous(),
        )


def test_journal_tells_who_published_what(scene, session):
    scene.course()
    edition = scene.publish()

    (entry,) = published(session)

    assert (entry.event, entry.actor_name, entry.district_id) == (
        "edition:published",
        "Karla Kreis",
        scene.district.id,
    )
    assert entry.details == {
        "name": "2026-12/1",
        "reason": "",
        "courses": 1,
        "rows_sha256": edition.rows_sha256,
    }


def test_files_lie_in_the_folder_of_their_edition(scene):
    scene.course()
    edition = scene.publish()

    folder = Path(scene.shelf.root) / "goerlitz/deutschkurse/2026-12/a1"

    assert sorted(path.name for path in folder.iterdir()) == sorted(f.name for f in edition.files)


def test_the_approved_version_is_published_while_its_provider_changes_the_report(session, scene):
    course = scene.course(title="Morgenkurs", seats_free=6)
    person = a_reporter(session, scene.report.provider, name="Rita Meldung").as_actor()
    revise_report(session, scene.report, actor=person)
    facts = {"title": "Abendkurs", "seats_free": 1}
    change_course(session, course, facts, seen_version=course.version, actor=person, confirm=True)

    first = scene.publish()
    assert [(e.title, e.seats_free, e.is_confirmed) for e in first.entries] == [
        ("Morgenkurs", 6, True)
    ]
    assert first.silent_providers == []

    submit_report(session, scene.report, actor=person, link="http://localhost/meldungen/1")
    second = scene.publish(seen=1, reason="Erst nach der Freigabe")
    assert [e.title for e in second.entries] == ["Morgenkurs"]

    approve_report(session, scene.report, actor=scene.actor, seen_version=scene.report.version)
    third = scene.publish(seen=2, reason="Neue Uhrzeit")
    assert [(e.title, e.seats_free) for e in third.entries] == [("Abendkurs", 1)]


def test_a_nil_report_stands_while_its_provider_changes_it(session, scene):
    scene.course()
    quiet = a_provider(session, scene.district, name="Stiller Träger")
    report = a_report(
        session, scene.round, quiet, ReportStatus.APPROVED, by=scene.coordinator, is_nil=True
    )
    revise_report(session, report, actor=a_reporter(session, quiet).as_actor())
    assert scene.publish().silent_providers == []
