"""The outbox: one address, one subject line, one Message-ID (SECURITY.md, rule 30, T33)."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.infrastructure import mailbox
from kursliste.infrastructure.database import transaction
from kursliste.models import MailStatus, OutgoingMail


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("  Rita@Example.ORG ", "rita@example.org"),
        ("a.b+c@example.org", "a.b+c@example.org"),
        ("info@görlitz.example", "info@görlitz.example"),
        ("x@vhs-neissebogen.example", "x@vhs-neissebogen.example"),
    ],
)
def test_an_address_is_kept_in_lower_case(typed, address):
    assert mailbox.checked_address(typed) == address


@pytest.mark.asvs("1.3.11")
@pytest.mark.parametrize(
    "typed",
    [
        "",
        "rita",
        "a@x.example, b@y.example",
        "a@x.example; b@y.example",
        "a@x.example\r\nBcc: b@y.example",
        "Rita <rita@example.org>",
        "jörg@example.org",
        "a@b@c.example",
        "a@localhost",
        "a@" + "b" * 250 + ".example",
    ],
)
def test_anything_but_one_address_is_refused(typed):
    with pytest.raises(RuleViolationError) as refused:
        mailbox.checked_address(typed, field="report_email")
    assert (refused.value.rule, refused.value.field) == (Rule.VALUE_UNKNOWN, "report_email")


def queued(session, **more):
    mailbox.enqueue(
        session, **{"to": "rita@example.org", "subject": "Guten Tag", "body": "Text\n", **more}
    )
    session.flush()
    return session.query(OutgoingMail).order_by(OutgoingMail.id.desc()).first()


def test_a_mail_waits_from_now_on(session, frozen_clock):
    mail = queued(session)
    assert (mail.state, mail.tries, mail.sent_at, mail.dedupe_key) == (
        MailStatus.QUEUED,
        0,
        None,
        None,
    )
    assert mail.queued_at == mail.due_at == frozen_clock.now()


@pytest.mark.asvs("1.3.3", "1.3.11")
def test_a_subject_is_one_line_of_200_characters(session):
    assert queued(session, subject="Eins\r\nBcc: x@y.example").subject == "Eins Bcc: x@y.example"
    assert queued(session, subject="ä" * 300).subject == "ä" * 200


def test_a_mail_that_may_go_once_goes_once(session):
    queued(session, dedupe_key="reminder:1")
    with pytest.raises(Exception, match=r"(?i)unique"), transaction(session):
        queued(session, dedupe_key="reminder:1")


@pytest.mark.asvs("2.3.3")
def test_a_mail_without_its_fact_does_not_exist(session):
    with pytest.raises(ZeroDivisionError), transaction(session):
        queued(session)
        raise ZeroDivisionError
    assert session.query(OutgoingMail).count() == 0


def test_only_the_text_of_a_mail_with_a_secret_is_wiped(session):
    secret, plain = queued(session, holds_secret=True), queued(session, dedupe_key="a")
    other, bare = queued(session, holds_secret=True), queued(session)
    for mail in (secret, plain, bare):
        mailbox.wipe_secret(mail)
    assert [m.body for m in (secret, plain, other, bare)] == [
        "Dieser Text wurde nach dem Senden gelöscht.\n",
        "Text\n",
        "Text\n",
        "Text\n",
    ]


def a_message(**more):
    mail = OutgoingMail(
        **{
            "id": 7,
            "to_address": "rita@example.org",
            "subject": "Ihre Meldung für März – ☎",
            "body": "Grüße\n\n" + "x" * 1200 + "\n",
            "queued_at": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
            **more,
        }
    )
    return mailbox.as_message(mail, sender="kursliste@kreis.example", host="kurse.example")


def test_a_message_says_that_a_machine_wrote_it_and_keeps_its_number():
    first, again = a_message(), a_message()
    assert first["Message-ID"] == again["Message-ID"] == "<kursliste-7-1795510800@kurse.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert str(first["From"]) == "kursliste <kursliste@kreis.example>"
    assert str(first["To"]) == "rita@example.org"
    assert first["Date"].datetime == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_message_arrives_as_it_was_written():
    read = message_from_bytes(a_message().as_bytes(), policy=policy.default)
    assert read["Subject"] == "Ihre Meldung für März – ☎"
    assert read.get_content() == "Grüße\n\n" + "x" * 1200 + "\n"
    assert all(len(line) <= 998 for line in a_message().as_bytes().splitlines())


def test_a_domain_with_umlauts_is_written_for_every_server():
    assert str(a_message(to_address="info@görlitz.example")["To"]) == "info@xn--grlitz-wxa.example"


@pytest.mark.asvs("1.3.11")
@pytest.mark.parametrize("address", ["no address", "jörg@example.org", "a@x.example\r\nBcc: b@y"])
def test_a_message_to_no_address_cannot_be_written(address):
    with pytest.raises(ValueError):  # noqa: PT011 -- the library's own kinds
        a_message(to_address=address)
