"""A place that no neighbour shares is asked about once, and only where neighbours are known."""

import pytest

from kursliste.domain.course import Delivery
from kursliste.domain.notices import Finding, Notice
from kursliste.domain.plausible_place import far_from_the_others

ME = 1
OTHERS = {"02": {ME, 2, 3}, "03": {4}, "20": {ME}}


def told(facts, before=None, others=None):
    found = OTHERS if others is None else others
    return far_from_the_others(facts, before, found, provider_id=ME)


@pytest.mark.parametrize("before", [None, {}, {"postcode": "02826"}])
def test_a_new_or_moved_course_far_from_all_others(before):
    assert told({"postcode": "20826"}, before) == Finding(
        notice=Notice.FAR_FROM_THE_OTHERS,
        attribute="postcode",
        facts={"postcode": "20826", "region": "20"},
    )


def test_a_region_that_nobody_named_yet():
    assert told({"postcode": "99734"}).facts == {"postcode": "99734", "region": "99"}


@pytest.mark.parametrize(
    ("facts", "before"),
    [
        ({}, None),
        ({"postcode": None}, None),
        ({"postcode": "02829"}, None),
        ({"postcode": "03046"}, None),
        ({"postcode": "20826"}, {"postcode": "20999"}),
        ({"postcode": "20826", "delivery": Delivery.ONLINE}, None),
        ({"postcode": "20826", "delivery": Delivery.SELF_STUDY}, None),
    ],
)
def test_places_that_are_known_or_no_places(facts, before):
    assert told(facts, before) is None


def test_few_neighbours_say_nothing():
    assert told({"postcode": "20826"}, others={"02": {ME, 2}, "03": {2, 3}}) is None
    assert told({"postcode": "20826"}, others={}) is None
