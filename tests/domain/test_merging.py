"""What becomes of two reports of one month when their providers become one."""

from itertools import product

import pytest

from kursliste.domain.merging import Meeting, Told, meeting, misses_month
from kursliste.domain.report import ReportStatus

BLANK = (Told(ReportStatus.OPEN), Told(ReportStatus.DRAFT))
DRAFTS = (Told(ReportStatus.DRAFT, courses=2), Told(ReportStatus.DRAFT, is_nil=True))
WITH_PROVIDER = (
    Told(ReportStatus.ASKED, courses=1),
    Told(ReportStatus.DRAFT, courses=1, is_revision=True),
)
GONE = (Told(ReportStatus.SUBMITTED, courses=1), Told(ReportStatus.APPROVED, is_nil=True))
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
        *product(GONE, (*DRAFTS, *WITH_PROVIDER, *GONE)),
        *product(DRAFTS, GONE),
        *product(WITH_PROVIDER, (*WITH_PROVIDER, *GONE)),
    ],
)
def test_two_that_were_sent_are_mixed_by_nobody(old, survivor):
    assert meeting(old, survivor) is Meeting.BLOCKED
