"""Giving and settling hints about published courses."""

from sqlalchemy.orm import Session

from kursliste.domain.events import JournalEvent
from kursliste.domain.hint import LONGEST_COMMENT, PER_NETWORK, HintReason
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.texts import check_length
from kursliste.hints import mails, queries
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.infrastructure.counting import count_try, network_of
from kursliste.models.hint import ReaderHint


def give_hint(  # noqa: PLR0913 -- what a reader tells, from where, and where it leads
    session: Session,
    course_id: str,
    *,
    reason: HintReason,
    comment: str,
    address: str,
    link: str,
    actor: Actor,
) -> ReaderHint:
    """Keep a hint about a course of a current public list, and tell who can mend it.

    Nothing about the reader is kept; ``address`` is only counted. One mail a course, person and
    day. Raises NotFoundError for a course that is not in a current list, RuleViolationError for
    a comment that is too long or after too many tries (TOO_MANY_TRIES).
    """
    require(actor, Permission.HINT_GIVE, Scope())
    entry, edition = queries.published(session, course_id)
    count_try(session, f"hint:{network_of(address)}", PER_NETWORK)
    check_length(comment, field="comment", longest=LONGEST_COMMENT)
    hint = ReaderHint(
        course_id=course_id,
        district_id=edition.district_id,
        provider_id=entry.provider_id,
        title=entry.title,
        reason=reason,
        comment=comment.strip(),
        given_at=clock.now(),
    )
    session.add(hint)
    session.flush()  # the journal needs its id
    journal.record(
        session,
        JournalEvent.HINT_GIVEN,
        hint,
        actor=actor,
        scope=hint.scope,
        course=course_id,
        title=entry.title,
        reason=reason,
    )
    subject, body = mails.hint_given(hint, district=edition.district_name, link=link)
    for user in queries.who_hears(session, hint.provider_id, hint.district_id):
        key = f"hint:{course_id}:{clock.today()}:{user.id}"
        if not queries.is_queued(session, key):
            mailbox.enqueue(session, to=user.email, subject=subject, body=body, dedupe_key=key)
    return hint


def settle_hint(session: Session, hint: ReaderHint, *, actor: Actor) -> None:
    """Say that a hint was looked at; the provider may, and the coordination."""
    require(actor, Permission.HINT_SETTLE, hint.scope)
    hint.settled_at, hint.settled_by = clock.now(), actor.name
    journal.record(
        session,
        JournalEvent.HINT_SETTLED,
        hint,
        actor=actor,
        scope=hint.scope,
        course=hint.course_id,
        title=hint.title,
    )
