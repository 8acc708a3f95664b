"""The preview of a list as its page shows it: numbers, providers, rows, what is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy.orm import Session

from kursliste.infrastructure.codes import Codes
from kursliste.intake import queries
from kursliste.intake.faults import completed
from kursliste.intake.matching import ProviderMatch, provider_matches
from kursliste.intake.open_points import RowPoints, is_sent, row_points, type_word
from kursliste.intake.outcome import TakenOver, counted, outcome_of, place
from kursliste.intake.preview_cells import PreviewCell, preview_cells
from kursliste.intake.storing import Proposal, ProposedCourse, from_stored
from kursliste.intake.tables import key
from kursliste.masterdata.queries import active_providers, former_names
from kursliste.models.intake import ListUpload
from kursliste.models.masterdata import Provider


@dataclass(frozen=True, kw_only=True)
class PreviewRow:
    """One row of the list. ``facts`` are the values as they would be stored."""

    number: int
    course: ProposedCourse
    facts: Mapping[str, object]
    points: RowPoints
    cells: Sequence[PreviewCell]

    @property
    def title(self) -> str:
        """What a person calls the row."""
        return str(self.facts.get("title") or "ohne Titel")

    @property
    def place(self) -> str:
        """Where the row stands in the file."""
        return place(self.course.row)

    @property
    def doubts(self) -> list[str]:
        """What to look at, whichever column it stands in."""
        return [words for cell in self.cells for words in cell.warnings]


@dataclass(frozen=True, kw_only=True)
class ProviderLine:
    """A provider that the list names, with how many rows it has and whether it has answered."""

    match: ProviderMatch
    rows: int
    is_sent: bool


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The page of one upload."""

    upload: ListUpload
    proposal: Proposal
    rows: Sequence[PreviewRow]
    providers: Sequence[ProviderLine]
    words: Mapping[str, str]
    known: Sequence[Provider] = field(default=())

    @cached_property
    def outcome(self) -> TakenOver | None:
        """What the taking over did, or None before it."""
        return None if self.upload.taken_over_at is None else outcome_of(self.upload.understood)

    @cached_property
    def to_mend(self) -> Sequence[PreviewRow]:
        """Return the rows that lack something or contradict themselves."""
        return [row for row in self.rows if row.points.faults]

    @cached_property
    def ready(self) -> Sequence[PreviewRow]:
        """Return the rows that would be taken over now."""
        return [row for row in self.rows if row.points.is_ready]

    @cached_property
    def undecided(self) -> Sequence[ProviderLine]:
        """Return the providers about which the coordinator has to say something."""
        return [
            line
            for line in self.providers
            if not line.match.is_left_out and (line.match.is_undecided or line.is_sent)
        ]

    @property
    def may_take_over(self) -> bool:
        """Whether nothing stands in the way."""
        return bool(self.ready) and not self.to_mend and not self.undecided

    @property
    def summary(self) -> str:
        """Return the numbers in words."""
        new = sum(line.match.is_new for line in self.providers)
        providers = counted(len(self.providers), "Träger", "Träger")
        if self.outcome is None:
            providers += f", davon {new} neu"
        courses = f"{counted(len(self.rows), 'Kurs', 'Kurse')} gefunden, {providers}"
        parts = [
            courses,
            counted(len(self.proposal.not_understood), "Angabe", "Angaben") + " nicht verstanden",
            counted(len(self.proposal.not_courses), "Zeile", "Zeilen") + " ohne Kurs",
        ]
        return "; ".join(parts) + "."

    @property
    def row_numbers(self) -> Mapping[str, int]:
        """Return where the preview has a row of the file."""
        return {row.course.row: row.number for row in self.rows}

    @property
    def mended(self) -> frozenset[str]:
        """Return the rows of the file that somebody mended or left out."""
        return frozenset(
            row.course.row for row in self.rows if row.course.is_mended or row.course.is_left_out
        )


def preview_of(session: Session, upload: ListUpload, codes: Codes) -> Preview:
    """Return the page of an upload that the actor may see; three or four statements in all."""
    proposal = from_stored(upload.understood)
    district = upload.course_list.district
    known = active_providers(session, district)
    reports = queries.reports_by_provider(session, upload.course_list, upload.month)
    matches = provider_matches(proposal, known, former_names(session, district))
    rows = [
        preview_row(
            number,
            course,
            row_points(course, codes, matches, reports, upload.month),
            codes,
        )
        for number, course in enumerate(proposal.courses, start=1)
    ]
    return Preview(
        upload=upload,
        proposal=proposal,
        rows=rows,
        providers=[
            ProviderLine(match=match, rows=count(proposal, folded), is_sent=is_sent(match, reports))
            for folded, match in matches.items()
        ],
        words=unknown_words(proposal, codes),
        known=known,
    )


def preview_row(
    number: int,
    course: ProposedCourse,
    points: RowPoints,
    codes: Codes,
) -> PreviewRow:
    """Return one row of the page."""
    facts = completed(course.values, codes)
    return PreviewRow(
        number=number,
        course=course,
        facts=facts,
        points=points,
        cells=preview_cells(facts, course.warnings, points.faults, codes),
    )


def count(proposal: Proposal, folded: str) -> int:
    """Return how many rows of the list belong to a provider."""
    return sum(
        key(course.provider) == folded for course in proposal.courses if not course.is_left_out
    )


def unknown_words(proposal: Proposal, codes: Codes) -> Mapping[str, str]:
    """Return the words that name no known course type, by their key, in the order of the list."""
    words: dict[str, str] = {}
    for course in proposal.courses:
        word = type_word(course, codes)
        if word:
            words.setdefault(key(word), word)
    return words
