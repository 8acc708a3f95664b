"""People with a slow line, or with bad intent, keep nobody else waiting (SECURITY.md, X29).

Slow heads are our server's own matter. A body that comes slowly holds one of its threads, so nginx
stands in front and hands on whole requests only (docs/operations.md); the second test is the
control, and says why.
"""

import http.client
import socket
import time
from contextlib import ExitStack

import pytest

from benchmarks.submitting import serving

SLOW = 24
PATIENCE_S = 3
HEAD = b"%s /anmelden HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
BODY = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\nemail="

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine_name", ["sqlite"])]


def page(port):
    """Ask for a page; return its status, None if it did not come within our patience."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        line.request("GET", "/anmelden")
        return line.getresponse().status
    except TimeoutError:
        return None
    finally:
        line.close()


def half_a_request(port, text):
    line = socket.create_connection(("127.0.0.1", port))
    line.sendall(text)
    return line


def page_beside(port, text):
    """Ask for a page while many have sent half a request."""
    with ExitStack() as slow:
        for _ in range(SLOW):
            slow.enter_context(half_a_request(port, text))
        time.sleep(0.3)
        return page(port)


def test_who_sends_a_head_slowly_keeps_nobody_waiting(database_url):
    with serving(database_url) as port:
        assert page(port) == 200
        assert page_beside(port, HEAD % (b"GET", port)) == 200


@pytest.mark.nightly
def test_a_body_that_comes_slowly_holds_a_thread_as_long_as_it_comes(database_url):
    with serving(database_url) as port:
        assert page(port) == 200
        assert page_beside(port, HEAD % (b"POST", port) + BODY) is None
        assert page(port) == 200  # when they hang up everything goes on
