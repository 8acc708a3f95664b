"""What the catalogue keeps in memory: heads of editions, which never change, and codes, briefly."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from kursliste.catalogue.options import Option
from kursliste.catalogue.rows import spelled
from kursliste.domain.calendar import Month
from kursliste.domain.course import Visibility
from kursliste.domain.layout import layout_from
from kursliste.domain.page_columns import public_facts
from kursliste.infrastructure.codes import Codes, load_codes
from kursliste.infrastructure.remembering import Remembered
from kursliste.models.current import CurrentCourse, CurrentWord, DistrictNeighbour, SearchWord
from kursliste.models.edition import Edition
from kursliste.models.masterdata import District

A_MINUTE: Final = 60


@dataclass(frozen=True)
class Head:
    """An edition in short: whose it is, what its layout tells, and its frozen words."""

    id: int
    slug: str
    district: str
    month: Month
    number: int
    told: frozenset[str]
    words: Mapping[str, Mapping[str, str]]

    @property
    def name(self) -> str:
        """The number people quote, like ``2026-12/1``."""
        return f"{self.month}/{self.number}"


_heads: Final[Remembered[Head]] = Remembered(2_000)
_codes: Final[Remembered[Codes]] = Remembered(1, seconds=A_MINUTE)
_towns: Final[Remembered[Mapping[str, list[Option]]]] = Remembered(1, seconds=A_MINUTE)
_districts: Final[Remembered[Sequence[District]]] = Remembered(1, seconds=A_MINUTE)
_neighbours: Final[Remembered[Mapping[int, frozenset[int]]]] = Remembered(1, seconds=A_MINUTE)
_words: Final[Remembered[Sequence[str]]] = Remembered(1, seconds=A_MINUTE)
_frequent: Final[Remembered[int]] = Remembered(2_000, seconds=A_MINUTE)


def heads(session: Session, edition_ids: Collection[int]) -> dict[int, Head]:
    """Return editions in short by key; no statement for those that are known."""
    missing: dict[int, Head] = {}

    def read(key: int) -> Head:
        if not missing:
            missing.update(_read_heads(session, edition_ids))
        return missing[key]

    return {key: _heads.get(key, lambda key=key: read(key)) for key in edition_ids}  # type: ignore[misc]  # binds the key of this turn


def _read_heads(session: Session, edition_ids: Collection[int]) -> dict[int, Head]:
    query = select(
        Edition.id,
        Edition.district_slug,
        Edition.district_name,
        Edition.month,
        Edition.number,
        Edition.layout,
        Edition.words,
    ).where(Edition.id.in_(edition_ids))
    return {
        key: Head(
            key,
            slug,
            district,
            month,
            number,
            public_facts(layout_from(layout)),
            {
                "art": dict(words["course_types"]),
                "niveau": dict(words["levels"]),
                "status": dict(words["statuses"]),
            },
        )
        for key, slug, district, month, number, layout, words in session.execute(query)
    }


def known_codes(session: Session) -> Codes:
    """Return the code tables, a minute old at most."""

    def read() -> Codes:
        codes = load_codes(session)
        for table in (codes.course_types, codes.levels, codes.statuses):
            for row in table.values():
                session.expunge(row)  # what is remembered outlives the request
        return codes

    return _codes.get("codes", read)


def known_places(session: Session) -> Mapping[str, list[Option]]:
    """Return the towns and providers of all current courses, a minute old at most."""

    def read() -> Mapping[str, list[Option]]:
        columns = {"ort": CurrentCourse.town, "traeger": CurrentCourse.provider}
        return {
            name: [
                Option(value, value, 0)
                for value in session.scalars(
                    select(column).where(is_for_everybody()).distinct().order_by(column)
                )
                if value
            ]
            for name, column in columns.items()
        }

    return _towns.get("places", read)


def is_for_everybody() -> ColumnElement[bool]:
    """Return the condition for a current row that everybody may see."""
    seen = CurrentCourse.visibility
    return or_(seen.is_(None), seen == Visibility.PUBLIC)


def known_districts(session: Session) -> Sequence[District]:
    """Return all districts by name, a minute old at most."""

    def read() -> Sequence[District]:
        found = session.scalars(select(District).order_by(District.name, District.id)).all()
        for district in found:
            session.expunge(district)
        return found

    return _districts.get("districts", read)


def known_neighbours(session: Session) -> Mapping[int, frozenset[int]]:
    """Return, by key, which districts have a border with a district, a minute old at most.

    Only those that are in this instance; empty where nobody loaded the borders.
    """

    def read() -> Mapping[int, frozenset[int]]:
        here, there = aliased(District), aliased(District)
        query = (
            select(here.id, there.id)
            .join(DistrictNeighbour, DistrictNeighbour.ags == here.ags)
            .join(there, there.ags == DistrictNeighbour.neighbour_ags)
            .order_by(here.id, there.id)
        )
        found: dict[int, set[int]] = {}
        for one, other in session.execute(query):
            found.setdefault(one, set()).add(other)
        return {key: frozenset(others) for key, others in found.items()}

    return _neighbours.get("neighbours", read)


def known_words(session: Session) -> Sequence[str]:
    """Return all words that a search can find, a minute old at most."""
    longer = func.length(SearchWord.word) > 2  # noqa: PLR2004 -- A1 is not a slip of A2
    query = select(SearchWord.word).where(longer).order_by(SearchWord.word)
    return _words.get("words", lambda: session.scalars(query).all())


def rarest_first(session: Session, words: Sequence[str]) -> Sequence[str]:
    """Return words in the order of how many rows have them; nothing is asked about a single one.

    How often a word occurs is a minute old at most; one statement for those that are not known.
    """
    missing: dict[str, int] = {}

    def read(word: str) -> int:
        if not missing:
            missing.update(zip(words, _occurrences(session, words), strict=True))
        return missing[word]

    if len(words) == 1:
        return words
    return sorted(words, key=lambda word: _frequent.get(word, lambda: read(word)))


def _occurrences(session: Session, words: Sequence[str]) -> Sequence[int]:
    counts = (
        select(func.count())
        .select_from(CurrentWord)
        .join(SearchWord, SearchWord.id == CurrentWord.word_id)
        .where(spelled(word))
        .scalar_subquery()
        for word in words
    )
    return session.execute(select(*counts)).one()
