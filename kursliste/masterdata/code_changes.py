"""What would change about a code table, checked; nothing is stored.

The page shows it before somebody confirms, and the actions ask again when they store it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from kursliste.domain.course_type import LENGTHS, TypeFacts, check_type, checked_code
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.texts import check_length, checked_text
from kursliste.domain.words import compared
from kursliste.masterdata import code_queries as queries
from kursliste.models.codes import CourseType, Level, StatusWords

Changes = Mapping[str, tuple[object, object]]
"""Attribute: old and new value."""


@dataclass(frozen=True, kw_only=True)
class StatusFacts:
    """What an administrator says of a status; what it means is the program's."""

    label: str
    short: str
    explanation: str = ""


def type_changes(session: Session, found: CourseType, facts: TypeFacts) -> Changes:
    """Return what ``facts`` change about a course type.

    Raises RuleViolationError for what the domain refuses, a level that there is not, and a name
    that stands for another type.
    """
    _check(session, facts, own=found.code)
    return differences(found, _values(facts))


def new_type_changes(session: Session, code: str, facts: TypeFacts) -> Changes:
    """Return what a new course type says, and raise as :func:`type_changes` does.

    Raises RuleViolationError too for a code that is malformed or taken.
    """
    code = checked_code(code)
    if queries.meaning_of(session, queries.COURSE_TYPE, code) is not None:
        raise RuleViolationError(Rule.NAME_TAKEN, field="code", name=code)
    _check(session, facts, own=None)
    said = {"code": code, **_values(facts)}
    return {name: (None, value) for name, value in said.items() if value not in (None, "")}


def level_changes(session: Session, found: Level, label: str) -> Changes:
    """Return what a new label changes; raises RuleViolationError for none or a taken one."""
    checked_text(label, field="label", longest=80, missing=Rule.VALUE_MISSING)
    check_free(session, queries.LEVEL, label, own=found.code)
    return differences(found, {"label": label})


def status_changes(session: Session, found: StatusWords, facts: StatusFacts) -> Changes:
    """Return what other words change; raises RuleViolationError for none or a taken one."""
    checked_text(facts.label, field="label", longest=80, missing=Rule.VALUE_MISSING)
    checked_text(facts.short, field="short", longest=40, missing=Rule.VALUE_MISSING)
    check_length(facts.explanation, 200, field="explanation")
    check_free(session, queries.STATUS, facts.label, own=found.code.value)
    return differences(found, asdict(facts))


def check_word(session: Session, kind: str, code: str, text: str) -> str:
    """Return a word without blanks around it, by which imports shall know a type or a status.

    Raises RuleViolationError at ``alias`` for no word, a too long one, and one that is known.
    """
    word = checked_text(text, field="alias", longest=LENGTHS["alias"], missing=Rule.VALUE_MISSING)
    if not compared(word):
        raise RuleViolationError(Rule.VALUE_UNKNOWN, field="alias", value=word)
    check_free(session, kind, word, own=code, field="alias")
    if queries.meaning_of(session, kind, word) is not None:
        raise RuleViolationError(Rule.NAME_TAKEN, field="alias", name=word)
    return word


def check_free(
    session: Session, kind: str, text: str, *, own: str | None, field: str = "label"
) -> None:
    """Raise RuleViolationError (WORD_TAKEN) if a word stands for something else than ``own``."""
    code = queries.meaning_of(session, kind, text)
    if code is not None and code != own:
        meaning = queries.labels_of(session, kind)[code]
        raise RuleViolationError(Rule.WORD_TAKEN, field=field, word=text, meaning=meaning)


def _check(session: Session, facts: TypeFacts, own: str | None) -> None:
    check_type(facts)
    known = queries.labels_of(session, queries.LEVEL)
    for name in ("level_from", "level_to"):
        value = getattr(facts, name)
        if value is not None and value not in known:
            raise RuleViolationError(Rule.VALUE_UNKNOWN, field=name, value=value)
    check_free(session, queries.COURSE_TYPE, facts.label, own=own)


def _values(facts: TypeFacts) -> dict[str, object]:
    """Return the values of the columns: no text is NULL, no short name is the name."""
    short = facts.short or facts.label[: LENGTHS["short"]]
    said = {name: value if value != "" else None for name, value in asdict(facts).items()}
    return {**said, "short": short, "state": facts.state.value}


def differences(row: Any, said: Mapping[str, object]) -> Changes:  # a code table or a district
    """Return what ``said`` changes about a row."""
    return {
        name: (getattr(row, name), value)
        for name, value in said.items()
        if getattr(row, name) != value
    }
