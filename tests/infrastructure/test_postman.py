"""Every mail leaves the house once, or somebody sees why not (SECURITY.md, X3, X12, X13, G16)."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from kursliste.infrastructure import carriers, clock, mailbox
from kursliste.infrastructure.carriers import (
    DeliveryError,
    FolderCarrier,
    SmtpCarrier,
    carrier_for,
)
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.postman import LEASE, WAITS, send_waiting
from kursliste.models import MailStatus, OutgoingMail
from kursliste.settings import Settings

SENT_BY: Any = {"sender": "kursliste@kreis.example", "host": "kurse.example"}


class Recorder:
    """A carrier that keeps what it was given, or fails as told."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.ids = []
        self.lock = threading.Lock()

    def deliver(self, message):
        with self.lock:
            self.ids.append(str(message["Message-ID"]))
            error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error


class Server:
    """A mail server that answers with ``answer``."""

    def __init__(self, answer="250 OK", rcpt="250 OK"):
        self.answer, self.rcpt, self.got = answer, rcpt, []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 -- aiosmtpd's name
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.got.append(envelope)
        return self.answer


@pytest.fixture
def served():
    """Start a mail server around a handler and return its port."""
    running = []

    def start(handler, **options):
        controller = Controller(handler, hostname="127.0.0.1", port=0, **options)
        controller.port = free_port()
        controller.start()
        running.append(controller)
        return controller.port

    yield start
    for controller in running:
        controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def a_mail(session, count=1, **more):
    with transaction(session):
        for number in range(count):
            mailbox.enqueue(
                session,
                to=f"person{number}@example.org",
                subject="Guten Tag",
                body="Schöne Grüße\n",
                **more,
            )


def the_mail(session):
    session.expire_all()
    with transaction(session):
        return session.query(OutgoingMail).order_by(OutgoingMail.id).first()


def a_message():
    return mailbox.as_message(
        OutgoingMail(
            id=1,
            to_address="rita@example.org",
            subject="Guten Tag",
            body="Schöne Grüße\n",
            queued_at=clock.now(),
        ),
        **SENT_BY,
    )


# ---- the folder


def test_a_folder_gets_one_file_a_mail(database, session, tmp_path):
    a_mail(session, 2)
    assert send_waiting(database, FolderCarrier(tmp_path / "mail"), **SENT_BY) == 2
    files = sorted((tmp_path / "mail").iterdir())
    first = the_mail(session)
    assert files[0].name == f"kursliste-{first.id}-{int(first.queued_at.timestamp())}.eml"
    read = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert (read["To"], read.get_content()) == ("person0@example.org", "Schöne Grüße\n")
    assert (first.state, first.sent_at, first.claimed_until, first.tries) == (
        MailStatus.SENT,
        first.queued_at,
        None,
        1,
    )
    assert send_waiting(database, FolderCarrier(tmp_path / "mail"), **SENT_BY) == 0


def test_a_folder_that_cannot_be_written_puts_the_mail_off(database, session, tmp_path):
    (tmp_path / "mail").write_text("in the way")
    a_mail(session)
    assert send_waiting(database, FolderCarrier(tmp_path / "mail"), **SENT_BY) == 0
    mail = the_mail(session)
    assert (mail.state, mail.due_at) == (MailStatus.QUEUED, mail.queued_at + WAITS[0])
    assert mail.last_error.startswith("FileExistsError")


# ---- the outbox


def test_more_mails_than_one_batch_leave_in_one_go(database, session):
    a_mail(session, 45)
    carrier = Recorder()
    assert send_waiting(database, carrier, **SENT_BY) == 45
    assert len(set(carrier.ids)) == 45


def test_two_postmen_never_send_the_same_mail(database, session):
    a_mail(session, 40)
    carrier = Recorder()
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: send_waiting(database, carrier, **SENT_BY), range(4)))
    assert sum(counts) == 40
    assert sorted(set(carrier.ids)) == sorted(carrier.ids)
    assert len(carrier.ids) == 40


@pytest.mark.asvs("16.5.2")
def test_a_failed_mail_is_tried_again_later_and_later_under_the_same_number(
    database, session, frozen_clock
):
    a_mail(session)
    carrier = Recorder(*(DeliveryError(f"451 {n}") for n in range(3)))
    for wait in WAITS[:3]:
        assert send_waiting(database, carrier, **SENT_BY) == 0
        mail = the_mail(session)
        assert mail.due_at == frozen_clock.now() + wait
        frozen_clock.forward(seconds=wait.total_seconds() - 1)
        assert send_waiting(database, carrier, **SENT_BY) == 0
        frozen_clock.forward(seconds=1)
    assert send_waiting(database, carrier, **SENT_BY) == 1
    assert len(carrier.ids) == 4
    assert len(set(carrier.ids)) == 1
    mail = the_mail(session)
    assert (mail.state, mail.tries, mail.last_error) == (MailStatus.SENT, 4, "451 2")


def test_a_mail_is_given_up_after_the_last_wait(database, session, frozen_clock):
    a_mail(session, holds_secret=True)
    carrier = Recorder(*(DeliveryError("451 later") for _ in range(20)))
    for wait in WAITS:
        send_waiting(database, carrier, **SENT_BY)
        assert the_mail(session).state is MailStatus.QUEUED
        assert the_mail(session).body == "Schöne Grüße\n"
        frozen_clock.forward(seconds=wait.total_seconds())
    send_waiting(database, carrier, **SENT_BY)
    mail = the_mail(session)
    assert (mail.state, mail.tries, mail.claimed_until) == (MailStatus.FAILED, 8, None)
    assert mail.body == mailbox.WIPED
    frozen_clock.forward(days=30)
    assert send_waiting(database, carrier, **SENT_BY) == 0
    assert len(carrier.ids) == 8


def test_a_final_refusal_is_not_tried_again(database, session, frozen_clock):
    a_mail(session)
    carrier = Recorder(DeliveryError("550 " + "x" * 400, is_final=True))
    send_waiting(database, carrier, **SENT_BY)
    mail = the_mail(session)
    assert (mail.state, len(mail.last_error)) == (MailStatus.FAILED, 300)
    frozen_clock.forward(days=1)
    assert send_waiting(database, carrier, **SENT_BY) == 0


def test_one_bad_mail_does_not_keep_the_others(database, session):
    a_mail(session, 3)
    carrier = Recorder(None, DeliveryError("550 no", is_final=True))
    assert send_waiting(database, carrier, **SENT_BY) == 2


def test_a_mail_that_cannot_even_be_written_does_not_keep_the_others(database, session):
    a_mail(session, 2)
    with transaction(session):
        session.query(OutgoingMail).order_by(OutgoingMail.id).first().to_address = "no address"
    carrier = Recorder()
    assert send_waiting(database, carrier, **SENT_BY) == 1
    assert the_mail(session).state is MailStatus.FAILED


def test_what_a_killed_postman_held_is_sent_by_another_after_the_lease(
    database, session, frozen_clock
):
    a_mail(session)
    killed = Recorder(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        send_waiting(database, killed, **SENT_BY)
    other = Recorder()
    frozen_clock.forward(seconds=LEASE.total_seconds())
    assert send_waiting(database, other, **SENT_BY) == 0
    frozen_clock.forward(seconds=1)
    assert send_waiting(database, other, **SENT_BY) == 1
    assert killed.ids == other.ids


def test_the_lease_is_committed_before_the_mail_is_sent(database, session):
    a_mail(session)
    seen = []

    class Looking:
        def deliver(self, _message):
            with database.session(readonly=True) as other:
                mail = other.query(OutgoingMail).one()
                seen.append((mail.tries, mail.claimed_until - mail.queued_at))

    send_waiting(database, Looking(), **SENT_BY)
    assert seen == [(1, LEASE)]


def test_a_long_batch_does_not_outlive_its_lease(database, session, frozen_clock):
    """A slow mail server: another postman may come, but what it takes over is sent once."""
    a_mail(session, 10)
    other = Recorder()

    class Slow(Recorder):
        def deliver(self, message):
            super().deliver(message)
            frozen_clock.forward(minutes=2)
            send_waiting(database, other, **SENT_BY)

    slow = Slow()
    send_waiting(database, slow, **SENT_BY)
    assert sorted(slow.ids + other.ids) == sorted(set(slow.ids + other.ids))
    assert len(slow.ids + other.ids) == 10


@pytest.mark.asvs("14.2.7")
def test_a_secret_is_wiped_when_it_has_left_the_house(database, session):
    a_mail(session, holds_secret=True)
    send_waiting(database, Recorder(), **SENT_BY)
    assert the_mail(session).body == mailbox.WIPED


# ---- the mail server


def test_a_mail_server_gets_the_mail(served):
    server = Server()
    port = served(server)
    SmtpCarrier(f"smtp://127.0.0.1:{port}").deliver(a_message())
    (envelope,) = server.got
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "kursliste@kreis.example",
        ["rita@example.org"],
    )
    read = message_from_bytes(envelope.content, policy=policy.default)
    assert read.get_content().replace("\r\n", "\n") == "Schöne Grüße\n"


@pytest.mark.parametrize(
    ("answer", "is_final"),
    [("421 closing", False), ("451 later", False), ("452 full", False), ("550 no", True)],
)
def test_refusals_are_for_now_or_for_good(served, answer, is_final):
    for server in (Server(answer=answer), Server(rcpt=answer)):
        port = served(server)
        with pytest.raises(DeliveryError) as failed:
            SmtpCarrier(f"smtp://127.0.0.1:{port}").deliver(a_message())
        assert (failed.value.is_final, str(failed.value)) == (is_final, answer)


def test_a_closed_port_is_for_now():
    with pytest.raises(DeliveryError) as failed:
        SmtpCarrier(f"smtp://127.0.0.1:{free_port()}").deliver(a_message())
    assert not failed.value.is_final
    assert str(failed.value).startswith("ConnectionRefusedError")


@pytest.mark.asvs("16.5.2")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_never_answers_is_left_after_a_while(monkeypatch, scheme):
    monkeypatch.setattr(carriers, "SMTP_TIMEOUT_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        with pytest.raises(DeliveryError) as failed:
            SmtpCarrier(f"{scheme}://127.0.0.1:{port}").deliver(a_message())
    assert not failed.value.is_final


def test_a_server_that_hangs_up_in_the_middle_is_for_now():
    with socket.socket() as rude:
        rude.bind(("127.0.0.1", 0))
        rude.listen()

        def hang_up():
            connection, _ = rude.accept()
            connection.sendall(b"220 hello\r\n")
            connection.recv(100)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(DeliveryError) as failed:
            SmtpCarrier(f"smtp://127.0.0.1:{rude.getsockname()[1]}").deliver(a_message())
        thread.join()
    assert not failed.value.is_final


@pytest.mark.asvs("12.3.1")
def test_a_password_is_never_sent_without_tls(served):
    tried = []

    def authenticate(server, session, envelope, mechanism, data):
        tried.append(data)
        return AuthResult(success=True)

    port = served(Server(), authenticator=authenticate, auth_require_tls=False)
    with pytest.raises(DeliveryError, match="kein TLS"):
        SmtpCarrier(f"smtp://rita:geheim@127.0.0.1:{port}").deliver(a_message())
    assert tried == []


@pytest.mark.asvs("12.3.1")
def test_elsewhere_no_mail_goes_without_tls_unless_the_operator_says_so(served, monkeypatch):
    """A line that anybody may listen to: who stands in between can also hide STARTTLS."""
    got = Server()
    port = served(got)
    SmtpCarrier(f"smtp://127.0.0.1:{port}").deliver(a_message())
    monkeypatch.setattr(carriers, "is_loopback", lambda _host: False)
    with pytest.raises(DeliveryError, match=r"smtp\+plain://") as refused:
        SmtpCarrier(f"smtp://127.0.0.1:{port}").deliver(a_message())
    assert refused.value.is_servers
    SmtpCarrier(f"smtp+plain://127.0.0.1:{port}").deliver(a_message())
    assert len(got.got) == 2


def test_the_password_is_not_shown():
    assert "geheim" not in repr(SmtpCarrier("smtps://rita:geheim@mail.example"))


def a_setting(mail):
    return Settings(database_url="sqlite:///x.db", secret_key="x" * 40, mail=mail)


def test_the_setting_names_the_carrier(tmp_path):
    folder = carrier_for(a_setting(f"file:{tmp_path}/mail"))
    assert isinstance(folder, FolderCarrier)
    assert folder._folder == Path(f"{tmp_path}/mail")
    assert isinstance(carrier_for(a_setting("smtp://localhost")), SmtpCarrier)


@pytest.mark.parametrize(
    ("url", "port", "user", "password"),
    [
        ("smtp://mail.example", 25, "", ""),
        ("smtps://mail.example", 465, "", ""),
        ("smtp://a%40b:p%3Aw@mail.example:587", 587, "a@b", "p:w"),
    ],
)
def test_the_address_of_a_server_is_understood(url, port, user, password):
    carrier = SmtpCarrier(url)
    assert (carrier._host, carrier._port) == ("mail.example", port)
    assert (carrier._user, carrier._password) == (user, password)


def test_waits_grow():
    assert list(WAITS) == sorted(WAITS)
    assert sum(WAITS, timedelta()) > timedelta(hours=40)
