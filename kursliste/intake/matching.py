"""Who is who: the providers a list names, and the reported courses its rows stand for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from kursliste.intake.storing import NEW, Proposal
from kursliste.intake.tables import key
from kursliste.models.masterdata import Provider
from kursliste.models.report import ReportedCourse

ALIKE: Final = 90
"""Likeness (0 to 100) from which a name is worth the question "meinten Sie"."""


@dataclass(frozen=True, kw_only=True)
class ProviderMatch:
    """A provider's name in the list and who it is.

    ``provider`` is the known one; none and not ``is_undecided`` means that it will be added.
    ``alike`` are the providers to choose from; ``is_chosen`` says that somebody did.
    """

    key: str
    name: str
    provider: Provider | None = None
    alike: tuple[Provider, ...] = ()
    is_undecided: bool = False
    is_chosen: bool = False
    is_left_out: bool = False

    @property
    def shown(self) -> str:
        """The name that people know."""
        return self.provider.name if self.provider is not None else self.name

    @property
    def is_new(self) -> bool:
        """Whether the taking over adds this provider."""
        return self.provider is None and not self.is_undecided


def provider_matches(
    proposal: Proposal, known: Sequence[Provider], former: Mapping[str, int]
) -> Mapping[str, ProviderMatch]:
    """Return every provider that rows name, by the key of its name, in the order of the names.

    ``former`` are names of before and the keys of the providers that are meant by them now.
    """
    names: dict[str, str] = {}
    for course in proposal.courses:
        if course.provider and not course.is_left_out:
            names.setdefault(key(course.provider), course.provider)
    ordered = sorted(names.items(), key=lambda item: (item[1].casefold(), item[0]))
    return {
        folded: provider_match(folded, name, proposal, known, former) for folded, name in ordered
    }


def provider_match(
    folded: str,
    name: str,
    proposal: Proposal,
    known: Sequence[Provider],
    former: Mapping[str, int],
) -> ProviderMatch:
    """Return who a name is: the same, one of before, chosen by the coordinator, or alike."""
    is_left_out = folded in proposal.without
    alike = tuple(p for p in known if fuzz.WRatio(key(p.name), folded) >= ALIKE)
    chosen = proposal.chosen.get(folded)
    same = [p for p in known if p.name == name] or [p for p in known if key(p.name) == folded]
    before = {key(old): provider_id for old, provider_id in former.items()}
    same = same or [p for p in known if p.id == before.get(folded)]
    same = same or [p for p in known if p.id == chosen]
    return ProviderMatch(
        key=folded,
        name=name,
        provider=same[0] if same else None,
        alike=alike,
        is_undecided=not same and bool(alike) and chosen != NEW,
        is_chosen=chosen is not None,
        is_left_out=is_left_out,
    )


class KnownCourses:
    """The reported courses that rows of a list can stand for; each is given out once."""

    def __init__(self, rows: Iterable[ReportedCourse]) -> None:
        self.rows = list(rows)

    def take(self, facts: Mapping[str, object]) -> ReportedCourse | None:
        """Return the course with the same number, else with the same type, start and title."""
        for same in (same_reference, same_course):
            found = next((row for row in self.rows if same(row, facts)), None)
            if found is not None:
                self.rows.remove(found)
                return found
        return None


def same_reference(row: ReportedCourse, facts: Mapping[str, object]) -> bool:
    """Return whether both carry the same number of the provider."""
    reference = facts.get("provider_reference")
    return bool(reference) and row.provider_reference == reference


def same_course(row: ReportedCourse, facts: Mapping[str, object]) -> bool:
    """Return whether type, start and title agree and no two numbers speak against it."""
    numbers = {row.provider_reference, facts.get("provider_reference")} - {None}
    return (
        len(numbers) <= 1
        and row.course_type == facts.get("course_type")
        and row.starts_on == facts.get("starts_on")
        and key(row.title) == key(str(facts.get("title")))
    )
