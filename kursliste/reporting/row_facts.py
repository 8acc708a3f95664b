"""The facts of a row on their way in: completed, checked against the rules, compared."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from kursliste.domain.course import FIELD, OWN_FIELDS
from kursliste.domain.edition import CodeWords
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.plausibility import check_consistent, check_levels
from kursliste.domain.question import QUESTION_LENGTH
from kursliste.domain.seats import SeatState, derived_seats_free, derived_status
from kursliste.infrastructure.codes import Codes, load_codes
from kursliste.models.question import Question
from kursliste.models.report import ReportedCourse
from kursliste.web import labels

Facts = Mapping[str, object]
CODED = frozenset({"course_type", "level_from", "level_to"})
Difference = tuple[str, str, str]


def moved(before: Facts, typed: Facts) -> dict[str, object]:
    """Return the typed facts that differ from ``before``."""
    return {name: value for name, value in typed.items() if before.get(name) != value}


def completed(before: Facts, typed: Facts) -> dict[str, object]:
    """Return the facts that change, with the free seats that follow from them.

    Nothing typed anew means nothing changes. Free seats are derived where they are unknown, and
    follow along where they were derived before and only the other two numbers were typed.
    """
    changing = moved(before, typed)
    if not changing:
        return {}
    now = {**before, **changing}
    follows = "seats_free" not in changing and before.get("seats_free") == _free(before)
    free = _free(now)
    if free is not None and (now.get("seats_free") is None or follows):
        changing["seats_free"] = free
    return moved(before, changing)


def _free(facts: Facts) -> int | None:
    total, taken = facts.get("seats_total"), facts.get("seats_taken")
    known = isinstance(total, int) and isinstance(taken, int)
    return derived_seats_free(total, taken) if known else None  # type: ignore[arg-type]  # both are int here


def check(session: Session, facts: Facts, changing: Facts) -> None:
    """Raise RuleViolationError where a row lacks what it needs or contradicts itself.

    ``facts`` is the whole row as it would be, ``changing`` what is new in it: codes are looked up
    only where they are new.
    """
    for field in OWN_FIELDS:
        if field.needed and not facts.get(field.attribute):
            raise RuleViolationError(Rule.VALUE_MISSING, field=field.attribute)
    check_consistent(facts)
    if CODED & changing.keys():
        _check_codes(load_codes(session), facts)


def _check_codes(codes: Codes, facts: Facts) -> None:
    tables = {
        "course_type": codes.course_types,
        "level_from": codes.levels,
        "level_to": codes.levels,
    }
    for name, table in tables.items():
        value = facts.get(name)
        if value is not None and value not in table:
            raise RuleViolationError(Rule.VALUE_UNKNOWN, field=name, value=value)
    check_levels(codes.level_sort(facts.get("level_from")), codes.level_sort(facts.get("level_to")))


def differences(codes: Codes, row: ReportedCourse, typed: Facts) -> list[Difference]:
    """Return heading, typed and stored value of every field in which the two differ."""
    return [
        (FIELD[name].heading, in_words(codes, name, value), in_words(codes, name, stored))
        for name, value in typed.items()
        if (stored := getattr(row, name)) != value
    ]


def in_words(codes: Codes | CodeWords, attribute: str, value: object) -> str:
    """Return a value as people read it: codes by their label, dates in German."""
    return codes.word(attribute, value) or labels.shown(value)


def asked_value(question: Question, words: CodeWords) -> str | None:
    """Return in words what stands now in the field that a question is about, if it is about one."""
    row, attribute = question.reported_course, question.attribute
    if row is None or attribute is None:
        return None
    return in_words(words, attribute, getattr(row, attribute))[:QUESTION_LENGTH]


def going_on(row: ReportedCourse, *, on: date) -> object:
    """Return the status of a course that was ended by mistake: what dates and seats give.

    An end in the past is left out of account, because the course goes on.
    """
    state = SeatState.of({**row.facts(), "status": None, "ends_on": None})
    return derived_status(state, on=on)
