"""Uploads belong to a district; the code tables count as they stand in the database."""

import pytest
from sqlalchemy import delete, event, select

from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor
from kursliste.infrastructure.codes import load_codes
from kursliste.intake import queries
from kursliste.intake.preview import preview_of
from kursliste.intake.tables import CodeTables, StatusAlias, TypeAlias
from kursliste.models import Alias, CourseType
from tests.intake.scenes import DECEMBER, a_scene


@pytest.fixture
def scene(session):
    return a_scene(session)


class Statements:
    """Counts what a block asks of the database."""

    def __init__(self, session):
        self.engine, self.count = session.get_bind(), 0

    def add(self, *_arguments):
        self.count += 1

    def __enter__(self):
        event.listen(self.engine, "before_cursor_execute", self.add)
        return self

    def __exit__(self, *_error):
        event.remove(self.engine, "before_cursor_execute", self.add)


def test_the_shipped_tables_come_back_from_the_database(session):
    found, shipped = queries.code_tables_of(session), CodeTables.shipped()
    assert found.course_types == shipped.course_types
    assert found.levels == shipped.levels
    assert found.statuses == shipped.statuses
    assert found.headers == shipped.headers
    assert set(found.type_aliases) == set(shipped.type_aliases)
    assert set(found.status_aliases) == set(shipped.status_aliases)


def test_what_somebody_edits_counts(session):
    session.execute(delete(Alias).where(Alias.kind == "header", Alias.alias == "Anschrift"))
    session.get_one(CourseType, "IK-ALLG").label = "Integrationskurs der Stadt"
    for kind, alias, meaning in (
        ("course_type", "Zirkussprache", "EHRENAMT"),
        ("course_type", "Unfug", "GIBT-ES-NICHT"),
        ("status", "rappelvoll", "voll"),
        ("status", "huhu", "nirgends"),
    ):
        session.add(Alias(kind=kind, alias=alias, meaning=meaning))
    session.flush()
    found, shipped = queries.code_tables_of(session), CodeTables.shipped()
    assert set(shipped.headers) - set(found.headers) == {"anschrift"}
    assert found.course_types["IK-ALLG"].label == "Integrationskurs der Stadt"
    assert set(found.type_aliases) - set(shipped.type_aliases) == {
        TypeAlias(code="EHRENAMT", alias="Zirkussprache", sure=True)
    }
    assert set(found.status_aliases) - set(shipped.status_aliases) == {
        StatusAlias(code="voll", alias="rappelvoll", seats_free=0)
    }


def test_an_upload_is_there_for_its_district_only(scene, session):
    upload = scene.upload()
    other = a_scene(session, "weimar")
    assert queries.upload(session, scene.actor, "goerlitz", upload.id) is upload
    assert queries.upload(session, Actor.system(), "goerlitz", upload.id) is upload
    for actor, district in ((scene.actor, "weimar"), (other.actor, "goerlitz")):
        with pytest.raises(NotFoundError):
            queries.upload(session, actor, district, upload.id)


def test_the_newest_uploads_come_first_and_only_to_their_district(scene, session):
    uploads = [scene.upload({"Titel": f"Kurs {number}"}) for number in range(6)]
    other = a_scene(session, "weimar")
    newest = list(reversed(uploads))[: queries.MOST_UPLOADS]
    assert queries.uploads(session, scene.actor, scene.district) == newest
    assert queries.uploads(session, Actor.system(), scene.district) == newest
    assert queries.uploads(session, other.actor, scene.district) == []


def test_the_preview_asks_the_same_number_of_questions_whatever_the_list(scene, session):
    codes = load_codes(session)
    lists: tuple[list[dict[str, str]], ...] = (
        [{}],
        [{}, {"Kursnummer": "LB-2"}, {"Träger": "Haus Drei gGmbH"}],
    )
    keys = [scene.upload(*rows).id for rows in lists]
    counts = []
    for key in keys:
        session.flush()
        session.expunge_all()
        with Statements(session) as asked:
            upload = queries.upload(session, scene.actor, "goerlitz", key)
            preview_of(session, upload, codes)
        counts.append(asked.count)
    assert counts == [4, 4]


def test_taking_over_meets_the_reports_and_rows_of_its_month_only(scene, session):
    scene.take_over(scene.upload())
    scene.take_over(scene.upload(month=DECEMBER.next()))
    first, second = scene.reports()
    reports = queries.reports_by_provider(session, scene.course_list, DECEMBER)
    assert list(reports.values()) == [first]
    assert list(queries.locked_reports(session, second.round).values()) == [second]
    earlier = queries.earlier_rows(session, second.round)
    assert earlier == {first.provider_id: [scene.rows()[0]]}
    assert queries.earlier_rows(session, first.round) == {}
    assert queries.rows_changed_by_hand(session, first.round) == frozenset()


def test_every_alias_has_its_kind(session):
    assert {alias.kind for alias in session.scalars(select(Alias))} == {
        "header",
        "course_type",
        "status",
    }
