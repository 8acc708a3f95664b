"""A coordinator types what a provider says by telephone or mail."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.errors import NotFoundError, NotPermittedError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, OnBehalf
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.infrastructure import clock
from kursliste.models import JournalEntry, OutgoingMail, Report, Statement
from kursliste.reporting import actions, queries
from kursliste.review.actions import end_statement, take_statement
from tests import builders
from tests.reporting.scenes import AS_BEFORE, LINK, confirmation
from tests.signing_in import sign_in

TOLD_ON = date(2026, 11, 23)
BY_TELEPHONE = (TOLD_ON, "Frau Rose", ConfirmedHow.TELEPHONE)


def with_word(session, scene, report, **more) -> Actor:
    """The coordinator after taking a statement, as the next request finds them."""
    actor = scene.coordinator.as_actor()
    told = {"told_by": "Frau  Rose", "how": ConfirmedHow.TELEPHONE, "told_on": TOLD_ON, **more}
    take_statement(session, report, actor=actor, **told)
    session.flush()
    return queries.with_word(session, actor, report.id)


def events(session) -> list[JournalEvent]:
    session.flush()
    query = select(JournalEntry).where(JournalEntry.provider_id.is_not(None))
    return [entry.event for entry in session.scalars(query.order_by(JournalEntry.id))]


# ---- taking the word


def test_a_word_begins_an_open_report_and_is_written_down(session, scene):
    scene.row(scene.november(), title="Läuft")
    report = scene.report(ReportStatus.OPEN)

    actor = with_word(session, scene, report)

    assert report.status is ReportStatus.DRAFT
    assert [confirmation(row) for row in report.courses] == [AS_BEFORE]
    assert actor.on_behalf == OnBehalf(report.id, "Frau Rose", ConfirmedHow.TELEPHONE, TOLD_ON)
    assert events(session) == [JournalEvent.REPORT_STARTED, JournalEvent.STATEMENT_TAKEN]
    found = session.scalars(select(Statement)).one()
    assert (found.taken_by, found.taken_at, found.ended_at) == (
        scene.coordinator,
        clock.now(),
        None,
    )
    assert found.scope == report.scope


def test_a_second_word_ends_the_first_of_the_same_person_only(session, scene):
    report = scene.report()
    other = builders.a_coordinator(session, scene.district)
    with_word(session, scene, report)
    take_statement(
        session,
        report,
        told_by="Herr Lang",
        how=ConfirmedHow.MAIL,
        told_on=TOLD_ON,
        actor=other.as_actor(),
    )

    actor = with_word(session, scene, report, told_by="Frau Neu")

    assert actor.on_behalf is not None
    assert actor.on_behalf.told_by == "Frau Neu"
    assert [said.told_by for said in queries.open_statements(session, report)] == [
        "Herr Lang",
        "Frau Neu",
    ]


def test_ending_leaves_the_draft_and_takes_the_word_away(session, scene):
    report = scene.report()
    actor = with_word(session, scene, report)

    end_statement(session, report, actor=actor)
    end_statement(session, report, actor=actor)

    assert queries.with_word(session, scene.coordinator.as_actor(), report.id).on_behalf is None
    assert report.status is ReportStatus.DRAFT
    assert events(session) == [JournalEvent.STATEMENT_TAKEN, JournalEvent.STATEMENT_ENDED]


@pytest.mark.parametrize("status", [ReportStatus.SUBMITTED, ReportStatus.APPROVED])
def test_a_sent_report_takes_no_word(session, scene, status):
    report = scene.report(status)
    with pytest.raises(RuleViolationError) as refused:
        with_word(session, scene, report)
    assert refused.value.rule is Rule.REPORT_NOT_EDITABLE


def test_a_word_needs_a_name(session, scene):
    with pytest.raises(RuleViolationError) as refused:
        with_word(session, scene, scene.report(), told_by="  ")
    assert (refused.value.rule, refused.value.field) == (Rule.VALUE_MISSING, "told_by")


def test_only_the_districts_coordinators_take_or_end_a_word(session, scene):
    report = scene.report()
    weimar = builders.a_coordinator(session, builders.a_district(session, "weimar"))
    for person in (scene.person, weimar):
        with pytest.raises(NotPermittedError):
            end_statement(session, report, actor=person.as_actor())
        with pytest.raises(NotPermittedError):
            take_statement(
                session,
                report,
                told_by="x",
                how=ConfirmedHow.MAIL,
                told_on=TOLD_ON,
                actor=person.as_actor(),
            )


# ---- whose word it is


def test_a_word_is_good_for_one_report_and_one_person(session, scene):
    report = scene.report()
    other = builders.a_report(session, scene.opened, builders.a_provider(session, scene.district))
    row, foreign = scene.row(report), builders.a_course(session, other)
    actor = with_word(session, scene, report)
    colleague = builders.a_coordinator(session, scene.district).as_actor()

    assert queries.own_report(session, actor, report.id) is report
    assert queries.own_row(session, actor, report.id, row.id) is row
    assert queries.with_word(session, colleague, report.id) == colleague
    for look in (
        lambda: queries.own_report(session, actor, other.id),
        lambda: queries.own_row(session, actor, other.id, foreign.id),
        lambda: queries.own_report(session, colleague, report.id),
    ):
        with pytest.raises(NotFoundError):
            look()
    with pytest.raises(NotPermittedError):
        actions.confirm_course(session, foreign, actor=actor)
    with pytest.raises(NotPermittedError):
        actions.confirm_course(session, row, actor=colleague)


def test_who_left_the_district_has_no_word_any_more(session, scene):
    report = scene.report()
    with_word(session, scene, report)
    scene.coordinator.memberships.clear()
    session.flush()

    assert queries.with_word(session, scene.coordinator.as_actor(), report.id).on_behalf is None


def test_an_administrator_can_take_a_word_too(session, scene):
    report = scene.report()
    person = builders.a_user(session)
    actor = Actor(person.id, person.name, Actor.system().grants)
    take_statement(
        session, report, told_by="R", how=ConfirmedHow.MAIL, told_on=TOLD_ON, actor=actor
    )
    session.flush()

    assert queries.with_word(session, actor, report.id).on_behalf is not None


# ---- what is typed with it


def test_confirmations_name_the_providers_person_and_the_journal_who_typed(session, scene):
    report = scene.report()
    row = scene.row(report)
    actor = with_word(session, scene, report)

    actions.confirm_course(session, row, actor=actor)
    session.flush()

    assert confirmation(row) == BY_TELEPHONE
    last = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert last is not None
    assert (last.event, last.actor_name) == (JournalEvent.COURSE_CONFIRMED, "Karl Prüfer")
    assert last.details == {"told_by": "Frau Rose", "told_how": "Telefon"}


def test_the_provider_gets_the_receipt_and_the_word_is_used_up(session, scene):
    report = scene.report(ReportStatus.ASKED)
    scene.row(report)
    actor = with_word(session, scene, report, how=ConfirmedHow.MAIL)
    builders.a_coordinator(session, scene.district, email="kollegin@example.org")

    actions.submit_report(session, report, actor=actor, link=LINK, confirm_all=True)
    session.flush()

    mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [mail.to_address for mail in mails] == ["rita@example.org", "kollegin@example.org"]
    assert (
        "Karl Prüfer hat sie für Sie eingetragen, nach Auskunft per E-Mail von Frau Rose am "
        "23.11.2026.\n"
    ) in mails[0].body
    assert "   per E-Mail bestätigt am 23.11.2026 von Frau Rose" in mails[0].body
    assert list(queries.open_statements(session, report)) == []
    report.move(ReportAction.TAKE_BACK, by_id=None, at=clock.now())
    assert queries.with_word(session, scene.coordinator.as_actor(), report.id).on_behalf is None


# ---- cancelling


def test_a_cancelled_course_stays_for_one_edition_and_can_go_on(session, scene):
    row = scene.row(scene.report(), starts_on=date(2026, 9, 1))

    actions.cancel_course(session, row, actor=scene.actor)
    session.flush()

    assert (row.status, confirmation(row)) == (CourseStatus.CANCELLED, AS_BEFORE)
    assert len(queries.listed_rows(row.report)) == 1
    assert events(session) == [JournalEvent.COURSE_CANCELLED]
    actions.resume_course(session, row, actor=scene.actor)
    assert row.status is CourseStatus.RUNNING


def test_a_sent_report_is_not_cancelled_in(session, scene):
    row = scene.row(scene.report(ReportStatus.SUBMITTED))
    with pytest.raises(RuleViolationError):
        actions.cancel_course(session, row, actor=scene.actor)


# ---- the pages


@pytest.fixture
def karl(client, session, scene):
    """A browser in which the coordinator is signed in."""
    sign_in(client, session, scene.coordinator)
    return client


def test_on_the_telephone_from_the_review_to_the_receipt(karl, session, scene):
    report = scene.report()
    row = scene.row(report, title="Morgenkurs")
    review = f"/pruefung/goerlitz/2026-12/{report.id}"
    karl.get(f"/meldungen/{report.id}", 404)
    karl.get(review)
    assert "Am Telefon eintragen" in karl.page.text()

    karl.get(f"{review}/auskunft")
    karl.submit("main form", 422, told_by="")
    assert "Schreiben Sie den Namen der Person beim Träger." in karl.page.text()
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    karl.submit("main form", 422, told_by="Frau Rose", told_on=tomorrow)
    karl.submit("main form", 422, told_by="Frau Rose", told_on="")
    karl.submit("main form", told_by="Frau Rose", told_on=TOLD_ON.isoformat())
    karl.follow()
    assert "Sie tragen für Volkshochschule Neißebogen ein." in karl.page.text()
    assert "Telefonisch bestätigt von Frau Rose am 23.11.2026." in karl.page.text()

    karl.get(f"/meldungen/{report.id}/einreichen")
    karl.submit(f"main form[action=/meldungen/{report.id}/einreichen]", confirm="1")
    assert karl.response.location.endswith(review)
    karl.follow()
    session.expire_all()
    assert (report.status, confirmation(row)) == (ReportStatus.SUBMITTED, BY_TELEPHONE)
    assert "nach Auskunft von Frau Rose" in karl.page.text()
    karl.get(f"/meldungen/{report.id}", 404)
    karl.get(f"{review}/auskunft", 302)

    sign_in(karl, session, scene.person)
    karl.get(f"/meldungen/{report.id}")
    assert (
        "telefonisch bestätigt am 23.11.2026 von Frau Rose, eingetragen von Karl Prüfer"
        in karl.page.text()
    )


def test_stopping_leads_back_to_the_review(karl, session, scene):
    report = scene.report()
    with_word(session, scene, report)
    karl.get(f"/meldungen/{report.id}")

    karl.submit(f"main form[action=/pruefung/goerlitz/2026-12/{report.id}/auskunft/beenden]")
    karl.follow()

    assert "Was Sie eingetragen haben, bleibt gespeichert." in karl.page.text()
    karl.get(f"/meldungen/{report.id}", 404)


def test_a_foreign_coordinator_finds_nothing(client, session, scene):
    report = scene.report()
    with_word(session, scene, report)
    stranger = builders.a_coordinator(session, builders.a_district(session, "weimar"))
    sign_in(client, session, stranger)

    for address in (
        f"/meldungen/{report.id}",
        f"/meldungen/{report.id}/kurse/neu",
        f"/pruefung/goerlitz/2026-12/{report.id}/auskunft",
    ):
        client.get(address, 404)


def test_a_provider_cannot_speak_for_itself_that_way(client, session, scene):
    report = scene.report()
    sign_in(client, session, scene.person)
    client.get(f"/pruefung/goerlitz/2026-12/{report.id}/auskunft", 403)


def test_whoever_reports_and_coordinates_sees_the_own_report_as_theirs(client, session, scene):
    report = scene.report()
    both = builders.a_user(
        session, *scene.person.as_actor().grants, *scene.coordinator.as_actor().grants
    )
    sign_in(client, session, both)
    client.get(f"/meldungen/{report.id}")
    assert "Sie tragen für" not in client.page.text()


def test_cancelling_and_copying_from_the_table(client, session, scene):
    report = scene.report()
    row = scene.row(
        report, title="Morgenkurs", town="Görlitz", seats_taken=9, starts_on=date(2026, 9, 1)
    )
    sign_in(client, session, scene.person)
    client.get(f"/meldungen/{report.id}")
    values = client.page.form_values("#kurse") | {f"k{row.id}-seats_free": "2"}
    client.post(f"/meldungen/{report.id}/kurse/{row.id}/absagen", values)
    client.follow()
    assert "Abgesagt: Morgenkurs." in client.page.text()
    assert "doch nicht absagen" in client.page.text()
    session.expire_all()
    assert (row.status, row.seats_free) == (CourseStatus.CANCELLED, 2)

    client.submit("#kurse", copy=str(row.id))
    client.follow()
    assert "Die Kopie von „Morgenkurs“ ist ein neuer Kurs." in client.page.text()
    form = client.page.form_values("main form")
    assert (form["title"], form["town"]) == (["Morgenkurs"], ["Görlitz"])
    assert (form["starts_on"], form["seats_taken"], form["status"]) == ([""], [""], [""])
    client.submit("main form", starts_on="2027-02-01")
    session.expire_all()
    copy = session.get(Report, report.id).courses[1]
    assert (copy.title, copy.starts_on, copy.seats_taken) == (
        "Morgenkurs",
        date(2027, 2, 1),
        None,
    )
    assert copy.course_id != row.course_id


def test_only_own_courses_are_copied(client, session, scene):
    report = scene.report()
    other = builders.a_report(session, scene.opened, builders.a_provider(session, scene.district))
    foreign = builders.a_course(session, other)
    sign_in(client, session, scene.person)
    client.get(f"/meldungen/{report.id}/kurse/neu?kopie={foreign.id}", 404)
    client.get(f"/meldungen/{report.id}/kurse/neu?kopie=x")
