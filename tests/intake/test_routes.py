"""The pages of a taking over: who may, what is shown, what stays typed, what is refused."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from kursliste.domain.limit import Limit
from kursliste.domain.report import ReportOrigin, ReportStatus
from kursliste.intake import uploads
from kursliste.intake.forms import field_name
from kursliste.intake.tables import key
from kursliste.models import ListUpload, ReportedCourse
from tests.builders import a_counsellor, a_provider, a_report, a_reporter, a_round
from tests.intake.lists import SAMPLES, sample
from tests.intake.scenes import a_csv, a_scene
from tests.signing_in import sign_in

PAGE = "/uebernahme/goerlitz"
WHO = field_name("provider", key("Lernhof Beispiel e. V."))
WITHOUT = field_name("without", key("Lernhof Beispiel e. V."))
MEANS = field_name("type", key("Zirkustraining"))
DECISIONS = "main form[action=/uebernahme/goerlitz/{}]"


@pytest.fixture
def scene(session):
    return a_scene(session)


@pytest.fixture
def signed_in(client, session, scene):
    sign_in(client, session, scene.user)
    return client


def send(client, data, name="liste.csv", month="2026-12", status=302, page=PAGE):
    file = (io.BytesIO(data), name)
    return client.post(page, {"month": month, "file": file}, status)


def address(upload, *rest):
    return "/".join([PAGE, str(upload.id), *rest])


# ---- who may


def test_nobody_gets_in_without_signing_in(client, scene):
    response = client.get(PAGE, 302)
    assert response.location == "/anmelden?next=/uebernahme/goerlitz"


def test_providers_and_counsellors_take_over_nothing(client, session, scene):
    for user in (
        a_reporter(session, a_provider(session, scene.district)),
        a_counsellor(session, scene.district),
    ):
        sign_in(client, session, user)
        client.get(PAGE, 403)


def test_another_district_and_its_uploads_do_not_exist(signed_in, session):
    other = a_scene(session, "weimar")
    upload = other.upload()
    signed_in.get("/uebernahme/weimar", 404)
    for path in (f"/uebernahme/weimar/{upload.id}", f"{PAGE}/{upload.id}", f"{PAGE}/99"):
        signed_in.get(path, 404)
        signed_in.get(f"{path}/zeilen/1", 404)
        for action in ("bestaetigen", "zeilen/1/auslassen", "zeilen/1"):
            signed_in.get(PAGE)
            signed_in.post(f"{path}/{action}", {"version": "1"}, 404)


# ---- uploading


def test_the_page_offers_last_this_and_next_month(signed_in):
    signed_in.get(PAGE)
    assert signed_in.page.texts("#month option") == [
        "Oktober 2026",
        "November 2026",
        "Dezember 2026",
    ]
    assert signed_in.page.form_values("main form")["month"] == ["2026-11"]


def test_a_refused_file_is_told_at_the_field_and_the_month_stays(signed_in):
    send(signed_in, b"PK\x03\x04 nothing", "liste.xlsx", status=422)
    assert signed_in.page.form_values("main form")["month"] == ["2026-12"]
    assert len(signed_in.page.select("#file-fehler")) == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"month": "2026-12"}, "file"), ({"month": "1999-01"}, "month"), ({}, "file")],
)
def test_what_is_missing_is_told_at_the_field(signed_in, sent, field):
    signed_in.get(PAGE)
    signed_in.post(PAGE, sent, 422)
    assert len(signed_in.page.select(f"#{field}-fehler")) == 1


@pytest.mark.asvs("2.4.1", "5.2.4")
def test_who_sends_file_after_file_waits(signed_in, session, scene, monkeypatch):
    monkeypatch.setattr(uploads, "PER_PERSON", Limit(2, timedelta(hours=1)))
    signed_in.get(PAGE)
    for _ in range(2):
        send(signed_in, b"no list", status=422)
        assert "Warten Sie 60 Minuten" not in signed_in.page.text()
    send(signed_in, a_csv(), status=422)
    assert "Das waren zu viele Versuche. Warten Sie 60 Minuten." in signed_in.page.text()
    assert session.scalars(select(ListUpload)).all() == []


def test_too_large_a_body_is_refused(signed_in):
    body = b"file=" + b"x" * (3 * 1024 * 1024)
    response = signed_in.flask.post(
        PAGE, data=body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413


def test_earlier_uploads_are_named(signed_in, scene):
    scene.take_over(scene.upload(name="erste.csv"))
    scene.upload({"Titel": "Zwei"}, name="zweite.csv")
    signed_in.get(PAGE)
    assert signed_in.page.texts("tbody th") == ["zweite.csv", "erste.csv"]
    assert signed_in.page.texts("tbody .tag") == ["noch nicht übernommen", "übernommen"]


# ---- from file to reports


def test_a_list_becomes_drafts_and_a_second_click_shows_the_same(signed_in, session, scene):
    send(signed_in, a_csv({}, {"Kursnummer": "LB-2", "Titel": "Zwei"}))
    signed_in.follow()
    page = signed_in.page
    assert page.texts("h1") == ["Liste übernehmen: liste.csv, Dezember 2026"]
    assert page.texts("p.lead") == [
        "2 Kurse gefunden, 1 Träger, davon 1 neu; 0 Angaben nicht verstanden; 1 Zeile ohne Kurs."
    ]
    upload = session.scalars(select(ListUpload)).one()
    signed_in.submit(f"main form[action={address(upload, 'bestaetigen')}]")
    signed_in.follow()
    assert "2 Kurse übernommen in 1 Meldung: 2 neu" in signed_in.page.text()
    signed_in.post(address(upload, "bestaetigen"), {"version": "1"})
    signed_in.follow()
    (report,) = scene.reports()
    assert (report.status, report.origin) == (ReportStatus.DRAFT, ReportOrigin.TAKEN_OVER)
    assert [(row.title, row.confirmed_on) for row in report.courses] == [
        ("Deutsch am Vormittag", None),
        ("Zwei", None),
    ]


def test_the_same_file_again_leads_to_the_same_preview(signed_in):
    first = send(signed_in, a_csv())
    again = send(signed_in, a_csv(), name="kopie.csv")
    assert again.location == first.location


def test_a_stale_preview_is_a_conflict_with_both_versions(signed_in, scene):
    upload = scene.upload()
    signed_in.get(address(upload))
    signed_in.post(address(upload, "zeilen", "1", "auslassen"), {})
    signed_in.follow()
    signed_in.post(address(upload, "bestaetigen"), {"version": "1"}, 409)
    assert signed_in.page.texts("tbody td") == ["Fassung 1", "Fassung 2"]
    assert scene.reports() == []


def test_a_preview_with_an_open_point_has_no_button_and_pressing_it_anyway_says_why(
    signed_in, scene
):
    upload = scene.upload({"Ende": "01.12.2026"})
    signed_in.get(address(upload))
    assert signed_in.page.select(f"form[action={address(upload, 'bestaetigen')}]") == []
    words = "Ende: Das Ende (01.12.2026) liegt vor dem Beginn (07.12.2026)."
    assert words in signed_in.page.text()
    signed_in.post(address(upload, "bestaetigen"), {"version": "1"})
    signed_in.follow()
    assert "Die Liste ist noch nicht übernommen." in signed_in.page.text()


def test_a_row_is_left_out_and_taken_in_again(signed_in, scene):
    upload = scene.upload()
    out = address(upload, "zeilen", "1", "auslassen")
    signed_in.get(address(upload))
    signed_in.submit(f"main form[action={out}]")
    signed_in.follow()
    assert "wird nicht übernommen" in signed_in.page.text()
    assert "Es ist kein Kurs zum Übernehmen da." in signed_in.page.text()
    signed_in.submit(f"main form[action={out}]")
    signed_in.follow()
    assert "wird nicht übernommen" not in signed_in.page.text()


# ---- deciding


def test_a_name_that_is_alike_is_asked_about_and_the_answer_counts(signed_in, session, scene):
    known = a_provider(session, scene.district, name="Lernhof Beispiele e. V.")
    upload = scene.upload()
    signed_in.get(address(upload))
    form = DECISIONS.format(upload.id)
    assert signed_in.page.texts("main form select option") == [
        "Bitte wählen",
        "Lernhof Beispiele e. V.",
        "neuer Träger „Lernhof Beispiel e. V.“",
    ]
    signed_in.submit(form, **{WHO: str(known.id)})
    signed_in.follow()
    assert signed_in.page.form_values(form)[WHO] == [str(known.id)]
    assert "vorhanden als „Lernhof Beispiele e. V.“" in signed_in.page.text()
    signed_in.submit(form, **{WHO: "0"})
    signed_in.follow()
    assert signed_in.page.form_values(form)[WHO] == ["0"]
    signed_in.submit(form, 422, **{WHO: "77"})


def test_a_provider_whose_report_is_sent_can_be_left_out(signed_in, session, scene):
    provider = a_provider(session, scene.district, name="Lernhof Beispiel e. V.")
    opened = a_round(session, scene.course_list)
    a_report(session, opened, provider, ReportStatus.SUBMITTED)
    upload = scene.upload({}, {"Träger": "Haus Zwei gGmbH"})
    signed_in.get(address(upload))
    assert "Die Meldung von „Lernhof Beispiel e. V.“ ist schon eingereicht" in (
        signed_in.page.text()
    )
    signed_in.submit(DECISIONS.format(upload.id), **{WITHOUT: "y"})
    signed_in.follow()
    assert signed_in.page.texts("main form button")[0] == "1 Kurs übernehmen"
    signed_in.submit(DECISIONS.format(upload.id), **{WITHOUT: None})
    signed_in.follow()
    assert "wird ausgelassen" not in signed_in.page.text()


def test_an_unknown_word_is_explained_once_for_all_rows(signed_in, scene):
    upload = scene.upload({"Kursart": "Zirkustraining", "Titel": ""})
    signed_in.get(address(upload))
    signed_in.submit(DECISIONS.format(upload.id), **{MEANS: "EHRENAMT"})
    signed_in.follow()
    assert signed_in.page.select(DECISIONS.format(upload.id)) == []
    assert signed_in.page.texts("main form button")[0] == "1 Kurs übernehmen"


# ---- mending


def test_a_row_is_mended_and_what_was_wrong_stays_typed(signed_in, scene):
    upload = scene.upload({"Ende": "01.12.2026"})
    mend = address(upload, "zeilen", "1")
    signed_in.get(mend)
    values = signed_in.page.form_values("main form")
    assert (values["provider"], values["title"], values["starts_on"]) == (
        ["Lernhof Beispiel e. V."],
        ["Deutsch am Vormittag"],
        ["2026-12-07"],
    )
    assert len(signed_in.page.select("#ends_on-fehler")) == 1
    signed_in.submit("main form", 422, ends_on="2026-12-02", title="Getippt", provider="")
    values = signed_in.page.form_values("main form")
    assert (values["title"], values["ends_on"]) == (["Getippt"], ["2026-12-02"])
    assert len(signed_in.page.select("#provider-fehler")) == 1
    signed_in.submit("main form", 422, ends_on="2026-12-02", provider="Haus Drei gGmbH")
    assert len(signed_in.page.select("#ends_on-fehler")) == 1
    signed_in.submit("main form", ends_on="2027-07-30")
    assert signed_in.response.location == f"{address(upload)}#zeile-1"
    signed_in.get(address(upload))
    assert "ausgebessert" in signed_in.page.text()
    signed_in.submit(f"main form[action={address(upload, 'bestaetigen')}]")
    assert [row.title for row in scene.rows()] == ["Getippt"]
    assert [provider.name for provider in scene.providers()] == ["Haus Drei gGmbH"]


def test_a_row_mended_by_somebody_else_shows_both_and_keeps_what_was_typed(signed_in, scene):
    upload = scene.upload()
    mend = address(upload, "zeilen", "1")
    signed_in.get(mend)
    seen = signed_in.page.form_values("main form")
    signed_in.submit("main form", seats_total="25")
    signed_in.post(mend, {**seen, "seats_total": ["30"]}, 409)
    assert signed_in.page.texts("tbody tr") == ["Plätze gesamt3025"]
    assert signed_in.page.form_values("main form")["seats_total"] == ["30"]
    signed_in.submit("main form")
    signed_in.get(mend)
    assert signed_in.page.form_values("main form")["seats_total"] == ["30"]


def test_a_row_beyond_the_list_is_not_there(signed_in, scene):
    signed_in.get(address(scene.upload(), "zeilen", "2"), 404)


@pytest.mark.asvs("15.3.5")
def test_a_version_that_is_no_number_is_a_conflict(signed_in, scene):
    upload = scene.upload()
    signed_in.get(address(upload))
    signed_in.post(address(upload, "bestaetigen"), {"version": "²"}, 409)


def test_what_was_not_understood_leads_to_its_row(signed_in, scene):
    upload = scene.upload({"Ende": "Sommer vielleicht"})
    signed_in.get(address(upload))
    links = [link.get("href") for link in signed_in.page.select("main table a")]
    assert links.count(address(upload, "zeilen", "1")) == 2


# ---- the samples, where they lie beside the repository

LISTS = sorted(SAMPLES.glob("liste-*.xlsx")) + sorted(SAMPLES.glob("fixture_*.csv"))
HOSTILE = sorted(SAMPLES.glob("hostil-*.xlsx")) + sorted(SAMPLES.glob("hostil-*.csv"))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_a_real_list_goes_all_the_way_to_reports(signed_in, session, path):
    send(signed_in, sample(path.name), path.name)
    signed_in.follow()
    upload = session.scalars(select(ListUpload)).one()
    signed_in.submit(f"main form[action={address(upload, 'bestaetigen')}]")
    signed_in.follow()
    stored = session.scalars(select(ReportedCourse)).all()
    read = upload.understood["courses"]
    assert sorted(row.source_row for row in stored) == sorted(course["row"] for course in read)
    for number in range(1, len(read) + 1, 7):
        signed_in.get(address(upload, "zeilen", str(number)))


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_a_hostile_file_is_refused_or_shown_and_never_an_accident(signed_in, path):
    signed_in.get(PAGE)
    token = signed_in.page.csrf_token()
    file = (io.BytesIO(path.read_bytes()), path.name)
    data = {"month": "2026-12", "csrf_token": token, "file": file}
    response = signed_in.flask.post(PAGE, data=data)
    assert response.status_code in {302, 422}
    if response.status_code == 302:
        signed_in.get(response.location)
