"""The API tells what is public, refuses what it does not understand, and keeps its description."""

from datetime import date
from decimal import Decimal

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from schemathesis.core.result import Ok

from kursliste.domain.course import Visibility
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from tests.publishing.scene import CANARIES, FULL_ROW, HIDDEN, Statements, a_scene

API = "/api/v1"


@pytest.fixture
def scene(session, settings):
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(**(FULL_ROW | {"postcode": "02906", "town": "Niesky"}))
    scene.course(title="Zittau", town="Zittau", postcode="02763", price_eur=Decimal("12.50"))
    scene.course(title="Geheim", visibility=HIDDEN)
    scene.course(title="Fach", visibility=Visibility.PROFESSIONALS, town="Fachort")
    scene.publish()
    with transaction(session):
        pass
    return scene


@pytest.fixture
def key(scene) -> str:
    """The Kurs-ID of the course that has every fact."""
    course: str = scene.report.courses[0].course_id
    return course


def answer(client, address: str, status: int = 200):
    response = client.flask.get(API + address)
    assert response.status_code == status, response.text
    return response.get_json()


def test_districts_providers_and_editions(client, scene):
    [district] = answer(client, "/districts")
    assert district == answer(client, "/districts/goerlitz")
    assert district == {
        "slug": "goerlitz",
        "ags": scene.district.ags,
        "name": "Landkreis Goerlitz",
        "current": {"district": "goerlitz", "month": "2026-12", "number": 1},
        "page": "http://localhost/kurslisten/goerlitz",
    }
    [provider] = answer(client, "/districts/goerlitz/providers")
    assert (provider["name"], provider["courses"]) == (scene.report.provider.name, 2)
    [edition] = answer(client, "/districts/goerlitz/editions")
    assert edition == answer(client, "/districts/goerlitz/editions/2026-12/1")
    assert {file["format"] for file in edition["files"]} >= {"xlsx", "csv", "json"}
    assert [file["name"] for file in edition["files"] if "intern" in file["name"]] == []


def test_a_course_says_what_the_file_says(client, key):
    found = answer(client, f"/courses/{key}")
    assert found["title"] == "Integrationskurs am Vormittag"
    assert (found["starts_on"], found["time_from"], found["weekdays"]) == (
        "2026-12-07",
        "08:30",
        ["Mo", "Di", "Mi"],
    )
    assert (found["price_eur"], found["seats_free"], found["interim"]) == (229.5, 4, None)
    assert found["page"] == f"http://localhost/kurse/{key}"
    [published] = [
        course
        for course in client.flask.get(
            "/kurslisten/goerlitz/2026-12/1/kursliste-goerlitz-2026-12-a1.json"
        ).get_json()["courses"]
        if course["course_id"] == key
    ]
    assert {name: found[name] for name in published} == published


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Integrationskurs am Vormittag", "Zittau"]),
        ("?q=niesky", ["Integrationskurs am Vormittag"]),
        ("?plz=02763&umkreis=5", ["Zittau"]),
        ("?kreis=goerlitz&per_page=1&page=2", ["Zittau"]),
        ("?frei=1", ["Integrationskurs am Vormittag"]),
        ("?updated_since=2026-11-24", ["Integrationskurs am Vormittag", "Zittau"]),
        ("?updated_since=2026-11-25", []),
    ],
)
def test_the_filters_of_the_pages(client, scene, query, titles):
    found = answer(client, f"/courses{query}")
    assert [course["title"] for course in found["courses"]] == titles


@pytest.mark.parametrize(
    ("address", "status", "errors"),
    [
        ("/courses?niveau=Z9", 422, {"Niveau": ["Z9"]}),
        ("/courses?kreis=atlantis", 422, {"Landkreis": ["atlantis"]}),
        ("/courses?farbe=rot", 422, {"query": {"farbe": ["Unknown field."]}}),
        ("/courses?plz=1", 422, {"query": {"plz": ["String does not match expected pattern."]}}),
        ("/courses/nichts", 404, None),
        ("/districts/atlantis", 404, None),
        ("/districts/goerlitz/editions/2026-13/1", 404, None),
        ("/districts/goerlitz/editions/2026-12/x", 404, None),
        ("/nichts", 404, None),
    ],
)
def test_what_is_wrong_is_a_problem(client, scene, address, status, errors):
    response = client.flask.get(API + address)
    found = response.get_json()
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert (found["status"], found.get("errors")) == (status, errors)
    assert found["detail"]


@pytest.mark.asvs("3.4.2")
def test_a_page_leads_to_the_next_and_is_known_by_its_tag(client, scene):
    response = client.flask.get(f"{API}/courses?per_page=1")
    assert response.headers["Link"] == (
        '<http://localhost/api/v1/courses?per_page=1&page=2>; rel="next"'
    )
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    again = client.flask.get(
        f"{API}/courses?per_page=1", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    refused = client.flask.post(f"{API}/courses", data={"q": "alpha"})
    assert (refused.status_code, refused.mimetype) == (405, "application/problem+json")
    assert "GET" in refused.headers["Allow"]


@pytest.mark.asvs("3.4.2", "14.2.6", "15.3.1")
def test_nothing_internal_leaks(client, key):
    for address in ("/courses", "/districts/goerlitz/providers", f"/courses/{key}"):
        text = client.flask.get(API + address).text
        assert CANARIES.search(text) is None
        assert [
            word for word in ("Geheim", "Fachort", "internal_note", "seats_taken") if word in text
        ] == []


def test_as_many_statements_for_one_row_as_for_two(client, scene, database):
    asked = []
    for size in (1, 1, 2):
        with Statements(database) as statements:
            answer(client, f"/courses?per_page={size}")
        asked.append(statements.questions)
    assert asked[1] == asked[2] <= 3


def test_the_page_that_explains_it(client, scene):
    client.get("/api")
    text = client.page.text()
    for path in ("/api/v1/districts", "/api/v1/courses", "/api/v1/districts/{district}/editions"):
        assert f"GET {path}" in text
    for example in client.page.texts("pre code"):
        for part in example.split('"'):
            if part.startswith("http://localhost/api/v1/"):
                assert client.flask.get(part.removeprefix("http://localhost")).status_code == 200


@pytest.mark.asvs("1.4.2")
def test_called_in_ways_that_nobody_thought_of(app, client, scene):
    """Everything that the description allows is answered as it says; nothing ends in an error."""
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app)

    for operation in schema.get_all_operations():
        assert isinstance(operation, Ok)
        one = operation.ok()

        @tries(
            max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(case=one.as_strategy())
        def called(case):
            response = case.call()
            assert response.status_code < 500, response.text
            assert response.status_code in {200, 404, 422, 410}

        called()


@pytest.mark.asvs("3.5.6")
def test_no_script_of_another_website_can_read_it_as_a_program(client, scene):
    """No JSONP: an answer is plain JSON whatever function somebody names."""
    for name in ("callback", "jsonp", "cb"):
        answer = client.flask.get(f"{API}/courses?{name}=boese")
        assert answer.mimetype in {"application/json", "application/problem+json"}
        assert (answer.text[0], "boese(" in answer.text) == ("{", False)


def test_days_are_days(client, scene):
    assert answer(client, "/courses?ab=2026-12-08")["total"] == 0
    [found] = answer(client, "/courses?bis=2026-12-31")["courses"]
    assert date.fromisoformat(found["starts_on"]) == date(2026, 12, 7)
