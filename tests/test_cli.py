"""The command line as a script sees it: output, exit status, and what is in the database after."""

import json
import os
import socket
import sys
import time
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from kursliste import cli
from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Role
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import Rhythm
from kursliste.infrastructure import migrating
from kursliste.infrastructure.sealing import seal, unsealed_or_none
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import (
    CourseList,
    District,
    Edition,
    Membership,
    OutgoingMail,
    Provider,
    Report,
    Round,
    SecondFactor,
    User,
)
from tests.builders import (
    a_coordinator,
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_round,
)
from tests.publishing.scene import a_scene
from tests.readers.scenes import a_reader

LIST = """Träger;Kursart;Titel;Niveau bis;Beginn;Ende;Tage;Zeit von;Zeit bis;PLZ;Ort;Telefon
VHS Muster;IK-ALLG;Kurs am Morgen;B1;07.09.2026;30.04.2027;Mo,Di;08:30;12:45;02826;Görlitz;03581 1
VHS Muster;VHS-DAF;Kurs am Abend;A2;01.02.2027;30.06.2027;Do;17:30;19:00;02826;Görlitz;03581 1
"""


@pytest.fixture
def run(database_url, tmp_path, monkeypatch, session):
    """Run ``kursliste`` as a person would; returns status and output."""
    monkeypatch.chdir(tmp_path)
    variables = {
        "KURSLISTE_DATABASE_URL": database_url,
        "KURSLISTE_SECRET_KEY": "only-for-tests-0123456789-0123456789",
        "KURSLISTE_MAIL": "file:mail",
        "KURSLISTE_SHELF": "exports",
        "KURSLISTE_BASE_URL": "http://localhost",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    # Without a real command in argv, main() is what people run: errors become one line.
    runner = CliRunner()

    def call(*arguments):
        session.commit()
        monkeypatch.setattr(sys, "argv", ["kursliste", *map(str, arguments)])
        with runner.isolation() as (out, err, _both):
            status = _status_of_main()
            return status, out.getvalue().decode() + err.getvalue().decode()

    return call


def _status_of_main():
    try:
        cli.main()
    except SystemExit as end:
        return end.code or 0
    return 0


def test_a_list_is_added_with_its_dates(run, session):
    district = a_district(session)
    added = ("list", "add", "goerlitz")
    assert run(*added, "eins", "--title", "Eins")[0] == 0
    chosen = ("--rhythm", "quarterly", "--opens-day", "5", "--due-working-days", "2")
    assert run(*added, "zwei", "--title", "Zwei", *chosen, "--no-reminders")[0] == 0
    for bad in (
        ("--opens-day", "32"),
        ("--due-working-days", "16"),
        ("--rhythm", "weekly"),
    ):
        assert run(*added, "drei", "--title", "Drei", *bad)[0] == 2
    query = select(CourseList).where(CourseList.district_id == district.id)
    assert [
        (found.slug, found.rhythm, found.opens_day, found.due_working_days, found.reminds)
        for found in session.scalars(query.order_by(CourseList.id))
    ] == [
        ("eins", Rhythm.MONTHLY, 20, 0, True),
        ("zwei", Rhythm.QUARTERLY, 5, 2, False),
    ]


def test_a_district_with_its_people_is_set_up_without_the_web(run, session):
    assert (
        run(
            "district",
            "add",
            "goerlitz",
            "--ags",
            "14626",
            "--name",
            "Landkreis Görlitz",
            "--state",
            "sn",
        )[0]
        == 0
    )
    assert run("list", "add", "goerlitz", "beratung", "--title", "Beratung")[0] == 0
    assert run("provider", "add", "VHS Muster", "--district", "goerlitz")[0] == 0
    for email, role, more in (
        ("k@example.org", "coordinator", ("--district", "goerlitz")),
        ("t@example.org", "provider", ("--district", "goerlitz", "--provider", "VHS Muster")),
        ("a@example.org", "administrator", ()),
    ):
        status, output = run("user", "add", email, "--name", "X", "--role", role, *more)
        assert (status, email in output) == (0, True)
    status, output = run("round", "open", "goerlitz", "2026-12")
    assert (status, "Meldeschluss 30.11.2026" in output) == (0, True)

    district = session.scalars(select(District)).one()
    assert (district.slug, district.state) == ("goerlitz", "SN")
    lists = session.scalars(select(CourseList.slug).order_by(CourseList.id)).all()
    assert lists == ["deutschkurse", "beratung"]
    roles = session.scalars(select(Membership.role).order_by(Membership.id)).all()
    assert roles == [Role.COORDINATOR, Role.PROVIDER, Role.ADMINISTRATOR]
    assert session.scalars(select(Report.provider_id)).all() == [
        session.scalars(select(Provider.id)).one()
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("provider", "add", "X", "--district", "nirgends"), "Nicht gefunden"),
        (("round", "open", "nirgends", "2026-12"), "Nicht gefunden"),
        (("publish", "goerlitz", "deutschkurse", "2026-12"), "Nicht gefunden"),
        (("user", "add", "kein-at", "--name", "X", "--role", "administrator"), "kein-at"),
        (
            ("district", "add", "goerlitz", "--ags", "14626", "--name", "G", "--state", "SN"),
            "14626",
        ),
    ],
)
def test_what_goes_wrong_is_one_line_and_status_1(run, session, arguments, words):
    a_district(session)
    status, output = run(*arguments)
    assert status == 1
    assert output.startswith("Fehlgeschlagen: ")
    assert len(output.splitlines()) == 1
    assert words in output


@pytest.mark.parametrize(
    "arguments",
    [
        ("round", "open", "goerlitz", "2026-13"),
        ("user", "add", "k@example.org", "--name", "X", "--role", "coordinator"),
        (
            "user",
            "add",
            "t@example.org",
            "--name",
            "X",
            "--role",
            "provider",
            "--district",
            "goerlitz",
            "--provider",
            "gibt es nicht",
        ),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_status_2(run, session, arguments):
    a_district(session)
    assert run(*arguments)[0] == 2


def test_a_wrong_variable_is_named(run, monkeypatch):
    monkeypatch.setenv("KURSLISTE_BASE_URL", "kurse")
    status, output = run("tick")
    assert status == 1
    assert output.startswith("Fehlgeschlagen: KURSLISTE_BASE_URL: ")


def test_a_list_is_imported_and_published(run, session, tmp_path):
    district = a_district(session)
    a_list(session, district)
    (tmp_path / "liste.csv").write_text(LIST, encoding="utf-8-sig")
    where = ("--district", "goerlitz", "--month", "2026-12")
    status, output = run("import", "liste.csv", *where, "--dry-run", "--json", "out.json")
    assert (status, session.scalars(select(Provider)).all()) == (0, [])
    courses = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["courses"]
    assert [(c["row"], c["title"], c["starts_on"]) for c in courses] == [
        ("csv!2", "Kurs am Morgen", "2026-09-07"),
        ("csv!3", "Kurs am Abend", "2027-02-01"),
    ]

    status, output = run("import", "liste.csv", *where)
    assert status == 0
    assert "Kurse: 2, andere Zeilen: 1, nicht verstandene Angaben: 0." in output
    report = session.scalars(select(Report)).one()
    assert [row.title for row in report.courses] == ["Kurs am Morgen", "Kurs am Abend"]

    status, output = run("publish", "goerlitz", "deutschkurse", "2026-12")
    assert (status, "noch keine Meldung freigegeben" in output) == (1, True)


def test_an_edition_is_published_verified_and_repaired(run, session, tmp_path):
    district = a_district(session)
    opened = a_round(session, a_list(session, district))
    person = a_coordinator(session, district)
    report = a_report(
        session, opened, a_provider(session, district), ReportStatus.APPROVED, by=person
    )
    a_course(session, report)
    a_reader(session, opened.course_list)
    status, output = run("publish", "goerlitz", "deutschkurse", "2026-12", "--mail")
    assert (status, output) == (0, "Die Ausgabe 2026-12/1 ist veröffentlicht.\n")
    assert "1 Mails zu neuen Ausgaben geschrieben.\n" in run("tick")[1]
    edition = session.scalars(select(Edition)).one()
    assert (edition.month, edition.number) == (Month(2026, 12), 1)
    assert run("verify")[0] == 0

    lost = next((tmp_path / "exports").rglob("*a1.xlsx"))
    before = lost.read_bytes()
    lost.unlink()
    status, output = run("verify")
    assert (status, "fehlt oder ist beschädigt" in output) == (1, True)
    status, output = run("verify", "--repair")
    assert (status, "neu gebaut" in output) == (0, True)
    assert lost.read_bytes() == before

    rest = lost.with_name("rest.csv")
    rest.write_bytes(b"of an attempt that was killed")
    os.utime(rest, times=(0, 0))
    status, output = run("verify")
    assert (status, "/rest.csv: gehört zu keiner Ausgabe" in output) == (1, True)
    status, output = run("verify", "--repair")
    assert (status, "0 neu gebaut, 1 gelöscht, 0 nicht in Ordnung." in output) == (0, True)
    assert (rest.exists(), lost.exists()) == (False, True)
    assert run("verify")[0] == 0


@pytest.mark.logs_errors
def test_a_shelf_that_does_not_answer_is_told_in_one_line(run, session, bucket, monkeypatch):
    scene = a_scene(session, Shelf(bucket))
    scene.course()
    monkeypatch.setenv("KURSLISTE_SHELF", f"s3://{bucket.name}")
    monkeypatch.setenv("KURSLISTE_S3_ENDPOINT", bucket.endpoint)
    assert run("publish", "goerlitz", "deutschkurse", "2026-12")[0] == 0
    assert run("verify")[0] == 0

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("KURSLISTE_S3_ENDPOINT", f"http://127.0.0.1:{probe.getsockname()[1]}")
    for command in (("publish", "goerlitz", "deutschkurse", "2026-12"), ("verify",)):
        status, output = run(*command, *(["--reason", "Kurs fehlte"] if command[1:] else []))
        assert (status, output.count("\n")) == (1, 1)
        assert output.startswith("Fehlgeschlagen: Die Ablage für veröffentlichte Dateien ist")
    session.expire_all()
    assert session.scalars(select(Edition.number)).all() == [1]


def test_tick_sends_what_waits(run, session, tmp_path, frozen_clock):
    session.add(
        OutgoingMail(
            to_address="a@example.org",
            subject="Grüße",
            body="Text",
            queued_at=frozen_clock.instant,
            due_at=frozen_clock.instant,
        )
    )
    assert run("tick") == (0, "1 Mails verschickt.\n")
    assert run("tick") == (0, "0 Mails verschickt.\n")
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1


def test_the_database_commands_tell_the_state(run):
    assert run("db", "current") == (0, f"{migrating.head()}\n")
    assert run("db", "check") == (0, "Die Datenbank passt zu diesem Programm.\n")
    assert run("db", "upgrade") == (0, f"Die Datenbank hat den Stand {migrating.head()}.\n")


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_demo_comes_into_an_empty_database_only(run, session):
    assert run("demo", "load")[0] == 0
    assert session.scalars(select(User).where(User.demo_slug == "admin")).one().is_active
    status, output = run("demo", "load")
    assert (status, "nicht leer" in output) == (1, True)


@pytest.mark.asvs("15.2.3")
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_demo_refuses_to_be_reachable_from_outside(run):
    status, output = run("run", "--host", "0.0.0.0")  # noqa: S104 -- that is what is refused
    assert (status, "KURSLISTE_DEMO_PUBLIC" in output) == (1, True)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_rounds_of_the_past_are_opened_as_asked(run, session):
    a_list(session, a_district(session))
    run("round", "open", "goerlitz", "2026-12")
    assert session.scalars(select(Round.month)).all() == [Month(2026, 12)]
    assert run("round", "open", "goerlitz", "2026-12")[0] == 1


def test_places_and_neighbours_are_loaded_from_files(run, session, tmp_path):
    a_district(session)
    places, districts = tmp_path / "orte.csv", tmp_path / "kreise.geojson"
    places.write_text(
        "plz;ort;ags;lat;lon\n02906;Niesky;14626;51.3;14.8\n1;;;;\n02763;Zittau;14626;50.9;14.8\n"
    )
    assert run("reference", "load-places", places) == (
        0,
        (
            "Weggelassen: Zeile 3: „1“ ist keine Postleitzahl.\n"
            "2 Orte geladen, 0 doppelt, 1 weggelassen. 0 aktuelle Kurse neu verortet.\n"
        ),
    )
    ring = [[10, 51], [11, 51], [11, 52], [10, 51]]
    feature = {
        "properties": {"ags": "00001"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    districts.write_text(json.dumps({"features": [feature]}))
    assert run("reference", "load-boundaries", districts) == (
        0,
        (
            "Landkreis Goerlitz (14626) steht nicht in der Datei.\n"
            "1 Kreise geladen, 0 Paare von Nachbarn.\n"
        ),
    )
    assert run("reference", "load-boundaries", places) == (
        1,
        "Fehlgeschlagen: Das ist keine GeoJSON-Datei mit Kreisen.\n",
    )


def test_a_backup_is_made_and_brought_back(run, session, tmp_path, monkeypatch):
    scene = a_scene(session, Shelf(tmp_path / "exports"))
    scene.course(title="Kurs am Morgen")
    scene.publish()
    status, told = run("backup", "sicherung.tar.gz")
    assert status == 0
    assert "sicherung.tar.gz: " in told
    assert "Verwahren Sie sie sicher." in told

    monkeypatch.setenv("KURSLISTE_DATABASE_URL", f"sqlite:///{tmp_path}/neu/kursliste.db")
    monkeypatch.setenv("KURSLISTE_SHELF", "neu/exports")
    status, told = run("restore", "sicherung.tar.gz")
    assert (status, told.count("Prüfsumme")) == (0, 0)
    assert "Stand der Sicherung: 24.11.2026, 10:00 Uhr." in told
    assert "alle in Ordnung. Alle müssen sich neu anmelden." in told

    status, told = run("restore", "sicherung.tar.gz")
    assert (status, "Die Datenbank ist nicht leer" in told) == (1, True)


def test_the_doctor_tells_each_finding_and_fails_with_one(run, tmp_path, monkeypatch, frozen_clock):
    frozen_clock.move_to(datetime.fromtimestamp(time.time(), UTC))  # as the database has it
    (tmp_path / "exports").mkdir()
    status, told = run("doctor")
    careless = "FEHLER   PostgreSQL" in told  # the cluster of the tests is one
    assert status == int(careless), told
    lines = [one for one in told.splitlines() if one.startswith("FEHLER")]
    assert [one for one in lines if "PostgreSQL" not in one] == []
    assert "gut      Migrationen: Stand" in told
    assert "Hinweis  Adresse: http://localhost ist nicht verschlüsselt." in told
    monkeypatch.setenv("KURSLISTE_MAIL", "smtp://127.0.0.1:9")
    status, told = run("doctor", "--json")
    assert status == 1
    found = {one["check"]: one for one in json.loads(told)}
    assert found["Mailserver"]["health"] == "failed"


def test_what_is_held_about_a_person_is_written_to_a_file(run, session, tmp_path):
    a_coordinator(session, a_district(session), email="karla@example.org")
    status, told = run("person", "export", "Karla@example.org", "auskunft.json")
    assert status == 0, told
    held = json.loads((tmp_path / "auskunft.json").read_text(encoding="utf-8"))["held"]
    assert set(held) == {"app_user", "membership"}
    assert run("person", "export", "karla@example.org", "auskunft.json")[0] == 1
    assert run("person", "export", "niemand@example.org", "andere.json")[0] == 1


@pytest.mark.asvs("11.2.2")
def test_apps_are_sealed_with_a_new_secret_key(run, session, monkeypatch):
    district = a_district(session)
    old, new, lost = "o" * 40, "n" * 40, "l" * 40
    for name, key in (("alt", old), ("neu", new), ("verloren", lost)):
        person = a_coordinator(session, district, email=f"{name}@example.org")
        session.add(
            SecondFactor(
                user_id=person.id,
                sealed_secret=seal("GEZDGNBV", secret_keys=[key]),
                begun_at=datetime(2026, 11, 1, tzinfo=UTC),
                last_step=0,
            )
        )
    monkeypatch.setenv("KURSLISTE_SECRET_KEY", new)
    status, told = run("reseal")
    assert (status, "2 ließen sich mit keinem Schlüssel öffnen" in told) == (1, True)
    monkeypatch.setenv("KURSLISTE_OLD_SECRET_KEYS", f"{old} {lost}")
    status, told = run("reseal")
    assert (status, told.startswith("2 neu versiegelt, 1 waren es schon.")) == (0, True)
    session.expire_all()
    for sealed in session.scalars(select(SecondFactor.sealed_secret)):
        assert unsealed_or_none(sealed, secret_keys=[new]) == "GEZDGNBV"
    monkeypatch.setenv("KURSLISTE_OLD_SECRET_KEYS", "kurz")
    assert "KURSLISTE_OLD_SECRET_KEYS" in run("reseal")[1]
