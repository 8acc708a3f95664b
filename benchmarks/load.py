"""A load generator in plain Python: raw sockets and pipelined requests.

``python -m benchmarks.load PORT PATH SECONDS CONNECTIONS`` prints how many answers came. Every
connection has ``DEPTH`` requests under way all the time, and one ``recv`` takes many answers: that
keeps the client cheap. On two cores it does not fill the server all the same, so a ratio near 1
only says that no difference could be seen. All answers are as long as the first, or it stops.
"""

import selectors
import socket
import sys
import time
from typing import Final

HEAD_END: Final = b"\r\n\r\n"
DEPTH: Final = 16
MOST_BYTES: Final = 1_048_576


def request_for(port: int, path: str) -> bytes:
    """Return the request that is sent again and again."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: br\r\n\r\n"
    ).encode()


def answer_size(answer: bytes) -> int:
    """Return the length of a whole answer from its head; raises AssertionError unless 200."""
    head, _, _ = answer.partition(HEAD_END)
    lines = head.split(b"\r\n")
    assert lines[0].startswith(b"HTTP/1.1 200"), lines[0]
    lengths = [line for line in lines if line.lower().startswith(b"content-length:")]
    return len(head) + len(HEAD_END) + int(lengths[0].partition(b":")[2])


class Reader:
    """One connection: counts whole answers and asks for as many again."""

    def __init__(self, port: int, path: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request_for(port, path)
        self._size = 0
        self._rest = 0
        self.socket.sendall(self._request * DEPTH)

    def take(self) -> int:
        """Read what is there; return how many answers became whole."""
        got = self.socket.recv(MOST_BYTES)
        assert got, "the server closed the connection"
        self._size = self._size or answer_size(got)
        begins_at = (self._size - self._rest) % self._size
        begin = got[begins_at : begins_at + 12]
        assert b"HTTP/1.1 200".startswith(begin), f"not an answer of that length: {begin!r}"
        whole, self._rest = divmod(self._rest + len(got), self._size)
        if whole:
            self.socket.sendall(self._request * whole)
        return whole


def hammer(port: int, path: str, seconds: float, connections: int) -> int:
    """Return how many whole answers came in ``seconds``."""
    chooser = selectors.DefaultSelector()
    readers = [Reader(port, path) for _ in range(connections)]
    for reader in readers:
        chooser.register(reader.socket, selectors.EVENT_READ, reader)
    count = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        count += sum(key.data.take() for key, _ in chooser.select(0.1))
    for reader in readers:
        reader.socket.close()
    return count


if __name__ == "__main__":
    print(hammer(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])))
