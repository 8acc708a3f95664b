"""The rows that a search looks through, and what its conditions mean for them.

The same filters work on the rows of any edition and on the narrow rows of all current ones; only
words, free places and distance differ, because the former know nothing of what was told since.
"""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Float,
    String,
    and_,
    cast,
    false,
    func,
    or_,
    select,
    type_coerce,
)

from kursliste.domain.course import Childcare, CourseStatus, LateEntry, StartKind, Wheelchair
from kursliste.domain.geo import KM_PER_DEGREE, Point, box_around, shrink
from kursliste.domain.interim import WITHOUT_PLACE
from kursliste.domain.level_fit import Sought
from kursliste.models.current import CurrentCourse, CurrentWord, SearchWord
from kursliste.models.edition import EditionEntry

WOMEN: Final = "Frauen"
WOMENS_COURSES: Final = ("IK-FRAUEN", "MIA")
SHORT_WORD: Final = 2
"""Letters of a word that has to be there as it is: A1, B2, Mo."""


class Rows:
    """The rows of one edition, as they were published."""

    def __init__(self, table: Any = EditionEntry) -> None:  # Any: two mapped classes
        self.table = table

    def equals(self, parameter: str, value: str) -> ColumnElement[bool]:
        """Return the condition that a row has a value of a parameter."""
        if parameter == "zugang":
            return _has_word(self.table.admission, value)
        found: ColumnElement[bool] = self.column(parameter) == value
        return found

    def column(self, parameter: str) -> ColumnElement[Any]:
        """Return what is counted and compared for a parameter."""
        names: Mapping[str, str] = {
            "gruppe": "course_group",
            "art": "course_type",
            "ort": "town",
            "tageszeit": "time_of_day",
            "form": "delivery",
            "zugang": "admission",
            "traeger": "provider",
        }
        found: ColumnElement[Any] = getattr(self.table, names[parameter]).expression
        return found

    def passes(self, level: Sought) -> ColumnElement[bool]:
        """Return the condition for ``domain.level_fit``: the same rule, as SQL."""
        lower, upper = self.table.level_from_sort, self.table.level_to_sort
        begins = or_(lower <= level.highest, and_(lower.is_(None), upper <= level.highest))
        reaches = or_(
            upper >= level.place,
            upper == level.whole,
            and_(upper.is_(None), or_(lower >= level.place, lower == level.whole)),
        )
        return and_(begins, reaches)

    def starts(self, parameter: str, day: date) -> ColumnElement[bool]:
        """Return the condition for a start; who can join at any time can join on that day too."""
        anytime = and_(
            self.table.starts_on.is_(None),
            self.table.start_kind.in_((StartKind.ROLLING, StartKind.REGULAR)),
        )
        fits = self.table.starts_on >= day if parameter == "ab" else self.table.starts_on <= day
        return or_(fits, anytime)

    def flag(self, parameter: str) -> ColumnElement[bool]:
        """Return the condition behind a yes-or-no filter."""
        table = self.table
        match parameter:
            case "frei":
                return self.has_place()
            case "quereinstieg":
                found = or_(
                    table.late_entry.in_((LateEntry.YES, LateEntry.ON_CONSULTATION)),
                    table.status == CourseStatus.RUNNING_ENTRY,
                )
            case "kinderbetreuung":
                found = table.childcare.in_((Childcare.YES, Childcare.ON_REQUEST))
            case "frauen":
                found = or_(_has_word(table.audience, WOMEN), table.course_type.in_(WOMENS_COURSES))
            case "kostenlos":
                found = table.price_eur == Decimal(0)
            case _:
                found = table.wheelchair == Wheelchair.YES
        return found

    def has_place(self) -> ColumnElement[bool]:
        """Return the condition for a free seat that is told as a number; unknown is not free."""
        return and_(
            EditionEntry.seats_free > 0,
            or_(EditionEntry.status.is_(None), EditionEntry.status.not_in(WITHOUT_PLACE)),
        )

    def has_text(self, word: str) -> ColumnElement[bool]:
        """Return the condition that a folded word is somewhere in the searched text."""
        return EditionEntry.search_text.contains(word, autoescape=True)

    def is_near(self, _centre: Point, _km: int) -> ColumnElement[bool]:
        """Where published rows are is not known; nothing is near."""
        return false()


class CurrentRows(Rows):
    """The rows of current editions, with what was told since and where they are."""

    def __init__(self) -> None:
        super().__init__(CurrentCourse)

    def has_place(self) -> ColumnElement[bool]:
        return CurrentCourse.has_place.is_(True)

    def has_text(self, word: str) -> ColumnElement[bool]:
        """A word of the row contains it; short ones, like A1, have to be there as they are."""
        fits = (
            SearchWord.word == word
            if len(word) <= SHORT_WORD
            else SearchWord.word.contains(word, autoescape=True)
        )
        keys = select(SearchWord.id).where(fits)
        return CurrentCourse.entry_id.in_(
            select(CurrentWord.entry_id).where(CurrentWord.word_id.in_(keys))
        )

    def is_near(self, centre: Point, km: int) -> ColumnElement[bool]:
        box = box_around(centre, km)
        return and_(
            CurrentCourse.lat.between(box.south, box.north),
            CurrentCourse.lon.between(box.west, box.east),
            self.square_degrees(centre) <= (km / KM_PER_DEGREE) ** 2,
        )

    def square_degrees(self, centre: Point) -> ColumnElement[float]:
        """Return the squared distance in degrees of latitude: it sorts like the distance."""
        north = cast(CurrentCourse.lat - centre.lat, Float)
        east = cast((CurrentCourse.lon - centre.lon) * shrink(centre), Float)
        return north * north + east * east


class Joined(Rows):
    """The rows of a current edition joined with what search knows of them now."""

    def has_place(self) -> ColumnElement[bool]:
        """What was told since counts instead of what was published."""
        return func.coalesce(CurrentCourse.has_place, super().has_place())

    def has_text(self, word: str) -> ColumnElement[bool]:
        return CURRENT.has_text(word)

    def is_near(self, centre: Point, km: int) -> ColumnElement[bool]:
        return CURRENT.is_near(centre, km)


ENTRIES: Final = Rows()
CURRENT: Final = CurrentRows()


def _has_word(column: Any, word: str) -> ColumnElement[bool]:
    """Several words lie in one text as a JSON array; a whole word has its quotes."""
    text = type_coerce(column, String)
    return text.contains(json.dumps(word, ensure_ascii=False), autoescape=True)
