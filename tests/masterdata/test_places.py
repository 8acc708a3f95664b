"""Places and neighbours from files: what is read, what is refused, what follows from it."""

import zipfile
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select

from kursliste.catalogue.search_page import search_page
from kursliste.domain.errors import NotPermittedError
from kursliste.domain.permissions import Actor
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.remembering import forget_all
from kursliste.infrastructure.shelf import Shelf
from kursliste.masterdata.boundary_files import Boundaries
from kursliste.masterdata.place_files import UnreadableFileError, read_places
from kursliste.masterdata.reference_actions import load_boundaries, load_places
from kursliste.models import DistrictNeighbour, JournalEntry, Place
from tests.publishing.scene import a_scene

OPERATOR = Actor.system("Befehlszeile")
HEAD = "plz;ort;ags;lat;lon\n"
GOOD = "02906;Niesky;14626;51.29;14.82\n02763;Zittau;14626;50.90;14.81\n"


def geonames(postcode="02906", name="Niesky", ags="14626", lat="51.29", lon="14.82", country="DE"):
    cells = (country, postcode, name, "Sachsen", "SN", "", "", "Görlitz", ags, lat, lon, "4")
    return "\t".join(cells) + "\n"


def a_file(folder, text: str, name: str = "orte.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_both_forms_say_the_same(tmp_path):
    plain = read_places(a_file(tmp_path, "\ufeff" + HEAD + GOOD))
    tabs = read_places(
        a_file(tmp_path, geonames() + geonames("02763", "Zittau", lat="50.90", lon="14.81"))
    )
    packed = tmp_path / "DE.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "…")
        archive.writestr(
            "DE.txt", geonames() + geonames("02763", "Zittau", lat="50.90", lon="14.81")
        )
    assert plain.lines == tabs.lines == read_places(packed).lines
    assert [(p.postcode, p.name, p.ags) for p in plain.lines.values()] == [
        ("02906", "Niesky", "14626"),
        ("02763", "Zittau", "14626"),
    ]


def test_odd_lines_are_left_out_and_told(tmp_path):
    odd = [
        "0290;Niesky;14626;51.29;14.82",
        "02906;;14626;51.29;14.82",
        f"02906;{'x' * 81};14626;51.29;14.82",
        "02906;Niesky;1462;51.29;14.82",
        "02906;Niesky;14626;Nord;14.82",
        "02906;Niesky;14626;14.82;51.29",
    ]
    good = "".join(f"{10000 + n};Ort;14626;51,2;14.8\n" for n in range(7))
    found = read_places(
        a_file(tmp_path, HEAD + "\n".join(odd) + "\n" + good + "10000;Ort;14626;51;14\n")
    )
    assert found.refused == [
        "Zeile 2: „0290“ ist keine Postleitzahl",
        "Zeile 3: der Ort hat keinen Namen",
        "Zeile 4: der Name ist zu lang",
        "Zeile 5: „1462“ ist kein Kreisschlüssel mit fünf Ziffern",
        "Zeile 6: „Nord“ ist keine Zahl in Grad",
        "Zeile 7: 14.82 Nord, 51.29 Ost liegt nicht in Deutschland",
    ]
    assert (len(found.lines), found.repeated) == (7, 1)
    austria = read_places(
        a_file(
            tmp_path,
            geonames()
            + geonames("1010", "Wien", country="AT")[:0]
            + geonames("02763", "Zittau")
            + geonames("1010", "Wien", country="AT"),
        )
    )
    assert austria.refused == ["Zeile 3: kein Ort in Deutschland"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "es fehlt ags, lat, lon, ort, plz"),
        ("plz;ort\n02906;Niesky\n", "es fehlt ags, lat, lon"),
        (HEAD, "es steht kein Ort darin"),
        (HEAD + "x;y;z;1;2\n", "„x“ ist keine Postleitzahl"),
    ],
)
def test_another_file_is_refused(tmp_path, content, why):
    with pytest.raises(UnreadableFileError, match=why):
        read_places(a_file(tmp_path, content))


def test_bytes_and_archives_that_are_none_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "x"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFileError, match="UTF-8"):
        read_places(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "")
        archive.writestr("b.txt", "")
    with pytest.raises(UnreadableFileError, match="genau eine Datei"):
        read_places(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", HEAD + GOOD * 50)
    packed = bytearray(path.read_bytes())
    packed[60:70] = b"\xff" * 10
    path.write_bytes(packed)
    with pytest.raises(UnreadableFileError, match="beschädigt"):
        read_places(path)
    with pytest.raises(UnreadableFileError, match="kein CSV"):
        read_places(a_file(tmp_path, HEAD + "02906;" + "x" * 200_000))
    monkeypatch.setattr("kursliste.masterdata.place_files.LARGEST", 3)
    with pytest.raises(UnreadableFileError, match="zu groß"):
        read_places(a_file(tmp_path, HEAD))


# ---- what follows


@pytest.fixture
def two(session, tmp_path):
    """A course in Görlitz and one in Weimar, at places that nobody has loaded."""
    scenes = []
    for slug, town, postcode in (("goerlitz", "Nirgendwo", "02999"), ("weimar", "Fernab", "99999")):
        scene = a_scene(session, Shelf(tmp_path / "shelf"), slug)
        scene.course(title=f"Kurs {slug}", town=town, postcode=postcode, level_from="A1")
        scene.publish()
        scenes.append(scene)
    with transaction(session):
        pass
    return scenes


def titles(session, query: str) -> list[str]:
    forget_all()
    return [one.line.entry.title for one in search_page(session, parse_qs(query)).results]


def test_loaded_places_give_distances(session, two, tmp_path):
    assert titles(session, "plz=02999") == ["Kurs goerlitz", "Kurs weimar"]  # nobody knows it
    text = HEAD + "02999;Nirgendwo;14626;51.4;14.6\n99999;Fernab;16055;51.0;11.3\n"
    with transaction(session):
        courses = load_places(
            session, list(read_places(a_file(tmp_path, text)).lines.values()), actor=OPERATOR
        )
    assert courses == 2
    assert titles(session, "plz=02999") == ["Kurs goerlitz"]
    with transaction(session):
        other = read_places(a_file(tmp_path, HEAD + "01067;Dresden;14612;51.05;13.73\n"))
        load_places(session, list(other.lines.values()), actor=OPERATOR)
    assert session.scalars(select(Place.postcode)).all() == ["01067"]


def test_neighbours_are_looked_through_as_well(session, two, client):
    goerlitz, weimar = two
    assert titles(session, "kreis=goerlitz&nachbarn=1") == ["Kurs goerlitz"]
    page = search_page(session, parse_qs("kreis=goerlitz&nachbarn=1"))
    assert page.search.unknown == [("auch in den Nachbarkreisen", "nicht bekannt")]
    pairs = {"14626": {goerlitz.district.ags}, goerlitz.district.ags: {weimar.district.ags}}
    pairs[weimar.district.ags] = {goerlitz.district.ags}
    with transaction(session):
        load_boundaries(session, Boundaries(pairs), year=2026, actor=OPERATOR)
    assert titles(session, "kreis=goerlitz") == ["Kurs goerlitz"]
    assert sorted(titles(session, "kreis=goerlitz&nachbarn=1")) == ["Kurs goerlitz", "Kurs weimar"]
    page = search_page(session, parse_qs("kreis=goerlitz&q=weimar"))
    assert next((way.label, way.arguments, way.count) for way in page.ways_out) == (
        "auch in den Nachbarkreisen",
        {"q": ["weimar"], "kreis": ["goerlitz"], "nachbarn": ["1"]},
        1,
    )
    client.get("/suche?kreis=goerlitz&nachbarn=1")
    assert client.page.texts(".chips__count") == ["2 Kurse"]
    assert client.page.one("#nachbarn").get("checked") is not None
    chips = [a.get("href") for a in client.page.select("a.chip")]
    assert chips[:2] == ["/suche", "/suche?kreis=goerlitz"]
    found = client.visit("/api/v1/courses?kreis=goerlitz&nachbarn=1").json
    assert found["total"] == 2
    with transaction(session):
        assert load_boundaries(session, Boundaries({}), year=2026, actor=OPERATOR) == 0
    assert session.scalars(select(DistrictNeighbour)).all() == []


def test_operators_load_and_nobody_else(session):
    with pytest.raises(NotPermittedError):
        load_places(session, [], actor=Actor.anonymous())
    with pytest.raises(NotPermittedError):
        load_boundaries(session, Boundaries({}), year=2026, actor=Actor.anonymous())
    pair = Boundaries({"00001": {"00002"}, "00002": {"00001"}})
    load_boundaries(session, pair, year=2026, actor=OPERATOR)
    session.flush()
    newest = select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)
    entry = session.scalars(newest).one()
    assert (entry.event, entry.details) == ("codes:loaded", {"kind": "boundaries", "added": 2})
