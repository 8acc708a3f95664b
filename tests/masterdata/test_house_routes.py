"""The pages of a provider's house: who gets in, what is shown, saved, refused and in conflict."""

import pytest
from sqlalchemy import select

from kursliste.domain.permissions import Grant, Role
from kursliste.domain.report import ReportStatus
from kursliste.models import Contact, OutgoingMail, Provider, User, UserSession, Venue
from tests import builders
from tests.masterdata.scenes import (
    CONTACT,
    PERSON,
    PLACE,
    VENUE,
    a_contact,
    a_venue,
    person_of,
    place_of,
)
from tests.page_client import text_of
from tests.reporting.scenes import Scene, a_scene
from tests.signing_in import sign_in


@pytest.fixture
def scene(session) -> Scene:
    return a_scene(session)


@pytest.fixture
def rita(client, session, scene):
    """A browser in which somebody of the provider is signed in."""
    sign_in(client, session, scene.person)
    return client


@pytest.fixture
def karl(client, session, scene):
    """A browser in which the coordinator is signed in."""
    sign_in(client, session, scene.coordinator)
    return client


@pytest.fixture
def house(scene) -> str:
    return f"/stammdaten/traeger/{scene.provider.id}"


def told(client) -> list[str]:
    return client.page.texts(".kern-alert--success")


def addresses(scene, venue, contact) -> list[str]:
    house = f"/stammdaten/traeger/{scene.provider.id}"
    return [
        house,
        f"{house}/angaben",
        f"{house}/kursorte/neu",
        f"{house}/kursorte/{venue.id}",
        f"{house}/kursorte/{venue.id}/loeschen",
        f"{house}/ansprechpersonen/neu",
        f"{house}/ansprechpersonen/{contact.id}",
        f"{house}/ansprechpersonen/{contact.id}/loeschen",
        f"{house}/personen/neu",
        f"{house}/personen/{scene.person.id}/entfernen",
    ]


# ---- who gets in


def test_other_houses_are_not_there(client, session, scene):
    venue, contact = a_venue(session, scene.provider), a_contact(session, scene.provider)
    weimar = builders.a_district(session, "weimar")
    foreign = builders.a_provider(session, weimar, name="Fremd")
    for user in (builders.a_reporter(session, foreign), builders.a_coordinator(session, weimar)):
        sign_in(client, session, user)
        for address in addresses(scene, venue, contact):
            client.get(address, 404)


def test_things_of_other_houses_are_not_there_in_the_own_house(rita, session, scene, house):
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    venue, contact = a_venue(session, other), a_contact(session, other)
    rita.get(f"{house}/kursorte/{venue.id}", 404)
    rita.get(f"{house}/ansprechpersonen/{contact.id}", 404)
    rita.get(f"{house}/personen/{scene.coordinator.id}/entfernen", 404)


def test_a_counsellor_and_nobody_have_no_house(client, session, scene, house):
    client.get(house, 302)
    assert client.response.location.startswith("/anmelden")
    sign_in(client, session, builders.a_counsellor(session, scene.district))
    client.get("/stammdaten/traeger", 403)


def test_every_page_is_in_order(rita, session, scene):
    venue, contact = a_venue(session, scene.provider), a_contact(session, scene.provider)
    for address in addresses(scene, venue, contact):
        rita.get(address)


# ---- the list and the house


def test_whoever_has_one_house_goes_there_at_once(rita, session, scene, house):
    rita.get("/stammdaten/traeger", 302)
    assert rita.response.location == house
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    builders.a_reporter(session, other)
    sign_in(rita, session, builders.a_reporter(session, scene.provider, other))
    rita.get("/stammdaten/traeger")
    assert rita.page.rows()[1:] == [
        ["Anderes Haus", "keine Angabe", "Landkreis Goerlitz", "2 Personen", "keine Angabe"],
        [
            "Volkshochschule Neißebogen",
            "keine Angabe",
            "Landkreis Goerlitz",
            "2 Personen",
            "meldung@example.org",
        ],
    ]


def test_a_coordinator_sees_the_providers_of_the_district_only(karl, session, scene):
    builders.a_provider(session, scene.district, name="Anderes Haus")
    builders.a_provider(session, builders.a_district(session, "weimar"), name="Fremd")
    karl.get("/stammdaten/traeger")
    assert [(row[0], row[3]) for row in karl.page.rows()[1:]] == [
        ("Anderes Haus", "niemand"),
        ("Volkshochschule Neißebogen", "1 Person"),
    ]


def test_a_district_without_providers_says_so(client, session):
    sign_in(client, session, builders.a_coordinator(session, builders.a_district(session)))
    client.get("/stammdaten/traeger")
    assert "Hier steht noch kein Träger." in client.page.text()


def test_the_house_shows_its_four_parts(rita, session, scene, house):
    venue = a_venue(session, scene.provider)
    a_venue(session, scene.provider, name="")
    contact = a_contact(session, scene.provider)
    a_contact(session, scene.provider, name="Zoe Intern", is_public=False, email="")
    scene.row(scene.report(), venue_id=venue.id, contact_id=contact.id)

    rita.get(house)

    assert rita.page.texts("h2") == [
        "Angaben zum Träger",
        "Kursorte",
        "Ansprechpersonen",
        "Wer meldet",
    ]
    tables = [
        [text_of(cell) for cell in row]
        for table in rita.page.select("tbody")
        for row in table.iter("tr")
    ]
    assert [row[:4] for row in tables if row[0] == "Weg 1"] == [
        ["Weg 1", "02826 Görlitz", "keine Angabe", "0"]
    ]
    assert [row[:4] for row in tables if row[0] == "Haus der Silben"] == [
        ["Haus der Silben", "Weg 1, 02826 Görlitz", "keine Angabe", "1"]
    ]
    assert [row[:5] for row in tables if row[0] in {"Büro", "Zoe Intern"}] == [
        ["Büro", "03581 1", "a@example.org", "öffentlich", "1"],
        ["Zoe Intern", "03581 1", "keine Angabe", "nur intern", "0"],
    ]
    assert "Entfernen" not in rita.page.text()  # the last one stays


# ---- particulars


def test_staff_changes_particulars_but_not_the_name(rita, session, scene, house):
    rita.get(f"{house}/angaben")
    assert rita.page.select("input[name=name]") == []
    rita.submit(
        town="Görlitz",
        languages="Deutsch, Polnisch",
        approvals="Berufssprachkurse",
        name="Gekapert",
    )
    rita.follow()
    assert told(rita) == ["Ihre Angaben sind gespeichert."]
    session.expire_all()
    provider = session.get(Provider, scene.provider.id)
    assert (provider.town, provider.languages, provider.name) == (
        "Görlitz",
        ("Deutsch", "Polnisch"),
        "Volkshochschule Neißebogen",
    )
    rita.get(f"{house}/angaben")
    rita.submit()
    rita.follow()
    assert told(rita) == ["Nichts geändert."]


def test_a_coordinator_renames_a_provider(karl, session, scene, house):
    builders.a_provider(session, scene.district, name="Vergeben")
    karl.get(f"{house}/angaben")
    karl.submit(name="Vergeben", status=422)
    assert karl.page.texts("#name-fehler") == ["„Vergeben“ ist schon vergeben."]
    karl.submit(name="Neuer Name")
    karl.follow()
    assert karl.page.heading() == "Neuer Name"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("postcode", "123", "Eine Postleitzahl hat fünf Ziffern."),
        ("website", "www", "Das ist keine Webadresse. Sie beginnt mit https:// oder http://."),
        ("email", "x", "Das ist keine E-Mail-Adresse. Sie hat die Form name@beispiel.de."),
        ("report_email", "x", "Das ist keine E-Mail-Adresse. Sie hat die Form name@beispiel.de."),
        ("town", "x" * 81, "Höchstens 80 Zeichen sind möglich."),
        ("languages", "x" * 300, "Das sind zu viele Wörter. Kürzen Sie die Angabe."),
    ],
)
def test_bad_particulars_are_refused_at_their_field(rita, house, field, value, words):
    rita.get(f"{house}/angaben")
    rita.submit(status=422, **{field: value})
    assert rita.page.texts(f"#{field}-fehler") == [words]
    assert rita.page.one(f"#{field}").get("value") == value


def test_two_who_change_particulars_both_see_both(rita, session, scene, house):
    rita.get(f"{house}/angaben")
    typed = {**rita.page.form_values(), "town": "Zittau"}
    rita.submit(town="Görlitz")
    rita.post(f"{house}/angaben", typed, 409)
    assert rita.page.rows()[1:] == [["Ort", "Zittau", "Görlitz"]]
    rita.submit()
    rita.follow()
    session.expire_all()
    assert session.get(Provider, scene.provider.id).town == "Zittau"


# ---- venues


def test_a_venue_is_added_changed_and_deleted(rita, session, scene, house):
    rita.get(f"{house}/kursorte/neu")
    rita.submit(name="Haus der Silben", town="", status=422)
    assert rita.page.texts("#town-fehler") == [
        "Geben Sie mindestens einen Namen oder eine Straße und den Ort an."
    ]
    rita.submit(town="Görlitz", wheelchair="ja")
    rita.follow()
    assert told(rita) == ["Der Kursort steht jetzt in der Liste."]
    venue = session.scalars(select(Venue)).one()
    assert (venue.name, venue.street, venue.town, venue.wheelchair) == (
        "Haus der Silben",
        "",
        "Görlitz",
        "ja",
    )
    rita.get(f"{house}/kursorte/{venue.id}")
    rita.submit(wheelchair="")
    rita.follow()
    assert told(rita) == ["Der Kursort ist gespeichert."]
    session.expire_all()
    assert session.get(Venue, venue.id).wheelchair is None
    rita.get(f"{house}/kursorte/{venue.id}/loeschen")
    rita.submit()
    rita.follow()
    assert told(rita) == ["Der Kursort ist aus der Liste gelöscht."]
    session.expire_all()
    assert session.scalars(select(Venue)).all() == []


def test_a_known_venue_is_refused(rita, session, scene, house):
    a_venue(session, scene.provider)
    rita.get(f"{house}/kursorte/neu")
    rita.submit(**VENUE, status=422)
    assert rita.page.texts("#name-fehler") == ["Diesen Kursort gibt es schon in Ihrer Liste."]


def test_the_page_says_before_and_after_how_far_a_change_goes(rita, session, scene, house):
    venue = a_venue(session, scene.provider)
    sent = scene.row(scene.november(), **PLACE, venue_id=venue.id)
    report = scene.report()
    rows = [scene.row(report, **PLACE, venue_id=venue.id) for _ in range(2)]

    rita.get(f"{house}/kursorte/{venue.id}")
    assert rita.page.texts(".kern-alert--info p") == [
        (
            "Diese Anschrift steht in 2 Kursen, die sich noch ändern lassen. Dort ändert sie sich "
            "mit. Bestätigt ist damit nichts."
        ),
        (
            "1 eingereichte Meldung bleibt, wie sie ist. Die nächste Meldung beginnt mit der neuen "
            "Angabe."
        ),
    ]
    rita.submit(street="Neuer Weg 9")
    rita.follow()
    assert told(rita) == [
        (
            "Der Kursort ist gespeichert. Mitgeändert: 2 Kurse. In 1 eingereichten Meldung steht "
            "noch die alte Anschrift."
        )
    ]
    session.expire_all()
    assert [row.street for row in (*rows, sent)] == ["Neuer Weg 9", "Neuer Weg 9", "Weg 1"]


def test_deleting_a_venue_says_that_courses_keep_it(rita, session, scene, house):
    venue = a_venue(session, scene.provider)
    row = scene.row(scene.report(), **PLACE, venue_id=venue.id)
    rita.get(f"{house}/kursorte/{venue.id}/loeschen")
    assert "In 1 Kurs, der sich noch ändern lässt, bleibt die Anschrift" in rita.page.text()
    rita.submit()
    session.expire_all()
    assert (place_of(row), row.venue_id) == (tuple(PLACE.values()), None)


def test_two_who_change_a_venue_both_see_both(rita, session, scene, house):
    venue = a_venue(session, scene.provider)
    rita.get(f"{house}/kursorte/{venue.id}")
    typed = {**rita.page.form_values(), "street": "Weg 3"}
    rita.submit(street="Weg 2")
    rita.post(f"{house}/kursorte/{venue.id}", typed, 409)
    assert rita.page.rows()[1:] == [["Straße", "Weg 3", "Weg 2"]]
    rita.submit()
    session.expire_all()
    assert session.get(Venue, venue.id).street == "Weg 3"


# ---- contacts


def test_a_contact_is_added_changed_and_deleted(rita, session, scene, house):
    rita.get(f"{house}/ansprechpersonen/neu")
    assert rita.page.one("#is_public").get("checked") is None
    rita.submit(name="", status=422)
    assert rita.page.texts("#name-fehler") == ["Diese Angabe fehlt."]
    rita.submit(name="Büro", phone="03581 1", is_public="y")
    rita.follow()
    assert told(rita) == ["Die Ansprechperson steht jetzt in der Liste."]
    contact = session.scalars(select(Contact)).one()
    assert (contact.name, contact.phone, contact.email, contact.is_public) == (
        "Büro",
        "03581 1",
        "",
        True,
    )
    row = scene.row(scene.report(), contact_name="Büro", contact_phone="03581 1")
    rita.get(f"{house}/ansprechpersonen/{contact.id}")
    assert rita.page.one("#is_public").get("checked") is not None
    assert "verschwindet die Ansprechperson auch aus diesen Kursen" in rita.page.text()
    rita.submit(phone="03581 2")
    rita.follow()
    assert told(rita) == ["Die Ansprechperson ist gespeichert. Mitgeändert: 1 Kurs."]
    session.expire_all()
    assert person_of(row) == ("Büro", "03581 2", None)
    rita.get(f"{house}/ansprechpersonen/{contact.id}/loeschen")
    assert rita.page.select("#replacement") == []  # nobody could take the place
    rita.submit()
    rita.follow()
    assert told(rita) == ["Die Ansprechperson ist gelöscht. Mitgeändert: 1 Kurs."]
    session.expire_all()
    assert (session.scalars(select(Contact)).all(), person_of(row)) == ([], (None, None, None))


def test_another_takes_the_place_of_a_deleted_contact(rita, session, scene, house):
    contact = a_contact(session, scene.provider)
    heir = a_contact(session, scene.provider, name="Sekretariat")
    a_contact(session, scene.provider, name="Zoe Intern", is_public=False)
    scene.row(scene.november(), **PERSON, contact_id=contact.id)
    row = scene.row(scene.report(ReportStatus.ASKED), **PERSON, contact_id=contact.id)

    rita.get(f"{house}/ansprechpersonen/{contact.id}/loeschen")
    assert (
        "Name, Telefon und E-Mail verschwinden auch aus 1 Kurs, der sich noch ändern lässt. "
        "1 eingereichte Meldung bleibt, wie sie ist. In der nächsten Meldung steht die Person "
        "nicht mehr."
    ) in rita.page.text()
    assert rita.page.texts("#replacement option") == ["niemand", "Sekretariat"]
    rita.submit(replacement="999999", status=422)
    rita.submit(replacement=str(heir.id))
    rita.follow()
    assert told(rita) == [
        (
            "Die Ansprechperson ist gelöscht. Mitgeändert: 1 Kurs. In 1 eingereichten Meldung "
            "steht noch die alte Angabe."
        )
    ]
    session.expire_all()
    assert person_of(row) == ("Sekretariat", "03581 1", "a@example.org")


# ---- people


@pytest.mark.asvs("6.3.8")
@pytest.mark.con10("A10")
def test_a_colleague_is_invited_and_the_answer_is_the_same_for_known_addresses(
    rita, session, scene, house
):
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    builders.a_reporter(session, other, name="Otto Alt", email="otto@example.org")
    for email in ("nora@example.org", "otto@example.org"):
        rita.get(f"{house}/personen/neu")
        rita.submit(name="Nora Neu", email=email)
        assert rita.response.location == f"{house}#personen"
        rita.follow()
        assert told(rita) == [f"Eingeladen: Nora Neu. Die E-Mail an {email} ist unterwegs."]
    mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [mail.to_address for mail in mails] == ["nora@example.org", "otto@example.org"]
    assert all("http://localhost/anmelden" in mail.body for mail in mails)


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"email": ""}, "email", "Diese Angabe fehlt."),
        ({"name": ""}, "name", "Diese Angabe fehlt."),
        (
            {"email": "nora"},
            "email",
            "Das ist keine E-Mail-Adresse. Sie hat die Form name@beispiel.de.",
        ),
        (
            {"email": "rita@example.org"},
            "email",
            "rita@example.org meldet schon für diesen Träger.",
        ),
        (
            {"name": "Gewinn: https://boese.example"},
            "name",
            "Schreiben Sie hier nur den Namen, keine Adresse.",
        ),
    ],
)
def test_a_bad_invitation_is_refused_at_its_field(rita, session, house, sent, field, words):
    rita.get(f"{house}/personen/neu")
    rita.submit(status=422, **{"name": "Nora Neu", "email": "nora@example.org", **sent})
    assert rita.page.texts(f"#{field}-fehler") == [words]
    assert session.scalars(select(OutgoingMail)).all() == []


def test_a_colleague_is_removed(rita, session, scene, house):
    user = builders.a_reporter(session, scene.provider, name="Lutz Leise")
    rita.get(f"{house}/personen/{user.id}/entfernen")
    assert rita.page.heading() == "Person entfernen"
    rita.submit()
    rita.follow()
    assert told(rita) == ["Lutz Leise meldet nicht mehr für Volkshochschule Neißebogen."]
    session.expire_all()
    assert session.get(User, user.id).is_active is False


def test_leaving_says_what_happens_and_ends_the_own_sign_in(rita, session, scene, house):
    address = f"{house}/personen/{scene.person.id}/entfernen"
    rita.get(address)
    assert rita.page.heading() == "Sich selbst entfernen"
    rita.submit(status=422)  # the last one stays
    assert "Laden Sie zuerst eine andere ein." in rita.page.text()

    builders.a_reporter(session, scene.provider)
    rita.get(address)
    assert (
        "Ihr Konto wird stillgelegt, und Sie werden sofort überall abgemeldet." in rita.page.text()
    )
    rita.submit()
    assert rita.response.location == "/anmelden"
    rita.follow()
    assert told(rita) == ["Rita Meldung meldet nicht mehr für Volkshochschule Neißebogen."]
    rita.get(house, 302)
    assert session.scalars(select(UserSession)).all() == []


def test_who_leaves_with_another_task_stays_signed_in(client, session, scene, house):
    grants = [
        Grant(Role.PROVIDER, provider_id=scene.provider.id),
        Grant(Role.COUNSELLOR, district_id=scene.district.id),
    ]
    user = builders.a_user(session, *grants)
    sign_in(client, session, user)
    client.get(f"{house}/personen/{user.id}/entfernen")
    assert "Ihr Konto und Ihre anderen Aufgaben bleiben." in client.page.text()
    client.submit()
    assert client.response.location == "/konto"
    client.follow()


def test_a_coordinator_removes_the_last_one(karl, session, scene, house):
    karl.get(house)
    karl.get(f"{house}/personen/{scene.person.id}/entfernen")
    karl.submit()
    karl.follow()
    assert "Noch niemand. Laden Sie jemanden ein" in karl.page.text()


def test_contact_without_a_word_in_a_post_is_empty_and_not_an_error(rita, session, house):
    rita.post(f"{house}/ansprechpersonen/neu", {"name": CONTACT["name"]})
    contact = session.scalars(select(Contact)).one()
    assert (contact.phone, contact.email, contact.is_public) == ("", "", False)
