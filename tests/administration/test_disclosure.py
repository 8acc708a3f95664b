"""What goes in about a person comes out: every table, every column that can name them."""

import json

import pytest
from sqlalchemy import Enum, String, Text, select, text, update
from sqlalchemy.exc import IntegrityError

from kursliste.administration.disclosure import LEFT_OUT, SECRET, held_about
from kursliste.administration.disclosure_actions import disclose_own, disclose_person
from kursliste.domain.errors import NotPermittedError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Scope
from kursliste.infrastructure import journal
from kursliste.infrastructure.database import transaction
from kursliste.models import Base, JournalEntry, User
from tests import builders
from tests.models.scene import a_row_everywhere
from tests.signing_in import sign_in

NAME, EMAIL = "Kanaria Vogelsang", "kanaria@example.org"


@pytest.fixture
def everywhere(session):
    """One row in every table."""
    a_row_everywhere(session)
    return session.scalars(select(User).where(User.demo_slug.is_not(None))).one()


@pytest.fixture
def person(session):
    user = builders.a_user(session, name=NAME, email=EMAIL)
    with transaction(session):
        pass
    return user


def free_columns():
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, String | Text) and not isinstance(column.type, Enum)
            is_long = (getattr(column.type, "length", None) or 999) >= len(NAME)
            is_free = not (column.primary_key or column.foreign_keys)
            if is_text and is_long and is_free and not column.name.endswith(SECRET):
                yield table, column


def test_a_name_is_found_in_every_column_that_can_hold_it(session, everywhere, person):
    put = missed = 0
    for table, column in free_columns():
        if table.name in LEFT_OUT or table.name == "app_user":
            continue
        for words in (NAME, f"Anruf von {NAME.upper()} am Montag"):
            if len(words) > (getattr(column.type, "length", None) or 999):
                continue
            savepoint = session.begin_nested()
            try:
                changed = session.execute(update(table).values({column.name: words})).rowcount
            except IntegrityError:
                changed = 0
            if changed:
                put += 1
                held = held_about(session, person, mentions=True)
                missed += column.name not in str(held.get(table.name))
                assert words in str(held.get(table.name)), f"{table.name}.{column.name}"
            savepoint.rollback()
    assert missed == 0
    assert put > 100


def test_a_name_inside_stored_data_is_found(session, everywhere, person):
    data = json.dumps([{"contacts": [{"name": NAME}]}])
    session.execute(text("UPDATE edition SET providers = :data"), {"data": data})
    assert "edition" in held_about(session, person, mentions=True)
    assert "edition" not in held_about(session, person, mentions=False)


def test_every_row_that_is_tied_to_the_account_is_told(session, everywhere):
    held = held_about(session, everywhere, mentions=False)
    tied = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "app_user" for key in column.foreign_keys)
        and session.execute(select(column).where(column == everywhere.id).limit(1)).first()
    }
    assert len(tied) > 8
    assert tied <= set(held)


@pytest.mark.asvs("14.2.6")
def test_no_secret_leaves_the_house(session, everywhere):
    told = json.dumps(held_about(session, everywhere, mentions=True))
    assert not any(f'{word}"' in told for word in SECRET)
    assert "a" * 64 not in told


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Özlem Ärmel", "Anruf von Özlem Ärmel"),
        ("Özlem Ärmel", "ANRUF VON ÖZLEM ÄRMEL"),
        ("Émile Ünal", "émile ünal rief an"),
    ],
)
def test_a_name_with_umlauts_is_found_however_it_is_written(session, everywhere, name, said):
    person = builders.a_user(session, name=name)
    session.execute(text("UPDATE provider_note SET text = :said"), {"said": said})
    assert "provider_note" in held_about(session, person, mentions=True)


def test_somebody_of_the_same_name_is_somebody_else(session, everywhere, person):
    """Their own download is read by nobody else before they have it (Art. 15 (4) DSGVO)."""
    other = builders.a_user(session, name=NAME, email="andere@example.org")
    session.execute(text("UPDATE provider_note SET written_by = :name"), {"name": NAME})
    note_about(session, other)
    told = disclose_own(session, person, actor=builders.an_actor(person))
    assert set(told["held"]) == {"app_user"}
    assert "andere@example.org" not in json.dumps(told)


def note_about(session, author):
    journal.record(session, JournalEvent.SIGNED_OUT, author, actor=author.as_actor(), scope=Scope())
    session.flush()


def test_a_short_name_is_no_part_of_other_words(session, everywhere):
    ali = builders.a_user(session, name="Ali", email="ali@example.org")
    session.execute(text("UPDATE provider_note SET text = 'Qualifikation'"))
    assert set(held_about(session, ali, mentions=True)) == {"app_user"}
    session.execute(text("UPDATE provider_note SET written_by = 'Ali'"))
    assert "provider_note" in held_about(session, ali, mentions=True)


def test_the_person_downloads_their_own(client, session, everywhere, person):
    session.execute(text("UPDATE provider_note SET text = :words"), {"words": f"{NAME} ruft an"})
    sign_in(client, session, person)
    client.get("/konto")
    answer = client.post("/konto/auskunft", status=200)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json
    assert told["person"] == {"name": NAME, "email": EMAIL}
    assert set(told["held"]) == {"app_user", "user_session"}
    with transaction(session):
        last = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert (str(last.event), last.details) == ("person:exported", {"count": 2})


def test_an_administrator_gets_all_of_it(client, session, everywhere, person):
    session.execute(text("UPDATE provider_note SET text = :words"), {"words": f"{NAME} ruft an"})
    admin = builders.a_user(session, next(iter(Actor.system().grants)), name="Adam Amt")
    sign_in(client, session, admin)
    client.get(f"/verwaltung/personen/{person.id}")
    told = client.post(f"/verwaltung/personen/{person.id}/auskunft", status=200).json
    assert set(told["held"]) == {"app_user", "provider_note"}


def test_nobody_else_does(session, person):
    stranger = builders.an_actor(builders.a_user(session))
    for disclose in (disclose_own, disclose_person):
        with pytest.raises(NotPermittedError):
            disclose(session, person, actor=stranger)
    with pytest.raises(NotPermittedError):
        disclose_person(session, person, actor=builders.an_actor(person))
