"""A foreign district full of canaries, and everybody who must not see one.

Every text column of every table is poisoned, found by the metadata: a new column is covered on the
day it is made. What is published stands in ``PUBLISHED``; anything else that a stranger reads is a
leak.
"""

import contextlib
import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from sqlalchemy import Enum, String, Text, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.course import FIELDS
from kursliste.infrastructure.database import transaction
from kursliste.models import Base, District, Provider, User
from kursliste.web.access import ACCESS_MARK
from tests import builders
from tests.models.scene import a_row_everywhere
from tests.page_client import PageClient
from tests.signing_in import sign_in

CANARY: Final = "kanarie-fremd"
FORGED: Final = "KANARIE-gefälscht"
SHORTEST: Final = 30
PUBLISHED: Final = {
    "announcement", "alias", "course_profile", "course_status", "course_type", "current_course",
    "current_word", "district", "district_neighbour", "district_outline", "edition",
    "edition_entry", "edition_file",
    "known_course", "level", "list_layout", "logo_image", "place", "search_word", "site_text",
    "course_list", "provider", "course",
}  # fmt: skip
"""Tables that hold what anybody may read, but for the columns of ``SECRET``."""

SECRET: Final = {
    "edition_entry": [field.attribute for field in FIELDS if field.internal],
    "provider": ["report_email", "report_name"],
}
KEEPS: Final = {"token_hash", "code_hash", "bind_hash", "key_hash", "filter_key", "sha256",
                "rows_sha256", "dedupe_key", "demo_slug", "course_id", "subject_table",
                "subject_id", "media_type", "reason", "attribute"}  # fmt: skip
"""Columns that are keys or that people read by design (why an edition was taken back)."""

NEW_ROWS: Final = {
    "reader_hint", "subscription", "outgoing_mail", "journal_entry", "rate_counter",
    "sign_in_link", "user_session", "saved_search", "known_course", "second_factor", "paper_code",
    "remembered_device", "reader_mail",
}  # fmt: skip
"""Where strangers may add a row: what they order, say or save themselves."""

MAY_CHANGE: Final = {"rate_counter", "user_session", "sign_in_link"}


@dataclass(frozen=True)
class World:
    """The foreign district, and the people of another one."""

    ids: Mapping[str, Sequence[Any]]
    people: Mapping[str, int]


def a_world(session: Session) -> World:
    """Fill the database; return the keys of what is foreign and who is a stranger to it."""
    a_row_everywhere(session)
    here = session.scalars(select(District)).one()
    house = session.scalars(select(Provider).where(Provider.is_active.is_(True))).one()
    owner = builders.a_reporter(session, house)
    ids = _foreign_ids(session)
    there = builders.a_district(session, "weimar")
    builders.a_round(session, builders.a_list(session, there))
    neighbour = builders.a_provider(session, here, name="Anderes Haus")
    elsewhere = builders.a_provider(session, there, name="Haus in Weimar")
    people = {
        "provider of the same district": builders.a_reporter(session, neighbour),
        "provider elsewhere": builders.a_reporter(session, elsewhere),
        "coordinator elsewhere": builders.a_coordinator(session, there),
        "counsellor elsewhere": builders.a_counsellor(session, there),
        "without a role": builders.a_user(session),
        "owner": owner,
        "coordinator": builders.a_coordinator(session, here),
    }
    world = World(ids, {name: person.id for name, person in people.items()})
    poison(session, house.id, {person.id for person in people.values()})
    with transaction(session):
        pass
    return world


def _foreign_ids(session: Session) -> dict[str, Sequence[Any]]:
    tables = Base.metadata.tables

    def keys(*names: str) -> list[Any]:
        found: list[Any] = []
        for name in names:
            found += session.scalars(select(tables[name].c.id).order_by(tables[name].c.id)).all()
        return found or [1]

    return {
        "district": ["goerlitz"],
        "month": [Month(2026, 12)],
        "number": [1],
        "report_id": keys("report"),
        "provider_id": keys("provider"),
        "survivor_id": keys("provider"),
        "row_id": keys("reported_course"),
        "question_id": keys("question"),
        "note_id": keys("provider_note", "course_note"),
        "correction_id": keys("correction"),
        "contact_id": keys("contact"),
        "venue_id": keys("venue"),
        "user_id": keys("app_user"),
        "upload_id": keys("list_upload"),
        "hint_id": keys("reader_hint"),
        "search_id": keys("saved_search"),
        "mail_id": keys("outgoing_mail"),
        "membership_id": keys("membership"),
        "session_id": keys("user_session"),
        "device_id": keys("remembered_device"),
        "announcement_id": keys("announcement"),
        "alias_id": keys("alias")[:1],
        "code": ["IK-ALLG", "A1", "voll"],
        "table": ["kursarten", "status"],
        "course_id": session.scalars(select(tables["course"].c.id)).all(),
        "name": ["a.csv", "koordination", "impressum"],
        "step": ["opening"],
        "kind": ["xlsx"],
        "ext": ["xlsx", "csv", "json"],
        "token": ["unbekannt"],
        "version": ["unbekannt"],
        "key": ["unbekannt"],
        "filename": ["app.css"],
        "sha256": ["a" * 64],
        "nothing": ["nichts"],
    }


def poison(session: Session, provider_id: int, strangers: set[int]) -> None:
    """Put the canary into every text that is not published; strangers keep their own names."""
    for table in Base.metadata.sorted_tables:
        for column in _texts(table):
            change = update(table).values({column: CANARY})
            if table.name == "app_user":
                change = change.where(table.c.id.not_in(strangers))
            if table.name == "provider":
                change = change.where(table.c.id == provider_id)
            with contextlib.suppress(IntegrityError), session.begin_nested():
                session.execute(change)  # a rule of the table may forbid any such text


def _texts(table: Any) -> Iterator[str]:
    wanted = SECRET.get(table.name)
    if wanted is None and table.name in PUBLISHED:
        return
    for column in table.columns:
        is_text = type(column.type) in {String, Text} and not isinstance(column.type, Enum)
        length = getattr(column.type, "length", None)
        is_long = length is None or length >= SHORTEST
        is_free = not (column.primary_key or column.foreign_keys or column.name in KEEPS)
        if is_text and is_long and is_free and (wanted is None or column.name in wanted):
            yield column.name


def addresses(app: Flask, world: World, *, unsafe: bool) -> Iterator[tuple[str, str, str]]:
    """Every address of the foreign district: endpoint, method, path."""
    urls = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if rule.endpoint == "static":
            continue
        methods = (rule.methods or set()) - {"OPTIONS", "HEAD"}
        wanted = sorted(methods - {"GET"}) if unsafe else sorted(methods & {"GET"})
        names = sorted(rule.arguments)
        for values in itertools.product(*(world.ids[name] for name in names)):
            chosen = dict(zip(names, values, strict=True))
            for method in wanted:
                yield rule.endpoint, method, urls.build(rule.endpoint, chosen, method=method)


def is_public(app: Flask, endpoint: str) -> bool:
    """Whether a view lets everybody in by its own declaration."""
    view = app.view_functions[endpoint]
    return getattr(view, ACCESS_MARK, "public") == "public"


def read(response: Any) -> str:
    """Everything that an answer tells: headers, text, the parts of a workbook."""
    body = response.get_data()
    told = [str(response.headers)]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            told += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    else:
        told.append(body.decode("utf-8", "replace"))
    return "\n".join(told)


def entered(app: Flask, session: Session, world: World, who: str) -> PageClient:
    """Return the browser of one of the people, or of nobody."""
    client = PageClient(app, session)
    if who in world.people:
        person = session.get(User, world.people[who])
        assert person is not None
        sign_in(client, session, person)
        with transaction(session):
            pass
    return client


def leaks(app: Flask, session: Session, world: World, who: str) -> list[str]:
    """What a stranger gets to read of the foreign district, by address; empty if all is well."""
    client, found = entered(app, session, world, who), []
    for endpoint, _method, path in addresses(app, world, unsafe=False):
        response = client.flask.get(path)
        words = read(response)
        response.close()
        if response.status_code >= 500:
            found.append(f"{path}: {response.status_code}")
        if CANARY in words:
            found.append(f"{path}: canary")
        has_ids = any(f"/{part}" in path for part in ("goerlitz", *map(str, range(1, 9))))
        if response.status_code == 200 and has_ids and not is_public(app, endpoint):
            found.append(f"{path}: opened")
    return found


def content(session: Session) -> dict[str, dict[Any, tuple[Any, ...]]]:
    """Every row of every table by its key."""
    session.expire_all()
    found = {}
    for table in Base.metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        rows = session.execute(select(*keys, *table.columns)).all()
        found[table.name] = {row[: len(keys)]: tuple(row[len(keys) :]) for row in rows}
    with transaction(session):
        pass
    return found


def forged(app: Flask, token: str) -> dict[str, str]:
    """A form with every column of every table in it, and the words that buttons send."""
    names = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    buttons = {"entfernen": "1", "decision": "approve", "text": FORGED, "email": "x@example.org",
               "code": "123456", "version": "1", "status": "approved", "role": "administrator",
               "district_id": "1", "provider_id": "1", "person": "admin"}  # fmt: skip
    return dict.fromkeys(names, FORGED) | buttons | {"csrf_token": token}


def damage(app: Flask, session: Session, world: World, who: str) -> list[str]:
    """What a stranger manages to change in the foreign district; empty if all is well."""
    client, found = entered(app, session, world, who), []
    before = content(session)
    for endpoint, method, path in addresses(app, world, unsafe=True):
        if endpoint in {"identity.sign_out", "identity.end_sessions"}:
            continue
        page = client.flask.get("/anmelden").get_data(as_text=True)
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        response = client.flask.open(path, method=method, data=forged(app, token))
        if response.status_code >= 500:
            found.append(f"{method} {path}: {response.status_code}")
        if CANARY in read(response):
            found.append(f"{method} {path}: canary")
        response.close()
    after = content(session)
    for name, rows in before.items():
        changed = [key for key, row in rows.items() if after[name].get(key) != row]
        if changed and name not in MAY_CHANGE:
            found.append(f"{name}: changed or gone {changed[:3]}")
        added = set(after[name]) - set(rows)
        if added and name not in NEW_ROWS:
            found.append(f"{name}: {len(added)} new rows")
    return found
