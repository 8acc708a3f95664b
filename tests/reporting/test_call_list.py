"""Whom the coordinator calls, and which addresses need a look."""

from datetime import date, timedelta

import pytest

from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor
from kursliste.domain.reminders import ReminderStep
from kursliste.domain.report import ReportOrigin, ReportStatus
from kursliste.infrastructure import clock
from kursliste.models import Contact, MailStatus, OutgoingMail, Reminder
from kursliste.reporting.call_list import AddressToCheck, addresses_to_check, call_list
from tests import builders


@pytest.fixture
def coordinator(scene):
    return scene.coordinator.as_actor()


def a_mail(session, address, state, **more):
    mail = OutgoingMail(
        to_address=address,
        subject="",
        body="",
        state=state,
        queued_at=more.pop("queued_at", clock.now()),
        due_at=clock.now(),
        last_error=more.pop("last_error", ""),
    )
    session.add(mail)
    session.flush()
    return mail


def test_the_call_list_says_whom_to_call_and_what_went_before(
    session, scene, coordinator, frozen_clock
):
    report = scene.report(ReportStatus.OPEN)
    scene.provider.phone = "03581 1"
    session.add_all(
        [
            Contact(provider_id=scene.provider.id, name="Anmeldung", phone="03581 2"),
            Contact(provider_id=scene.provider.id, name="Ohne Telefon"),
        ]
    )
    mail = a_mail(session, "rita@example.org", MailStatus.SENT)
    for step, mail_id in ((ReminderStep.OPENING, mail.id), (ReminderStep.FRIENDLY, None)):
        reminder = Reminder(
            address="rita@example.org",
            report_id=report.id,
            step=step,
            queued_at=clock.now(),
            mail_id=mail_id,
        )
        session.add(reminder)
    session.flush()

    found = call_list(session, coordinator, scene.district, scene.opened)
    assert (found.from_on, found.is_due) == (date(2026, 12, 4), False)
    (call,) = found.calls
    assert (call.report_id, call.status, call.provider, call.phone) == (
        report.id, ReportStatus.OPEN, "Volkshochschule Neißebogen", "03581 1")  # fmt: skip
    assert call.people == (("Rita Meldung", "rita@example.org"),)
    assert [contact.name for contact in call.contacts] == ["Anmeldung"]
    assert [(sent.step, sent.address, sent.state) for sent in call.mails] == [
        (ReminderStep.OPENING, "rita@example.org", MailStatus.SENT),
        (ReminderStep.FRIENDLY, "rita@example.org", None),
    ]
    frozen_clock.forward(days=10)
    assert found.is_due


def test_the_call_list_holds_all_that_is_missing_by_name(session, scene, coordinator, statements):
    states = [ReportStatus.DRAFT, ReportStatus.SUBMITTED, ReportStatus.APPROVED]

    def add(name, status, **more):
        house = builders.a_provider(session, scene.district, name=name)
        builders.a_report(session, scene.opened, house, status, **more)

    def look():
        session.flush()
        with statements() as seen:
            found = call_list(session, coordinator, scene.district, scene.opened)
        return [call.provider for call in found.calls], len(seen)

    add("Zirkel", ReportStatus.OPEN)
    session.expire_all()
    for known in (scene.district, scene.opened, scene.course_list):
        session.refresh(known)
    names, one = look()
    assert names == ["Zirkel"]
    for status in states:
        add(f"Haus {status}", status)
    add("Aus der Liste", ReportStatus.DRAFT, origin=ReportOrigin.TAKEN_OVER)
    names, three = look()
    assert names == ["Aus der Liste", "Haus draft", "Zirkel"]
    assert one == three


def test_foreign_call_lists_do_not_exist(session, scene, coordinator):
    weimar = builders.a_district(session, "weimar")
    for look in (
        lambda: call_list(session, scene.actor, scene.district, scene.opened),
        lambda: call_list(session, coordinator, weimar, scene.opened),
        lambda: call_list(session, Actor.system(), weimar, scene.opened),
        lambda: addresses_to_check(session, coordinator, weimar),
    ):
        with pytest.raises(NotFoundError):
            look()
    assert call_list(session, Actor.system(), scene.district, scene.opened).calls == ()


def test_a_refused_address_is_to_be_checked_until_a_mail_arrives(session, scene, coordinator):
    scene.provider.report_email = "Meldung@example.org"
    assert addresses_to_check(session, coordinator, scene.district) == []
    a_mail(session, "rita@example.org", MailStatus.QUEUED)
    a_mail(session, "rita@example.org", MailStatus.SENT)
    a_mail(session, "meldung@Example.org", MailStatus.FAILED, last_error="550 unbekannt")
    assert addresses_to_check(session, coordinator, scene.district) == [
        AddressToCheck(
            provider_id=scene.provider.id,
            provider="Volkshochschule Neißebogen",
            address="meldung@example.org",
            error="550 unbekannt",
            failed_at=clock.now(),
        )
    ]
    a_mail(session, "meldung@example.org", MailStatus.SENT)
    assert addresses_to_check(session, coordinator, scene.district) == []


def test_an_old_refusal_tells_nothing(session, scene, coordinator):
    old = clock.now() - timedelta(days=91)
    a_mail(session, "rita@example.org", MailStatus.FAILED, queued_at=old)
    assert addresses_to_check(session, coordinator, scene.district) == []


def test_a_provider_without_any_address_is_to_be_checked(session, scene, coordinator):
    house = builders.a_provider(session, scene.district, name="Ohne Adresse")
    builders.a_provider(session, scene.district, name="Ruht", is_active=False)
    assert addresses_to_check(session, coordinator, scene.district) == [
        AddressToCheck(provider_id=house.id, provider="Ohne Adresse")
    ]
