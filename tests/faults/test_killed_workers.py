"""A worker that the system kills, for want of memory say, is not the end (X30, X31)."""

import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import make_url

from benchmarks.submitting import serving
from kursliste.settings import child_environment
from tests.faults.mail_servers import closed_port

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
    pytest.mark.parametrize("engine_name", ["sqlite"]),
]
SERVICE = Path(__file__).parents[2] / "deploy" / "kursliste.service"
PATIENCE_S = 30


def descendants(pid):
    """Return all processes below one, each after its parent."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            found += [int(child), *descendants(int(child))]
    return found


def wait_for(port):
    """Wait until the server answers."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/bereit", timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError("no server")


def test_a_server_whose_worker_was_killed_fails_and_is_started_anew(database_url, tmp_path):
    """It does not live on without workers: systemd hears of it and starts it after two seconds."""
    port = closed_port()
    environment = child_environment(
        KURSLISTE_DATABASE_URL=database_url,
        KURSLISTE_SECRET_KEY=secrets.token_urlsafe(32),
        KURSLISTE_BASE_URL=f"http://127.0.0.1:{port}",
        KURSLISTE_SHELF=f"{tmp_path}/exports",
        KURSLISTE_MAIL=f"file:{tmp_path}/mail",
    )
    command = [sys.executable, "-m", "kursliste", "serve", "--port", str(port), "--workers", "2"]
    server = subprocess.Popen(command, env=environment, cwd=SERVICE.parents[1])
    try:
        wait_for(port)
        os.kill(descendants(server.pid)[-1], signal.SIGKILL)
        assert server.wait(PATIENCE_S) != 0
    finally:
        server.terminate()
        server.wait(PATIENCE_S)
    text = SERVICE.read_text(encoding="utf-8")
    assert "Restart=on-failure" in text
    with serving(database_url):
        pass  # it waited until the new one was ready
    with closing(sqlite3.connect(make_url(database_url).database or "")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
