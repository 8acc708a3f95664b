"""The JSON of an edition, and the manifest."""

import hashlib
import json
from decimal import Decimal

import pytest

from kursliste.domain.columns import COLUMNS, PUBLIC_COLUMNS
from kursliste.domain.edition import Change, ChangeKind, FieldChange
from kursliste.publishing.formats import json_file, manifest
from tests.publishing.edition_sample import a_head, a_row, some_changes, varied_rows


def read(*arguments, **more):
    return json.loads(json_file.build(*arguments, **more))


def test_an_edition_is_told_as_the_interface_promises():
    head = a_head(number=2, replaces=1, reason="Tippfehler", silent_providers=("Euro-Schulen",))
    told = read(head, [a_row()], some_changes())
    course = told["courses"][0]
    assert {name: value for name, value in course.items() if value is not None} == {
        "course_id": "k7f3a2b9c1d4",
        "provider": "VHS Görlitz",
        "provider_reference": "26H-401",
        "course_group": "Integrationskurse",
        "course_type": "IK-ALLG",
        "title": "Integrationskurs am Vormittag",
        "level_from": "A1",
        "level_to": "B1",
        "current_module": 3,
        "starts_on": "2026-11-02",
        "ends_on": "2027-06-30",
        "weekdays": ["Mo", "Di", "Mi"],
        "time_from": "08:30",
        "time_until": "12:45",
        "street": "Langenstraße 23",
        "postcode": "02826",
        "town": "Görlitz",
        "seats_total": 20,
        "seats_free": 4,
        "status": "offen",
        "price_eur": 120.5,
        "admission": ["Berechtigungsschein", "Verpflichtung"],
        "contact_phone": "+49 3581 420980",
        "link": "https://www.vhs-goerlitz.example/kurs?id=1&x=2",
        "confirmed_on": "2026-11-25",
        "confirmed_how": "Web",
    }
    assert set(course) == {column.attribute for column in PUBLIC_COLUMNS}
    told["courses"] = []
    assert told == {
        "schema": "kursliste.edition/1",
        "district": {"ags": "14626", "slug": "goerlitz", "name": "Landkreis Görlitz"},
        "list": "sprachkurse",
        "month": "2026-12",
        "number": 2,
        "published_at": "2026-12-01T08:30:00+00:00",
        "replaces": 1,
        "reason": "Tippfehler",
        "licence": "dl-de/by-2-0",
        "silent_providers": ["Euro-Schulen"],
        "courses": [],
        "changes": [
            {"kind": "new", "course_id": "k1", "fields": {}},
            {
                "kind": "changed",
                "course_id": "k2",
                "fields": {
                    "starts_on": [None, "2026-12-07"],
                    "status": ["offen", "voll"],
                    "price_eur": [0, 12.5],
                },
            },
            {"kind": "ended", "course_id": "k3", "fields": {}},
        ],
        "news": {
            "new": [{"course_id": "k1", "fields": {}}],
            "changed": [
                {
                    "course_id": "k2",
                    "fields": {"starts_on": [None, "2026-12-07"], "status": ["offen", "voll"]},
                }
            ],
            "cancelled": [],
            "ended": [{"course_id": "k3", "fields": {}}],
        },
    }


def test_a_first_edition_replaces_nothing():
    told = read(a_head(), [], ())
    assert (told["replaces"], told["reason"], told["courses"]) == (None, None, [])


def test_hostile_text_arrives_as_it_was():
    told = read(a_head(), [a_row(title="=1+1", town="<&>\u00a0😀'", street="a\x0bb")], ())
    course = told["courses"][0]
    assert [course["title"], course["town"], course["street"]] == ["=1+1", "<&>\u00a0😀'", "a\nb"]


def test_a_lone_surrogate_is_refused():
    with pytest.raises(ValueError, match="surrogates"):
        json_file.build(a_head(), [a_row(title="\ud800")], ())


def test_internal_values_stay_inside_the_house():
    secrets = {
        column.attribute: f"geheim-{column.attribute}" for column in COLUMNS if column.internal
    }
    row = a_row(**secrets | {"visibility": "öffentlich"})
    moved = Change(
        kind=ChangeKind.CHANGED,
        course_id="k1",
        title="Kurs",
        provider="VHS",
        fields=(FieldChange(attribute="internal_note", old="geheim-1", new="geheim-2"),),
    )
    public = json_file.build(a_head(), [row, a_row(visibility="nur intern")], [moved])
    inside = json_file.build(a_head(), [row], [moved], internal=True)
    assert (public.count(b"geheim"), inside.count(b"geheim")) == (0, len(secrets) - 1 + 2)
    assert (len(json.loads(public)["courses"]), json.loads(public)["changes"]) == (1, [])


def test_equal_rows_give_equal_bytes_in_any_order_of_their_keys():
    row = a_row(price_eur=Decimal("120.00"))
    turned = dict(reversed(list(row.items())))
    assert json_file.build(a_head(), [row], ()) == json_file.build(a_head(), [turned], ())
    first, second = (json_file.build(a_head(), varied_rows(40), ()) for _ in range(2))
    assert first == second


def test_the_manifest_proves_each_file():
    content = manifest.build({"b.csv": b"abc", "a.xlsx": b""})
    assert json.loads(content) == {
        "files": [
            {"name": "a.xlsx", "size": 0, "sha256": hashlib.sha256(b"").hexdigest()},
            {"name": "b.csv", "size": 3, "sha256": hashlib.sha256(b"abc").hexdigest()},
        ]
    }
