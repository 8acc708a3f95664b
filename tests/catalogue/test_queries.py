"""Finding editions: the right one, in order, with the same number of questions for any length."""

import pytest
from sqlalchemy.exc import InvalidRequestError

from kursliste.catalogue import queries
from kursliste.catalogue.list_page import list_page
from kursliste.catalogue.search import Search
from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotFoundError
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from tests.builders import a_district, a_list
from tests.publishing.scene import FULL_ROW, HIDDEN, Statements, a_scene


@pytest.fixture
def scene(session, tmp_path):
    return a_scene(session, Shelf(tmp_path / "shelf"))


def publish_months(scene) -> None:
    scene.course()
    scene.publish()
    scene.month(Month(2027, 1))
    scene.course()
    scene.publish(month=Month(2027, 1))
    scene.publish(month=Month(2027, 1), seen=1, reason="Tippfehler")


def test_edition_is_the_newest_or_the_one_asked_for(scene, session):
    publish_months(scene)
    district = scene.district

    assert queries.edition(session, district).name == "2027-01/2"
    assert queries.edition(session, district, Month(2026, 12)).name == "2026-12/1"
    assert queries.edition(session, district, Month(2027, 1), 1).name == "2027-01/1"
    for month, number in ((Month(2026, 11), None), (Month(2027, 1), 3)):
        with pytest.raises(NotFoundError):
            queries.edition(session, district, month, number)


def test_archive_is_newest_first(scene, session):
    publish_months(scene)

    names = [edition.name for edition in queries.archive(session, scene.district)]

    assert names == ["2027-01/2", "2027-01/1", "2026-12/1"]
    shelved = queries.shelved(session, "goerlitz")
    assert [(e.month, e.number, e.reason) for e in shelved.standing] == [
        (Month(2027, 1), 2, "Tippfehler"),
        (Month(2027, 1), 1, ""),
        (Month(2026, 12), 1, ""),
    ]


def test_districts_have_their_current_edition_and_public_courses(scene, session):
    a_district(session, "aue", name="Aue")
    publish_months(scene)
    scene.month(Month(2027, 2))
    for visibility in (None, HIDDEN, None):
        scene.course(visibility=visibility)
    scene.publish(month=Month(2027, 2))

    found = [
        (line.district.name, line.edition and line.edition.name, line.courses)
        for line in queries.districts(session)
    ]

    assert found == [("Aue", None, 0), ("Landkreis Goerlitz", "2027-02/1", 2)]


def test_second_list_of_a_district_does_not_mix_in(scene, session):
    publish_months(scene)
    a_list(session, scene.district, slug="beratung", title="Beratung")

    assert queries.edition(session, scene.district).list_slug == "deutschkurse"


def test_internal_rows_are_left_out_and_internal_columns_are_not_even_read(scene, session):
    scene.course(**FULL_ROW)
    scene.course(title="geheim", visibility=HIDDEN)
    edition = scene.publish()
    session.expunge_all()

    (entry,) = queries.entries(session, edition, Search())

    assert entry.title == "Integrationskurs am Vormittag"
    for name in ("internal_note", "bamf_reference", "seats_taken", "waiting_count", "visibility"):
        with pytest.raises(InvalidRequestError):
            getattr(entry, name)
    with pytest.raises(InvalidRequestError):
        _ = entry.confirmed_by


def test_unknown_district_and_file_are_not_there(scene, session):
    publish_months(scene)
    stem = "kursliste-goerlitz-2026-12-a1"

    found = queries.file(session, "goerlitz", Month(2026, 12), 1, f"{stem}.csv")
    assert found.edition.folder == "goerlitz/deutschkurse/2026-12/a1"
    for slug, number, name in (
        ("weimar", 1, f"{stem}.csv"),
        ("goerlitz", 2, f"{stem}.csv"),
        ("goerlitz", 1, f"{stem}.docx"),
        ("goerlitz", 1, f"{stem}-intern.csv"),
    ):
        with pytest.raises(NotFoundError):
            queries.file(session, slug, Month(2026, 12), number, name)
    with pytest.raises(NotFoundError):
        queries.district_by_slug(session, "weimar")


@pytest.mark.parametrize("search", [{}, {"ort": ["Görlitz"], "q": ["kurs"]}, {"q": ["nichts"]}])
def test_page_asks_as_often_for_one_row_as_for_three(scene, session, database, search):
    counts = []
    for month, more in ((Month(2027, 1), 1), (Month(2027, 2), 3)):
        scene.month(month)
        for _ in range(more):
            scene.course(town="Görlitz")
        scene.publish(month=month)
        with transaction(session):
            pass
        with database.session(readonly=True) as own:
            list_page(own, "goerlitz", {}, month=month)  # the first one reads what never changes
        with database.session(readonly=True) as own, Statements(database) as statements:
            list_page(own, "goerlitz", search, month=month)
        counts.append((statements.questions, statements.about("reported_course")))

    assert counts == [(3, 0), (3, 0)]


def test_start_page_asks_as_often_for_one_district_as_for_three(scene, session, database):
    counts = []
    for more in ((), ("aue", "zwickau")):
        for slug in more:
            a_district(session, slug)
        with transaction(session):
            pass
        with database.session(readonly=True) as own, Statements(database) as statements:
            queries.districts(own)
        counts.append(len(statements.sent))

    assert counts[0] == counts[1]
