"""The shipped configuration of nginx, made to run here without rights and without TLS."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).parents[2] / "docs" / "nginx.conf.example"
PROGRAM: Final = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
FRAME: Final = """
{user}
daemon off;
pid {work}/nginx.pid;
error_log {work}/error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {work}/client;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
{rest}
}}
"""


def configured(work: Path, *, port: int, behind: int) -> Path:
    """Write the shipped configuration for a server on ``port`` before one on ``behind``.

    Everything else stays as it is shipped.
    """
    text = SHIPPED.read_text(encoding="utf-8")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    text = text.replace("/var/cache/nginx/kursliste", f"{work}/cache")
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    text = re.sub(r"    listen 80;", f"    listen unix:{work}/plain.sock;", text)
    text = re.sub(r"    ssl_certificate.*\n", "", text)
    return framed(work, text)


def framed(work: Path, text: str) -> Path:
    """Write a configuration whose ``http`` block has this text."""
    path = work / "nginx.conf"
    path.write_text(FRAME.format(work=work, rest=text, user=_user()), encoding="utf-8")
    return path


def _user() -> str:
    """Root would give the work to somebody who cannot read the folders of a test."""
    return "user root;" if os.geteuid() == 0 else ""


def check(path: Path) -> str:
    """Return what nginx says about a configuration; raises CalledProcessError if it is wrong."""
    assert PROGRAM
    done = subprocess.run(
        [PROGRAM, "-t", "-c", path, "-e", path.parent / "error.log"],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stderr


@contextmanager
def running(path: Path) -> Iterator[int]:
    """Run nginx and yield the id of its process."""
    assert PROGRAM
    command = [PROGRAM, "-c", str(path), "-e", str(path.parent / "error.log")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            yield server.pid
        finally:
            server.terminate()
