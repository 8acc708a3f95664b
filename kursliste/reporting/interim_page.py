"""The page of interim updates: its forms, and what each row shows, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from kursliste.domain.course import FIELD, CourseStatus
from kursliste.domain.edition import is_for_public
from kursliste.domain.interim import Told
from kursliste.domain.plausibility import Finding, Notice, findings
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import Codes
from kursliste.models.interim import InterimUpdate
from kursliste.reporting.forms import FormData, count_field
from kursliste.reporting.interim_actions import CHANGEABLE, Telling
from kursliste.reporting.interim_queries import Published
from kursliste.reporting.report_page import Box
from kursliste.web.course_form import NOT_CHOSEN
from kursliste.web.forms import BaseForm
from kursliste.web.interim_words import words_now, words_published

ABOUT_SEATS: Final = {
    Notice.FREE_ABOVE_TOTAL,
    Notice.FREE_CONTRADICTS_TAKEN,
    Notice.FULL_BUT_FREE,
}


class InterimForm(BaseForm):
    """What can be told about one course; an empty box tells nothing."""

    seats_free = count_field("seats_free")
    seats_taken = count_field("seats_taken")
    status = SelectField(FIELD["status"].heading, [Optional()])

    def told(self) -> Told:
        """Return what was typed."""
        status = self.status.data
        return Told(
            seats_taken=self.seats_taken.data,
            seats_free=self.seats_free.data,
            status=CourseStatus(status) if status else None,
        )


class InterimTable(BaseForm):
    """All published courses at once; one small form for each into which something was typed."""

    def __init__(self, courses: Sequence[Published], sent: FormData, codes: Codes) -> None:
        super().__init__()
        options = (NOT_CHOSEN, *codes.words.statuses.items())
        statuses = [SelectChoice(*option) for option in options]
        self.courses = courses
        self.forms: dict[str, InterimForm] = {}
        self._seen: dict[str, int | None] = {}
        for one in courses:
            key, prefix = one.entry.course_id, prefix_of(one.entry.course_id)
            if any(sent.get(f"{prefix}{name}", "").strip() for name in CHANGEABLE):
                self.forms[key] = form = InterimForm(sent, prefix=prefix)
                form.status.choices = statuses
                self._seen[key] = sent.get(seen_name(key), type=int)

    def validate(self, extra_validators: Any = None) -> bool:  # WTForms' type
        """Check every row, so that all mistakes are told at once."""
        checked = [form.validate(extra_validators) for form in self.forms.values()]
        return all(checked)

    def tellings(self) -> dict[int, dict[str, Telling]]:
        """Return what was typed, by provider and Kurs-ID."""
        found: dict[int, dict[str, Telling]] = {}
        for one in self.courses:
            key = one.entry.course_id
            if key in self.forms:
                telling = Telling(self.forms[key].told(), self._seen[key])
                found.setdefault(one.provider_id, {})[key] = telling
        return found

    def mistakes(self) -> list[tuple[str, str]]:
        """Return the texts of the error summary with the fields they lead to."""
        return [
            (f"{one.entry.title}, {field.label.text}: {error}", f"#{field.id}")
            for one in self.courses
            if one.entry.course_id in self.forms
            for field in self.forms[one.entry.course_id]
            for error in field.errors[-1:]  # of two about one box, ours names the bounds
        ]


def prefix_of(course_id: str) -> str:
    """Return what stands before the names of a course's boxes."""
    return f"k{course_id}-"


def seen_name(course_id: str) -> str:
    """Return the name of the box that says which update the person saw."""
    return f"{prefix_of(course_id)}seen"


def seen_of(courses: Sequence[Published]) -> dict[str, int]:
    """Return the newest updates as the page sends them back; 0 where there is none."""
    return {seen_name(one.entry.course_id): one.update.id if one.update else 0 for one in courses}


@dataclass(frozen=True)
class InterimRow:
    """A course of the table: what was published, what readers see now, what can be typed."""

    one: Published
    published: str
    now: str
    is_public: bool
    boxes: Mapping[str, Box]
    seen: tuple[str, int]
    notices: Sequence[Finding]
    is_chosen: bool


def rows_of(table: InterimTable, codes: Codes, chosen: str) -> list[InterimRow]:
    """Return the rows of the page; ``chosen`` is the Kurs-ID that a link leads to."""
    seen = seen_of(table.courses)
    return [_row(one, table, codes, seen, chosen) for one in table.courses]


def _row(
    one: Published, table: InterimTable, codes: Codes, seen: Mapping[str, int], chosen: str
) -> InterimRow:
    facts, now = one.entry.facts(), one.now(on=clock.today())
    key, name = one.entry.course_id, seen_name(one.entry.course_id)
    return InterimRow(
        one=one,
        published=words_published(facts, codes.word("status", facts["status"]) or ""),
        now=words_now(facts, now, codes.word("status", now["status"]) or ""),
        is_public=is_for_public(facts),
        boxes={box: _box(key, box, table.forms.get(key)) for box in CHANGEABLE},
        seen=(name, seen[name]),
        notices=_notices(now) if one.given_on else (),
        is_chosen=key == chosen,
    )


def _box(course_id: str, name: str, form: InterimForm | None) -> Box:
    if form is None:
        return Box(f"{prefix_of(course_id)}{name}", "")
    typed, errors = form[name].raw_data, form[name].errors[-1:]
    value = str(typed[0]) if typed else ""
    return Box(f"{prefix_of(course_id)}{name}", value, [str(error) for error in errors])


def _notices(now: Mapping[str, object]) -> list[Finding]:
    return [found for found in findings(now, on=clock.today()) if found.notice in ABOUT_SEATS]


def saved(updates: Sequence[InterimUpdate], courses: Sequence[Published], codes: Codes) -> str:
    """Return in words what readers see after saving; ``courses`` are read anew."""
    if not updates:
        return "Sie haben nichts eingetragen, was neu ist."
    if len(updates) > 1:
        return f"{len(updates)} Kurse gespeichert. Die neuen Angaben stehen in der Kursliste."
    [one] = [one for one in courses if one.entry.course_id == updates[0].course_id]
    now = one.now(on=clock.today())
    words = words_now(one.entry.facts(), now, codes.word("status", now["status"]) or "")
    if not words or not is_for_public(one.entry.facts()):
        return f"Gespeichert: {one.entry.title}. In der öffentlichen Kursliste ändert sich nichts."
    return f"Gespeichert. In der Kursliste steht jetzt bei „{one.entry.title}“: {words}."
