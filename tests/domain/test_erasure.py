"""What is found of a person, what stands in its place, and what must not be touched."""

import pytest

from kursliste.domain.erasure import LONGEST, MOST, Wanted, beside, check_reason, wanted_from
from kursliste.domain.errors import Rule, RuleViolationError

VERA = wanted_from("Vera Volkshoch\n03581 42\nvera@vhs.example")


@pytest.mark.parametrize(
    ("attribute", "old", "new"),
    [
        ("contact_name", "Vera Volkshoch", "entfernt"),
        ("public_note", "Fragen an VERA  Volkshoch, bitte!", "Fragen an entfernt, bitte!"),
        ("public_note", "Vera Volkshochschule", "Vera Volkshochschule"),
        ("contact_email", "vera@vhs.example", None),
        ("contact_phone", "03581 42", None),
        ("contact_phone", "03581 420", "03581 420"),
        ("email", "vera@vhs.example", ""),
        ("audience", ("Frauen", "Vera Volkshoch"), ("Frauen", "entfernt")),
        ("seats_total", 12, 12),
        ("contact_name", None, None),
    ],
)
def test_a_value_loses_the_person_and_nothing_else(attribute, old, new):
    assert VERA.cleaned(attribute, old) == new


@pytest.mark.asvs("1.2.9")
def test_signs_that_mean_something_in_a_pattern_mean_themselves():
    wanted = wanted_from("Vera (VHS) .*\nvera.v+1@vhs.example\n[a-z]{3} (a+)+$")
    kept = "Vera VHS abc, vera-v+1@vhsXexample, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"
    assert wanted.cleaned("public_note", kept) == kept
    assert wanted.cleaned("public_note", "von vera.v+1@vhs.example") == "von entfernt"


def test_the_text_of_the_search_loses_the_folded_words():
    wanted = wanted_from("Jörg Groß")

    assert wanted.cleaned("search_text", "a2 joerg gross goerlitz") == "a2  goerlitz"
    assert wanted.cleaned("search_text", "a2 goerlitz") == "a2 goerlitz"
    assert wanted.is_in("joerg gross")
    assert not wanted.is_in("jörg grosser")


def test_frozen_lists_are_cleaned_to_the_bottom_and_else_stay_the_same_object():
    providers = [
        {"name": "VHS", "contacts": [{"name": "Vera Volkshoch", "email": "vera@vhs.example"}]}
    ]
    change = {"fields": [["contact_email", "vera@vhs.example", "a@b.example"], ["town", "A", "B"]]}
    untouched = [{"name": "VHS", "courses": 3}]

    assert VERA.cleaned("providers", providers) == [
        {"name": "VHS", "contacts": [{"name": "entfernt", "email": ""}]}
    ]
    assert VERA.cleaned("changes", change) == {
        "fields": [["contact_email", None, "a@b.example"], ["town", "A", "B"]]
    }
    assert VERA.cleaned("providers", untouched) is untouched
    assert VERA.cleaned("layout", untouched[0]) is untouched[0]


def test_the_longest_text_goes_first():
    assert wanted_from("Vera\n  Vera   Volkshoch \n\nVera").texts == ("Vera Volkshoch", "Vera")


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (" \n ", Rule.ERASURE_EMPTY),
        ("ab", Rule.ERASURE_TOO_SHORT),
        ("x" * (LONGEST + 1), Rule.ERASURE_TOO_SHORT),
        ("\n".join(f"Name {n}" for n in range(MOST + 1)), Rule.VALUE_OUT_OF_RANGE),
    ],
)
def test_what_names_too_little_or_too_much_is_refused(lines, rule):
    with pytest.raises(RuleViolationError) as refused:
        wanted_from(lines)

    assert (refused.value.rule, refused.value.field) == (rule, "texts")


@pytest.mark.parametrize(
    ("reason", "rule"),
    [
        (" ", Rule.ERASURE_REASON_MISSING),
        ("x" * 11, Rule.TEXT_TOO_LONG),
        ("von Anna B", Rule.ERASURE_REASON_NAMES),
    ],
)
def test_the_reason_is_kept_and_so_must_not_name_the_person(reason, rule):
    with pytest.raises(RuleViolationError) as refused:
        check_reason(reason, Wanted(("Anna B",)), longest=10)

    assert (refused.value.rule, refused.value.field) == (rule, "reason")


def test_a_good_reason_is_taken_without_blanks():
    assert check_reason(" Antrag ", VERA, longest=10) == "Antrag"


def test_what_stands_beside_the_name_is_shown():
    rows: list[dict[str, object]] = [
        {
            "contact_name": "Vera Volkshoch",
            "contact_phone": "03581 42",
            "contact_email": "v@x.example",
        },
        {"contact_name": "Anmeldung", "contact_phone": "1", "contact_email": "a@x.example"},
        {"name": "Vera Volkshoch", "phone": "0170 1", "email": ""},
        {"contact_name": None},
    ]

    assert beside(rows, VERA) == ["v@x.example", "0170 1"]
