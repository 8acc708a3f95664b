"""What can go wrong by the rules. Names and facts only; the words are in ``web.error_words``."""

from collections.abc import Sequence
from enum import StrEnum


class Rule(StrEnum):
    """Every rule that an input can break; ``web.error_words.MESSAGES`` has a sentence for each."""

    END_BEFORE_START = "end_before_start"
    UNTIL_BEFORE_FROM = "until_before_from"
    LEVEL_BACKWARDS = "level_backwards"
    VALUE_MISSING = "value_missing"
    VALUE_UNKNOWN = "value_unknown"
    VALUE_OUT_OF_RANGE = "value_out_of_range"
    TEXT_TOO_LONG = "text_too_long"
    NOTHING_TO_REPORT = "nothing_to_report"
    NIL_REPORT_HAS_COURSES = "nil_report_has_courses"
    REPORT_NOT_EDITABLE = "report_not_editable"
    QUESTION_OPEN = "question_open"
    QUESTION_EMPTY = "question_empty"
    ANSWER_EMPTY = "answer_empty"
    NOTHING_CORRECTED = "nothing_corrected"
    REPORT_NOT_CORRECTABLE = "report_not_correctable"
    OBJECTION_EMPTY = "objection_empty"
    NOTE_EMPTY = "note_empty"
    IDENTITY_TAKEN = "identity_taken"
    SEARCH_EMPTY = "search_empty"
    SEARCH_TOO_WIDE = "search_too_wide"
    SEARCHES_TOO_MANY = "searches_too_many"
    NOTHING_APPROVED = "nothing_approved"
    REASON_MISSING = "reason_missing"
    EDITION_MOVED_ON = "edition_moved_on"
    PDF_FAILED = "pdf_failed"
    TIME_LEFT_OUT = "time_left_out"
    PUBLICATION_IN_PAST = "publication_in_past"
    EDITION_WITHDRAWN = "edition_withdrawn"
    WITHDRAWAL_REASON_MISSING = "withdrawal_reason_missing"
    ERASURE_EMPTY = "erasure_empty"
    ERASURE_TOO_SHORT = "erasure_too_short"
    ERASURE_REASON_MISSING = "erasure_reason_missing"
    ERASURE_REASON_NAMES = "erasure_reason_names"
    ERASURE_NOTHING_FOUND = "erasure_nothing_found"
    ROUND_EXISTS = "round_exists"
    ROUND_NOT_OPEN = "round_not_open"
    DUE_BEFORE_OPENING = "due_before_opening"
    CLOSES_TOO_EARLY = "closes_too_early"
    STEPS_OUT_OF_ORDER = "steps_out_of_order"
    LAYOUT_HAS_GAPS = "layout_has_gaps"
    COLUMN_NEEDED = "column_needed"
    COLUMN_IS_PUBLIC = "column_is_public"
    NOTHING_PRINTED = "nothing_printed"
    HEADING_TWICE = "heading_twice"
    PICTURE_REFUSED = "picture_refused"
    PLACEHOLDER_UNKNOWN = "placeholder_unknown"
    BRACE_ALONE = "brace_alone"
    REPORT_ALREADY_SUBMITTED = "report_already_submitted"
    PROVIDER_UNKNOWN = "provider_unknown"
    NAME_TAKEN = "name_taken"
    WORD_TAKEN = "word_taken"
    CODE_MALFORMED = "code_malformed"
    COURSE_TYPE_IN_USE = "course_type_in_use"
    AGS_MALFORMED = "ags_malformed"
    SLUG_MALFORMED = "slug_malformed"
    STATE_OF_ANOTHER = "state_of_another"
    MAIL_ADDRESS_TAKEN = "mail_address_taken"
    MEMBER_ALREADY = "member_already"
    LAST_MEMBER = "last_member"
    LAST_ADMINISTRATOR = "last_administrator"
    NOT_ONESELF = "not_oneself"
    ROLE_HELD = "role_held"
    MERGE_BLOCKED = "merge_blocked"
    GIVING_BLOCKED = "giving_blocked"
    MAIL_NOT_FAILED = "mail_not_failed"
    VENUE_EMPTY = "venue_empty"
    VENUE_KNOWN = "venue_known"
    SIGN_IN_REFUSED = "sign_in_refused"
    TOO_MANY_TRIES = "too_many_tries"
    FILE_REFUSED = "file_refused"
    FILTER_TOO_LONG = "filter_too_long"
    SUBSCRIPTION_KNOWN = "subscription_known"
    NOTHING_TO_TAKE_OVER = "nothing_to_take_over"
    SHELF_NOT_WRITABLE = "shelf_not_writable"
    SHELF_NOT_READABLE = "shelf_not_readable"
    SHELF_NAME_TAKEN = "shelf_name_taken"


class KurslisteError(Exception):
    """Base of every error this application raises on purpose."""


class RuleViolationError(KurslisteError):
    """An input breaks ``rule``; ``field`` says where a form shows it, ``facts`` fill the words."""

    def __init__(self, rule: Rule, *, field: str | None = None, **facts: object) -> None:
        super().__init__(rule)
        self.rule = rule
        self.field = field
        self.facts = facts


class ShelfError(RuleViolationError):
    """The shelf of published files does not answer or is full; nothing was published.

    Nobody broke a rule, but whoever tried is told in the same way, and a form keeps its text.
    """


class NameTakenError(ShelfError):
    """Other bytes lie under this name; what was published is never overwritten."""

    def __init__(self, name: str) -> None:
        super().__init__(Rule.SHELF_NAME_TAKEN, name=name)


class TransitionRefusedError(KurslisteError):
    """The thing is not in a state that allows this action."""


class NotPermittedError(KurslisteError):
    """This person may not do this to this thing."""


class NotFoundError(KurslisteError):
    """There is no such thing for this person; a page answers 404."""


class ConflictError(KurslisteError):
    """Somebody else changed the thing in between; nobody's text is thrown away.

    ``differences`` names each field with the value typed now and the value stored meanwhile, both
    as text ready to be shown.
    """

    def __init__(self, differences: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__("changed by somebody else")
        self.differences = tuple(differences)
