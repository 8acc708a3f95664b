"""Every notice has a name of its own and an example that is a whole sentence."""

import pytest

from kursliste.domain.plausibility import Notice
from kursliste.web.notice_words import NOTICE_NAMES, example_of


def test_every_notice_has_its_own_name():
    assert set(NOTICE_NAMES) == set(Notice)
    assert len(set(NOTICE_NAMES.values())) == len(Notice)


@pytest.mark.parametrize("kind", Notice)
def test_an_example_is_a_sentence(kind):
    sentence = example_of(kind)
    assert sentence[-1] in ".?"
    assert "{" not in sentence


def test_an_example_names_its_values():
    assert example_of(Notice.SEATS_JUMP) == "Plätze 16 → 61. Stimmt die neue Zahl?"
    assert example_of(Notice.UNITS_UNLIKE_TIMES) == (
        "Mo, Mi von 09:00 bis 11:15 Uhr sind höchstens 6 UE in der Woche; angegeben sind 20."
    )
