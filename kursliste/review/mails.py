"""What the review sends to providers. Internal notes never stand in a mail."""

from collections.abc import Callable, Sequence

from kursliste.domain.course import FIELD
from kursliste.domain.edition import CodeWords
from kursliste.models.correction import Correction
from kursliste.models.identity import User
from kursliste.models.masterdata import Provider
from kursliste.models.question import Question
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting.row_facts import in_words
from kursliste.review.giving import GivingPlan
from kursliste.web.labels import UNKNOWN, moved, shown
from kursliste.web.mail_words import SIGNATURE, on_one_line

LinkTo = Callable[[Question | None], str]
"""The absolute address where a question is answered; for None, all questions of the report."""


def questions_asked(report: Report, asked: Sequence[Question], *, link: LinkTo) -> tuple[str, str]:
    """Return subject and body of the one mail that tells a provider of all new questions."""
    district, month = report.district, shown(report.month)
    one = len(asked) == 1
    thing = "Rückfrage" if one else f"{len(asked)} Rückfragen"
    body = [
        "Guten Tag,",
        "",
        f"zu Ihrer Kursmeldung für {month} ({district.name}, {report.provider.name}) "
        + ("gibt es eine Rückfrage:" if one else f"gibt es {thing}:"),
        "",
    ]
    for number, question in enumerate(asked, start=1):
        body += _question(question, "" if one else f"{number}. ", link(question))
    if not one:
        body += ["Alle Fragen auf einer Seite beantworten:", link(None), ""]
    body += [
        f"Bis {shown(report.round.due_on)} eingereichte Meldungen kommen sicher in die Liste.",
        "",
        "Freundliche Grüße",
        asked[0].asked_by.name if asked[0].asked_by is not None else "die Koordination",
        *([district.publisher] if district.publisher else []),
    ]
    return f"{thing} zu Ihrer Meldung für {month} – {district.name}", "\n".join(body) + "\n"


def course_corrected(
    row: ReportedCourse, made: Sequence[Correction], words: CodeWords, *, by: str, link: str
) -> tuple[str, str]:
    """Return subject and body of the mail that tells a provider what was changed in a course."""
    report = row.report
    district, month = report.district, shown(report.month)
    changes = [
        f"{FIELD[one.attribute].heading}: "
        + moved(in_words(words, one.attribute, one.old), in_words(words, one.attribute, one.new))
        for one in made
    ]
    reason = made[0].reason
    intro = (
        f"{by} hat in Ihrer Kursmeldung für {month} ({district.name}, {report.provider.name}) "
        "etwas geändert:"
    )
    body = [
        "Guten Tag,",
        "",
        intro,
        "",
        f"Kurs: {row.title}",
        *changes,
        *([f"Warum: {reason}"] if reason else []),
        "",
        "Die Änderung gilt schon. Sie müssen nichts tun. Stimmt sie nicht, sagen Sie es hier:",
        link,
        "",
        "Freundliche Grüße",
        by,
        *([district.publisher] if district.publisher else []),
    ]
    return f"Änderung in Ihrer Meldung für {month} – {district.name}", "\n".join(body) + "\n"


def merged(
    person: User, old: Provider, survivor: Provider, *, by: str, link: str
) -> tuple[str, str]:
    """Return subject and body of the mail that tells a person that two providers became one.

    ``link`` is the page of the person's reports.
    """
    before, name = on_one_line(old.name), on_one_line(survivor.name)
    what = f"{by} hat zwei Träger zusammengeführt: {before} ist jetzt ein Teil von {name}."
    task = (
        f"Sie melden ab jetzt die Kurse beider unter dem Namen {name}, in einer Meldung. "
        "Ihre Anmeldung bleibt, wie sie ist. Was schon veröffentlicht ist, ändert sich nicht."
    )
    parts = [
        f"Guten Tag {person.name},",
        what,
        task,
        f"Ihre Meldungen: {link}",
        f"Ist das ein Irrtum? Dann sagen Sie es {by}.",
        SIGNATURE,
    ]
    return f"{old.name} gehört jetzt zu {survivor.name}", "\n\n".join(parts) + "\n"


def courses_given(plan: GivingPlan, person: User, *, by: str, link: str) -> tuple[str, str]:
    """Return subject and body of the mail that tells a person which courses changed hands.

    ``link`` is the page of the person's reports.
    """
    giver, receiver = on_one_line(plan.giver.name), on_one_line(plan.receiver.name)
    count, month = len(plan.courses), shown(plan.month)
    what = "einen Kurs, den" if count == 1 else f"{count} Kurse, die"
    parts = [
        f"Guten Tag {person.name},",
        f"{by} hat eingetragen: Ab {month} meldet {receiver} {what} bisher {giver} gemeldet hat.",
        "\n".join(f"- {on_one_line(course.title)}" for course in plan.courses),
        "Was schon veröffentlicht ist, ändert sich nicht.",
        f"Ihre Meldungen: {link}",
        f"Ist das ein Irrtum? Dann sagen Sie es {by}.",
        SIGNATURE,
    ]
    return f"Kurse von {giver} gehen an {receiver}", "\n\n".join(parts) + "\n"


def _question(question: Question, number: str, link: str) -> list[str]:
    return [
        *_about(question, number),
        *(f"> {line}" for line in question.text.splitlines()),
        "",
        "Antworten Sie hier; dort können Sie auch den Kurs ändern:",
        link,
        "",
    ]


def _about(question: Question, number: str) -> list[str]:
    course = question.reported_course
    if course is None:
        return [f"{number}Zur ganzen Meldung", ""] if number else []
    lines = [f"{number}Kurs: {course.title}"]
    if question.attribute is not None:
        value = question.old_value or UNKNOWN
        lines.append(f"Angabe: {FIELD[question.attribute].heading} (jetzt: {value})")
    return [*lines, ""]
