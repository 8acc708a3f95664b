"""Starting the web server: granian in a process of its own, the scheduler beside it."""

import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from ipaddress import ip_address
from types import FrameType
from typing import Final

from kursliste.infrastructure.scheduler import Scheduler

GRACE_S: Final = 15
TARGET: Final = "kursliste.app:from_environment"


class AddressTakenError(Exception):
    """Something else listens there already."""


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a server on ``host``."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_free(host: str, port: int) -> None:
    """Raise AddressTakenError before a server that cannot listen is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressTakenError(f"{host}:{port}") from error


def serve(
    host: str, port: int, *, workers: int, environment: Mapping[str, str], job: Scheduler | None
) -> int:
    """Run granian until it ends or somebody stops us; return its exit status (0 after a stop)."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
        TARGET,
    ]
    server = subprocess.Popen(  # noqa: S603 -- our own server
        command, env=dict(environment), start_new_session=True
    )
    stopped = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        server.terminate()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    if job is not None:
        job.start()
    status = server.wait()
    if job is not None:
        job.stop()
    return 0 if stopped else status
