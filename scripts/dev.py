"""The two commands of the README, from a fresh machine on; standard library only.

``run`` sets up what the program needs and starts it; ``test`` sets up what the tests need, looks
at the code and runs all tests. Packages come from lock files with hashes. What is in place is not
done again: a mark in ``.venv`` holds the hash of everything that the set-up depends on.
"""

from __future__ import annotations  # an old Python must get far enough to say that it is too old

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
OLDEST = (3, 11)
CHROMIUM_PLACES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LINTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    ("rules", ("-m", "ruff", "check", "--quiet", ".")),
    ("types", ("-m", "mypy")),
    ("imports", ("-c", "from importlinter.cli import lint_imports_command as main; main()")),
    ("licences", ("-m", "reuse", "lint", "--quiet")),
)
# The gates of ARCHITECTURE.md, chapter Tests.
TESTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("tests", ("-m", "pytest", "-n", "2", "--cov", "--cov-report=")),
    ("coverage", ("-m", "coverage", "report", "--fail-under=95")),
    (
        "coverage of the rules",
        (
            *("-m", "coverage", "report", "--fail-under=100"),
            "--include=kursliste/domain/*,kursliste/*/actions.py,kursliste/*/queries.py",
        ),
    ),
)
USAGE = "usage: python3 scripts/dev.py run|test|lint|setup [arguments]"


def main(arguments: Sequence[str]) -> int:
    """Run one of the commands and return its exit status."""
    command, rest = (arguments[0] if arguments else ""), list(arguments[1:])
    if command not in COMMANDS:
        print(USAGE, file=sys.stderr)
        return 2
    if sys.version_info < OLDEST:
        return _fail(f"Python {OLDEST[0]}.{OLDEST[1]} oder neuer ist nötig, dies ist {_version()}.")
    try:
        set_up("run" if command == "run" else "test")
        return COMMANDS[command](rest)
    except subprocess.CalledProcessError as failed:
        return _fail(f"Fehlgeschlagen: {' '.join(str(part) for part in failed.cmd)}")
    except KeyboardInterrupt:
        return 130


def run(rest: list[str]) -> int:
    """Start the program; its own Ctrl-C handling decides how it ends."""
    command = [str(PYTHON), "-m", "kursliste", "run", *rest]
    if not WINDOWS:
        os.chdir(ROOT)
        os.execv(command[0], command)  # signals reach the program itself
    child = subprocess.Popen(command, cwd=ROOT)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # the program got it too, and shuts down


def test(rest: list[str]) -> int:
    """All checks and all tests; with arguments only the tests that they name."""
    chromium()
    if rest:
        return _call("-m", "pytest", *rest)
    return lint(rest) or _first_failure(TESTS)


def lint(_rest: list[str]) -> int:
    """Everything that needs no test run; all of it, even if the first finds something."""
    return max(_step(name, command) for name, command in LINTERS)


def only_set_up(_rest: list[str]) -> int:
    """Nothing more than what every command does first."""
    return 0


def set_up(kind: str) -> None:
    """Make ``.venv`` hold exactly the locked packages of ``kind`` (``run`` or ``test``)."""
    lock = ROOT / "requirements" / f"{kind}.txt"
    wanted = _fingerprint(lock)
    # What tests need includes what running needs.
    marks = [VENV / f".ready-{name}" for name in dict.fromkeys((kind, "test"))]
    if PYTHON.exists() and any(m.exists() and _is_current(m) for m in marks):
        return
    print(f"Einrichten ({kind}): Pakete aus {lock.relative_to(ROOT)} …", flush=True)
    started = time.monotonic()
    if not PYTHON.exists():
        _make_venv()
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _must(PYTHON, *pip, "--require-hashes", "-r", lock)
    _must(PYTHON, *pip, "--no-deps", "--no-build-isolation", "-e", ROOT)
    (VENV / f".ready-{kind}").write_text(wanted, encoding="ascii")
    print(f"Eingerichtet in {time.monotonic() - started:.0f} s.", flush=True)


def chromium() -> None:
    """Make sure that there is a browser for the tests; root on Debian gets it from apt."""
    named = os.environ.get("KURSLISTE_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise SystemExit(_fail(f"KURSLISTE_CHROMIUM: Die Datei {named} gibt es nicht."))
        return
    if any(shutil.which(name) for name in CHROMIUM_PLACES):
        return
    if not _install_by_apt("chromium"):
        raise SystemExit(
            _fail(
                "Chromium fehlt: das Paket „chromium“ installieren oder KURSLISTE_CHROMIUM setzen."
            )
        )


def _is_current(mark: Path) -> bool:
    kind = mark.name.removeprefix(".ready-")
    lock = ROOT / "requirements" / f"{kind}.txt"
    return mark.read_text(encoding="ascii") == _fingerprint(lock)


def _fingerprint(lock: Path) -> str:
    """Hash of the lock, of what the editable install reads, and of the Python in use."""
    parts = (lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _make_venv() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
    if made.returncode == 0:
        return
    # Debian ships Python without the part that makes environments.
    shutil.rmtree(VENV, ignore_errors=True)
    package = f"python{_version()}-venv"
    if not _install_by_apt(package):
        raise SystemExit(_fail(f"Das Paket „{package}“ fehlt: bitte installieren."))
    _must(sys.executable, "-m", "venv", VENV)


def _install_by_apt(package: str) -> bool:
    """Install as root on Debian; False where that is not possible."""
    if WINDOWS or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installiere das Paket {package} …", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ("apt-get", "-qq", "-o", "Dpkg::Use-Pty=0")
    subprocess.run([*apt, "update"], check=True, env=env, stdout=subprocess.DEVNULL)
    install = [*apt, "install", "-y", "--no-install-recommends", package]
    subprocess.run(install, check=True, env=env, stdout=subprocess.DEVNULL)
    return True


def _first_failure(steps: Sequence[tuple[str, tuple[str, ...]]]) -> int:
    for name, command in steps:
        status = _step(name, command)
        if status:
            return status
    return 0


def _step(name: str, command: Sequence[str]) -> int:
    print(f"--- {name}", flush=True)
    started = time.monotonic()
    status = _call(*command)
    result = "ok" if status == 0 else f"FEHLER ({status})"
    print(f"--- {name}: {result}, {time.monotonic() - started:.1f} s", flush=True)
    return status


def _call(*arguments: str) -> int:
    return subprocess.call([str(PYTHON), *arguments], cwd=ROOT)


def _must(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)


def _version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _fail(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


COMMANDS = {"run": run, "test": test, "lint": lint, "setup": only_set_up}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
