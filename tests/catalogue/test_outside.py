"""What other websites, search engines and data portals get from a list."""

import json
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF
from sqlalchemy import delete

from kursliste.catalogue.graph import Node, Text, as_json_ld, as_rdf_xml
from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.erasure import wanted_from
from kursliste.domain.layout import STANDARD
from kursliste.domain.licence import Licence
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Contact, EditionFile, Venue
from kursliste.models.layout import ListLayout
from kursliste.publishing.erasure_actions import erase_person
from kursliste.publishing.withdrawal_actions import withdraw_edition
from kursliste.web.security import EMBEDDED, EMBEDDING, POLICY
from tests.builders import a_district, a_list, a_provider, a_report
from tests.publishing.scene import CANARIES, FULL_ROW, HIDDEN, Scene, a_scene

LIST = "/kurslisten/goerlitz"
SCHEMA = Namespace("https://schema.org/")
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
HOSTILE = '</script><script>alert(1)</script><!-- & "'


pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib


@pytest.fixture
def scene(session, settings) -> Scene:
    return a_scene(session, Shelf(settings.shelf), licence=Licence.DL_DE_BY)


def linked(client) -> Graph:
    """The structured data of the page, read as a search engine reads it."""
    block = client.page.one("script[type=application/ld+json]")
    return Graph().parse(data=block.text, format="json-ld")


# ---- the provider list


@pytest.fixture
def houses(scene, session) -> Scene:
    house = scene.report.provider
    house.street, house.postcode, house.town = "Langenstraße 23", "02826", "Görlitz"
    house.email, house.website = "info@vhs.example", "https://vhs.example"
    house.office_hours, house.approvals = "Mo 9–12 Uhr", ("Integrationskurse",)
    house.languages = ("Deutsch", "Arabisch")
    house.venues = [Venue(name="Haus A", postcode="02763", town="Zittau", wheelchair="ja")]
    house.contacts = [
        Contact(name="Anmeldung", phone="03581 1", email="a@vhs.example", is_public=True),
        Contact(name="KANARIE-person", phone="0151 987", email="kanarie@x.example"),
    ]
    a_provider(session, scene.district, name="fremd, ohne Abfrage")
    scene.course(**FULL_ROW)
    scene.course(title="KANARIE-intern", visibility=HIDDEN)
    scene.publish()
    return scene


@pytest.mark.con10("A4")
def test_provider_list_names_houses_courses_and_nobody_without_the_flag(client, houses):
    client.get(f"{LIST}/traeger")

    page = client.page
    assert page.heading() == "Trägerliste – Landkreis Goerlitz"
    assert "1 Träger." in page.text()
    assert page.texts(".table-group") == ["Görlitz 1 Träger"]
    (head, *cells) = page.rows()[2]
    assert head == "Volkshochschule NeißebogenLangenstraße 23, 02826 Görlitz"
    assert cells == [
        "Haus A, 02763 Zittau barrierefrei: ja",
        (
            "03581 4209info@vhs.exampleWebsite: Volkshochschule Neißebogen "
            "(führt auf eine andere Website)Anmeldung03581 1a@vhs.example"
        ),
        "Mo 9–12 UhrDeutsch, Arabisch",
        "Allgemeiner Integrationskurszugelassen für: Integrationskurse",
        "1 Kurs Integrationskurs am Vormittag A1 – B1, Görlitz, ab 07.12.2026",
    ]
    links = {link.get("href") for link in page.select("td a")}
    entry = next(e for e in houses.publish(seen=1, reason="x").entries if e.town == "Görlitz")
    assert {"tel:035814209", "tel:035811", f"{LIST}#kurs-{entry.course_id}"} <= links
    assert not CANARIES.search(page.html)
    assert "intern@vhs.example" not in page.html


def test_provider_list_says_that_a_person_was_taken_out(client, houses, session):
    erase_person(
        session,
        houses.shelf,
        houses.district,
        wanted=wanted_from("Anmeldung"),
        reason="Wunsch",
        actor=houses.actor,
    )
    client.get(f"{LIST}/traeger")
    assert "Anmeldung" not in client.page.text()
    assert "Am 24.11.2026 wurden personenbezogene Angaben entfernt." in client.page.text()


def test_provider_files_have_addresses_that_stay(client, houses, session):
    response = client.get(f"{LIST}/traeger.csv", 302)
    assert response.headers["Location"] == (
        f"{LIST}/2026-12/1/traegerliste-goerlitz-2026-12-a1.csv"
    )
    assert response.headers["Cache-Control"] == "public, max-age=300"
    file = client.get(response.headers["Location"])
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert not CANARIES.search(file.text)

    for ext, begin in (("xlsx", b"PK"), ("pdf", b"%PDF-")):
        address = client.get(f"{LIST}/traeger.{ext}", 302).headers["Location"]
        assert address.endswith(f"/traegerliste-goerlitz-2026-12-a1.{ext}")
        assert client.get(address).data.startswith(begin)
    client.get(f"{LIST}/traeger")
    assert client.page.texts(".file-links a") == [
        f"{word} der Trägerliste" for word in ("Excel", "PDF", "CSV")
    ]

    client.get(f"{LIST}/traeger.docx", 404)
    assert "keine Datei mit der Endung „docx“" in client.page.text()
    assert "traegerliste-goerlitz-2026-12-a1.csv" in client.page.texts("main li a")
    client.get("/kurslisten/nirgends/traeger.csv", 404)
    # Editions of before have no such files.
    old = delete(EditionFile).where(EditionFile.format == "providers")
    session.execute(old)
    client.get(f"{LIST}/traeger.csv", 404)
    client.get(f"{LIST}/traeger")
    assert client.page.select(".downloads") == []
    client.get("/kurslisten/nirgends/traeger", 404)


def test_provider_page_takes_the_same_statements_for_three(client, scene, session, statements):
    scene.course()
    scene.publish()
    client.get(f"{LIST}/traeger")
    with statements() as for_one:
        client.get(f"{LIST}/traeger")
    scene.month(Month(2027, 1))
    for name in ("B", "C"):
        provider = a_provider(session, scene.district, name=name)
        provider.contacts = [Contact(name=name, is_public=True)]
        a_report(session, scene.round, provider)
    for number in range(3):
        scene.course(title=f"Kurs {number}")
    scene.publish(month=Month(2027, 1))
    with statements() as for_more:
        client.get(f"{LIST}/traeger")
    assert len(for_one) == len(for_more)


def test_addresses_of_the_lists_files_say_what_there_is(client, houses):
    for ext in ("xlsx", "csv", "json"):
        response = client.get(f"{LIST}/aktuell.{ext}", 302)
        assert response.headers["Location"].endswith(f"/kursliste-goerlitz-2026-12-a1.{ext}")
        assert response.headers["Cache-Control"] == "public, max-age=300"
    client.get(f"{LIST}/aktuell.providers", 404)
    client.get(f"{LIST}/aktuell.manifest", 404)
    assert "keine Datei mit der Endung „manifest“" in client.page.text()
    assert "traegerliste" not in client.page.text()


# ---- on other websites


@pytest.mark.asvs("3.4.6")
def test_embedded_list_may_stand_anywhere_and_sets_no_cookie(client, scene):
    scene.course(title="Abendkurs", town="Zittau", seats_free=2)
    scene.course(title="Anderer", town="Görlitz")
    scene.publish()

    response = client.get("/einbetten/goerlitz?ort=Zittau")

    assert "Set-Cookie" not in response.headers
    headers = response.headers
    assert (headers["Content-Security-Policy"], headers.get("X-Frame-Options")) == (EMBEDDED, None)
    assert "frame-ancestors *" in EMBEDDED
    assert EMBEDDED.replace("frame-ancestors *", "frame-ancestors 'none'") == POLICY
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["X-Robots-Tag"] == "noindex"
    page = client.page
    assert page.texts(".course-title") == ["Abendkurs"]
    assert page.select("header") + page.select("footer") + page.select("nav") == []
    assert page.one("base").get("target") == "_top"
    assert page.one("form").get("action") == "/einbetten/goerlitz"
    inside = [*page.select("form"), *page.select(".chip")]
    assert {element.get("target") for element in inside} == {"_self"}
    assert [chip.get("href") for chip in page.select(".chip")] == ["/einbetten/goerlitz"] * 2
    addresses = [e.get("src") or e.get("href") or "" for e in page.root.iter()]
    assert [a for a in addresses if a.startswith(("http:", "//"))] == []
    assert page.select("link[rel=canonical]") == []
    assert page.select("script[type=application/ld+json]") == []


@pytest.mark.asvs("3.4.6")
@pytest.mark.con10("A14")
def test_only_embedded_pages_may_be_framed(client, scene):
    scene.course()
    scene.publish()
    for path, policy in (
        (LIST, POLICY),
        (f"{LIST}/traeger", POLICY),
        (f"{LIST}/einbinden", EMBEDDING),
    ):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"] == policy
        assert (headers["X-Frame-Options"], "Set-Cookie" in headers) == ("DENY", False)


def test_embedding_what_is_not_there_says_so_inside_the_frame(client, session):
    a_list(session, a_district(session))
    response = client.get("/einbetten/goerlitz", 404)
    assert response.headers["Content-Security-Policy"] == EMBEDDED
    assert "noch keine Kursliste" in client.page.text()
    client.get("/einbetten/nirgends", 404)
    client.get(f"{LIST}/einbinden")
    assert "noch keine Ausgabe erschienen" in client.page.text()
    client.get("/kurslisten/nirgends/einbinden", 404)


def test_script_may_be_loaded_by_every_website(client):
    response = client.get("/einbetten.js")
    headers = response.headers
    assert headers["Content-Type"].startswith("text/javascript")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cache-Control"] == "public, max-age=86400"
    client.get("/einbetten.js", 304, headers={"If-None-Match": headers["ETag"]})


def test_lines_for_another_website_carry_the_filters_and_a_title(client, scene):
    scene.course(title="Abendkurs", town="Zittau & Umland", seats_free=2)
    scene.publish()

    client.get(f"{LIST}/einbinden?ort=Zittau+%26+Umland&frei=1")

    whole, frame = (box.text or "" for box in client.page.select("textarea"))
    src = "http://localhost/einbetten/goerlitz?ort=Zittau+%26+Umland&amp;frei=1"
    assert frame == (
        f'<iframe src="{src}" title="Kursliste: Deutsch- und Integrationskurse, Landkreis Goerlitz '
        '(Ort: Zittau &amp; Umland, freie Plätze)" width="100%" height="900" loading="lazy" '
        'style="border: 0"></iframe>'
    )
    assert whole == f'{frame}\n<script src="http://localhost/einbetten.js" async></script>'
    preview = client.page.one("iframe")
    assert preview.get("src") == "/einbetten/goerlitz?ort=Zittau+%26+Umland&frei=1"
    assert (preview.get("title") or "").startswith("Vorschau: Deutsch- und Integrationskurse")
    assert "http://localhost/kurslisten/goerlitz/aktuell.xlsx" in client.page.texts("main li a")
    client.get(f"{LIST}/einbinden")
    assert client.page.one("iframe").get("src") == "/einbetten/goerlitz"


# ---- search engines


def test_list_leads_search_engines_to_its_public_courses(client, scene):
    scene.course(**FULL_ROW)
    scene.course(title="KANARIE-intern", visibility=HIDDEN)
    (entry,) = (e for e in scene.publish().entries if e.title != "KANARIE-intern")

    client.get(LIST)

    assert client.page.select("main script") == []
    graph = linked(client)
    (items,) = graph.subjects(RDF.type, SCHEMA.ItemList)
    assert items == URIRef(f"http://localhost{LIST}")
    assert str(graph.value(items, SCHEMA.numberOfItems)) == "1"
    (told,) = graph.objects(items, SCHEMA.itemListElement)
    assert str(graph.value(told, SCHEMA.url)) == f"http://localhost/kurse/{entry.course_id}"
    assert not CANARIES.search(graph.serialize(format="nt"))


def test_cancelled_and_hostile_courses_are_told_as_they_are(client, scene):
    scene.course(title=HOSTILE, price_eur=Decimal(0), status=CourseStatus.CANCELLED, town="Ünlü")
    (entry,) = scene.publish().entries

    client.get(f"/kurse/{entry.course_id}")

    graph = linked(client)
    (course,) = graph.subjects(RDF.type, SCHEMA.Course)
    assert str(graph.value(course, SCHEMA.name)) == HOSTILE
    cancelled = [str(o) for o in graph.objects(None, SCHEMA.eventStatus)]
    assert cancelled == ["https://schema.org/EventCancelled"]


def test_course_is_told_with_its_run_and_its_price(client, scene):
    scene.course(**FULL_ROW)
    (entry,) = scene.publish().entries
    client.get(f"/kurse/{entry.course_id}")
    graph = linked(client)
    course = URIRef(f"http://localhost/kurse/{entry.course_id}")
    run = graph.value(course, SCHEMA.hasCourseInstance)

    def told(thing, *path):
        for name in path:
            thing = graph.value(thing, SCHEMA[name])
        return None if thing is None else str(thing)

    assert told(course, "educationalLevel") == "A1 – B1"
    assert told(course, "provider", "name") == "Volkshochschule Neißebogen"
    assert (told(run, "startDate"), told(run, "endDate")) == ("2026-12-07", "2027-06-30")
    assert told(run, "courseMode") == "onsite"
    assert told(run, "location", "address", "postalCode") == "02826"
    schedule = graph.value(run, SCHEMA.courseSchedule)
    assert {str(day) for day in graph.objects(schedule, SCHEMA.byDay)} == {
        f"https://schema.org/{day}" for day in ("Monday", "Tuesday", "Wednesday")
    }
    assert (told(schedule, "startTime"), told(schedule, "endTime")) == ("08:30", "12:45")
    assert (told(run, "maximumAttendeeCapacity"), told(run, "remainingAttendeeCapacity")) == (
        "20",
        "4",
    )
    assert (told(course, "offers", "price"), told(course, "offers", "category")) == (
        "229.50",
        "Paid",
    )


def test_what_a_layout_keeps_for_professionals_is_told_nowhere(client, scene, session):
    hidden = ("town", "price_eur", "course_type")
    chosen = [replace(c, for_professionals=c.attribute in hidden) for c in STANDARD.chosen]
    layout = ListLayout(course_list_id=scene.course_list.id)
    layout.keep(replace(STANDARD, chosen=tuple(chosen)))
    session.add(layout)
    scene.course(**FULL_ROW | {"town": "KANARIE-ort", "price_eur": Decimal("987.00")})
    scene.publish()
    for path in (LIST, f"{LIST}/traeger", "/einbetten/goerlitz"):
        client.get(path)
        assert "Integrationskurs am Vormittag" in client.page.text()
        assert not CANARIES.search(client.page.html.partition("</form>")[2])
    text = client.get(f"{LIST}/2026-12/1/traegerliste-goerlitz-2026-12-a1.csv").text
    assert '"1";"gemeldet"' in text
    assert "Allgemeiner Integrationskurs" not in text


def test_one_address_for_each_list_and_data_on_the_current_one_only(client, scene):
    scene.course(town="Zittau")
    scene.publish()
    scene.publish(seen=1, reason="Beginn falsch")
    scene.month(Month(2027, 1))
    scene.course()
    scene.publish(month=Month(2027, 1))
    for path, address, has_data in (
        (LIST, LIST, True),
        (f"{LIST}?frei=1", LIST, False),
        (f"{LIST}?sortierung=ort", LIST, False),
        (f"{LIST}/2027-01/1", LIST, True),
        (f"{LIST}/2026-12", f"{LIST}/2026-12/2", False),
        (f"{LIST}/2026-12/1", f"{LIST}/2026-12/2", False),
    ):
        client.get(path)
        assert client.page.one("link[rel=canonical]").get("href") == f"http://localhost{address}"
        found = client.page.select("script[type=application/ld+json]")
        assert (path, len(found)) == (path, int(has_data))


def test_robots_and_sitemap_lead_to_public_pages_only(client, scene, session, statements):
    a_list(session, a_district(session, "weimar"))  # has no edition
    scene.course()
    scene.publish()
    scene.publish(seen=1, reason="Beginn falsch")
    scene.month(Month(2027, 1))
    scene.course()
    scene.publish(month=Month(2027, 1))

    rules = client.get("/robots.txt").text
    assert rules.startswith("User-agent: *\nDisallow: /anmelden\n")
    assert rules.endswith("Sitemap: http://localhost/sitemap.xml\n")
    refused = [line.split(": ")[1] for line in rules.splitlines() if line.startswith("Disallow")]
    with statements() as seen:
        text = client.get("/sitemap.xml").text
    assert sum(text.startswith("SELECT") for text in seen) == 1
    urls = ET.fromstring(text)  # noqa: S314 -- our own
    found = [(url[0].text or "", url[1].text if len(url) > 1 else None) for url in urls]
    addresses = [address.removeprefix("http://localhost") for address, _ in found]
    assert addresses == ["/", LIST, f"{LIST}/traeger", f"{LIST}/ausgaben", f"{LIST}/2026-12/2"]
    assert {day for _, day in found} == {None, "2026-11-24T09:00:00+00:00"}
    for address in addresses:
        client.get(address)
        assert client.page.one("link[rel=canonical]").get("href") == f"http://localhost{address}"
        assert not any(address.startswith(path) for path in refused)


def test_what_was_withdrawn_leads_nowhere(client, scene, session):
    scene.course(title="gilt")
    scene.publish()
    scene.month(Month(2027, 1))
    scene.course(title="KANARIE-zurückgezogen")
    gone = scene.publish(month=Month(2027, 1))
    withdraw_edition(session, gone, reason="falscher Monat", actor=scene.actor)

    assert "2027-01" not in client.get("/sitemap.xml").text
    assert "/2026-12/1/" in client.get(f"{LIST}/aktuell.xlsx", 302).headers["Location"]
    assert "/2026-12/1/" in client.get(f"{LIST}/traeger.csv", 302).headers["Location"]
    for path in ("/einbetten/goerlitz", f"{LIST}/traeger", f"{LIST}/dcat.jsonld"):
        text = client.get(path).text
        assert (path, "2027-01" in text, "KANARIE" in text) == (path, False, False)


# ---- data portals


def record(client, ext: str) -> Graph:
    response = client.get(f"{LIST}/dcat.{ext}")
    kind = {"jsonld": "json-ld", "rdf": "xml"}[ext]
    return Graph().parse(data=response.data, format=kind)


DATASET_NEEDS = (
    DCTERMS.title,
    DCTERMS.description,
    DCTERMS.publisher,
    DCTERMS.identifier,
    DCTERMS.modified,
    DCTERMS.accrualPeriodicity,
    DCTERMS.spatial,
    DCTERMS.temporal,
    DCAT.contactPoint,
    DCAT.theme,
    DCAT.keyword,
    DCAT.distribution,
    DCATDE.politicalGeocodingLevelURI,
    DCATDE.politicalGeocodingURI,
)
DISTRIBUTION_NEEDS = (DCAT.accessURL, DCTERMS.license, DCTERMS["format"], DCAT.mediaType)


def test_record_has_what_the_profile_demands(client, scene):
    scene.course(**FULL_ROW)
    scene.publish()

    graph = record(client, "jsonld")

    assert isomorphic(graph, record(client, "rdf"))
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert [need for need in DATASET_NEEDS if graph.value(dataset, need, any=True) is None] == []
    place = URIRef("http://dcat-ap.de/def/politicalGeocoding/districtKey/14626")
    assert graph.value(dataset, DCATDE.politicalGeocodingURI) == place
    publisher = graph.value(dataset, DCTERMS.publisher)
    assert (publisher, RDF.type, FOAF.Agent) in graph
    assert str(graph.value(publisher, FOAF.name)) == "Landratsamt, Bildungskoordination"
    contact = graph.value(dataset, DCAT.contactPoint)
    assert graph.value(contact, VCARD.hasEmail) == URIRef("mailto:bildung@kreis.example")
    distributions = list(graph.objects(dataset, DCAT.distribution))
    assert len(distributions) == len(set(distributions)) >= 3
    for found in distributions:
        assert [need for need in DISTRIBUTION_NEEDS if graph.value(found, need) is None] == []
        licence = graph.value(found, DCTERMS.license)
        assert licence == URIRef("http://dcat-ap.de/def/licenses/dl-by-de/2.0")
        assert str(graph.value(found, DCATDE.licenseAttributionByText)) == (
            "Landratsamt, Bildungskoordination"
        )
        address = str(graph.value(found, DCAT.accessURL))
        client.get(address.removeprefix("http://localhost"), 302)
    assert not CANARIES.search(graph.serialize(format="nt"))


def test_record_without_a_licence_does_not_pretend_one(client, scene):
    scene.course_list.licence = Licence.NONE
    scene.course_list.title = "Kurse & <mehr>, Landkreis Goerlitz"
    scene.district.contact = "Telefon 03581 1"
    scene.course()
    scene.publish()

    graph = record(client, "rdf")

    assert isomorphic(graph, record(client, "jsonld"))
    licences = {str(licence) for licence in graph.objects(None, DCTERMS.license)}
    assert licences == {"http://dcat-ap.de/def/licenses/other-closed"}
    assert list(graph.objects(None, DCATDE.licenseAttributionByText)) == []
    assert list(graph.objects(None, VCARD.hasEmail)) == []
    assert graph.value(None, DCTERMS.title, Literal("Kurse & <mehr>, Landkreis Goerlitz", "de"))
    client.get(f"{LIST}/einbinden")
    title = client.page.one("iframe").get("title")
    assert title == "Vorschau: Kurse & <mehr>, Landkreis Goerlitz"
    client.get(LIST)
    assert "Lizenz der Daten" not in client.page.text()
    for path in (f"{LIST}/dcat.ttl", "/kurslisten/nirgends/dcat.rdf"):
        client.get(path, 404)


def test_licence_stands_on_the_page_with_its_terms_and_in_the_json(client, scene):
    scene.course()
    scene.publish()
    for path in (LIST, f"{LIST}/traeger"):
        client.get(path)
        (link,) = [a for a in client.page.select("a") if "license" in (a.get("rel") or "")]
        assert link.get("href") == "https://www.govdata.de/dl-de/by-2-0"
        assert link.text == "Datenlizenz Deutschland – Namensnennung – Version 2.0"
    data = json.loads(client.get(f"{LIST}/2026-12/1/kursliste-goerlitz-2026-12-a1.json").data)
    assert data["licence"] == "dl-de/by-2-0"


def test_both_forms_of_a_graph_hold_only_what_xml_can_hold():
    node = Node(
        "dct:Agent", [("dct:title", Text("a\x0bb\ud800c")), ("dct:x", Text("1", "xsd:int"))]
    )
    for form in (as_json_ld(node), as_rdf_xml(node)):
        assert b"a b c" in form
    assert isomorphic(
        Graph().parse(data=as_json_ld(node), format="json-ld"),
        Graph().parse(data=as_rdf_xml(node), format="xml"),
    )
