"""Ways for a mail to leave the house: a mail server, or a folder for the demo and for tests."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

from kursliste.domain.errors import KurslisteError
from kursliste.infrastructure.serving import is_loopback
from kursliste.settings import Settings

SMTP_TIMEOUT_S: Final = 10
"""How long a mail server may take for one whole answer, in seconds."""

TAKING_S: Final = 60
"""How long it may take for a mail itself: who hangs up earlier brings it a copy later."""

FAREWELL_S: Final = 2
PERMANENT: Final = 500
CLOSING: Final = 421
TOO_LARGE: Final = 552


class DeliveryError(KurslisteError):
    """A mail did not get away.

    ``is_final`` says that trying it again is no use, ``is_servers`` that the mail server itself
    is away or does not let us in: the next mail would fare no better.
    """

    def __init__(self, why: str, *, is_final: bool = False, is_servers: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final
        self.is_servers = is_servers


class Carrier(Protocol):
    """A way for a mail to leave; raises DeliveryError."""

    def deliver(self, message: EmailMessage) -> None: ...


class FolderCarrier:
    """One ``.eml`` a mail, for the demo and for tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, message: EmailMessage) -> None:
        stem = str(message["Message-ID"]).strip("<>").split("@")[0]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{stem}.eml").write_bytes(message.as_bytes())
        except OSError as error:
            raise DeliveryError(f"{type(error).__name__}: {error}") from error

    def greet(self) -> None:
        """See whether mails could leave, without sending one; raise DeliveryError."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DeliveryError(f"{type(error).__name__}: {error}") from error


class _Patience(smtplib.SMTP):
    """A line on which each whole answer has its time.

    The time limit of a socket begins anew with each byte: a server that sends one now and then
    would keep the postman for hours.
    """

    def getreply(self) -> tuple[int, bytes]:
        """Return the next answer; raise SMTPServerDisconnected if it takes too long."""
        too_late = threading.Event()
        end = threading.Timer(self.timeout, self._hang_up, (too_late,))
        end.daemon = True
        end.start()
        try:
            answer = super().getreply()
        finally:
            end.cancel()
        if too_late.is_set():  # what came is the beginning of an answer
            self.close()
            raise smtplib.SMTPServerDisconnected(f"no answer within {self.timeout} seconds")
        return answer

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the mail, for which the server may take longer."""
        self.be_patient(TAKING_S)
        return super().data(msg)

    def be_patient(self, seconds: float) -> None:
        """Give each answer from now on ``seconds``."""
        self.timeout = seconds
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def _hang_up(self, too_late: threading.Event) -> None:
        too_late.set()
        line = self.sock
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class PlainLine(_Patience):
    """A line that begins in the open."""


class TlsLine(_Patience, smtplib.SMTP_SSL):
    """A line that is TLS from its first byte."""


class SmtpCarrier:
    """A mail server; ``smtps://`` speaks TLS from the start, ``smtp://`` by STARTTLS.

    Without TLS mails go to this machine and to ``smtp+plain://`` alone, a password nowhere.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._may_be_plain = parts.scheme == "smtp+plain" or is_loopback(parts.hostname or "")
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._is_tls else 25)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")

    def deliver(self, message: EmailMessage) -> None:
        with self._connected() as server:
            try:
                server.send_message(message)
            except smtplib.SMTPSenderRefused as error:
                # Whom we send as is the same for all mails; only its size is this mail's own.
                is_own = error.smtp_code == TOO_LARGE
                raise _failed(error.smtp_code, error.smtp_error, is_servers=not is_own) from error
            except smtplib.SMTPRecipientsRefused as error:
                raise _failed(*next(iter(error.recipients.values()))) from error
            except smtplib.SMTPResponseException as error:
                raise _failed(error.smtp_code, error.smtp_error) from error

    def greet(self) -> None:
        """See whether mails could leave, without sending one; raise DeliveryError."""
        with self._connected() as server:
            server.noop()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Yield a mail server that has let us in.

        Whatever goes wrong on the way in, a refused password too, is no fault of a mail. Once a
        mail is taken, a farewell that goes wrong changes nothing: it must not be sent again.
        """
        server: smtplib.SMTP | None = None
        try:
            server = self._reached()
            self._enter(server)
            yield server
        except smtplib.SMTPResponseException as error:
            raise _failed(error.smtp_code, error.smtp_error, is_servers=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(f"{type(error).__name__}: {error}", is_servers=True) from error
        finally:
            if server is not None:
                _leave(server)

    def _reached(self) -> smtplib.SMTP:
        if not self._is_tls:
            return PlainLine(self._host, self._port, timeout=SMTP_TIMEOUT_S)
        context = ssl.create_default_context()
        return TlsLine(self._host, self._port, timeout=SMTP_TIMEOUT_S, context=context)

    def _enter(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if not self._is_tls and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif not self._is_tls and self._user:
            raise DeliveryError(
                "Der Mailserver bietet kein TLS; Kennwort nicht gesendet.", is_servers=True
            )
        elif not self._is_tls and not self._may_be_plain:
            raise DeliveryError(
                "Der Mailserver bietet kein TLS. Soll es ohne gehen: smtp+plain://…",
                is_servers=True,
            )
        if self._user:
            server.login(self._user, self._password)


def _leave(server: smtplib.SMTP) -> None:
    if isinstance(server, _Patience):
        server.be_patient(FAREWELL_S)
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _failed(code: int, why: bytes | str, *, is_servers: bool = False) -> DeliveryError:
    words = why.decode("utf-8", "replace") if isinstance(why, bytes) else why
    is_servers = is_servers or code == CLOSING
    return DeliveryError(
        f"{code} {words}", is_final=code >= PERMANENT and not is_servers, is_servers=is_servers
    )


def carrier_for(settings: Settings) -> FolderCarrier | SmtpCarrier:
    """Return the carrier that ``KURSLISTE_MAIL`` names."""
    if settings.mail.startswith("file:"):
        return FolderCarrier(Path.cwd() / settings.mail.removeprefix("file:"))
    return SmtpCarrier(settings.mail)
