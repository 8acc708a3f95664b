"""People, outbox, journal and the operator's words, as an administrator uses them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from kursliste.administration import actions, person_actions, queries
from kursliste.administration.disclosure import held_about
from kursliste.administration.journal_words import SUBJECTS
from kursliste.administration.queries import JournalQuestion
from kursliste.domain.errors import ConflictError, NotFoundError, NotPermittedError, Rule
from kursliste.domain.errors import RuleViolationError as Violation
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Grant, Role, Scope
from kursliste.domain.site import LONGEST_SITE_TEXT, SiteTextKey
from kursliste.identity.queries import roles_of
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.mailbox import WIPED
from kursliste.models import (
    Announcement,
    JournalEntry,
    MailStatus,
    Membership,
    OutgoingMail,
    User,
)
from kursliste.web.operator_words import as_html
from tests import builders
from tests.page_client import PageClient
from tests.signing_in import sign_in

SITE = "http://localhost"
SYSTEM = Actor.system()


@pytest.fixture
def here(session):
    return builders.a_district(session)


@pytest.fixture
def there(session):
    return builders.a_district(session, "weimar")


@pytest.fixture
def adam(session):
    return builders.a_user(
        session, Grant(Role.ADMINISTRATOR), name="Adam Amt", email="adam@example.org"
    )


@pytest.fixture
def katrin(session, here):
    return builders.a_coordinator(session, here, name="Katrin Kreis", email="katrin@example.org")


@pytest.fixture
def admin(client, session, adam):
    """The browser of an administrator."""
    sign_in(client, session, adam)
    return client


@pytest.fixture
def other_client(app, session):
    """Another browser: its own cookies."""
    return PageClient(app, session)


def events(session):
    session.expire_all()
    with transaction(session):
        found = session.scalars(select(JournalEntry.event).order_by(JournalEntry.id)).all()
    return [str(event) for event in found if event is not JournalEvent.CODES_LOADED]


def a_failed_mail(session, body="Guten Tag", to="weg@example.org"):
    mail = mailbox.enqueue(session, to=to, subject="Ihre Meldung fehlt", body=body)
    mail.state, mail.tries, mail.last_error = MailStatus.FAILED, 8, "550 unknown user"
    session.flush()
    return mail


# ---- people


def test_people_are_found_by_name_address_and_role(session, adam, katrin):
    for words, role, names in (
        ("", None, ["Adam Amt", "Katrin Kreis"]),
        ("KATRIN example", None, ["Katrin Kreis"]),
        ("adam@", None, ["Adam Amt"]),
        ("", Role.COORDINATOR, ["Katrin Kreis"]),
        ("%", None, []),
    ):
        found = queries.people(session, SYSTEM, words=words, role=role)
        assert [one.name for one in found.rows] == names


def test_capital_umlauts_are_found_by_small_ones(session, here):
    builders.a_coordinator(session, here, name="Özlem Ärmel")
    note(session, here, "Ärger mit ÜBERZAHL")
    assert queries.people(session, SYSTEM, words="özlem ärmel").total == 1
    asked = JournalQuestion(words="ärger überzahl")
    assert queries.journal_entries(session, SYSTEM, asked).total == 1


def test_pages_hold_fifty_and_a_page_too_far_is_the_last(session):
    for number in range(51):
        builders.a_user(session, name=f"Person {number:02d}")
    found = queries.people(session, SYSTEM, page=9)
    assert (found.page, found.pages, found.total) == (2, 2, 51)
    assert [one.name for one in found.rows] == ["Person 50"]


@pytest.mark.asvs("6.3.7")
@pytest.mark.con10("A12")
def test_an_account_is_added_with_a_role_and_changed(admin, session, here):
    admin.get("/verwaltung/personen/neu")
    admin.submit("main form", 422, name="Petra Neu", email="keine", role="")
    assert "Das ist keine E-Mail-Adresse." in admin.page.text()
    assert admin.page.one("input[name=name]").get("value") == "Petra Neu"
    role = f"coordinator:{here.id}"
    admin.submit("main form", name="Petra Neu", email="Petra@Example.org", role=role)
    with transaction(session):
        invited = session.scalars(select(OutgoingMail)).one()
        assert (invited.to_address, invited.subject) == (
            "petra@example.org",
            "Ihr Konto bei kursliste",
        )
        assert "Ihre Aufgabe: Koordination." in invited.body
        assert "http://localhost/anmelden" in invited.body
        assert "richten Sie eine App auf Ihrem Telefon ein" in invited.body
    admin.get("/verwaltung/personen?q=petra")
    assert admin.page.rows()[1][:3] == ["Petra Neu", "petra@example.org", "Koordination"]
    with transaction(session):
        petra = session.scalars(select(User).where(User.name == "Petra Neu")).one()
        user_id = petra.id
    admin.get(f"/verwaltung/personen/{user_id}")
    admin.post(
        f"/verwaltung/personen/{user_id}",
        {"name": "Petra  Alt", "email": "petra.alt@example.org"},
    )
    admin.follow()
    assert admin.page.heading() == "Petra Alt"
    with transaction(session):
        told = session.scalars(select(OutgoingMail.to_address).order_by(OutgoingMail.id)).all()
    assert sorted(told[-2:]) == ["petra.alt@example.org", "petra@example.org"]
    assert "user:changed" in events(session)
    admin.get("/verwaltung/protokoll?was=user:changed")
    assert admin.page.rows()[1][4] == "Name: Petra Neu → Petra Alt; E-Mail: geändert"


def test_an_address_belongs_to_one_account(session, adam, katrin):
    with pytest.raises(Violation) as broken:
        person_actions.change_person(
            session, katrin, name="K", email="ADAM@example.org", site=SITE, actor=SYSTEM
        )
    assert broken.value.rule is Rule.MAIL_ADDRESS_TAKEN
    with pytest.raises(Violation) as broken:
        person_actions.change_person(
            session, katrin, name=" ", email="k@example.org", site=SITE, actor=SYSTEM
        )
    assert broken.value.field == "name"


def test_saving_what_stands_there_tells_nobody(session, katrin):
    person_actions.change_person(
        session, katrin, name=katrin.name, email=katrin.email, site=SITE, actor=SYSTEM
    )
    session.flush()
    assert session.scalars(select(OutgoingMail)).all() == []
    assert session.scalars(
        select(JournalEntry).where(JournalEntry.event == JournalEvent.USER_CHANGED)
    ).all() == []  # fmt: skip


def test_roles_are_given_and_taken(admin, session, katrin, there):
    page = f"/verwaltung/personen/{katrin.id}"
    admin.get(page)
    role = f"counsellor:{there.id}"
    admin.post(f"{page}/aufgaben", {"role": role})
    admin.follow()
    assert "Beratung Landkreis Weimar" in admin.page.text()
    admin.post(f"{page}/aufgaben", {"role": role})
    admin.follow()
    assert "Diese Aufgabe hat die Person schon." in admin.page.text()
    admin.post(f"{page}/aufgaben", {"role": "coordinator:999"})
    admin.follow()
    assert "Wählen Sie eine Aufgabe aus der Liste." in admin.page.text()
    with transaction(session):
        held = session.scalars(
            select(Membership.id).where(Membership.role == Role.COUNSELLOR)
        ).one()
    admin.post(f"{page}/aufgaben/{held}/entfernen")
    admin.follow()
    assert "Beratung Landkreis Weimar" not in admin.page.one("main ul").itertext()
    admin.post(f"{page}/aufgaben/{held}/entfernen", status=404)


def test_a_provider_role_names_the_provider(session, katrin, here):
    provider = builders.a_provider(session, here)
    person_actions.grant_role(
        session, katrin, Grant(Role.PROVIDER, provider_id=provider.id), actor=SYSTEM
    )
    names = [name for _held, name in roles_of(session, katrin.id)]
    assert names == ["Landkreis Goerlitz", "Volkshochschule Neißebogen"]
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert (entry.provider_id, entry.details) == (provider.id, {"role": "provider"})


def test_an_administrator_stays(session, adam, katrin):
    held = adam.memberships[0].id
    for act in (
        lambda: person_actions.revoke_role(session, adam, held, actor=SYSTEM),
        lambda: person_actions.deactivate_person(session, adam, actor=SYSTEM),
    ):
        with pytest.raises(Violation) as broken:
            act()
        assert broken.value.rule is Rule.LAST_ADMINISTRATOR
    person_actions.grant_role(session, katrin, Grant(Role.ADMINISTRATOR), actor=SYSTEM)
    session.flush()
    person_actions.revoke_role(session, adam, held, actor=SYSTEM)
    with pytest.raises(NotFoundError):
        person_actions.revoke_role(session, adam, held, actor=SYSTEM)


def test_of_two_who_shut_one_another_out_one_stays(database, session, adam):
    eva = builders.a_user(session, Grant(Role.ADMINISTRATOR), name="Eva Amt")
    pairs = [(adam.as_actor(), eva.id), (eva.as_actor(), adam.id)]
    with transaction(session):
        pass

    def shut_out(pair):
        with database.session() as own:
            try:
                with transaction(own):
                    actor, person_id = pair
                    person = own.get(User, person_id)
                    person_actions.deactivate_person(own, person, actor=actor)
            except Violation as violation:
                return violation.rule
        return None

    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            assert set(pool.map(shut_out, pairs)) == {None, Rule.LAST_ADMINISTRATOR}
        session.expire_all()
        with transaction(session):
            for user in session.scalars(select(User)):
                user.is_active = True


def test_nobody_shuts_themselves_out(session, adam):
    with pytest.raises(Violation) as broken:
        person_actions.deactivate_person(session, adam, actor=builders.an_actor(adam))
    assert broken.value.rule is Rule.NOT_ONESELF


@pytest.mark.asvs("7.4.2", "7.4.5")
@pytest.mark.con10("A3")
def test_a_person_is_shut_out_at_once_and_let_in_again(admin, other_client, session, katrin, here):
    builders.a_list(session, here)
    sign_in(other_client, session, katrin)
    other_client.get("/konto")
    page = f"/verwaltung/personen/{katrin.id}"
    admin.get(page)
    admin.post(f"{page}/stilllegen")
    admin.follow()
    assert "Dieses Konto ist stillgelegt." in admin.page.text()
    other_client.get("/konto", 302)
    admin.post(f"{page}/freigeben")
    sign_in(other_client, session, katrin)
    other_client.get("/konto")
    assert "Koordination: Landkreis Goerlitz" in other_client.page.text()
    admin.get(page)
    admin.post(f"{page}/abmelden")
    other_client.get("/konto", 302)
    assert events(session)[-3:] == ["user:deactivated", "user:reactivated", "sessions:ended"]


@pytest.mark.asvs("6.4.4", "6.5.6")
def test_a_lost_app_is_taken_away(admin, session, katrin):
    admin.get(f"/verwaltung/personen/{katrin.id}")
    admin.post(f"/verwaltung/personen/{katrin.id}/zweiter-schritt")
    assert events(session)[-1] == "second_factor:removed"


# ---- outbox


def test_the_outbox_shows_what_failed_and_sends_it_again(admin, session, frozen_clock):
    mail = a_failed_mail(session)
    mail_id = mail.id
    mailbox.enqueue(session, to="da@example.org", subject="Anders", body="x")
    admin.get("/verwaltung")
    assert "Eine E-Mail ist gescheitert." in admin.page.text()
    admin.get("/verwaltung/postausgang?stand=failed&q=WEG")
    assert [row[1] for row in admin.page.rows()[1:]] == ["weg@example.org"]
    admin.get("/verwaltung/postausgang?q=ander")
    assert [row[1] for row in admin.page.rows()[1:]] == ["da@example.org"]
    admin.get(f"/verwaltung/postausgang/{mail_id}")
    assert "550 unknown user" in admin.page.text()
    admin.post(f"/verwaltung/postausgang/{mail_id}/noch-einmal")
    with transaction(session):
        mail = session.get(OutgoingMail, mail_id, populate_existing=True)
        assert (mail.state, mail.tries, mail.last_error) == (MailStatus.QUEUED, 0, "")
        assert mail.due_at == frozen_clock.now()
    admin.follow()
    admin.post(f"/verwaltung/postausgang/{mail_id}/noch-einmal")
    admin.follow()
    assert "schon gesendet oder noch unterwegs" in admin.page.text()


@pytest.mark.asvs("6.4.6", "14.2.4")
def test_a_way_in_is_read_by_whom_it_was_mailed_to_only(admin, session, katrin):
    """An administrator who asked for somebody's link must not find its code in the outbox."""
    mail = mailbox.enqueue(
        session, to=katrin.email, subject="Ihr Link", body="1234 5678", holds_secret=True
    )
    session.flush()
    admin.get(f"/verwaltung/postausgang/{mail.id}")
    assert "1234 5678" not in admin.page.html
    assert "Nur die Person selbst liest diesen Text." in admin.page.text()
    held = held_about(session, katrin, mentions=True)["outgoing_mail"]
    assert "1234 5678" not in str(held)
    assert held[0]["subject"] == "Ihr Link"


def test_a_wiped_mail_is_not_sent_again(session):
    mail = a_failed_mail(session, body=WIPED)
    with pytest.raises(Violation):
        actions.retry_mail(session, mail, actor=SYSTEM)


def test_what_is_not_there_is_not_found(admin):
    for path in ("postausgang/999", "personen/999", "texte/anderes"):
        admin.get(f"/verwaltung/{path}", 404)
    admin.get("/verwaltung/ankuendigungen")
    admin.post("/verwaltung/ankuendigungen/999/entfernen", status=404)


# ---- journal


def note(session, district, what, actor=SYSTEM):
    scope = Scope(district_id=district.id)
    journal.record(
        session, JournalEvent.ROUND_OPENED, district, actor=actor, scope=scope, reason=what
    )
    session.flush()


def test_a_coordinator_reads_the_journal_of_their_districts(client, session, here, there, katrin):
    note(session, here, "hier geschehen")
    note(session, there, "dort geschehen")
    sign_in(client, session, katrin)
    client.get("/verwaltung/protokoll")
    assert "hier geschehen" in client.page.text()
    assert "dort geschehen" not in client.page.text()
    client.get(f"/verwaltung/protokoll?kreis={there.id}")
    assert "Dazu steht nichts im Protokoll." in client.page.text()


def test_the_journal_is_searched(session, here, there, frozen_clock):
    note(session, here, "Frist verlegt")
    frozen_clock.forward(days=2)
    note(session, there, "Liste geöffnet", Actor(None, "Katrin Kreis"))
    today = clock.today()
    for asked, count in (
        (JournalQuestion(event=JournalEvent.ROUND_OPENED), 2),
        (JournalQuestion(words="frist VERLEGT"), 1),
        (JournalQuestion(words="katrin"), 1),
        (JournalQuestion(words="100%"), 0),
        (JournalQuestion(district_id=there.id), 1),
        (JournalQuestion(event=JournalEvent.ROUND_OPENED, first=today), 1),
        (JournalQuestion(event=JournalEvent.ROUND_OPENED, last=today - timedelta(days=1)), 1),
        (JournalQuestion(event=JournalEvent.ROUND_OPENED, first=today, last=today), 1),
        (JournalQuestion(event=JournalEvent.ROUND_CLOSED), 0),
    ):
        assert queries.journal_entries(session, SYSTEM, asked).total == count, asked


def test_the_journal_names_accounts_and_providers(admin, session, here, katrin):
    provider = builders.a_provider(session, here)
    for thing, event in (
        (katrin, JournalEvent.USER_ADDED),
        (provider, JournalEvent.PROVIDER_ADDED),
    ):
        journal.record(session, event, thing, actor=SYSTEM, scope=Scope())
    admin.get("/verwaltung/protokoll")
    assert [row[3] for row in admin.page.rows()[1:3]] == [
        "Träger Volkshochschule Neißebogen",
        "Konto Katrin Kreis",
    ]
    with transaction(session):
        tables = set(session.scalars(select(JournalEntry.subject_table)))
    assert tables <= set(SUBJECTS)


def test_a_bad_day_is_named_and_left_out(admin, session, here):
    note(session, here, "hier geschehen")
    admin.get("/verwaltung/protokoll?von=gestern&bis=2030-01-01&was=unsinn&kreis=x&seite=-3")
    assert "„gestern“ ist kein Datum." in admin.page.text()
    assert "hier geschehen" in admin.page.text()


# ---- the operator's words


def test_a_text_stands_on_its_page(admin, client, session):
    admin.get("/verwaltung")
    assert "Noch leer: Impressum, Datenschutz, Barrierefreiheit." in admin.page.text()
    for name in ("impressum", "datenschutz", "barrierefreiheit"):
        admin.get(f"/verwaltung/texte/{name}")
        body = f"## Wir sind {name}\n\n<b>Amt</b> [böse](javascript:alert(1))"
        admin.submit("main form", body=body)
        admin.follow()
        assert f"Wir sind {name}" in admin.page.texts("main h2")
        assert "<b>Amt</b>" in admin.page.text()
        assert "Hier fehlen noch Angaben." not in admin.page.text()
        assert not [a for a in admin.page.select("main a") if "javascript" in a.get("href", "")]
    admin.get("/verwaltung")
    assert "Noch leer" not in admin.page.text()
    admin.get("/verwaltung/texte/impressum")
    admin.submit("main form", body="")
    admin.follow()
    assert "Hier fehlen noch Angaben." in admin.page.text()
    assert events(session).count("site_text:changed") == 4


def test_two_who_write_the_same_text_see_both(admin, session):
    admin.get("/verwaltung/texte/impressum")
    actions.write_site_text(session, SiteTextKey.IMPRINT, "Früher", seen_version=0, actor=SYSTEM)
    admin.submit("main form", 409, body="Später")
    assert "Früher" in admin.page.text()
    assert "Später" in admin.page.text()
    with pytest.raises(ConflictError):
        actions.write_site_text(
            session, SiteTextKey.IMPRINT, "Zu spät", seen_version=0, actor=SYSTEM
        )


def test_a_text_has_an_end(admin):
    admin.get("/verwaltung/texte/impressum")
    admin.submit("main form", 422, body="x" * (LONGEST_SITE_TEXT + 1))
    assert "höchstens 20000 sind möglich" in admin.page.text()


def test_an_announcement_stands_above_the_pages_in_its_days(
    admin, other_client, session, katrin, frozen_clock
):
    admin.get("/verwaltung/ankuendigungen")
    day = clock.today().isoformat()
    admin.submit("main form.form", text="Wartung um 18 Uhr", starts_on=day, ends_on=day)
    admin.follow()
    assert "Wartung um 18 Uhr" in admin.page.texts("main .announcement")
    other_client.get("/")
    assert other_client.page.select("main .announcement") == []
    admin.submit("main form.form", text="Für alle", starts_on=day, ends_on=day, is_for_all="y")
    admin.follow()
    other_client.get("/")
    assert other_client.page.texts("main .announcement") == ["Für alle"]
    with transaction(session):
        first = session.scalars(select(Announcement.id).order_by(Announcement.id)).first()
    admin.get("/verwaltung/ankuendigungen")
    admin.post(f"/verwaltung/ankuendigungen/{first}/entfernen")
    admin.follow()
    assert admin.page.texts("main .announcement") == ["Für alle"]
    assert events(session)[-1] == "announcement:removed"


@pytest.mark.parametrize(
    ("said", "days", "field"),
    [("", (0, 0), "text"), ("x" * 301, (0, 0), "text"), ("Gut", (1, 0), "ends_on")],
)
def test_what_cannot_be_announced_is_named(session, said, days, field):
    today = clock.today()
    span = (today + timedelta(days=days[0]), today + timedelta(days=days[1]))
    with pytest.raises(Violation) as broken:
        actions.add_announcement(session, text=said, is_for_all=False, days=span, actor=SYSTEM)
    assert broken.value.field == field


def test_days_the_wrong_way_round_are_told_at_the_form(admin):
    admin.get("/verwaltung/ankuendigungen")
    admin.submit("main form.form", 422, text="Gut", starts_on="2026-12-02", ends_on="2026-12-01")
    assert "liegt vor dem Beginn" in admin.page.text()
    assert admin.page.one("textarea[name=text]").text.strip() == "Gut"


@pytest.mark.asvs("1.3.5")
def test_html_of_the_operator_is_shown_and_not_obeyed():
    assert "<script" not in as_html("<script>alert(1)</script>\n\nEin <img src=x onerror=y>")
    assert "<img" not in as_html("Ein <img src=x onerror=y>")


# ---- nobody else


@pytest.mark.asvs("8.2.1")
@pytest.mark.con10("A2")
@pytest.mark.parametrize(
    "path",
    ["", "/personen", "/personen/neu", "/postausgang", "/texte/impressum", "/ankuendigungen"],
)
def test_the_administration_is_the_administrators(client, session, katrin, path):
    client.get(f"/verwaltung{path}", 302)
    sign_in(client, session, katrin)
    client.get(f"/verwaltung{path}", 403)


def test_queries_ask_too(session, katrin):
    actor = builders.an_actor(katrin)
    for ask in (
        lambda: queries.people(session, actor),
        lambda: queries.person(session, actor, katrin.id),
        lambda: queries.mails(session, actor),
        lambda: queries.mail(session, actor, 1),
    ):
        with pytest.raises(NotPermittedError):
            ask()


def test_pages_cost_the_same_whatever_they_hold(admin, session, statements, here):
    admin.get("/verwaltung/personen")
    with statements() as few:
        admin.get("/verwaltung/personen")
    for _ in range(20):
        builders.a_coordinator(session, here)
    with statements() as many:
        admin.get("/verwaltung/personen")
    assert len(few) == len(many)
