"""``kursliste doctor``: whether an installation is sound, and how to mend what is not.

Every check answers one line; none changes data. What cannot be asked is told as a failure and
never left out.
"""

import shutil
import sqlite3
import ssl
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from sqlalchemy import make_url, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.orm import Session

from kursliste.domain.retention import OVERDUE
from kursliste.infrastructure import clock, migrating
from kursliste.infrastructure.carriers import DeliveryError, carrier_for
from kursliste.infrastructure.database import Database, safe_journal
from kursliste.infrastructure.mailbox import failed_mails, mail_is_stuck
from kursliste.infrastructure.retention import last_walk
from kursliste.infrastructure.shelf import Shelf
from kursliste.publishing.verifying import verify
from kursliste.settings import Settings

LEAST_FREE: Final = 0.2
OLDEST_BACKUP: Final = timedelta(hours=26)
"""A nightly backup and two hours of delay."""

WRONG_CLOCK: Final = timedelta(seconds=5)
TIMEOUT_S: Final = 10
HEADERS: Final = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "X-Frame-Options",
)
MEGABYTE: Final = 1024**2
FEWEST_SIGNS: Final = 12
"""A secret that somebody typed has fewer different signs than one drawn at random."""

WELL: Final[tuple[list[tuple[str, ...]], ...]] = ([], [("ok",)])

WHAT_TO_DO: Final = (
    "Halten Sie das Programm an, heben Sie die Datei auf und stellen Sie die letzte Sicherung in "
    "einer leeren Datenbank wieder her: docs/operations.md, „When the database is damaged“."
)
DAMAGED: Final = f"Die Datei ist beschädigt. {WHAT_TO_DO}"
DANGLING: Final = f"Verweise führen ins Leere. {WHAT_TO_DO}"


class Health(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """What one check found; ``told`` says how to mend it where it is not well."""

    check: str
    health: Health
    told: str

    def as_dict(self) -> dict[str, str]:
        """Return the finding as JSON holds it."""
        return {name: str(value) for name, value in asdict(self).items()}


def examine(settings: Settings, *, backups: Path | None, url: str) -> Iterator[Finding]:
    """Check an installation part by part; ``backups`` is the folder of the archives.

    ``url`` is where people reach it; both are left out where they are not given.
    """
    yield _python()
    yield from _configuration(settings)
    yield from _guarded("Migrationen", lambda: iter([_revision(settings)]))
    database = Database(settings.database_url)
    try:
        yield from _guarded("Datenbank", lambda: _database(database))
        yield from _guarded("Ablage", lambda: _shelf(database, settings))
    finally:
        database.dispose()
    yield from _space(settings)
    yield _mail_server(settings)
    if backups is not None:
        yield _backup(backups)
    if url:
        yield from _site(url)


def _found(check: str, told: str, *, bad: bool, remedy: str, grave: bool = True) -> Finding:
    """Return what a check found: ``told`` where all is well, else what to do about it."""
    if not bad:
        return Finding(check, Health.OK, told)
    return Finding(check, Health.FAILED if grave else Health.WARNING, remedy)


def _guarded(check: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except (SQLAlchemyError, sqlite3.Error, OSError, migrating.MigrationError) as error:
        cause = error.__cause__ or error
        why = str(cause).strip().splitlines()[0]
        is_damaged = type(cause) is sqlite3.DatabaseError  # no lock, no full disk: those are others
        yield Finding(
            check, Health.FAILED, DAMAGED if is_damaged else f"Die Prüfung ging nicht: {why}"
        )


def _python() -> Finding:
    return Finding("Python", Health.OK, f"{sys.version.split()[0]}")


def _configuration(settings: Settings) -> Iterator[Finding]:
    if settings.demo:
        yield Finding("Demo", Health.WARNING, "Die Demo ist an. Im Betrieb: KURSLISTE_DEMO=0.")
    yield _found(
        "Adresse",
        settings.base_url,
        bad=not settings.base_url.startswith("https://"),
        remedy=f"{settings.base_url} ist nicht verschlüsselt. Setzen Sie "
        "KURSLISTE_BASE_URL=https://…",
        grave=False,
    )
    yield _found(
        "Geheimer Schlüssel",
        f"{len(settings.secret_key)} Zeichen",
        bad=len(set(settings.secret_key)) < FEWEST_SIGNS,
        remedy="KURSLISTE_SECRET_KEY fehlt oder ist zu einfach. Nehmen Sie 48 zufällige Zeichen.",
    )
    known = settings.openid
    if known and settings.second_factor and not (known.acr or known.asks_two_factors):
        yield Finding(
            "Konto der Behörde",
            Health.WARNING,
            "Wer sich damit anmeldet, gibt danach noch den Code der App ein. Verlangt die Behörde "
            "selbst zwei Faktoren, setzen Sie KURSLISTE_OIDC_ACR oder "
            "KURSLISTE_OIDC_SECOND_FACTOR=1.",
        )
    if not settings.second_factor:
        yield Finding(
            "Zweiter Schritt",
            Health.WARNING,
            "Koordination und Verwaltung melden sich ohne App an (KURSLISTE_SECOND_FACTOR=0).",
        )


def _revision(settings: Settings) -> Finding:
    try:
        migrating.check(settings.database_url)
    except migrating.MigrationError as error:
        return Finding("Migrationen", Health.FAILED, str(error))
    return Finding("Migrationen", Health.OK, f"Stand {migrating.head()}")


def _database(database: Database) -> Iterator[Finding]:
    with database.session(readonly=True) as session:
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        yield from _sqlite(session) if is_sqlite else _postgresql(session)
        yield from _outbox(session)
        yield _retention(session)


def _sqlite(session: Session) -> Iterator[Finding]:
    journal = session.execute(text("PRAGMA journal_mode")).scalar_one()
    wanted, _ = safe_journal(sqlite3.sqlite_version_info)
    told = f"Version {sqlite3.sqlite_version}, Journal {journal}"
    remedy = f"{told}; nötig ist {wanted}. Starten Sie das Programm neu."
    yield _found("SQLite", told, bad=journal != wanted, remedy=remedy)
    for name, remedy in (("quick_check", DAMAGED), ("foreign_key_check", DANGLING)):
        try:
            rows = [tuple(row) for row in session.execute(text(f"PRAGMA {name}"))]
        except DatabaseError:  # so damaged that SQLite does not get to the end of looking
            rows = [("malformed",)]
        yield _found(f"SQLite {name}", "in Ordnung", bad=rows not in WELL, remedy=remedy)


def _postgresql(session: Session) -> Iterator[Finding]:
    for setting, remedy in (
        ("fsync", "Bei Stromausfall gehen Daten verloren. Setzen Sie fsync = on."),
        ("full_page_writes", "Setzen Sie full_page_writes = on."),
        ("synchronous_commit", "Bestätigte Meldungen können verloren gehen. Setzen Sie on."),
    ):
        value = session.execute(text(f"SHOW {setting}")).scalar_one()
        yield _found(f"PostgreSQL {setting}", value, bad=value == "off", remedy=remedy)
    powerful = session.execute(
        text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).scalar_one()
    yield _found(
        "PostgreSQL Rolle",
        "ohne besondere Rechte",
        bad=powerful,
        remedy="Die Rolle darf alles. Legen Sie eine ohne SUPERUSER an.",
        grave=False,
    )
    there: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    off = abs(there - clock.now())
    yield _found(
        "Uhr",
        "wie die der Datenbank",
        bad=off > WRONG_CLOCK,
        remedy=f"Sie weicht {off.total_seconds():.0f} s von der Uhr der Datenbank ab. Richten Sie "
        "NTP ein.",
    )


def _outbox(session: Session) -> Iterator[Finding]:
    yield _found(
        "Postausgang",
        "nichts wartet zu lange",
        bad=mail_is_stuck(session),
        remedy="E-Mails warten seit über einer Stunde. Läuft „kursliste tick“ oder „serve "
        "--scheduler“?",
    )
    failed = failed_mails(session)
    if failed:
        yield Finding(
            "Gescheiterte E-Mails", Health.WARNING, f"{failed}; siehe /verwaltung/postausgang"
        )


def _retention(session: Session) -> Finding:
    last = last_walk(session)
    told = f"zuletzt am {last:%d.%m.%Y um %H:%M} UTC" if last else "noch nie vollständig"
    return _found(
        "Löschfristen",
        told,
        bad=last is None or last < clock.now() - OVERDUE,
        remedy=f"Gelöscht wurde {told}. Läuft „kursliste tick“ oder „serve --scheduler“? Was "
        "scheitert, steht mit „retention failed“ im Log.",
        grave=False,
    )


def _shelf(database: Database, settings: Settings) -> Iterator[Finding]:
    shelf = Shelf(settings.shelf)
    yield _found(
        "Ablage",
        "beschreibbar",
        bad=not shelf.is_writable(),
        remedy="Es lässt sich nichts ablegen. Prüfen Sie KURSLISTE_SHELF.",
    )
    with database.session(readonly=True) as session:
        result = verify(session, shelf, repair=False)
    wrong = [*result.broken, *result.altered]
    yield _found(
        "Veröffentlichte Dateien",
        f"{result.checked} geprüft, alle Prüfsummen stimmen",
        bad=bool(wrong),
        remedy=f"{len(wrong)} stimmen nicht, zuerst {next(iter(wrong), '')}. „kursliste verify "
        "--repair“ baut sie neu.",
    )


def _space(settings: Settings) -> Iterator[Finding]:
    folders = {"Ablage": settings.shelf} if isinstance(settings.shelf, Path) else {}
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        folders["Datenbank"] = Path(url.database or "").parent
    for name, folder in folders.items():
        if not folder.exists():
            yield Finding(f"Platz {name}", Health.FAILED, f"Den Ordner {folder} gibt es nicht.")
            continue
        use = shutil.disk_usage(folder)
        told = f"{use.free // MEGABYTE} MB frei von {use.total // MEGABYTE} MB"
        yield _found(
            f"Platz {name}",
            told,
            bad=use.free < LEAST_FREE * use.total,
            remedy=f"{told}: weniger als ein Fünftel.",
            grave=False,
        )


def _mail_server(settings: Settings) -> Finding:
    try:
        carrier_for(settings).greet()
    except DeliveryError as error:
        return Finding("Mailserver", Health.FAILED, f"{error}. Prüfen Sie KURSLISTE_MAIL.")
    return Finding("Mailserver", Health.OK, "antwortet")


def _backup(folder: Path) -> Finding:
    found = [one for one in folder.glob("*") if one.is_file() and not one.name.startswith(".")]
    if not found:
        return Finding("Sicherung", Health.FAILED, f"In {folder} liegt keine. „kursliste backup“.")
    newest = max(found, key=lambda one: one.stat().st_mtime)
    age = clock.now().timestamp() - newest.stat().st_mtime
    told = f"{newest.name}, {age / 3600:.0f} Stunden alt"
    return _found("Sicherung", told, bad=age > OLDEST_BACKUP.total_seconds(), remedy=told)


def _site(url: str) -> Iterator[Finding]:
    if urlsplit(url).scheme not in {"http", "https"}:
        yield Finding("Website", Health.FAILED, f"„{url}“ ist keine Adresse einer Website.")
        return
    try:
        with urlopen(url.rstrip("/") + "/gesund", timeout=TIMEOUT_S) as answer:  # noqa: S310 -- http(s) only, typed by the operator
            headers = {name.lower() for name in answer.headers}
    except ssl.SSLError as error:
        yield Finding("Website", Health.FAILED, f"Das Zertifikat gilt nicht: {error.reason}")
        return
    except (HTTPError, URLError, TimeoutError) as error:
        why = getattr(error, "reason", error)
        yield Finding("Website", Health.FAILED, f"{url} antwortet nicht: {why}")
        return
    yield Finding("Website", Health.OK, f"{url} antwortet")
    wanted = [*HEADERS]
    if url.startswith("https://"):
        wanted.append("Strict-Transport-Security")
    missing = [name for name in wanted if name.lower() not in headers]
    yield _found(
        "Kopfzeilen",
        "vollständig",
        bad=bool(missing),
        remedy=f"Es fehlen: {', '.join(missing)}. Ein Server davor entfernt sie.",
    )
