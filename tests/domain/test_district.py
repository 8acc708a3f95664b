"""A district: five digits, the right Land, a part of an address."""

import pytest

from kursliste.domain.district import (
    STATES,
    DistrictFacts,
    check_ags,
    check_district,
    check_slug,
)
from kursliste.domain.errors import Rule, RuleViolationError

GOERLITZ = DistrictFacts(name="Landkreis Görlitz", state="SN")


def refused(rule, field, call, *arguments):
    with pytest.raises(RuleViolationError) as caught:
        call(*arguments)
    assert (caught.value.rule, caught.value.field) == (rule, field)


def test_what_is_right_passes():
    check_ags("14626")
    check_slug("saale-orla-kreis")
    check_district("14626", GOERLITZ)
    assert len(STATES) == len(set(STATES.values())) == 16


@pytest.mark.parametrize("ags", ["", "1462", "146260", "1462a", "00626", "17001", "١٤٦٢٦"])
def test_a_key_has_five_digits_and_a_land(ags):
    refused(Rule.AGS_MALFORMED, "ags", check_ags, ags)


@pytest.mark.parametrize("slug", ["Görlitz", "goerlitz kreis", "-a", "a-", "a--b", "a/b"])
def test_a_name_in_addresses_is_small_letters(slug):
    refused(Rule.SLUG_MALFORMED, "slug", check_slug, slug)


def test_a_name_in_addresses_is_needed_and_short():
    refused(Rule.VALUE_MISSING, "slug", check_slug, "")
    refused(Rule.TEXT_TOO_LONG, "slug", check_slug, "a" * 61)


@pytest.mark.parametrize(
    ("more", "rule", "field"),
    [
        ({"name": " "}, Rule.VALUE_MISSING, "name"),
        ({"name": "x" * 121}, Rule.TEXT_TOO_LONG, "name"),
        ({"publisher": "x" * 201}, Rule.TEXT_TOO_LONG, "publisher"),
        ({"contact": "x" * 301}, Rule.TEXT_TOO_LONG, "contact"),
        ({"state": "TH"}, Rule.STATE_OF_ANOTHER, "state"),
        ({"state": "sn"}, Rule.STATE_OF_ANOTHER, "state"),
    ],
)
def test_what_a_district_says_is_checked(more, rule, field):
    facts = DistrictFacts(**{"name": "Landkreis Görlitz", "state": "SN", **more})
    refused(rule, field, check_district, "14626", facts)
