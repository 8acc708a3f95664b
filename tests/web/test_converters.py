"""Addresses: what is none is not there (404), never an error."""

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from kursliste.domain.calendar import Month
from kursliste.web.converters import KeyConverter, MonthConverter, SlugConverter

ADDRESSES = Map(
    [
        Rule("/m/<month:value>", endpoint="month"),
        Rule("/k/<key:value>", endpoint="key"),
        Rule("/s/<slug:value>", endpoint="slug"),
        Rule("/s/<slug:value>/aktuell.<ext>", endpoint="file"),
    ],
    converters={"month": MonthConverter, "key": KeyConverter, "slug": SlugConverter},
).bind("localhost")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/m/2026-12", Month(2026, 12)),
        ("/k/1", 1),
        ("/k/2147483647", 2_147_483_647),
        ("/s/goerlitz", "goerlitz"),
        ("/s/saalfeld-rudolstadt-2", "saalfeld-rudolstadt-2"),
        ("/s/" + "a" * 60, "a" * 60),
    ],
)
def test_good_addresses_arrive_as_values(path, value):
    endpoint, values = ADDRESSES.match(path)
    assert values == {"value": value}
    assert ADDRESSES.build(endpoint, {"value": value}) == path


@pytest.mark.asvs("1.4.2", "2.2.1", "15.3.5")
@pytest.mark.con10("A8")
@pytest.mark.parametrize(
    "path",
    [
        "/m/2026-13",
        "/m/2026-00",
        "/m/0000-01",
        "/m/26-12",
        "/m/2026-1",
        "/m/２０２６-12",
        "/k/0",
        "/k/-1",
        "/k/2147483648",
        "/k/1180591620717411303424",
        "/k/1.5",
        "/s/Görlitz",
        "/s/GOERLITZ",
        "/s/-a",
        "/s/a_b",
        "/s/..",
        "/s/" + "a" * 61,
        "/s/a.b",
    ],
)
def test_other_addresses_are_not_there(path):
    with pytest.raises(NotFound):
        ADDRESSES.match(path)
