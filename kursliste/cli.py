"""The command line: thin over actions. Status 0 done, 1 failed and says why, 2 wrong usage."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NoReturn

import click
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from kursliste import demo, ticking
from kursliste.administration.disclosure_actions import disclose_person
from kursliste.doctor import Health, examine
from kursliste.domain.calendar import DEFAULT_OPENS_DAY, Month
from kursliste.domain.errors import KurslisteError, NotFoundError, RuleViolationError
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.round import Rhythm
from kursliste.domain.schedule import LIMITS
from kursliste.identity.resealing import reseal_apps
from kursliste.infrastructure import clock, logs, migrating, search_rows, starting
from kursliste.infrastructure.backup import back_up
from kursliste.infrastructure.carriers import carrier_for
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.restoring import restore as restore_archive
from kursliste.infrastructure.scheduler import Scheduler
from kursliste.infrastructure.serving import AddressTakenError, check_free, is_loopback, serve
from kursliste.infrastructure.shelf import Shelf
from kursliste.intake import actions as intake
from kursliste.intake.understanding import to_json
from kursliste.masterdata import actions as masterdata
from kursliste.masterdata import boundary_files, place_files, queries, reference_actions
from kursliste.masterdata.code_tables import install
from kursliste.models.masterdata import CourseList, District, Provider
from kursliste.models.report import Round
from kursliste.publishing import actions as publishing
from kursliste.publishing import queries as editions
from kursliste.publishing.sweeping import sweep
from kursliste.publishing.verifying import verify as verify_files
from kursliste.settings import Settings, SettingsError, child_environment
from kursliste.web import error_words, filters, labels

OPERATOR: Final = Actor.system("Befehlszeile")


class MonthParameter(click.ParamType[Month]):
    """``YYYY-MM`` on the command line."""

    name = "monat"

    def convert(self, value: Any, param: Any, ctx: Any) -> Month:  # noqa: ARG002 -- click's form
        try:
            return value if isinstance(value, Month) else Month.parse(value)
        except ValueError:
            self.fail(f"„{value}“ ist kein Monat. Die Form ist JJJJ-MM, zum Beispiel 2026-12.")


MONTH: Final = MonthParameter()


def _fail(why: str) -> NoReturn:
    click.echo(f"Fehlgeschlagen: {why}", err=True)
    sys.exit(1)


@contextmanager
def _work(*, serving: bool = False) -> Iterator[tuple[Settings, Session]]:
    """Open the configured database for one command, all of it or nothing of it."""
    settings = Settings.from_environment(serving=serving)
    migrating.check(settings.database_url)
    database = Database(settings.database_url)
    try:
        with database.session() as session, transaction(session):
            yield settings, session
    finally:
        database.dispose()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kursliste")
def kursliste() -> None:
    """Führt Kurslisten: Träger melden, Kreise prüfen und veröffentlichen."""


@kursliste.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse, auf der gehört wird")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-demo", is_flag=True, help="ohne Demowelt und ohne Demo-Anmeldung")
def run(host: str, port: int, *, no_demo: bool) -> None:
    """Richtet alles ein und startet, auf einem frischen Rechner mit einer Demowelt."""
    base_url = f"http://{'localhost' if host == 'localhost' else host}:{port}"
    settings = Settings.from_environment(demo=not no_demo)
    logs.configure(settings.log)
    _check_address(settings, host, port)
    install(settings.database_url)
    starting.refuse_unusable(settings)
    if settings.demo:
        _load_demo_if_empty(settings)
    click.echo(demo.welcome(base_url) if settings.demo else f"kursliste läuft auf {base_url}/")
    environment = child_environment(
        KURSLISTE_DEMO="1" if settings.demo else "0",
        KURSLISTE_BASE_URL=settings.base_url if _is_set(settings) else base_url,
    )
    scheduler = Scheduler(lambda: _tick(settings))
    sys.exit(serve(host, port, workers=1, environment=environment, job=scheduler))


def _is_set(settings: Settings) -> bool:
    """Whether somebody configured an address of their own instead of the default."""
    return settings.base_url != Settings.base_url


def _check_address(settings: Settings, host: str, port: int) -> None:
    if settings.demo and not settings.demo_public and not is_loopback(host):
        _fail(
            "Die Demowelt hat Anmeldungen ohne Kennwort und läuft nur auf diesem Rechner. "
            "Mit KURSLISTE_DEMO_PUBLIC=1 lässt sie sich trotzdem freigeben."
        )
    check_free(host, port)


@kursliste.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--scheduler", is_flag=True, help="erledigt nebenher, was fällig ist (tick)")
def serve_command(host: str, port: int, workers: int, *, scheduler: bool) -> None:
    """Startet den Webserver (granian)."""
    settings = Settings.from_environment()
    logs.configure(settings.log)
    starting.refuse_unusable(settings)
    _check_address(settings, host, port)
    job = Scheduler(lambda: _tick(settings)) if scheduler else None
    sys.exit(serve(host, port, workers=workers, environment=child_environment(), job=job))


def _tick(settings: Settings) -> ticking.Done:
    database = Database(settings.database_url)
    try:
        return ticking.tick(
            database,
            carrier_for(settings),
            base_url=settings.base_url,
            sender=settings.mail_from,
            shelf=Shelf(settings.shelf),
            journal_years=settings.journal_years,
        )
    finally:
        database.dispose()


@kursliste.command()
def tick() -> None:
    """Erledigt, was fällig ist: öffnet und schließt Abfragen, erinnert, verschickt Mails."""
    settings = Settings.from_environment()
    migrating.check(settings.database_url)
    starting.check_writable(settings.database_url)
    done = _tick(settings)
    for count, what in (
        (done.opened, "Abfragen geöffnet"),
        (done.closed, "Abfragen abgeschlossen"),
        (done.reminded, "Erinnerungen geschrieben"),
        (done.withdrawn, "Erinnerungen zurückgehalten, die Meldung war schon da"),
        (done.mailed, "Mails zu neuen Ausgaben geschrieben"),
        (done.forgotten, "Zeilen gelöscht, deren Frist um ist"),
    ):
        if count:
            click.echo(f"{count} {what}.")
    click.echo(f"{done.sent} Mails verschickt.")
    if done.failed:
        _fail(f"{done.failed} Dinge sind nicht gelungen. Warum, steht im Protokoll des Programms.")


# ---- database


@kursliste.group()
def db() -> None:
    """Datenbank: Stand der Tabellen."""


@db.command()
def upgrade() -> None:
    """Bringt die Tabellen auf den neuesten Stand und füllt die Codetabellen."""
    install(Settings.from_environment(serving=False).database_url)
    click.echo(f"Die Datenbank hat den Stand {migrating.head()}.")


@db.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Nimmt die Tabellen auf REVISION zurück; „base“ löscht alle Daten."""
    migrating.downgrade(Settings.from_environment(serving=False).database_url, revision)
    click.echo(f"Die Datenbank hat den Stand {revision}.")


@db.command()
def current() -> None:
    """Zeigt den Stand der Tabellen."""
    url = Settings.from_environment(serving=False).database_url
    click.echo(migrating.current(url) or "leer")


@db.command()
def check() -> None:
    """Prüft, ob die Tabellen zu diesem Programm passen."""
    migrating.check(Settings.from_environment(serving=False).database_url)
    click.echo("Die Datenbank passt zu diesem Programm.")


# ---- demo


@kursliste.group("demo")
def demo_group() -> None:
    """Demowelt: drei Kreise mit erfundenen Trägern."""


@demo_group.command("load")
def demo_load() -> None:
    """Lädt die Demowelt in eine leere Datenbank."""
    settings = Settings.from_environment(serving=False)
    install(settings.database_url)
    if not _load_demo_if_empty(settings):
        _fail("Die Datenbank ist nicht leer. Die Demowelt kommt nur in eine leere Datenbank.")
    click.echo("Die Demowelt ist geladen.")


def _load_demo_if_empty(settings: Settings) -> bool:
    database = Database(settings.database_url)
    try:
        with database.session() as session:
            if session.scalar(select(District.id).limit(1)) is not None:
                return False
            click.echo("Die Demowelt wird geladen …")
            demo.load(session, Shelf(settings.shelf))
            return True
    finally:
        database.dispose()


# ---- master data


@kursliste.group()
def district() -> None:
    """Landkreise und kreisfreie Städte."""


@district.command("add")
@click.argument("slug")
@click.option("--ags", required=True, help="Kreisschlüssel, fünf Ziffern, zum Beispiel 14626")
@click.option("--name", required=True, help="zum Beispiel „Landkreis Görlitz“")
@click.option("--state", required=True, help="Land für die Feiertage: SN, ST, TH …")
@click.option("--publisher", default="", help="Herausgeber, steht über der Liste")
def district_add(slug: str, ags: str, name: str, state: str, publisher: str) -> None:
    """Legt einen Kreis an, mit der Liste „deutschkurse“."""
    with _work() as (_settings, session):
        masterdata.set_up_district(
            session,
            District(slug=slug, ags=ags, name=name, state=state.upper(), publisher=publisher),
            actor=OPERATOR,
        )
    click.echo(f"{name} ist angelegt: /kurslisten/{slug}")


def _add_list(session: Session, found: District, slug: str, title: str, **more: Any) -> None:
    course_list = CourseList(district_id=found.id, slug=slug, title=title, **more)
    masterdata.add_course_list(session, course_list, actor=OPERATOR)


@kursliste.group("list")
def list_group() -> None:
    """Kurslisten eines Kreises."""


@list_group.command("add")
@click.argument("district_slug")
@click.argument("slug")
@click.option("--title", required=True)
@click.option(
    "--rhythm",
    default=Rhythm.MONTHLY.value,
    show_default=True,
    type=click.Choice([rhythm.value for rhythm in Rhythm]),
    help="wie oft gefragt wird",
)
@click.option(
    "--opens-day",
    default=DEFAULT_OPENS_DAY,
    show_default=True,
    type=click.IntRange(*LIMITS["opens_day"]),
    help="Tag des Vormonats, an dem die Abfrage öffnet",
)
@click.option(
    "--due-working-days",
    default=0,
    show_default=True,
    type=click.IntRange(*LIMITS["due_working_days"]),
    help="Meldeschluss: so viele Arbeitstage vor dem letzten Arbeitstag des Vormonats",
)
@click.option("--no-reminders", is_flag=True, help="schickt keine Erinnerungen")
def list_add(
    district_slug: str, slug: str, title: str, rhythm: str, *, no_reminders: bool, **days: Any
) -> None:
    """Legt im Kreis DISTRICT_SLUG die Liste SLUG an."""
    with _work() as (_settings, session):
        found = queries.district_by_slug(session, district_slug)
        chosen = {"rhythm": Rhythm(rhythm), "reminds": not no_reminders, **days}
        _add_list(session, found, slug, title, **chosen)
    click.echo(f"Die Liste „{title}“ ist angelegt.")


@kursliste.group()
def provider() -> None:
    """Träger."""


@provider.command("add")
@click.argument("name")
@click.option("--district", "district_slug", required=True)
@click.option("--report-email", default="", help="Meldekontakt, wird nicht veröffentlicht")
def provider_add(name: str, district_slug: str, report_email: str) -> None:
    """Legt einen Träger an."""
    with _work() as (_settings, session):
        masterdata.add_provider(
            session,
            Provider(name=name, report_email=report_email),
            district=queries.district_by_slug(session, district_slug),
            actor=OPERATOR,
        )
    click.echo(f"„{name}“ ist angelegt.")


@kursliste.group()
def user() -> None:
    """Personen mit Konto."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--district", "district_slug", default="", help="Kreis der Koordination, Beratung")
@click.option("--provider", "provider_name", default="", help="Träger, für den gemeldet wird")
def user_add(email: str, name: str, role: str, district_slug: str, provider_name: str) -> None:
    """Legt ein Konto an; angemeldet wird mit einem Link per Mail."""
    with _work() as (_settings, session):
        grant = _grant(session, Role(role), district_slug, provider_name)
        masterdata.add_user(session, name=name, email=email, grants=[grant], actor=OPERATOR)
    click.echo(f"{name} kann sich mit {email} anmelden.")


def _grant(session: Session, role: Role, district_slug: str, provider_name: str) -> Grant:
    if role is Role.ADMINISTRATOR:
        return Grant(role)
    if not district_slug:
        raise click.UsageError("Zu dieser Rolle gehört ein Kreis: --district SLUG.")
    found = queries.district_by_slug(session, district_slug)
    if role is not Role.PROVIDER:
        return Grant(role, district_id=found.id)
    for candidate in queries.active_providers(session, found):
        if candidate.name == provider_name:
            return Grant(role, provider_id=candidate.id)
    raise click.UsageError("Zu dieser Rolle gehört ein Träger des Kreises: --provider NAME.")


@kursliste.group("round")
def round_group() -> None:
    """Monatliche Abfragen."""


@round_group.command("open")
@click.argument("district_slug")
@click.argument("month", type=MONTH)
@click.option("--list", "list_slug", default=None, help="Liste, sonst die erste des Kreises")
def round_open(district_slug: str, month: Month, list_slug: str | None) -> None:
    """Öffnet die Abfrage eines Monats und fragt alle Träger."""
    with _work() as (_settings, session):
        found = queries.district_by_slug(session, district_slug)
        course_list = queries.list_of(session, found, list_slug)
        opened: Round = masterdata.open_round(session, course_list, month, actor=OPERATOR)
        due_on = opened.due_on
    click.echo(
        f"Die Abfrage für {labels.shown(month)} ist offen, Meldeschluss {labels.shown(due_on)}."
    )


# ---- lists and editions


@kursliste.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--district", "district_slug", required=True)
@click.option("--month", required=True, type=MONTH)
@click.option("--dry-run", is_flag=True, help="nur lesen und berichten")
@click.option("--json", "json_path", type=click.Path(dir_okay=False, path_type=Path))
def import_list(
    file: Path, district_slug: str, month: Month, *, dry_run: bool, json_path: Path | None
) -> None:
    """Übernimmt eine von Hand geführte Liste (xlsx, csv) als Meldungen des Monats."""
    with _work() as (_settings, session):
        found = queries.district_by_slug(session, district_slug)
        understanding, taken = intake.import_list(
            session,
            course_list=queries.list_of(session, found),
            month=month,
            file_name=file.name,
            data=file.read_bytes(),
            actor=OPERATOR,
            dry_run=dry_run,
        )
    report = to_json(understanding)
    if json_path is not None:
        text = json.dumps(report, ensure_ascii=False, indent=1)
        json_path.write_text(text + "\n", encoding="utf-8")
    _tell(report)
    if taken is not None:
        click.echo(taken.summary())


def _tell(report: dict[str, Any]) -> None:
    """Say row by row what was understood, what not and why."""
    for course in report["courses"]:
        title = course.get("title") or course.get("course_type") or "(ohne Titel)"
        click.echo(f"{course['row']}: {course.get('provider', '(ohne Träger)')} – {title}")
        for warning in course["warnings"]:
            click.echo(f"    Hinweis: {warning['why']}")
    for line in report["not_understood"]:
        value = f"„{line['value']}“"
        click.echo(f"{line['row']}, {line['column']}: {value} nicht verstanden: {line['why']}")
    click.echo(
        f"Kurse: {len(report['courses'])}, andere Zeilen: {len(report['not_courses'])}, "
        f"nicht verstandene Angaben: {len(report['not_understood'])}."
    )


@kursliste.group()
def reference() -> None:
    """Orte und Grenzen: wo ein Ort liegt, welche Kreise Nachbarn sind."""


@reference.command("load-places")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def reference_load_places(file: Path) -> None:
    """Lädt Orte mit Postleitzahl (GeoNames DE.zip oder CSV); vorher geladene werden ersetzt."""
    found = place_files.read_places(file)
    with _work() as (_settings, session):
        courses = reference_actions.load_places(session, list(found.lines.values()), actor=OPERATOR)
    for line in found.refused[: place_files.MOST_TOLD]:
        click.echo(f"Weggelassen: {line}.")
    click.echo(
        f"{len(found.lines)} Orte geladen, {found.repeated} doppelt, "
        f"{len(found.refused)} weggelassen. {courses} aktuelle Kurse neu verortet."
    )


@reference.command("load-boundaries")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--year", type=click.IntRange(1990, 2999), help="Jahr, in dem Sie die Datei bezogen haben"
)
def reference_load_boundaries(file: Path, *, year: int | None) -> None:
    """Lädt Kreisgrenzen (GeoJSON, VG250 des BKG): Nachbarkreise, und Linien für die Karte."""
    found = boundary_files.read_boundaries(file)
    with _work() as (_settings, session):
        pairs = reference_actions.load_boundaries(
            session, found, year=year or clock.today().year, actor=OPERATOR
        )
        known = [(one.name, one.ags) for one in queries.all_districts(session)]
    for name, ags in known:
        if ags not in found.neighbours:
            click.echo(f"{name} ({ags}) steht nicht in der Datei.")
    click.echo(f"{len(found.neighbours)} Kreise geladen, {pairs} Paare von Nachbarn.")


@kursliste.command()
@click.argument("district_slug", metavar="DISTRICT")
@click.argument("list_slug", metavar="LIST")
@click.argument("month", type=MONTH)
@click.option("--reason", default="", help="Grund, wenn eine Ausgabe ersetzt wird")
@click.option("--as", "email", default="", help="E-Mail der Person, die dafür verantwortlich ist")
@click.option("--mail", "mails", is_flag=True, help="schreibt allen, die die Liste bestellt haben")
def publish(
    district_slug: str, list_slug: str, month: Month, *, reason: str, email: str, mails: bool
) -> None:
    """Veröffentlicht die freigegebenen Meldungen eines Monats als Ausgabe."""
    with _work() as (settings, session):
        actor = _person(session, email) if email else OPERATOR
        found = queries.district_by_slug(session, district_slug)
        course_list = queries.list_of(session, found, list_slug)
        newest = editions.newest_number(session, course_list, month)
        edition = publishing.publish_edition(
            session,
            Shelf(settings.shelf),
            course_list=course_list,
            month=month,
            seen_number=newest,
            reason=reason,
            actor=actor,
            mails_readers=mails,
        )
        name = edition.name
    click.echo(f"Die Ausgabe {name} ist veröffentlicht.")


def _person(session: Session, email: str) -> Actor:
    found = queries.user_by_email(session, email.lower())
    if found is None:
        raise click.UsageError(f"Für {email} gibt es kein Konto.")
    return found.as_actor()


@kursliste.command()
@click.option(
    "--repair", is_flag=True, help="baut fehlende und beschädigte Dateien neu, löscht alte Reste"
)
def verify(*, repair: bool) -> None:
    """Prüft jede veröffentlichte Datei gegen ihre Prüfsumme und sucht Reste in der Ablage."""
    settings = Settings.from_environment(serving=False)
    migrating.check(settings.database_url)
    database, shelf = Database(settings.database_url), Shelf(settings.shelf)
    try:
        with database.session(readonly=True) as session:
            result = verify_files(session, shelf, repair=repair)
        swept = sweep(database, shelf, remove=repair)
    finally:
        database.dispose()
    for names, what in (
        (result.repaired, "neu gebaut"),
        (result.broken, "fehlt oder ist beschädigt"),
        (result.altered, "Die gespeicherten Zeilen passen nicht zur Prüfsumme der Ausgabe"),
        (swept.removed, "Rest eines abgebrochenen Versuchs, gelöscht"),
        (swept.left, "gehört zu keiner Ausgabe"),
    ):
        for name in names:
            click.echo(f"{name}: {what}")
    wrong = len(result.broken) + len(result.altered) + len(swept.left)
    click.echo(
        f"{result.checked} Dateien geprüft, {len(result.repaired)} neu gebaut, "
        f"{len(swept.removed)} gelöscht, {wrong} nicht in Ordnung."
    )
    if wrong:
        sys.exit(1)


@kursliste.group("person")
def person_group() -> None:
    """Was über eine Person gespeichert ist."""


@person_group.command("export")
@click.argument("email")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def person_export(email: str, file: Path) -> None:
    """Schreibt alles, was über die Person mit dieser Adresse gespeichert ist, in eine Datei."""
    if file.exists():
        _fail(f"{file} gibt es schon. Nehmen Sie einen anderen Namen.")
    with _work() as (_settings, session):
        found = queries.user_by_email(session, email.strip().lower())
        if found is None:
            _fail(f"Für {email} gibt es kein Konto.")
        told = disclose_person(session, found, actor=OPERATOR)
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    count = sum(map(len, told["held"].values()))
    click.echo(
        f"{file}: {count} Zeilen aus {len(told['held'])} Tabellen. Lesen Sie die Datei, bevor Sie "
        "sie weitergeben: In Texten können auch andere Personen stehen."
    )


@kursliste.command()
def reseal() -> None:
    """Versiegelt die Schlüssel aller Apps mit dem neuen KURSLISTE_SECRET_KEY."""
    with _work(serving=True) as (settings, session):
        found = reseal_apps(session, secret_keys=settings.secret_keys)
    if found.unreadable:
        _fail(
            f"{found.sealed} neu versiegelt. {found.unreadable} ließen sich mit keinem Schlüssel "
            "öffnen: Fehlt einer in KURSLISTE_OLD_SECRET_KEYS?"
        )
    click.echo(
        f"{found.sealed} neu versiegelt, {found.kept} waren es schon. Die alten Schlüssel in "
        "KURSLISTE_OLD_SECRET_KEYS braucht niemand mehr."
    )


HEALTH: Final = {Health.OK: "gut    ", Health.WARNING: "Hinweis", Health.FAILED: "FEHLER "}


@kursliste.command()
@click.option(
    "--backups", type=click.Path(file_okay=False, path_type=Path), help="Ordner der Sicherungen"
)
@click.option("--url", default="", help="Adresse, unter der Menschen die Seiten erreichen")
@click.option("--json", "as_json", is_flag=True, help="für Programme")
def doctor(backups: Path | None, url: str, *, as_json: bool) -> None:
    """Prüft die ganze Installation und sagt, wie zu beheben ist, was nicht stimmt."""
    settings = Settings.from_environment(serving=False)
    found = list(examine(settings, backups=backups, url=url))
    if as_json:
        click.echo(json.dumps([one.as_dict() for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            click.echo(f"{HEALTH[one.health]}  {one.check}: {one.told}")
    if any(one.health is Health.FAILED for one in found):
        sys.exit(1)


@kursliste.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Sichert Datenbank und veröffentlichte Dateien in eine Datei, im laufenden Betrieb."""
    settings = Settings.from_environment(serving=False)
    found = back_up(settings.database_url, Shelf(settings.shelf), file)
    megabytes = file.stat().st_size / 1024**2
    click.echo(
        f"{file}: {found.rows} Zeilen und {len(found.files)} Dateien gesichert, "
        f"{megabytes:.1f} MB. Die Sicherung enthält Namen und Adressen: Verwahren Sie sie sicher."
    )


@kursliste.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Stellt eine Sicherung in eine leere Datenbank und Ablage wieder her und prüft sie."""
    settings = Settings.from_environment(serving=False)
    shelf = Shelf(settings.shelf)
    found = restore_archive(file, settings.database_url, shelf)
    database = Database(settings.database_url)
    try:
        with database.session() as session, transaction(session):
            search_rows.reindex(session, search_rows.lists_out_of_step(session))
        with database.session(readonly=True) as session:
            result = verify_files(session, shelf, repair=False)
    finally:
        database.dispose()
    click.echo(
        f"{found.rows} Zeilen und {len(found.files)} Dateien wiederhergestellt, "
        f"Stand der Sicherung: {filters.instant(datetime.fromisoformat(found.created_at))}."
    )
    for name in (*result.broken, *result.altered):
        click.echo(f"{name}: passt nicht zur Prüfsumme")
    if result.broken or result.altered:
        sys.exit(1)
    click.echo(f"{result.checked} Dateien geprüft, alle in Ordnung. Alle müssen sich neu anmelden.")


@kursliste.command()
@click.option("--size", type=click.Choice(["small", "country"]), default="small")
@click.option("--json", "json_path", type=click.Path(dir_okay=False))
def bench(size: str, json_path: str | None) -> None:
    """Misst die Werte aus SPEED.md; braucht einen Arbeitsordner mit benchmarks/."""
    root = Path(__file__).resolve().parent.parent
    if not (root / "benchmarks").is_dir():
        _fail("Die Messungen liegen nur im Quelltext, im Ordner benchmarks/.")
    extra = ["--json", str(Path(json_path).resolve())] if json_path else []
    command = [sys.executable, "-m", "benchmarks", "--size", size, *extra]
    sys.exit(subprocess.call(command, cwd=root))  # noqa: S603 -- our own module


def main() -> None:
    """Run a command; what goes wrong on purpose is one German line and status 1."""
    try:
        kursliste()
    except RuleViolationError as error:
        _fail(error_words.message(error))
    except NotFoundError as error:
        _fail(f"Nicht gefunden: {error}")
    except AddressTakenError as error:
        _fail(f"Auf {error} läuft schon etwas. Mit --port lässt sich ein anderer Port wählen.")
    except (KurslisteError, SettingsError, migrating.MigrationError) as error:
        _fail(str(error))
    except DatabaseError as error:
        if type(error) not in {DatabaseError, OperationalError}:
            raise  # a broken rule of the database is a mistake of ours
        _fail(f"Die Datenbank antwortet nicht: {migrating.first_line(error)}.")
