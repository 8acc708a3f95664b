"""What may stand in a field is told as the form checks it."""

from typing import Any

import pytest

from kursliste.domain.course import OWN_FIELDS, Kind
from kursliste.infrastructure.codes import load_codes
from kursliste.web.course_form import course_form
from kursliste.web.field_rules import SECTIONS, field_rules


@pytest.fixture
def rules(session):
    return {
        rule.heading: rule for _section, found in field_rules(load_codes(session)) for rule in found
    }


@pytest.mark.asvs("2.1.1")
def test_every_field_of_a_report_is_told(client, rules):
    assert set(rules) == {field.heading for field in OWN_FIELDS}
    client.get("/anleitung/angaben")
    told = client.page.text()
    assert [heading for heading in SECTIONS.values() if heading not in told] == []
    assert [rule.heading for rule in rules.values() if rule.allowed not in told] == []


def test_the_words_are_those_of_the_form(session, rules):
    codes = load_codes(session)
    form: Any = course_form(codes)()
    for field in OWN_FIELDS:
        if field.kind in {Kind.CHOICE, Kind.CODE}:
            offered = [str(choice.label) for choice in form[field.attribute].choices]
            known = rules[field.heading].allowed.removeprefix("eins von: ").split("; ")
            assert [word for word in offered if word not in {"–", *known}] == [], field.attribute
    assert rules["UE"].allowed == "eine ganze Zahl von 0 bis 2000 (UE (45 Minuten))"
    assert rules["belegt"].is_internal
    assert rules["Titel"].is_needed
