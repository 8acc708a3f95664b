"""The rows that a search looks through, and what its conditions mean for them.

The same filters work on the rows of any edition and on the narrow rows of all current ones; only
words, free places and distance differ, because the former know nothing of what was told since.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Float,
    and_,
    cast,
    exists,
    false,
    func,
    or_,
    select,
)

from kursliste.domain.course import StartKind
from kursliste.domain.geo import KM_PER_DEGREE, Point, box_around, shrink
from kursliste.domain.interim import WITHOUT_PLACE
from kursliste.domain.level_fit import Sought
from kursliste.infrastructure.flags import FREE, flag, has_word
from kursliste.models.current import CurrentCourse, CurrentWord, SearchWord
from kursliste.models.edition import EditionEntry

SHORT_WORD: Final = 2
"""Letters of a word that has to be there as it is: A1, B2, Mo."""


class Rows:
    """The rows of one edition, as they were published."""

    def __init__(self, table: Any = EditionEntry) -> None:  # Any: two mapped classes
        self.table = table

    def equals(self, parameter: str, value: str) -> ColumnElement[bool]:
        """Return the condition that a row has a value of a parameter."""
        if parameter == "zugang":
            return has_word(self.table.admission, value)
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
        return self.has_place() if parameter == FREE else flag(self.table, parameter)

    def has_place(self) -> ColumnElement[bool]:
        """Return the condition for a free seat that is told as a number; unknown is not free."""
        return and_(
            EditionEntry.seats_free > 0,
            or_(EditionEntry.status.is_(None), EditionEntry.status.not_in(WITHOUT_PLACE)),
        )

    def has_text(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Return the condition that folded words are somewhere in the searched text."""
        text = EditionEntry.search_text
        return and_(*(text.contains(word, autoescape=True) for word in words))

    def is_near(self, _centre: Point, _km: int) -> ColumnElement[bool]:
        """Where published rows are is not known; nothing is near."""
        return false()


class CurrentRows(Rows):
    """The rows of current editions, with what was told since and where they are."""

    def __init__(self) -> None:
        super().__init__(CurrentCourse)

    def has_place(self) -> ColumnElement[bool]:
        return CurrentCourse.has_place.is_(True)

    def has_text(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Words of the row contain them; the first one leads to rows, the others are looked up."""
        first, *others = words
        leading = select(CurrentWord.entry_id).join(SearchWord).where(spelled(first))
        return and_(CurrentCourse.entry_id.in_(leading), *map(_is_there, others))

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


class WalkedRows(CurrentRows):
    """The same rows, where something else leads to them: an order in which they are walked."""

    def has_text(self, words: Sequence[str]) -> ColumnElement[bool]:
        return and_(*map(_is_there, words))


class Joined(Rows):
    """The rows of a current edition joined with what search knows of them now."""

    def has_place(self) -> ColumnElement[bool]:
        """What was told since counts instead of what was published."""
        return func.coalesce(CurrentCourse.has_place, super().has_place())

    def has_text(self, words: Sequence[str]) -> ColumnElement[bool]:
        return CURRENT.has_text(words)

    def is_near(self, centre: Point, km: int) -> ColumnElement[bool]:
        return CURRENT.is_near(centre, km)


ENTRIES: Final = Rows()
CURRENT: Final = CurrentRows()
WALKED: Final = WalkedRows()


def _is_there(word: str) -> ColumnElement[bool]:
    """Return the condition that a row which is already at hand has a word.

    The offset keeps PostgreSQL from turning it round and beginning with a frequent word.
    """
    known = select(SearchWord.id).where(spelled(word))
    looked_up = select(CurrentWord.word_id).where(
        CurrentWord.entry_id == CurrentCourse.entry_id, CurrentWord.word_id.in_(known)
    )
    return exists(looked_up.limit(1).offset(0).correlate(CurrentCourse))


def spelled(word: str) -> ColumnElement[bool]:
    """Return the condition on a known word that contains another; short ones are a whole word."""
    if len(word) <= SHORT_WORD:
        return SearchWord.word == word
    return SearchWord.word.contains(word, autoescape=True)
