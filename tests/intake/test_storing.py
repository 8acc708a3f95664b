"""What was read comes back from JSON as it was: same values, same types."""

import json
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from kursliste.intake.cellwise import NotUnderstood
from kursliste.intake.findings import NotACourse, UnderstoodProvider
from kursliste.intake.storing import (
    Proposal,
    ProposedCourse,
    as_stored,
    from_stored,
    proposal_of,
    restored,
    stored,
)
from kursliste.intake.values.reading import Remark
from tests.intake.lists import SAMPLES, sample, understood

VALUES = (
    "Text", "", 0, 7, 1.5, True, None, date(2026, 12, 7), time(8, 30), time(8, 30, 15),
    datetime(2026, 12, 7, 8, 30), Decimal("229.00"), ("Mo", "Di"), (),
)  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_with_its_type(value):
    back = restored(json.loads(json.dumps(stored(value))))
    assert (back, type(back)) == (value, type(value))


def test_a_broken_character_is_replaced_because_nothing_could_hold_it():
    assert stored("a\ud800b") == "a?b"


def test_a_proposal_comes_back_whole():
    proposal = Proposal(
        courses=(
            ProposedCourse(
                row="Kurse!5",
                values={"starts_on": date(2026, 12, 7), "price_eur": Decimal("2.29")},
                warnings=(Remark("price_eur", "2,29", "So billig?"),),
                is_left_out=True,
                version=3,
            ),
        ),
        not_courses=(NotACourse(row="Kurse!1", why="Kopf"),),
        not_understood=(NotUnderstood(row="Kurse!5", column="Ende", value="bald", why="Wann?"),),
        providers=(UnderstoodProvider(row="Träger!2", name="Haus", short="H"),),
        remarks=("Blatt ausgeblendet",),
        as_of=date(2026, 11, 2),
        chosen={"haus": 4, "hof": 0},
        without=frozenset({"hütte"}),
    )
    assert from_stored(json.loads(json.dumps(as_stored(proposal)))) == proposal


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("liste-*.xlsx")), ids=lambda path: path.name)
def test_the_samples_come_back_whole(path):
    proposal = proposal_of(understood(sample(path.name), path.name))
    assert from_stored(json.loads(json.dumps(as_stored(proposal)))) == proposal
