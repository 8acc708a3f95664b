"""What the journal can tell: ``thing:past_participle``."""

from enum import StrEnum
from typing import Final


class JournalEvent(StrEnum):
    """Every event has German words in ``web.event_words.EVENTS``."""

    DISTRICT_ADDED = "district:added"
    COURSE_LIST_ADDED = "course_list:added"
    COURSE_LIST_CONFIGURED = "course_list:configured"
    MAIL_TEXT_CHANGED = "mail_text:changed"
    PROVIDER_ADDED = "provider:added"
    PROVIDER_CHANGED = "provider:changed"
    VENUE_ADDED = "venue:added"
    VENUE_CHANGED = "venue:changed"
    VENUE_REMOVED = "venue:removed"
    CONTACT_ADDED = "contact:added"
    CONTACT_CHANGED = "contact:changed"
    CONTACT_REMOVED = "contact:removed"
    USER_ADDED = "user:added"
    MEMBERSHIP_ADDED = "membership:added"
    MEMBERSHIP_REMOVED = "membership:removed"
    USER_DEACTIVATED = "user:deactivated"
    CODES_LOADED = "codes:loaded"
    ROUND_OPENED = "round:opened"
    ROUND_CLOSED = "round:closed"
    ROUND_MOVED = "round:moved"
    ROUND_REOPENED = "round:reopened"
    REMINDER_QUEUED = "reminder:queued"
    REMINDER_WITHDRAWN = "reminder:withdrawn"
    LIST_UPLOADED = "list:uploaded"
    LIST_MENDED = "list:mended"
    LIST_TAKEN_OVER = "list:taken_over"
    REPORT_STARTED = "report:started"
    COURSE_ADDED = "course:added"
    COURSE_CHANGED = "course:changed"
    COURSE_CONFIRMED = "course:confirmed"
    COURSE_ENDED = "course:ended"
    COURSE_CANCELLED = "course:cancelled"
    COURSE_RESUMED = "course:resumed"
    COURSE_ADOPTED = "course:adopted"
    COURSE_CORRECTED = "course:corrected"
    CORRECTION_ACCEPTED = "correction:accepted"
    CORRECTION_OBJECTED = "correction:objected"
    CORRECTION_SETTLED = "correction:settled"
    NOTE_WRITTEN = "note:written"
    NOTE_REMOVED = "note:removed"
    REVIEW_RULES_CHANGED = "review_rules:changed"
    STATEMENT_TAKEN = "statement:taken"
    STATEMENT_ENDED = "statement:ended"
    REPORT_SUBMITTED = "report:submitted"
    REPORT_TAKEN_BACK = "report:taken_back"
    REPORT_REVISED = "report:revised"
    REVISION_DISCARDED = "report:revision_discarded"
    REPORT_APPROVED = "report:approved"
    REPORT_CARRIED_OVER = "report:carried_over"
    REPORT_REOPENED = "report:reopened"
    UNCONFIRMED_DECIDED = "report:unconfirmed_decided"
    QUESTION_ASKED = "question:asked"
    QUESTION_ANSWERED = "question:answered"
    QUESTION_CLOSED = "question:closed"
    INTERIM_REPORTED = "interim:reported"
    EDITION_PUBLISHED = "edition:published"
    EDITION_WITHDRAWN = "edition:withdrawn"
    PUBLICATION_ORDERED = "publication:ordered"
    PUBLICATION_CANCELLED = "publication:cancelled"
    PUBLICATION_DONE = "publication:done"
    PUBLICATION_MISSED = "publication:missed"
    PERSON_ERASED = "person:erased"
    SUBSCRIPTION_REQUESTED = "subscription:requested"
    SUBSCRIPTION_CONFIRMED = "subscription:confirmed"
    SUBSCRIPTION_CHANGED = "subscription:changed"
    SUBSCRIPTION_ENDED = "subscription:ended"
    SUBSCRIPTION_RESTED = "subscription:rested"
    MAILING_RULES_CHANGED = "mailing_rules:changed"
    MAILING_ASKED = "mailing:asked"
    MAILING_SENT = "mailing:sent"
    MAILING_WITHDRAWN = "mailing:withdrawn"
    SIGN_IN_REQUESTED = "sign_in:requested"
    SIGNED_IN = "person:signed_in"
    SIGNED_OUT = "person:signed_out"
    SESSIONS_ENDED = "sessions:ended"
    HINT_GIVEN = "hint:given"
    HINT_SETTLED = "hint:settled"
    COURSE_NOTE_WRITTEN = "course_note:written"
    COURSE_NOTE_REMOVED = "course_note:removed"
    SEARCH_SAVED = "search:saved"
    SEARCH_CHANGED = "search:changed"
    SEARCH_REMOVED = "search:removed"
    SEARCH_TOLD = "search:told"
    IDENTITY_LINKED = "identity:linked"
    IDENTITY_UNLINKED = "identity:unlinked"
    SECOND_STEP_ASKED = "second_step:asked"
    SECOND_FACTOR_BEGUN = "second_factor:begun"
    SECOND_FACTOR_SET_UP = "second_factor:set_up"
    SECOND_FACTOR_REMOVED = "second_factor:removed"
    SECOND_FACTOR_PASSED = "second_factor:passed"
    PAPER_CODES_MADE = "paper_codes:made"
    PAPER_CODE_USED = "paper_code:used"
    USER_CHANGED = "user:changed"
    USER_REACTIVATED = "user:reactivated"
    MAIL_RETRIED = "mail:retried"
    SITE_TEXT_CHANGED = "site_text:changed"
    ANNOUNCEMENT_ADDED = "announcement:added"
    ANNOUNCEMENT_REMOVED = "announcement:removed"
    PERSON_EXPORTED = "person:exported"
    DISTRICT_CHANGED = "district:changed"
    COURSE_TYPE_ADDED = "course_type:added"
    COURSE_TYPE_CHANGED = "course_type:changed"
    COURSE_TYPE_REMOVED = "course_type:removed"
    LEVEL_CHANGED = "level:changed"
    STATUS_WORDS_CHANGED = "course_status:changed"
    WORD_ADDED = "alias:added"
    WORD_REMOVED = "alias:removed"
    PROVIDER_MERGED = "provider:merged"
    PROVIDER_JOINED = "provider:joined"
    COURSES_HANDED_OVER = "courses:handed_over"
    COURSES_RECEIVED = "courses:received"
    PROVIDERS_TOLD_APART = "providers:told_apart"


INTERNAL_EVENTS: Final = frozenset(
    {
        JournalEvent.SIGN_IN_REQUESTED,
        JournalEvent.SIGNED_IN,
        JournalEvent.SIGNED_OUT,
        JournalEvent.SESSIONS_ENDED,
        JournalEvent.USER_ADDED,
        JournalEvent.MEMBERSHIP_ADDED,
        JournalEvent.MEMBERSHIP_REMOVED,
        JournalEvent.USER_DEACTIVATED,
        JournalEvent.CODES_LOADED,
        JournalEvent.PROVIDER_CHANGED,
        JournalEvent.PROVIDERS_TOLD_APART,
        JournalEvent.LIST_UPLOADED,
        JournalEvent.LIST_MENDED,
        JournalEvent.REMINDER_QUEUED,
        JournalEvent.REMINDER_WITHDRAWN,
        JournalEvent.COURSE_LIST_CONFIGURED,
        JournalEvent.MAIL_TEXT_CHANGED,
        JournalEvent.NOTE_WRITTEN,
        JournalEvent.NOTE_REMOVED,
        JournalEvent.COURSE_NOTE_WRITTEN,
        JournalEvent.COURSE_NOTE_REMOVED,
        JournalEvent.SEARCH_SAVED,
        JournalEvent.SEARCH_CHANGED,
        JournalEvent.SEARCH_REMOVED,
        JournalEvent.SEARCH_TOLD,
        JournalEvent.IDENTITY_LINKED,
        JournalEvent.IDENTITY_UNLINKED,
        JournalEvent.USER_CHANGED,
        JournalEvent.USER_REACTIVATED,
        JournalEvent.MAIL_RETRIED,
        JournalEvent.SITE_TEXT_CHANGED,
        JournalEvent.ANNOUNCEMENT_ADDED,
        JournalEvent.ANNOUNCEMENT_REMOVED,
        JournalEvent.PERSON_EXPORTED,
        JournalEvent.DISTRICT_CHANGED,
        JournalEvent.COURSE_TYPE_ADDED,
        JournalEvent.COURSE_TYPE_CHANGED,
        JournalEvent.COURSE_TYPE_REMOVED,
        JournalEvent.LEVEL_CHANGED,
        JournalEvent.STATUS_WORDS_CHANGED,
        JournalEvent.WORD_ADDED,
        JournalEvent.WORD_REMOVED,
        JournalEvent.SECOND_STEP_ASKED,
        JournalEvent.SECOND_FACTOR_BEGUN,
        JournalEvent.SECOND_FACTOR_SET_UP,
        JournalEvent.SECOND_FACTOR_REMOVED,
        JournalEvent.SECOND_FACTOR_PASSED,
        JournalEvent.PAPER_CODES_MADE,
        JournalEvent.PAPER_CODE_USED,
        JournalEvent.REVIEW_RULES_CHANGED,
        JournalEvent.PERSON_ERASED,
        JournalEvent.SUBSCRIPTION_REQUESTED,
        JournalEvent.SUBSCRIPTION_CONFIRMED,
        JournalEvent.SUBSCRIPTION_CHANGED,
        JournalEvent.SUBSCRIPTION_ENDED,
        JournalEvent.SUBSCRIPTION_RESTED,
        JournalEvent.MAILING_RULES_CHANGED,
        JournalEvent.MAILING_ASKED,
        JournalEvent.MAILING_SENT,
        JournalEvent.MAILING_WITHDRAWN,
    }
)
"""Events that a provider's history never shows (PRODUCT.md, rule 12)."""
