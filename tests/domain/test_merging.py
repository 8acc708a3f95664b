"""What becomes of two reports of one month when their providers become one."""

from itertools import product

import pytest

from kursliste.domain.merging import Giving, Meeting, Told, giving, meeting, misses_month
from kursliste.domain.report import ReportStatus

BLANK = (Told(ReportStatus.OPEN), Told(ReportStatus.DRAFT))
DRAFTS = (Told(ReportStatus.DRAFT, courses=2), Told(ReportStatus.DRAFT, is_nil=True))
WITH_PROVIDER = (
    Told(ReportStatus.ASKED, courses=1),
    Told(ReportStatus.DRAFT, courses=1, is_revision=True),
)
SENT = Told(ReportStatus.SUBMITTED, courses=1)
APPROVED = Told(ReportStatus.APPROVED, is_nil=True)
GONE = (SENT, APPROVED)
ALL = (*BLANK, *DRAFTS, *WITH_PROVIDER, *GONE)


@pytest.mark.parametrize("old", ALL)
def test_a_report_moves_where_the_survivor_has_none(old):
    assert meeting(old, None) is Meeting.MOVED


@pytest.mark.parametrize(("old", "survivor"), [*product(BLANK, ALL)])
def test_a_report_without_anything_in_it_goes(old, survivor):
    assert meeting(old, survivor) is Meeting.DROPPED
    assert misses_month(meeting(old, survivor), survivor) is (survivor not in BLANK)


@pytest.mark.parametrize(("old", "survivor"), [*product((*DRAFTS, *WITH_PROVIDER, *GONE), BLANK)])
def test_a_report_takes_the_place_of_one_without_anything(old, survivor):
    assert meeting(old, survivor) is Meeting.MOVED
    assert not misses_month(Meeting.MOVED, survivor)


@pytest.mark.parametrize(("old", "survivor"), [*product(DRAFTS, (*DRAFTS, *WITH_PROVIDER))])
def test_a_draft_joins_what_its_provider_may_still_change(old, survivor):
    assert meeting(old, survivor) is Meeting.JOINED


@pytest.mark.parametrize(("old", "survivor"), [*product(WITH_PROVIDER, DRAFTS)])
def test_the_survivors_draft_joins_what_was_sent_once(old, survivor):
    assert meeting(old, survivor) is Meeting.JOINED_BACK


@pytest.mark.parametrize(
    ("old", "survivor"),
    [
        *product((SENT,), (*DRAFTS, *WITH_PROVIDER, *GONE)),
        *product(DRAFTS, GONE),
        *product(WITH_PROVIDER, (*WITH_PROVIDER, *GONE)),
    ],
)
def test_two_that_were_sent_are_mixed_by_nobody(old, survivor):
    assert meeting(old, survivor) is Meeting.BLOCKED


@pytest.mark.parametrize("survivor", [*DRAFTS, *WITH_PROVIDER, *GONE])
def test_what_is_approved_stays_beside_the_survivors(survivor):
    assert meeting(APPROVED, survivor) is Meeting.STAYS
    assert not misses_month(Meeting.STAYS, survivor)


OPEN = Told(ReportStatus.OPEN)


@pytest.mark.parametrize("receiver", [None, OPEN])
@pytest.mark.parametrize("giver", [None, *ALL])
def test_what_nobody_told_yet_waits_for_the_receiver(giver, receiver):
    assert giving(giver, receiver, told=0) is Giving.WAITS


@pytest.mark.parametrize("receiver", [one for one in ALL if one != OPEN])
def test_a_report_that_was_begun_is_offered_what_came(receiver):
    assert giving(OPEN, receiver, told=0) is Giving.OFFERED


@pytest.mark.parametrize("receiver", [None, OPEN])
def test_rows_of_a_draft_begin_the_receivers_report(receiver):
    assert giving(DRAFTS[0], receiver, told=1) is Giving.BEGINS


@pytest.mark.parametrize("receiver", [BLANK[1], *DRAFTS, *WITH_PROVIDER])
def test_rows_of_a_draft_move_into_what_may_be_changed(receiver):
    assert giving(DRAFTS[0], receiver, told=1) is Giving.MOVES


@pytest.mark.parametrize(
    ("giver", "receiver"),
    [*product((*WITH_PROVIDER, *GONE), (None, *ALL)), *product(DRAFTS, GONE)],
)
def test_nothing_leaves_or_enters_what_was_sent(giver, receiver):
    assert giving(giver, receiver, told=1) is Giving.BLOCKED
