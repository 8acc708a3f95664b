"""A district reviews by the shipped rules until it chooses its own."""

from kursliste.domain.plausibility import Notice
from kursliste.domain.triviality import DEFAULT_TRIVIAL
from kursliste.models.review import ReviewRules
from kursliste.review.rules import EffectiveRules, rules_of
from tests.builders import a_district
from tests.review.scene import Statements


def a_choice(session, district, **more):
    chosen = ReviewRules(district_id=district.id, **more)
    session.add(chosen)
    session.flush()
    return chosen


def test_without_a_choice_the_shipped_rules_apply(session):
    found = rules_of(session, a_district(session).id)

    assert found == EffectiveRules(trivial=DEFAULT_TRIVIAL, ignored=frozenset())


def test_a_choice_replaces_the_shipped_rules_in_its_district_only(session):
    goerlitz, weimar = a_district(session), a_district(session, "weimar")
    a_choice(
        session, goerlitz, trivial_fields=["price_eur"], ignored_notices=[Notice.TIMES_MISSING]
    )

    assert rules_of(session, goerlitz.id) == EffectiveRules(
        trivial=frozenset({"price_eur"}), ignored=frozenset({Notice.TIMES_MISSING})
    )
    assert rules_of(session, weimar.id) == EffectiveRules()


def test_nothing_chosen_means_that_nothing_is_trivial(session):
    district = a_district(session)
    a_choice(session, district, trivial_fields=[], ignored_notices=[])

    assert rules_of(session, district.id) == EffectiveRules(trivial=frozenset())


def test_names_that_are_gone_mean_nothing(session):
    district = a_district(session)
    a_choice(session, district, trivial_fields=["colour", "link"], ignored_notices=["too_blue"])

    assert rules_of(session, district.id) == EffectiveRules(trivial=frozenset({"link"}))


def test_the_rules_are_one_statement(session):
    district = a_district(session)
    a_choice(session, district, trivial_fields=["link"])
    key = district.id

    with Statements(session) as sent:
        rules_of(session, key)

    assert sent.count == 1
