"""The yes-or-no filters as conditions on rows that have the facts of a course."""

import json
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, String, or_, type_coerce

from kursliste.domain.course import Childcare, CourseStatus, LateEntry, Wheelchair

FREE: Final = "frei"
"""The one flag that changes between editions: whoever knows what was told since, decides it."""

AS_PUBLISHED: Final = ("quereinstieg", "kinderbetreuung", "frauen", "kostenlos", "barrierefrei")
WOMEN: Final = "Frauen"
WOMENS_COURSES: Final = ("IK-FRAUEN", "MIA")


def flag(table: Any, parameter: str) -> ColumnElement[bool]:
    """Return the condition behind one of ``AS_PUBLISHED`` for a mapped class with facts."""
    found: ColumnElement[bool]
    match parameter:
        case "quereinstieg":
            found = or_(
                table.late_entry.in_((LateEntry.YES, LateEntry.ON_CONSULTATION)),
                table.status == CourseStatus.RUNNING_ENTRY,
            )
        case "kinderbetreuung":
            found = table.childcare.in_((Childcare.YES, Childcare.ON_REQUEST))
        case "frauen":
            found = or_(has_word(table.audience, WOMEN), table.course_type.in_(WOMENS_COURSES))
        case "kostenlos":
            found = table.price_eur == Decimal(0)
        case _:
            found = table.wheelchair == Wheelchair.YES
    return found


def has_word(column: Any, word: str) -> ColumnElement[bool]:
    """Several words lie in one text as a JSON array; a whole word has its quotes."""
    text = type_coerce(column, String)
    return text.contains(json.dumps(word, ensure_ascii=False), autoescape=True)
