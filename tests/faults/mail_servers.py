"""Mail servers in a bad mood: they refuse, hang, drip, hang up, or take only some mails."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes

Line = tuple[str, str]
PAUSE_S = 0.05


class Moody:
    """A mail server on this machine whose mood a test may change at any time.

    ``well`` takes every mail, ``421`` greets with 421, ``451``, ``550`` and ``554`` answer so to
    the receiver and ``552`` after the mail, ``drops`` hangs up in the middle of a mail, ``silent``
    never greets, ``hangs`` has the mail and says nothing, ``drips`` greets byte by byte without an
    end, ``some`` knows only even persons, ``535`` refuses the password, ``rude`` takes the mail and
    refuses the farewell, ``stays`` takes the mail and does not answer the farewell.
    """

    def __init__(self, mood: str, tls: ssl.SSLContext | None = None) -> None:
        self.mood = mood
        self.talks = 0
        self.got: list[Line] = []
        """To whom and which Message-ID, of each mail that was there to its end."""

        self._tls = tls
        self._closing = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Hang up and listen no more."""
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.talks += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            line = connection if self._tls is None else self._secured(connection, self._tls)
            with line:
                self._hold(line, self.mood)

    @staticmethod
    def _secured(connection: socket.socket, tls: ssl.SSLContext) -> socket.socket:
        return tls.wrap_socket(connection, server_side=True)

    def _hold(self, line: socket.socket, mood: str) -> None:
        if mood == "silent":
            self._closing.wait(60)
            return
        while mood == "drips" and not self._closing.wait(PAUSE_S):
            line.sendall(b"2")
        line.sendall(b"421 closing\r\n" if mood == "421" else b"220 hello\r\n")
        read, to = line.makefile("rb"), ""
        for command in iter(read.readline, b""):
            word = command[:4].upper().strip().decode()
            to = command.partition(b"<")[2].partition(b">")[0].decode() if word == "RCPT" else to
            if word == "DATA":
                line.sendall(b"354 go on\r\n")
                if not self._has_taken(read.readline, to, mood):
                    return
            if (word, mood) in {("DATA", "hangs"), ("QUIT", "stays")}:
                self._closing.wait(60)
            line.sendall(self._answer(word, to, mood))
            if word == "QUIT":
                return

    def _has_taken(self, readline: Callable[[], bytes], to: str, mood: str) -> bool:
        lines = []
        for text in iter(readline, b".\r\n"):
            lines.append(text)
            if not text or (mood == "drops" and len(lines) > 5):
                return False
        if mood != "552":
            self.got.append((to, str(message_from_bytes(b"".join(lines))["Message-ID"])))
        return True

    @staticmethod
    def _answer(word: str, to: str, mood: str) -> bytes:
        if word == "EHLO":
            return b"250-here\r\n250 AUTH PLAIN\r\n"
        if word == "AUTH":
            return b"535 who are you\r\n" if mood == "535" else b"235 welcome\r\n"
        is_odd = to.partition("@")[0][-1:] in tuple("13579")
        if word == "RCPT" and (mood in {"451", "550", "554"} or (mood == "some" and is_odd)):
            return f"{'550' if mood == 'some' else mood} not this one\r\n".encode()
        if (word, mood) == ("DATA", "552"):
            return b"552 the box is full\r\n"
        if word == "QUIT":
            return b"421 never\r\n" if mood == "rude" else b"221 bye\r\n"
        return b"250 fine\r\n"


@contextlib.contextmanager
def moody(mood: str, tls: ssl.SSLContext | None = None) -> Iterator[Moody]:
    """Let a mail server run as long as the block."""
    server = Moody(mood, tls)
    try:
        yield server
    finally:
        server.close()


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
