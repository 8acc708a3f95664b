"""Mails about an edition: what is in them, for whom, once each, and nothing internal."""

import io
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from kursliste.domain.errors import Rule, ShelfError
from kursliste.domain.events import JournalEvent
from kursliste.domain.layout import STANDARD
from kursliste.infrastructure import clock
from kursliste.infrastructure.carriers import DeliveryError
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import (
    JournalEntry,
    ListLayout,
    Mailing,
    MailingRules,
    MailStatus,
    OutgoingMail,
    ReaderMail,
    Subscription,
)
from kursliste.publishing.withdrawal_actions import withdraw_edition
from kursliste.readers import mailing as mailings
from kursliste.readers import queries
from kursliste.readers.fitting import issue_of, reading_of
from kursliste.readers.links import Links
from tests.builders import a_course, a_district, a_list
from tests.publishing.scene import CANARIES, CANCELLED, CONFIRMED, HIDDEN, Statements
from tests.readers.scenes import (
    BASE,
    SYSTEM,
    Carrier,
    a_reader,
    key_in,
    mails_to,
    moved,
    publish,
    tick,
    two_months,
)

CHANGED = "Geändert: Beginn, Zeiten, Ort oder Plätze"


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "exports")


@pytest.fixture
def scene(session, shelf):
    return two_months(session, shelf)


@pytest.fixture
def post():
    return Carrier([])


def body_to(post, email="leserin@example.org"):
    """The text of the one mail that went to an address; the outbox has forgotten it."""
    mails = [mail for mail in post.got if mail["To"] == email]
    assert len(mails) == 1
    return mails[0].get_content()


def test_a_mail_says_first_what_is_new_and_only_what_fits(session, database, post, scene):
    for number, filters in enumerate(
        ({}, {"ort": ["Zittau"], "niveau": ["A2"]}, {"ort": ["Görlitz"]}, {"ort": ["Bautzen"]})
    ):
        a_reader(session, scene.course_list, f"r{number}@example.org", filters=filters)
    a_reader(session, scene.course_list, "r4@example.org", filters={"ort": ["Ulm"]}, always=True)
    elsewhere = a_list(session, a_district(session, "weimar"))
    a_reader(session, elsewhere, "weimar@example.org")
    scene.course(**moved(title="Geheim", visibility=HIDDEN))
    publish(scene)
    assert tick(session, database, post).mailed == 4
    house = "– Volkshochschule Neißebogen"
    assert body_to(post, "r0@example.org").split("\n\n")[2:6] == [
        "NEU SEIT DEM LETZTEN MONAT",
        f"Neue Kurse (1)\n- Kurs am Markt {house}\n  Beginn 07.12.2026, Zittau, freie Plätze: 4",
        f"{CHANGED} (1)\n- Abendkurs {house}\n  Beginn: 14.12.2026, bisher 01.12.2026",
        f"Nicht mehr in der Liste (1)\n- Sommerkurs {house}",
    ]
    subjects = [mails_to(session, f"r{n}@example.org")[0].subject for n in (0, 1, 2)]
    title = "Kursliste Dezember 2026, Landkreis Goerlitz"
    assert subjects == [
        f"{title}: 1 neu, 1 geändert, 1 entfallen",
        f"{title}: 1 neu",
        f"{title}: 1 geändert, 1 entfallen",
    ]
    fitting = body_to(post, "r1@example.org")
    assert "Ihr Filter: Niveau: A2 · Ort: Zittau" in fitting
    assert "Die Liste mit Ihrem Filter (1 Kurs):" in fitting
    assert f"{BASE}/kurslisten/goerlitz?niveau=A2&ort=Zittau" in fitting
    assert "Abendkurs" not in fitting
    assert mails_to(session, "r3@example.org") == mails_to(session, "weimar@example.org") == []
    assert "NEU SEIT DEM LETZTEN MONAT" not in body_to(post, "r4@example.org")
    assert "nichts zu Ihrem Filter." in body_to(post, "r4@example.org")
    texts = " ".join(mail["Subject"] + mail.get_content() for mail in post.got)
    assert CANARIES.search(texts) is None
    assert "Geheim" not in texts


def test_a_course_that_moves_out_of_a_filter_is_told_to_it(session, database, post, scene):
    scene.course(**moved(title="Zieht um", town="Zittau"))
    publish(scene, mails=False)
    zieht = next(
        e for e in publish(scene, seen=1, reason="x", mails=False).entries if e.title == "Zieht um"
    )
    scene.month(scene.round.month.next())
    a_course(
        session,
        scene.report,
        course_id=zieht.course_id,
        **{**CONFIRMED, "confirmed_on": date(2026, 12, 20)},
        **moved(title="Zieht um", town="Löbau"),
    )
    a_reader(session, scene.course_list, filters={"ort": ["Zittau"]})
    publish(scene)
    tick(session, database, post)
    body = body_to(post)
    assert "Ort: Löbau, bisher Zittau" in body
    assert "Die Liste mit Ihrem Filter (0 Kurse):" in body


def test_nobody_hears_of_the_same_edition_twice_in_whatever_batches(
    session, database, scene, monkeypatch
):
    monkeypatch.setattr(mailings, "BATCH", 2)
    for number in range(5):
        a_reader(session, scene.course_list, f"r{number}@example.org")
    late = a_reader(
        session,
        scene.course_list,
        "spaet@example.org",
        confirmed_at=clock.now() + timedelta(seconds=1),
    )
    publish(scene)
    assert tick(session, database).mailed == 5
    assert tick(session, database).mailed == 0
    keys = session.execute(select(ReaderMail.mailing_id, ReaderMail.subscription_id)).all()
    assert len(keys) == len(set(keys)) == 5
    assert late.id not in {key for _, key in keys}
    mailing = session.scalars(select(Mailing).where(Mailing.sends)).one()
    assert mailing.finished_at is not None
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.event == JournalEvent.MAILING_SENT)
    ).all()
    assert [(entry.details["name"], entry.details["mails"]) for entry in entries] == [
        ("2026-12/1", 5)
    ]


def test_a_finished_mailing_writes_nothing_to_a_slower_server(session, scene):
    a_reader(session, scene.course_list)
    publish(scene)
    mailing = session.scalars(select(Mailing).where(Mailing.sends)).one()
    links = Links(BASE)

    def write():
        with transaction(session):
            return mailings.write_batch(session, mailing.id, actor=SYSTEM, links=links)

    assert [write(), write()] == [1, 0]


def test_statements_grow_with_filters_and_not_with_readers(session, database, scene):
    """Besides the two rows that each mail is; looked for once for each filter."""
    for number in range(30):
        a_reader(session, scene.course_list, f"r{number}@example.org", filters={"ort": ["Zittau"]})
    tick(session, database)  # looks once an hour for what was kept long enough
    publish(scene)
    with Statements(database) as counted:
        assert tick(session, database).mailed == 30
    assert counted.about("edition_entry") == 3  # this month, the last one, the filter
    assert len(counted.sent) < 30 * 9


def test_without_an_earlier_list_all_is_new(session, database, post, shelf):
    scene = two_months(session, shelf)
    fresh = a_list(session, scene.district, slug="zweite", title="Zweite")
    scene.course_list = fresh
    scene.month(scene.round.month)
    scene.course(**moved(title="Kurs am Markt"))
    a_reader(session, fresh, "alle@example.org")
    a_reader(session, fresh, "hier@example.org", filters={"ort": ["Görlitz"]})
    a_reader(session, fresh, "dort@example.org", filters={"ort": ["Zittau"]})
    publish(scene)
    assert tick(session, database, post).mailed == 2
    assert "Es ist die erste Liste." in body_to(post, "alle@example.org")
    assert mails_to(session, "dort@example.org") == []


def test_a_correction_is_told_to_whom_it_touches_with_its_reason(session, database, post, scene):
    a_reader(session, scene.course_list, "alle@example.org")
    a_reader(session, scene.course_list, "zittau@example.org", filters={"ort": ["Zittau"]})
    a_reader(
        session,
        scene.course_list,
        "goerlitz@example.org",
        filters={"ort": ["Görlitz"]},
        always=True,
    )
    publish(scene)
    assert tick(session, database, post).mailed == 3
    with transaction(session):
        row = next(row for row in scene.report.courses if row.town == "Zittau")
        row.contact_phone, row.internal_note = "+49 3583 1", "KANARIE-neu"
    publish(scene, seen=1, reason="Telefonnummer berichtigt")
    assert tick(session, database, post).mailed == 2
    first, second = (mail for mail in post.got if mail["To"] == "zittau@example.org")
    assert second["Subject"] == "Korrektur: Kursliste Dezember 2026, Landkreis Goerlitz"
    text = second.get_content()
    assert "Grund: Telefonnummer berichtigt" in text
    assert "Telefon: +49 3583 1, bisher +49 3581 420980" in text
    assert "WAS KORRIGIERT WURDE" in text
    assert "KANARIE" not in text
    assert key_in(first.get_content()) != key_in(text)
    assert len(mails_to(session, "goerlitz@example.org")) == 1


def test_a_correction_of_what_nobody_was_told_is_told_as_the_month(session, database, post, scene):
    a_reader(session, scene.course_list)
    publish(scene, mails=False)
    assert tick(session, database, post).mailed == 0
    scene.course(**moved(title="Nachgetragen", status=CANCELLED))
    publish(scene, seen=1, reason="Kurs vergessen")
    assert tick(session, database, post).mailed == 1
    body = body_to(post)
    assert "ist da" in body
    assert "Abgesagt (1)\n- Nachgetragen" in body


def test_many_news_stay_short(session, database, post, scene):
    for number in range(20):
        scene.course(**moved(title=f"Neu {number}"))
    a_reader(session, scene.course_list)
    publish(scene)
    tick(session, database, post)
    body = body_to(post)
    assert "Neue Kurse (21)" in body
    assert "- und 6 weitere, siehe Liste" in body
    assert len(body) < 4000


def test_a_small_workbook_goes_along_if_the_district_wants_it(session, database, scene, shelf):
    a_reader(session, scene.course_list)
    session.add(MailingRules(course_list_id=scene.course_list.id, attaches=True, most_kb=500))
    edition = publish(scene)
    carrier = Carrier([])
    tick(session, database, carrier, shelf)
    message = message_from_bytes(carrier.got[0].as_bytes(), policy=policy.default)
    attached = next(message.iter_attachments())
    assert attached.get_filename() == "kursliste-goerlitz-2026-12-a1.xlsx"
    assert attached.get_content_type().endswith("spreadsheetml.sheet")
    stored = shelf.read(f"{edition.folder}/{attached.get_filename()}")
    assert attached.get_content() == stored
    assert io.BytesIO(stored).read(2) == b"PK"


def test_a_file_that_is_too_big_or_lost_keeps_no_mail(session, database, scene, shelf):
    a_reader(session, scene.course_list)
    rules = MailingRules(course_list_id=scene.course_list.id, attaches=True, most_kb=1)
    session.add(rules)
    publish(scene)
    carrier = Carrier([])
    tick(session, database, carrier, shelf)
    assert list(carrier.got[0].iter_attachments()) == []
    with transaction(session):
        rules.most_kb = 500
    edition = publish(scene, seen=1, reason="noch einmal")
    scene.course(**moved(title="Nachgetragen"))
    edition = publish(scene, seen=2, reason="noch einmal")
    (shelf.root / edition.folder / "kursliste-goerlitz-2026-12-a3.xlsx").unlink()
    tick(session, database, carrier, shelf)
    assert list(carrier.got[-1].iter_attachments()) == []
    assert "Die Excel-Datei hängt an." in carrier.got[-1].get_content()


def test_a_shelf_that_does_not_answer_puts_the_mail_off(
    session, database, scene, shelf, monkeypatch
):
    a_reader(session, scene.course_list)
    session.add(MailingRules(course_list_id=scene.course_list.id, attaches=True, most_kb=500))
    publish(scene)

    def silent(_name):
        raise ShelfError(Rule.SHELF_NOT_READABLE)

    monkeypatch.setattr(shelf, "read", silent)
    assert tick(session, database, Carrier([]), shelf).sent == 0
    session.expire_all()
    assert session.scalars(select(OutgoingMail.state)).all() == [MailStatus.QUEUED]


def test_what_a_layout_keeps_for_professionals_is_told_to_nobody(session, database, post, scene):
    own = ListLayout(course_list_id=scene.course_list.id)
    chosen = (
        replace(one, for_professionals=one.attribute == "contact_phone") for one in STANDARD.chosen
    )
    own.keep(replace(STANDARD, chosen=tuple(chosen)))
    session.add(own)
    a_reader(session, scene.course_list)
    publish(scene)
    with transaction(session):
        scene.report.courses[0].contact_phone = "+49 3583 1"
    publish(scene, seen=1, reason="Telefonnummer berichtigt")
    assert tick(session, database, post).mailed == 1
    assert "+49" not in body_to(post)


def test_a_mail_program_finds_how_to_end_it_on_one_line(session, database, scene):
    a_reader(session, scene.course_list)
    publish(scene)
    carrier = Carrier([])
    tick(session, database, carrier)
    message = carrier.got[0]
    key = key_in(message.get_content())
    lines = message.as_bytes().decode().splitlines()
    assert f"List-Unsubscribe: <{BASE}/abo/{key}/abbestellen>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    session.expire_all()
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.state, mail.unsubscribe_url) == (MailStatus.SENT, None)
    assert key not in mail.body


def test_after_three_refusals_a_subscription_rests_until_it_is_woken(
    session, database, scene, frozen_clock
):
    reader = a_reader(session, scene.course_list)

    def refused(count):
        for _ in range(count):
            frozen_clock.forward(minutes=1)
            seen = len(session.scalars(select(Mailing)).all()) - 1
            scene.course(**moved(title=f"Kurs {seen}"))
            publish(scene, seen=seen, reason="noch einer")
            tick(session, database, Refusing())
            session.expire_all()

    refused(3)
    assert reader.is_active
    assert len(session.scalars(select(ReaderMail)).all()) == 3
    refused(1)
    assert reader.asleep_since == clock.now()
    assert len(session.scalars(select(ReaderMail)).all()) == 3
    events = session.scalars(select(JournalEntry.event)).all()
    assert JournalEvent.SUBSCRIPTION_RESTED in events
    refused(1)
    assert len(session.scalars(select(ReaderMail)).all()) == 3
    with transaction(session):  # woken: what was refused before does not count any more
        reader.asleep_since, reader.confirmed_at = None, clock.now()
    refused(1)
    assert reader.is_active
    assert len(session.scalars(select(ReaderMail)).all()) == 4


class Refusing:
    """A mail server that wants none of it."""

    def deliver(self, _message):
        raise DeliveryError("550 no such user", is_final=True)


def test_a_filter_that_is_not_understood_any_more_finds_nothing(session, scene):
    edition = publish(scene)
    issue = issue_of(session, edition)
    assert reading_of(issue, {"niveau": ["Z9"]}).courses == 0
    assert reading_of(issue, {"traeger": ["Den gibt es nicht"]}).courses == 0
    assert reading_of(issue, {"frei": ["1"]}).courses == 2
    assert session.scalars(select(Subscription)).all() == []


def withdrawn(scene, edition):
    with transaction(scene.session):
        withdraw_edition(scene.session, edition, reason="Falscher Monat", actor=scene.actor)


def test_nobody_hears_of_an_edition_that_was_withdrawn_before(session, database, post, scene):
    a_reader(session, scene.course_list)
    edition = publish(scene)
    withdrawn(scene, edition)
    assert tick(session, database, post).mailed == 0
    scene.course(**moved(title="Richtig"))
    publish(scene, seen=1, reason="jetzt richtig")
    assert tick(session, database, post).mailed == 1
    assert "ist da" in body_to(post)  # nobody was told before: it is the month, no correction


def test_mails_that_wait_are_taken_back_with_the_edition(session, database, post, scene):
    for number in range(3):
        a_reader(session, scene.course_list, f"r{number}@example.org")
    edition = publish(scene)
    mailing = session.scalars(select(Mailing).where(Mailing.sends)).one()
    with transaction(session):
        mailings.write_batch(session, mailing.id, actor=SYSTEM, links=Links(BASE))
    with transaction(session):  # one has left, one is in a postman's hand
        gone, held, _free = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        gone.state = MailStatus.SENT
        held.claimed_until = clock.now() + timedelta(minutes=5)
    withdrawn(scene, edition)
    session.expire_all()
    mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [(mail.state, mail.to_address) for mail in mails] == [
        (MailStatus.SENT, "r0@example.org"),
        (MailStatus.FAILED, ""),
    ]
    assert tick(session, database, post).sent == 0
    sent = queries.mailings_of(session, scene.course_list)[0]
    assert (sent.sent, sent.waiting, sent.failed, sent.taken_back) == (1, 0, 0, 2)
    assert sent.mailing.withdrawn_at == clock.now()
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.event == JournalEvent.MAILING_WITHDRAWN)
    ).all()
    assert [entry.details["mails"] for entry in entries] == [2]
