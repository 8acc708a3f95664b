"""Every variable: its default, a good value, and the one line that a wrong value gets."""

import stat
from pathlib import Path

import pytest

from kursliste import settings as module
from kursliste.settings import MAIL_FORMS, Bucket, Settings, SettingsError, resource_dir

KEY = "k" * 32
LEAST = {"KURSLISTE_SECRET_KEY": KEY, "KURSLISTE_MAIL": "smtp://mail.example.org:25"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(**given):
    return Settings.from_environment(
        LEAST | {f"KURSLISTE_{name}": value for name, value in given.items()}
    )


def test_defaults(tmp_path):
    assert read() == Settings(
        database_url=f"sqlite:///{tmp_path}/var/kursliste.db",
        secret_key=KEY,
        base_url="http://127.0.0.1:8000",
        shelf=tmp_path / "exports",
        mail="smtp://mail.example.org:25",
        mail_from="kursliste@localhost",
        log="text",
        trusted_hosts=("127.0.0.1",),
        proxies=0,
        page_cache_s=5.0,
        demo=False,
        demo_public=False,
        second_factor=True,
        testing=False,
    )


def test_all_variables():
    assert read(
        DATABASE_URL="postgres://kl:geheim@db/kl",
        BASE_URL="https://kurse.example.org/",
        SHELF="/srv/ablage",
        MAIL="file:post",
        MAIL_FROM="kurse@example.org",
        LOG="json",
        TRUSTED_HOSTS="kurse.example.org, www.example.org",
        PROXIES="2",
        PAGE_CACHE="0,5",
        DEMO="1",
        DEMO_PUBLIC="ja",
    ) == Settings(
        database_url="postgresql://kl:geheim@db/kl",
        secret_key=KEY,
        base_url="https://kurse.example.org",
        shelf=Path("/srv/ablage"),
        mail="file:post",
        mail_from="kurse@example.org",
        log="json",
        trusted_hosts=("kurse.example.org", "www.example.org"),
        proxies=2,
        page_cache_s=0.5,
        demo=True,
        demo_public=True,
    )


@pytest.mark.asvs("13.2.3")
@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("DATABASE_URL", "quatsch", "Das ist keine Datenbank-Adresse."),
        ("DATABASE_URL", "mysql://x/y", "Erlaubt sind sqlite:///… und postgresql://…."),
        (
            "DATABASE_URL",
            "sqlite://",
            "SQLite braucht eine Datei: sqlite:///ordner/datei.db.",
        ),
        ("SECRET_KEY", "kurz", "Der Schlüssel braucht mindestens 32 Zeichen."),
        (
            "SECRET_KEY",
            "",
            "Der Schlüssel fehlt. Nötig ist eine zufällige Zeichenkette, die geheim bleibt.",
        ),
        (
            "BASE_URL",
            "kurse.example.org",
            "Erwartet wird https://name ohne Pfad, nicht „kurse.example.org“.",
        ),
        (
            "BASE_URL",
            "http://x:99999",
            "Erwartet wird https://name ohne Pfad, nicht „http://x:99999“.",
        ),
        *(
            ("SHELF", place, f"Erwartet wird ein Ordner oder s3://bucket/ordner, nicht „{place}“.")
            for place in ("s3://", "s3://A_b", "s3://listen/../x", "s3://listen//x", "gs://listen")
        ),
        (
            "MAIL",
            "",
            "Die Angabe fehlt. Erlaubt sind smtp://…, smtps://…, smtp+plain://… und file:ordner.",
        ),
        ("MAIL", "pop3://x", MAIL_FORMS),
        ("LOG", "xml", "Erlaubt sind text und json, nicht „xml“."),
        (
            "TRUSTED_HOSTS",
            "https://x",
            "Erwartet werden Namen mit Komma getrennt, ohne https://.",
        ),
        ("PROXIES", "zwei", "Erwartet wird eine Zahl ab 0, nicht „zwei“."),
        ("PROXIES", "-1", "Erwartet wird eine Zahl ab 0, nicht „-1“."),
        (
            "PAGE_CACHE",
            "lange",
            "Erlaubt sind 0 bis 3600 Sekunden (0 = aus), nicht „lange“.",
        ),
        ("PAGE_CACHE", "3601", "Erlaubt sind 0 bis 3600 Sekunden (0 = aus), nicht „3601“."),
        ("DEMO", "vielleicht", "Erlaubt sind 1 und 0, nicht „vielleicht“."),
    ],
)
def test_a_wrong_value_is_named(name, value, line):
    with pytest.raises(SettingsError) as refused:
        read(**{name: value})
    assert str(refused.value) == f"KURSLISTE_{name}: {line}"


def test_a_bucket_is_read_with_what_belongs_to_it():
    assert read(SHELF="s3://listen").shelf == Bucket(name="listen")
    own = read(SHELF="s3://listen/kreise/sn/", S3_ENDPOINT="https://s3.example.org:9000/")
    assert own.shelf == Bucket(
        name="listen",
        prefix="kreise/sn",
        endpoint="https://s3.example.org:9000",
        is_path_style=True,
    )
    named = read(
        SHELF="s3://listen",
        S3_ENDPOINT="https://s3.example.org",
        S3_REGION="de-fra",
        S3_PATH_STYLE="0",
    )
    assert named.shelf == Bucket(name="listen", endpoint="https://s3.example.org", region="de-fra")


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("S3_ENDPOINT", "s3.example.org", "Erwartet wird https://name ohne Pfad, nicht „{}“."),
        ("S3_ENDPOINT", "https://x/bucket", "Erwartet wird https://name ohne Pfad, nicht „{}“."),
        ("S3_REGION", "eu central", "Erwartet wird ein Name wie eu-central-1, nicht „{}“."),
        ("S3_PATH_STYLE", "auto", "Erlaubt sind 1 und 0, nicht „{}“."),
    ],
)
def test_a_wrong_value_for_a_bucket_is_named(name, value, line):
    with pytest.raises(SettingsError) as refused:
        read(SHELF="s3://listen", **{name: value})
    assert str(refused.value) == f"KURSLISTE_{name}: {line.format(value)}"


def test_a_password_in_a_wrong_address_is_not_repeated():
    with pytest.raises(SettingsError) as refused:
        read(DATABASE_URL="postgresql:/kl:geheim@db/kl")
    assert "geheim" not in str(refused.value)


@pytest.mark.asvs("13.3.1", "16.2.5")
def test_secrets_stay_out_of_the_representation():
    shown = repr(read(MAIL="smtp://kl:geheim@mail", DATABASE_URL="postgresql://kl:geheim@db/kl"))
    assert KEY not in shown
    assert "geheim" not in shown


def test_commands_that_serve_nothing_need_neither_key_nor_mail():
    settings = Settings.from_environment({}, serving=False)
    assert (settings.secret_key, settings.mail) == ("", "file:var/mail")


def test_the_demo_makes_a_secret_of_its_own_and_keeps_it(tmp_path):
    first = Settings.from_environment({}, demo=True)
    again = Settings.from_environment({}, demo=True)
    kept = tmp_path / "var" / "demo-secret"
    assert first.secret_key == again.secret_key == kept.read_text()
    assert len(first.secret_key) == 64
    assert stat.filemode(kept.stat().st_mode) == "-rw-------"
    assert first.trusted_hosts == ("127.0.0.1", "localhost", "[::1]")


def test_a_damaged_demo_secret_is_named(tmp_path):
    kept = tmp_path / "var" / "demo-secret"
    kept.parent.mkdir()
    kept.write_text("")
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({}, demo=True)
    assert str(refused.value) == f"Die Datei {kept} ist beschädigt: bitte löschen."


def test_resources_lie_beside_the_package_in_a_checkout():
    assert resource_dir("migrations") == module.PACKAGE.parent / "migrations"


def test_resources_lie_inside_an_installed_package(tmp_path, monkeypatch):
    (tmp_path / "_resources" / "migrations").mkdir(parents=True)
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    assert resource_dir("migrations") == tmp_path / "_resources" / "migrations"


def test_a_missing_resource_folder_is_named():
    with pytest.raises(RuntimeError, match="'nothing' is missing"):
        resource_dir("nothing")


@pytest.mark.parametrize(
    "contact", ["mailto:a@b.example", "https://b.example/hole", "tel:+49-3581"]
)
def test_a_contact_for_holes_is_an_address(contact):
    assert read(SECURITY_CONTACT=contact).security_contact == contact


@pytest.mark.parametrize("contact", ["a@b.example", "mailto:nobody", "http://b.example", "x\ny"])
def test_another_contact_is_refused(contact):
    with pytest.raises(SettingsError, match="KURSLISTE_SECURITY_CONTACT"):
        read(SECURITY_CONTACT=contact)


def test_how_long_the_journal_names_people_is_the_operators_choice():
    def read(value):
        return Settings.from_environment({"KURSLISTE_JOURNAL_YEARS": value}, serving=False)

    assert Settings.from_environment({}, serving=False).journal_years == 4
    assert read("10").journal_years == 10
    for wrong in ("0", "31", "-1", "vier", "1.5", "٣"):
        with pytest.raises(SettingsError, match="KURSLISTE_JOURNAL_YEARS: Erlaubt sind 1 bis 30"):
            read(wrong)
