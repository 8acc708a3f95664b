"""A hand-kept list becomes the month's reports: once, whole, and never over a provider's word."""

from datetime import date, time

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.course import ConfirmedHow, Weekday
from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportOrigin, ReportStatus
from kursliste.infrastructure import clock
from kursliste.intake import actions
from kursliste.intake.outcome import LeftRow, TakenOver
from kursliste.intake.storing import NEW, Decisions, from_stored
from kursliste.intake.tables import key
from kursliste.models import Course, FormerName, JournalEntry, ListUpload, Round
from kursliste.reporting import actions as reporting
from tests.builders import a_course, a_provider, a_report, a_reporter, a_round
from tests.intake.lists import workbook
from tests.intake.scenes import DECEMBER, GOOD, a_csv, a_scene

LERNHOF = "Lernhof Beispiel e. V."


@pytest.fixture
def scene(session):
    return a_scene(session)


def events(scene):
    query = (
        select(JournalEntry)
        .where(JournalEntry.event != JournalEvent.CODES_LOADED)
        .order_by(JournalEntry.id)
    )
    return [(entry.event, entry.subject_table) for entry in scene.session.scalars(query)]


# ---- uploading


@pytest.mark.asvs("5.3.1", "5.4.3", "14.2.8")
@pytest.mark.con10("A5")
def test_an_upload_keeps_what_was_read_and_not_the_file(scene):
    upload = scene.upload(name="C:\\Listen\\Liste\x07 März.csv")
    assert (upload.file_name, len(upload.sha256), upload.month) == (
        "Liste März.csv",
        64,
        DECEMBER,
    )
    (course,) = from_stored(upload.understood).courses
    assert course.values["starts_on"] == date(2026, 12, 7)
    assert course.values["time_from"] == time(8, 30)
    assert course.values["weekdays"] == ("Mo", "Di")
    assert events(scene) == [(JournalEvent.LIST_UPLOADED, "list_upload")]


def test_the_same_file_for_the_same_month_is_the_same_upload(scene):
    first = scene.upload()
    assert scene.upload() is first
    assert scene.upload(month=Month(2027, 1)) is not first
    assert scene.upload({"Titel": "Anders"}) is not first


def test_an_untouched_upload_is_read_anew_and_a_mended_one_stays(scene):
    upload = scene.upload()
    stale = {**upload.understood, "remarks": ["alt"]}
    upload.understood = stale
    assert scene.upload().understood["remarks"] == []
    actions.leave_out_row(scene.session, upload, 1, is_left_out=True, actor=scene.actor)
    upload.understood = {**upload.understood, "remarks": ["bleibt"]}
    assert scene.upload().understood["remarks"] == ["bleibt"]


def test_only_a_coordinator_of_the_district_may_do_any_of_it(scene, session):
    upload = scene.upload()
    stranger = a_scene(session, "weimar").actor
    for act in (
        lambda: actions.upload_list(
            session, course_list=scene.course_list, month=DECEMBER, file_name="a.csv",
            data=a_csv(), actor=stranger,
        ),
        lambda: actions.mend_row(session, upload, 1, {}, seen_version=1, actor=stranger),
        lambda: actions.leave_out_row(session, upload, 1, is_left_out=True, actor=stranger),
        lambda: actions.decide(session, upload, Decisions(), actor=stranger),
        lambda: actions.take_over(session, upload, seen_version=1, actor=stranger),
        lambda: actions.import_list(
            session, course_list=scene.course_list, month=DECEMBER, file_name="a.csv",
            data=a_csv(), actor=stranger, dry_run=True,
        ),
    ):  # fmt: skip
        with pytest.raises(NotPermittedError):
            act()


# ---- taking over


def test_taking_over_makes_provider_venue_contact_course_round_and_report(scene):
    upload = scene.upload()
    outcome = scene.take_over(upload)
    assert outcome == TakenOver(added=1, reports=1, providers_added=1)
    assert outcome.summary() == (
        "1 Kurs übernommen in 1 Meldung: 1 neu, 0 geändert, 0 unverändert.\n1 Träger neu angelegt."
    )
    (provider,) = scene.providers()
    assert provider.name == LERNHOF
    assert [(v.street, v.postcode, v.town) for v in provider.venues] == [
        ("Wortweg 1", "02826", "Görlitz")
    ]
    assert [(c.name, c.phone, c.is_public) for c in provider.contacts] == [
        ("A. Beispiel", "03581 000-10", True)
    ]
    (report,) = scene.reports()
    (linked,) = report.courses
    assert (linked.venue_id, linked.contact_id) == (
        provider.venues[0].id,
        provider.contacts[0].id,
    )
    assert (report.status, report.origin, report.month) == (
        ReportStatus.DRAFT,
        ReportOrigin.TAKEN_OVER,
        DECEMBER,
    )
    (row,) = scene.rows()
    assert (row.course_type, row.title, row.level_from, row.level_to) == (
        "IK-ALLG", "Deutsch am Vormittag", "A1", "B1",
    )  # fmt: skip
    assert (row.starts_on, row.ends_on, row.time_until) == (
        date(2026, 12, 7), date(2027, 7, 30), time(12, 45),
    )  # fmt: skip
    assert (row.weekdays, row.seats_total, row.seats_taken, row.seats_free) == (
        (Weekday.MONDAY, Weekday.TUESDAY), 20, 12, 8,
    )  # fmt: skip
    assert (row.confirmed_on, row.confirmed_by, row.confirmed_how) == (None, None, None)
    assert (row.source_row, row.position) == ("csv!2", 1)
    assert events(scene) == [
        (JournalEvent.LIST_UPLOADED, "list_upload"),
        (JournalEvent.PROVIDER_ADDED, "provider"),
        (JournalEvent.ROUND_OPENED, "round"),
        (JournalEvent.VENUE_ADDED, "venue"),
        (JournalEvent.CONTACT_ADDED, "contact"),
        (JournalEvent.LIST_TAKEN_OVER, "report"),
        (JournalEvent.LIST_TAKEN_OVER, "list_upload"),
    ]


def test_a_second_click_shows_the_result_and_does_nothing(scene):
    upload = scene.upload()
    outcome = scene.take_over(upload)
    assert actions.take_over(scene.session, upload, seen_version=1, actor=scene.actor) == outcome
    assert len(scene.rows()) == 1
    assert scene.upload() is upload


def test_after_taking_over_nothing_can_be_mended(scene):
    upload = scene.upload()
    scene.take_over(upload)
    with pytest.raises(TransitionRefusedError):
        actions.leave_out_row(scene.session, upload, 1, is_left_out=True, actor=scene.actor)


def test_a_preview_that_changed_meanwhile_is_not_taken_over(scene):
    upload = scene.upload()
    seen = upload.version
    actions.leave_out_row(scene.session, upload, 1, is_left_out=True, actor=scene.actor)
    scene.session.flush()
    with pytest.raises(ConflictError) as caught:
        actions.take_over(scene.session, upload, seen_version=seen, actor=scene.actor)
    assert caught.value.differences == (("Stand der Vorschau", "Fassung 1", "Fassung 2"),)


def test_a_list_without_any_row_left_is_refused(scene):
    upload = scene.upload()
    actions.leave_out_row(scene.session, upload, 1, is_left_out=True, actor=scene.actor)
    scene.session.flush()
    with pytest.raises(RuleViolationError) as caught:
        scene.take_over(upload)
    assert caught.value.rule is Rule.NOTHING_TO_TAKE_OVER


def test_a_row_left_out_is_named_in_the_result_and_can_come_back(scene):
    upload = scene.upload({}, {"Kursnummer": "LB-2"}, {"Kursnummer": "LB-3"})
    for number in (2, 3):
        actions.leave_out_row(scene.session, upload, number, is_left_out=True, actor=scene.actor)
    actions.leave_out_row(scene.session, upload, 3, is_left_out=False, actor=scene.actor)
    scene.session.flush()
    outcome = scene.take_over(upload)
    why = "Die Zeile wurde auf der Übernahmeseite ausgelassen."
    assert outcome == TakenOver(
        added=2, reports=1, providers_added=1, left_out=(LeftRow(row="csv!3", why=why),)
    )


def test_a_newer_file_updates_and_does_not_double(scene):
    scene.take_over(scene.upload({}, {"Kursnummer": "", "Titel": "Deutsch am Abend"}))
    newer = scene.upload(
        {"belegt": "15", "Ansprechperson": ""},
        {"Kursnummer": "", "Titel": "Deutsch am  Abend"},
        {"Kursnummer": "LB-9", "Titel": "Ganz neu"},
    )
    outcome = scene.take_over(newer)
    assert (outcome.added, outcome.updated, outcome.unchanged) == (1, 1, 1)
    assert [(r.provider_reference, r.seats_taken, r.seats_free) for r in scene.rows()] == [
        ("LB-1", 15, 5),
        (None, 12, 8),
        ("LB-9", 12, 8),
    ]
    assert scene.rows()[0].contact_name is None
    (contact,) = scene.providers()[0].contacts
    assert [row.contact_id for row in scene.rows()] == [None, contact.id, contact.id]
    assert len(scene.providers()) == 1
    assert [v.street for v in scene.providers()[0].venues] == ["Wortweg 1"]


def test_equal_rows_of_one_file_stay_two_courses(scene):
    outcome = scene.take_over(scene.upload({"Kursnummer": ""}, {"Kursnummer": ""}))
    assert outcome.added == 2
    assert len({row.course_id for row in scene.rows()}) == 2


def test_a_course_keeps_its_identity_from_month_to_month(scene):
    scene.take_over(scene.upload())
    scene.take_over(scene.upload({"belegt": "14"}, month=DECEMBER.next()))
    first, second = scene.rows()
    assert first.course_id == second.course_id
    assert len(scene.session.scalars(select(Course)).all()) == 1


def test_rows_that_the_provider_confirmed_or_changed_are_kept_and_named(scene, session):
    scene.take_over(scene.upload({}, {"Kursnummer": "LB-2", "Titel": "Zwei"}))
    first, second = scene.rows()
    reporter = a_reporter(session, scene.providers()[0]).as_actor()
    first.confirmed_on, first.confirmed_by = clock.today(), "Sam"
    first.confirmed_how = ConfirmedHow.WEB
    reporting.change_course(
        session, second, {"seats_taken": 3}, seen_version=second.version, actor=reporter
    )
    outcome = scene.take_over(
        scene.upload({"belegt": "1"}, {"Kursnummer": "LB-2", "Titel": "Zwei", "belegt": "1"})
    )
    assert [row.seats_taken for row in scene.rows()] == [12, 3]
    why = "Der Träger hat diesen Kurs im Monat schon bearbeitet oder bestätigt."
    assert outcome.kept == (
        LeftRow(row="csv!2", why=f"Deutsch am Vormittag: {why}"),
        LeftRow(row="csv!3", why=f"Zwei: {why}"),
    )
    assert "2 Kurse nicht überschrieben" in outcome.summary()


def test_a_draft_that_was_prefilled_keeps_what_the_list_does_not_tell(scene, session):
    provider = a_provider(session, scene.district, name=LERNHOF)
    report = a_report(session, a_round(session, scene.course_list), provider)
    report.is_nil = True
    row = a_course(session, report, provider_reference="LB-1", public_note="mit Spielzimmer")
    outcome = scene.take_over(scene.upload())
    assert (outcome.updated, row.public_note, row.seats_taken) == (1, "mit Spielzimmer", 12)
    assert (report.origin, report.is_nil) == (ReportOrigin.PREFILLED, False)


def test_two_different_numbers_are_two_courses(scene):
    scene.take_over(scene.upload())
    assert scene.take_over(scene.upload({"Kursnummer": "LB-7"})).added == 1


@pytest.mark.parametrize(
    "status", [ReportStatus.SUBMITTED, ReportStatus.ASKED, ReportStatus.APPROVED]
)
def test_a_report_that_was_sent_is_refused_by_name_and_nothing_is_half_done(scene, session, status):
    provider = a_provider(session, scene.district, name=LERNHOF)
    a_report(session, a_round(session, scene.course_list), provider, status)
    upload = scene.upload({}, {"Träger": "Anderes Haus gGmbH"})
    with pytest.raises(RuleViolationError) as caught:
        scene.take_over(upload)
    assert (caught.value.rule, caught.value.facts) == (
        Rule.REPORT_ALREADY_SUBMITTED,
        {"provider": LERNHOF, "month": DECEMBER},
    )
    assert [p.name for p in scene.providers()] == [LERNHOF]
    actions.decide(session, upload, Decisions(without=frozenset({key(LERNHOF)})), actor=scene.actor)
    session.flush()
    outcome = scene.take_over(upload)
    assert (outcome.added, [row.row for row in outcome.left_out]) == (1, ["csv!2"])


def test_a_report_sent_between_check_and_writing_is_refused_too(scene, session, monkeypatch):
    provider = a_provider(session, scene.district, name=LERNHOF)
    a_report(session, a_round(session, scene.course_list), provider, ReportStatus.SUBMITTED)
    upload = scene.upload()
    monkeypatch.setattr("kursliste.intake.queries.reports_by_provider", lambda *_: {})
    with pytest.raises(RuleViolationError) as caught:
        scene.take_over(upload)
    assert caught.value.rule is Rule.REPORT_ALREADY_SUBMITTED


def test_an_old_month_gets_a_report_for_a_new_provider(scene, session):
    october = Month(2026, 10)
    a_round(session, scene.course_list, october)
    scene.take_over(scene.upload(month=october))
    (report,) = scene.reports()
    assert (report.month, report.status) == (october, ReportStatus.DRAFT)


# ---- providers


def test_names_that_differ_in_blanks_and_dots_only_are_the_same_provider(scene, session):
    a_provider(session, scene.district, name="Lernhof Beispiel e.V.")
    outcome = scene.take_over(scene.upload())
    assert (outcome.providers_added, len(scene.providers())) == (0, 1)


@pytest.mark.parametrize("name", [LERNHOF, "Lernhof Beispiel e.V."])
def test_a_former_name_means_the_provider_that_it_went_into(scene, session, name):
    survivor = a_provider(session, scene.district, name="Bildungshaus Neu")
    a_provider(session, scene.district, name="Früher", is_active=False)
    session.add(FormerName(provider_id=survivor.id, name=name))
    session.flush()
    outcome = scene.take_over(scene.upload())
    assert outcome.providers_added == 0
    assert [report.provider_id for report in scene.reports()] == [survivor.id]


def test_a_name_of_today_stands_before_a_former_one(scene, session):
    today = a_provider(session, scene.district, name=LERNHOF)
    other = a_provider(session, scene.district, name="Bildungshaus Neu")
    session.add(FormerName(provider_id=other.id, name=LERNHOF))
    session.flush()
    scene.take_over(scene.upload())
    assert [r.provider_id for r in scene.reports() if r.status is ReportStatus.DRAFT] == [today.id]


def test_a_former_name_of_another_district_means_nobody_here(scene, session):
    foreign = a_provider(session, a_scene(session, "weimar").district, name="Bildungshaus Neu")
    session.add(FormerName(provider_id=foreign.id, name=LERNHOF))
    session.flush()
    assert scene.take_over(scene.upload()).providers_added == 1


def test_a_name_that_is_only_alike_waits_for_a_decision(scene, session):
    other = a_provider(session, scene.district, name="Lernhof Beispiele e. V.")
    upload = scene.upload()
    with pytest.raises(RuleViolationError) as caught:
        scene.take_over(upload)
    assert caught.value.rule is Rule.PROVIDER_UNKNOWN
    choice = Decisions(chosen={key(LERNHOF): other.id})
    actions.decide(session, upload, choice, actor=scene.actor)
    session.flush()
    assert scene.take_over(upload).providers_added == 0
    assert [report.provider_id for report in scene.reports()] == [other.id]


def test_a_name_that_is_only_alike_can_be_a_new_provider(scene, session):
    a_provider(session, scene.district, name="Lernhof Beispiele e. V.")
    upload = scene.upload()
    actions.decide(session, upload, Decisions(chosen={key(LERNHOF): NEW}), actor=scene.actor)
    session.flush()
    assert scene.take_over(upload).providers_added == 1


def test_a_provider_of_another_district_cannot_be_chosen(scene, session):
    foreign = a_provider(session, a_scene(session, "weimar").district, name=LERNHOF)
    upload = scene.upload()
    with pytest.raises(RuleViolationError) as caught:
        choice = Decisions(chosen={key(LERNHOF): foreign.id})
        actions.decide(session, upload, choice, actor=scene.actor)
    assert caught.value.rule is Rule.PROVIDER_UNKNOWN


# ---- mending


def test_a_mended_row_has_no_warnings_and_tells_the_journal_what_changed(scene):
    upload = scene.upload({"PLZ": "2826"})
    before = from_stored(upload.understood).courses[0]
    assert before.warnings
    typed = {**before.values, "seats_total": 30, "contact_phone": ""}
    actions.mend_row(scene.session, upload, 1, typed, seen_version=1, actor=scene.actor)
    row = from_stored(upload.understood).courses[0]
    assert (row.version, row.warnings, row.values["seats_total"]) == (2, (), 30)
    assert "contact_phone" not in row.values
    entry = scene.session.scalars(
        select(JournalEntry).where(JournalEntry.event == JournalEvent.LIST_MENDED)
    ).one()
    assert entry.changes == {"seats_total": [20, 30], "contact_phone": ["03581 000-10", None]}
    assert entry.details == {"row": "csv!2"}


def test_a_row_mended_meanwhile_is_a_conflict_with_both_values(scene):
    upload = scene.upload()
    typed = dict(from_stored(upload.understood).courses[0].values)
    first, second = ({**typed, "seats_total": total} for total in (30, 40))
    actions.mend_row(scene.session, upload, 1, first, seen_version=1, actor=scene.actor)
    with pytest.raises(ConflictError) as caught:
        actions.mend_row(scene.session, upload, 1, second, seen_version=1, actor=scene.actor)
    assert caught.value.differences == (("Plätze gesamt", "40", "30"),)


def test_a_row_that_is_not_there_cannot_be_mended(scene):
    with pytest.raises(NotFoundError):
        actions.mend_row(scene.session, scene.upload(), 2, {}, seen_version=1, actor=scene.actor)


@pytest.mark.asvs("2.2.1", "2.2.2")
@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"ends_on": date(2026, 12, 1)}, Rule.END_BEFORE_START),
        ({"time_until": time(8, 0)}, Rule.UNTIL_BEFORE_FROM),
        ({"level_to": "A1", "level_from": "B1"}, Rule.LEVEL_BACKWARDS),
        ({"seats_total": 1000}, Rule.VALUE_OUT_OF_RANGE),
        ({"price_eur": -1}, Rule.VALUE_OUT_OF_RANGE),
        ({"title": "x" * 151}, Rule.TEXT_TOO_LONG),
        ({"provider": "x" * 201}, Rule.TEXT_TOO_LONG),
        ({"audience": tuple("abcdefgh" * 8)}, Rule.TEXT_TOO_LONG),
        ({"postcode": "282"}, Rule.VALUE_UNKNOWN),
        ({"level_to": "Z9"}, Rule.VALUE_UNKNOWN),
        ({"status": "halbvoll"}, Rule.VALUE_UNKNOWN),
        ({"weekdays": ("Mo", "Xx")}, Rule.VALUE_UNKNOWN),
        ({"exams": ("DT\x07Z",)}, Rule.VALUE_UNKNOWN),
        ({"starts_on": "bald"}, Rule.VALUE_UNKNOWN),
        ({"town": "Gör\x00litz"}, Rule.VALUE_UNKNOWN),
        ({"link": "javascript:alert(1)"}, Rule.VALUE_UNKNOWN),
        ({"link": "http://[kaputt"}, Rule.VALUE_UNKNOWN),
        ({"course_type": None}, Rule.VALUE_MISSING),
        ({"provider": None}, Rule.VALUE_MISSING),
    ],
)
def test_what_the_database_would_refuse_never_reaches_it(scene, typed, rule):
    upload = scene.upload()
    values = {**from_stored(upload.understood).courses[0].values, **typed}
    actions.mend_row(scene.session, upload, 1, values, seen_version=1, actor=scene.actor)
    scene.session.flush()
    with pytest.raises(RuleViolationError) as caught:
        scene.take_over(upload)
    assert caught.value.rule is rule
    assert scene.rows() == []


def test_a_good_link_and_no_title_at_all_are_taken_over(scene):
    upload = scene.upload()
    values = {**from_stored(upload.understood).courses[0].values}
    values |= {"title": "", "audience": (), "link": "https://lernhof.example/kurs"}
    actions.mend_row(scene.session, upload, 1, values, seen_version=1, actor=scene.actor)
    scene.session.flush()
    scene.take_over(upload)
    assert [(row.title, row.link) for row in scene.rows()] == [
        ("Allgemeiner Integrationskurs", "https://lernhof.example/kurs")
    ]


def test_one_answer_settles_an_unknown_course_type_in_all_rows(scene):
    odd = {"Kursart": "Zirkustraining", "Titel": ""}
    upload = scene.upload({}, odd, odd)
    with pytest.raises(RuleViolationError):
        scene.take_over(upload)
    with pytest.raises(RuleViolationError) as caught:
        bad = Decisions(types={key("Zirkustraining"): "ZIRKUS"})
        actions.decide(scene.session, upload, bad, actor=scene.actor)
    assert caught.value.rule is Rule.VALUE_UNKNOWN
    good = Decisions(types={key("Zirkustraining"): "EHRENAMT"})
    actions.decide(scene.session, upload, good, actor=scene.actor)
    scene.session.flush()
    scene.take_over(upload)
    assert [row.course_type for row in scene.rows()] == ["IK-ALLG", "EHRENAMT", "EHRENAMT"]


# ---- a sheet of providers


def test_a_sheet_of_providers_fills_what_it_tells_about_them(scene):
    told = [
        ("Träger", "Straße", "PLZ", "Ort", "Ansprechperson", "Telefon", "E-Mail"),
        (LERNHOF, "Wortweg 1", "02826", "Görlitz", "Frau Beispiel", "03581 000-1", "a@b.example"),
        ("Haus Zwei gGmbH", "Satzgasse 2", "02763", "Zittau", "", "03583 000-2", "c@d.example"),
    ]
    courses = [
        ("Träger", "Kurs", "Niveau", "Beginn", "Ende"),
        (LERNHOF, "Allgemeiner Integrationskurs", "B1", "07.12.2026", "30.07.2027"),
        ("Haus Zwei gGmbH", "Allgemeiner Integrationskurs", "B1", "07.12.2026", "30.07.2027"),
    ]
    data = workbook(courses, more=[("Träger", "visible", told)])
    scene.take_over(scene.upload(data=data, name="liste.xlsx"))
    assert [
        (p.name, p.street, p.town, p.phone, p.email, [(c.name, c.phone) for c in p.contacts])
        for p in scene.providers()
    ] == [
        ("Haus Zwei gGmbH", "Satzgasse 2", "Zittau", "03583 000-2", "c@d.example", []),
        (LERNHOF, "Wortweg 1", "Görlitz", "", "", [("Frau Beispiel", "03581 000-1")]),
    ]


# ---- the command line


def test_an_import_leaves_out_what_cannot_be_stored_and_says_so(scene, session):
    a_provider(session, scene.district, name="Haus der Sprachen gGmbH")
    data = a_csv(
        {},
        {"Ende": "01.12.2026", "Kursnummer": "LB-2"},
        {"Träger": "Haus der Sprache gGmbH", "Kursnummer": "LB-3"},
    )
    understanding, outcome = actions.import_list(
        session, course_list=scene.course_list, month=DECEMBER, file_name="l.csv", data=data,
        actor=Actor.system("Befehlszeile"), dry_run=False,
    )  # fmt: skip
    assert len(understanding.courses) == 3
    assert outcome is not None
    assert (outcome.added, outcome.left_out) == (
        1,
        (
            LeftRow(
                row="csv!3",
                why="Ende: Das Ende (01.12.2026) liegt vor dem Beginn (07.12.2026). "
                "Ändern Sie eines der beiden Daten.",
            ),
            LeftRow(
                row="csv!4",
                why="Der Träger „Haus der Sprache gGmbH“ ähnelt „Haus der Sprachen gGmbH“. "
                "Entscheiden Sie auf der Übernahmeseite.",
            ),
        ),
    )
    again = actions.import_list(
        session, course_list=scene.course_list, month=DECEMBER, file_name="l.csv", data=data,
        actor=Actor.system("Befehlszeile"), dry_run=False,
    )  # fmt: skip
    assert again[1] == outcome


def test_a_dry_run_stores_nothing(scene):
    understanding, outcome = actions.import_list(
        scene.session, course_list=scene.course_list, month=DECEMBER, file_name="l.csv",
        data=a_csv(), actor=scene.actor, dry_run=True,
    )  # fmt: skip
    assert (len(understanding.courses), outcome) == (1, None)
    for table in (ListUpload, Round):
        assert scene.session.scalars(select(table)).all() == []
    assert events(scene) == []


def test_the_good_row_of_these_tests_is_one():
    assert set(GOOD) == set(a_csv().decode("utf-8-sig").splitlines()[0].split(";"))
