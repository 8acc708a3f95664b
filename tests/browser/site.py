"""A whole kursliste of its own for the browser: demo database, granian, folder of mails."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from kursliste.settings import child_environment

STARTS_WITHIN_S = 40
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Site:
    """A running kursliste; ``run`` gives commands to it as its operator would."""

    base_url: str
    folder: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str) -> None:
        """Run a command of kursliste against this site's database."""
        command = [sys.executable, "-m", "kursliste", *arguments]
        subprocess.run(command, env=dict(self.environment), cwd=ROOT, check=True, timeout=100)

    def mails(self, address: str) -> list[EmailMessage]:
        """Send what waits; return every mail to ``address``, oldest first."""
        self.run("tick")
        found = []
        for path in sorted((self.folder / "mail").glob("*.eml"), key=lambda p: p.stat().st_mtime):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(message, EmailMessage)
            if address in str(message["To"]):
                found.append(message)
        return found


@contextmanager
def running(
    database_url: str,
    folder: Path,
    *,
    template: Path | None = None,
    page_cache: int = 0,
    **variables: str,
) -> Iterator[Site]:
    """Load the demo world and serve it until the block ends.

    Pages are never from memory, unless ``page_cache`` says for how many seconds; ``variables`` are
    further ones of its environment.

    ``template`` is the folder of a demo world on SQLite that was loaded before: copying it is much
    faster than living through the months again.
    """
    port = _free_port()
    base_url = f"http://127.0.0.1:{port}"
    environment = child_environment(
        KURSLISTE_DATABASE_URL=database_url,
        KURSLISTE_SECRET_KEY="not-secret-only-for-tests-0123456789",
        KURSLISTE_BASE_URL=base_url,
        KURSLISTE_SHELF=str(folder / "exports"),
        KURSLISTE_MAIL=f"file:{folder}/mail",
        KURSLISTE_DEMO="1",
        KURSLISTE_PAGE_CACHE=str(page_cache),
        **variables,
    )
    site = Site(base_url, folder, environment)
    if template is None:
        site.run("demo", "load")
    else:
        shutil.copytree(template, folder, dirs_exist_ok=True)
    command = [sys.executable, "-m", "kursliste", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=dict(environment), cwd=ROOT)
    try:
        _wait_for(f"{base_url}/bereit", server)
        yield site
    finally:
        server.terminate()
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < give_up:
        assert server.poll() is None, "the server ended"
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer")
